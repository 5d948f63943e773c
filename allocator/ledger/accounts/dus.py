"""What is owed at a moment of a year whose promises may have changed through it.

The targets of section 3 of the file contract, pro rata: a share is owed of what came free so far, in each stretch of
the year at that stretch's part; a volume and a report are owed as time goes. Where nothing changed in the year, the
targets are those of :meth:`allocator.flux.promises.Promises.cibles`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.flux.promises import Promises

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What came free and how much of the year is gone.

    ``assiette`` has the flux libérations by stretch and commune, ``ecoule`` the share of the year's days gone, by
    stretch.
    """

    assiette: Floats
    ecoule: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Promis:
    """What the rows of a year's promises are worth, by stretch and row, or by row.

    ``part`` (0–1) and ``volume`` (dwellings a year) are 0 where the row is not in force; ``tenu`` marks the
    stretches in which it served the same as on the day looked at. ``report`` is in dwellings, owed as the year
    goes; ``acquis`` are dwellings owed already, for what came free before the journal was opened.
    """

    part: Floats
    volume: Floats
    tenu: NDArray[np.bool_]
    report: Floats
    acquis: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dus:
    """What is owed, in dwellings.

    By row of the promises: ``troncons`` is owed for each stretch (stretches × rows), ``fixe`` for earlier times;
    ``ligne`` is owed in all to who is served on the day looked at (it may be negative), and ``assiette`` is what
    came free in the row's territory.
    ``cible`` has one entry a cell of the promises (contractuel, total, indicative; 0 for the others), at least 0.
    """

    troncons: Floats
    fixe: Floats
    ligne: Floats
    assiette: Floats
    cible: Floats


def dus(promises: Promises, promis: Promis, moment: Moment) -> Dus:
    """Return what each row and each cell of the promises is owed at a moment."""
    chosen, scopes = promises.contractuels, promises.scopes
    row, rows = promises.row[chosen], len(promis.report)
    within = _within(promises, moment.assiette)
    own = within[:, scopes.kind[chosen], scopes.scope[chosen]]
    by_row = np.array([np.bincount(row, counts, rows) for counts in own])
    volume = promis.volume * moment.ecoule[:, None]
    fixed = promis.report * moment.ecoule.sum() + promis.acquis
    held = np.where(promis.tenu, volume, 0.0).sum(axis=0) + fixed
    shares = (np.where(promis.tenu, promis.part, 0.0)[:, row] * own).sum(axis=0)
    cible = np.zeros(len(promises))
    cible[chosen] = np.maximum(0.0, shares + held[row] * _spread(promises, within, own.sum(axis=0)))
    of_row = np.bincount(row, cible[chosen], rows)
    cible[promises.totaux] = of_row[promises.row[promises.totaux]]
    owed = np.bincount(scopes.reservataire[chosen], cible[chosen], len(promises.petit))
    wishes = promises.indicatifs
    cible[wishes] = promises.rate[wishes] * owed[scopes.reservataire[wishes]]
    troncons = promis.part * by_row + volume
    ligne = np.where(promis.tenu, troncons, 0.0).sum(axis=0) + fixed
    return Dus(troncons, fixed, ligne, by_row.sum(axis=0), cible)


def _spread(promises: Promises, within: Floats, own: Floats) -> Floats:
    """Return the share of its row's volume and report that each contractuel cell has, by the assiette."""
    spread = promises.spread[promises.contractuels]
    kinds = promises.spread_kind[promises.contractuels]
    whole = within[:, kinds, np.maximum(spread, 0)].sum(axis=0)
    share = np.divide(own, whole, out=np.zeros(len(own)), where=whole > 0)
    return np.where(spread < 0, 1.0, share)


def _within(promises: Promises, assiette: Floats) -> Floats:
    """Return the assiette of each territory: stretches × kinds × numbers, padded with 0."""
    places = promises.places
    widest = max(1, *(len(names) for names in places.names))
    table = np.zeros((len(assiette), len(places.of_commune), widest))
    for stretch, counts in enumerate(assiette):
        for kind, numbers in enumerate(places.of_commune):
            found = np.bincount(numbers, counts)
            table[stretch, kind, : len(found)] = found
    return table
