"""A delivered programme: its first letting en stock, and the dwellings that then wait to enter the flux (Th. 3-3)."""

from allocator.assiette.livraison.programme import Programme, read_programme

__all__ = ["Programme", "read_programme"]
