"""The words by which segments name dwellings and rights: one column of texts a dimension, empty where not known."""

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.stock.dossier import Dossier, Droits, Parc

Texts = NDArray[np.str_]


def etiquettes(dossier: Dossier, lignes: Droits | Parc) -> dict[str, Texts]:
    """Return the words of dwellings or rights, by dimension of a closed list or a territory.

    A right has the ``famille`` of its réservataire; a dwelling, on which several may have rights, has none.
    """
    places = dossier.territoires
    words = {
        "departement": np.array(places.departement, np.str_)[lignes.commune],
        "commune": np.array(places.commune, np.str_)[lignes.commune],
        "typologie": np.array([*TYPOLOGIES, ""])[lignes.typologie],
        "financement": np.array([*FINANCEMENTS, ""])[lignes.financement],
        "qpv": np.array([*QPV, ""])[lignes.qpv],
    }
    if isinstance(lignes, Droits):
        words["famille"] = np.array(dossier.reservataires.famille, np.str_)[lignes.reservataire]
    else:
        words["famille"] = np.full(len(lignes), "")
    return words
