"""A dossier of stock: the register of dwellings, the reservation rights on it and its past re-lettings, at a date."""

from allocator.stock.dossier.dossier import INCONNU, Dossier, Droits, Parc, Relocations
from allocator.stock.dossier.reader import read_dossier
from allocator.stock.dossier.writer import write_dossier

__all__ = [
    "INCONNU",
    "Dossier",
    "Droits",
    "Parc",
    "Relocations",
    "read_dossier",
    "write_dossier",
]
