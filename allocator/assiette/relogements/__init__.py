"""A need for relogements shared among bailleurs by least relative burden, exactly (Th. 1-2, 1-3)."""

from allocator.assiette.relogements.besoins import Besoins, read_besoins
from allocator.assiette.relogements.partage import Partage, share

__all__ = ["Besoins", "Partage", "read_besoins", "share"]
