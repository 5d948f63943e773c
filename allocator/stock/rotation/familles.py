"""Which dwellings each family of réservataires has rights on: one in several families' rights is in each, whole."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.stock.dossier import Dossier
from allocator.stock.dossier.ouverts import ouverts
from allocator.stock.dossier.programmes import programmes

AUCUNE: Final = "aucune"
"""The part of dwellings that no right bears on."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Parts of dwellings by family, one row each: ``part`` is from 0, excluded, to 1."""

    logement: NDArray[np.int64]
    famille: NDArray[np.str_]
    part: NDArray[np.float64]


def parts_of_familles(dossier: Dossier, place: NDArray[np.int64]) -> Parts:
    """Return which part of each dwelling the families have an open right on, and what is left without any.

    A right on a dwelling has it whole; one on ``n`` dwellings of a programme, not said which, has ``n`` times its
    share of each of them. ``place`` gives the number of each dwelling of the register, -1 to leave it out.
    """
    names = [*dict.fromkeys(dossier.reservataires.famille), AUCUNE]
    rows, shares, holders = _claims(dossier)
    known = place[rows] >= 0
    code = np.array([names.index(name) for name in dossier.reservataires.famille], np.int64)
    size = int((place >= 0).sum())
    table = np.zeros((size, len(names)))
    np.add.at(table, (place[rows[known]], code[holders[known]]), shares[known])
    table[:, -1] = 1.0 - table.sum(axis=1)
    table = np.clip(table, 0.0, 1.0)
    logement, famille = np.nonzero(table > 1e-12)
    return Parts(logement, np.array(names)[famille], table[logement, famille])


def _claims(dossier: Dossier) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return dwellings, the part of each that one right has, and the réservataire: one row a dwelling and right."""
    droits, parc = dossier.droits, dossier.parc
    live = ouverts(dossier)
    single = np.flatnonzero(live & (droits.logement >= 0))
    of_right = np.where(droits.logement < 0, programmes(parc, droits.commune, droits.residence), -1)
    of_dwelling = programmes(parc, parc.commune, parc.residence)
    order = np.argsort(of_dwelling, kind="stable")
    sizes = np.bincount(of_dwelling[of_dwelling >= 0], minlength=int(of_dwelling.max(initial=-1)) + 1)
    starts = np.append(0, np.cumsum(sizes)) + int((of_dwelling < 0).sum())
    many = np.flatnonzero(live & (of_right >= 0))
    lengths = sizes[of_right[many]]
    rights = np.repeat(many, lengths)
    inside = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    dwellings = order[starts[of_right[rights]] + inside]
    shares = np.minimum(droits.nombre[rights] / sizes[of_right[rights]], 1.0)
    return (
        np.concatenate([droits.logement[single].astype(np.int64), dwellings]),
        np.concatenate([np.ones(len(single)), shares]),
        np.concatenate([droits.reservataire[single], droits.reservataire[rights]]),
    )
