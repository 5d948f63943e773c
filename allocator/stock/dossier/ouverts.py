"""Which rights still live at the day of the état des lieux."""

import numpy as np
from numpy.typing import NDArray

from allocator.stock.dossier.dossier import Dossier


def echus(dossier: Dossier) -> NDArray[np.bool_]:
    """Tell the rights that ended before the day of the dossier."""
    # NaT compares false with everything: a right whose end is not known has not ended
    ended: NDArray[np.bool_] = dossier.droits.fin < np.datetime64(dossier.date, "D")
    return ended


def consommes(dossier: Dossier) -> NDArray[np.bool_]:
    """Tell the droits simples that were used."""
    simple = np.array([nature == "simple" for nature in dossier.droits.nature], bool)
    return simple & dossier.droits.utilise


def ouverts(dossier: Dossier) -> NDArray[np.bool_]:
    """Tell the rights that are neither ended nor spent; one to come is open."""
    return ~(echus(dossier) | consommes(dossier))
