"""From a folder to numbers: L expected, H by line and commune, A = L − H, and what each réservataire is due."""

from allocator.assiette.calcul.assiette import Assiette, build_assiette
from allocator.assiette.calcul.dus import Du, build_dus

__all__ = ["Assiette", "Du", "build_assiette", "build_dus"]
