"""The stock by class, with the agreed rate of each: what a projet's supply is made of."""

from typing import Final

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats import BadInput, Fault
from allocator.formats.projet_schema import PARC_CLASSES
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import INCONNU, Dossier
from allocator.stock.rotation.taux import Taux

AXES: Final = ("typologie", "financement", "qpv")


def classes(dossier: Dossier, taux: Taux) -> Tableau:
    """Return the dwellings let or offered by class, each with the mean rate of its dwellings in percent a year.

    Raises
    ------
    BadInput
        Where a dwelling's class is not known whole, or no rate is agreed for it.
    """
    parc = dossier.parc
    let = np.flatnonzero(parc.en_location)
    faults = [
        Fault(
            "parc.csv",
            None,
            name,
            f"inconnu pour {count} logement(s) en location : la classe ne peut se dire",
        )
        for name in AXES
        if (count := int((getattr(parc, name)[let] == INCONNU).sum()))
    ]
    if faults:
        raise BadInput(faults)
    rates = taux.rate(dossier, parc)[let]
    columns = np.stack([parc.commune[let], *(getattr(parc, name)[let] for name in AXES)])
    found, which, counts = np.unique(columns, axis=1, return_inverse=True, return_counts=True)
    means = 100.0 * np.bincount(which.ravel(), rates) / counts
    rows = zip(*found.tolist(), counts.tolist(), means.tolist(), strict=True)
    return Tableau(
        PARC_CLASSES,
        tuple(
            (
                dossier.territoires.commune[commune],
                TYPOLOGIES[typologie],
                FINANCEMENTS[financement],
                QPV[qpv],
                count,
                rate,
            )
            for commune, typologie, financement, qpv, count, rate in rows
        ),
    )
