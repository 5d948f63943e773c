"""A folder of an assiette: what is announced, where each figure comes from, who decided what and when."""

from allocator.assiette.dossier.lecture import read_assiette
from allocator.assiette.dossier.valeurs import DossierAssiette

__all__ = ["DossierAssiette", "read_assiette"]
