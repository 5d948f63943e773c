"""Nobody waits: each dwelling goes to who must be served soonest to stay near its pro-rata all year long.

The rule of R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980), on the contractuel
cells. For fixed shares of one territory it keeps each holder within 1 − 1/(2n−2) of its share of what came up so
far, whatever comes up and after every dwelling, where n counts the holders; no rule does better for all shares.
"""

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.flux.promises import SLACK
from allocator.policies.quotas import Morning, Quotas, Rows, one_by_one, quotas
from allocator.policies.situation import Chooser, Frame


def prorata(frame: Frame) -> Chooser:
    """Return the rule of the earliest deadline.

    A dwelling goes to the cell with the earliest deadline among those that are owed at least 1/(2n−2) (Tijdeman's
    condition), or stays with the bailleur where there is none. A deadline is when the lag of a cell will reach
    1 − 1/(2n−2), if what it is owed goes on growing as it did so far; for shares of one territory, that is
    Tijdeman's. Beyond that case, where no such bound can hold, three choices:

    - deadlines of different territories are compared in time, as what is owed grows with the assiette of each, and
      evenly where it is a volume or a report; a réservataire has the deadline of its most pressing cell;
    - n counts the réservataires that may receive the dwelling and are owed something in its commune, and the
      bailleur where it keeps a share;
    - the bailleur is owed what the promises leave. It has one account for each zone: communes that a common quota
      ties together, so that no promise counts in two zones.

    Ties go to the first réservataire in the file, and to the bailleur last.
    """
    known = quotas(frame)
    zone = _zones(frame)
    communes = [np.flatnonzero(zone == number) for number in range(len(zone))]
    cells = [_cells(known, inside) for inside in communes]

    def pick(morning: Morning, commune: int, open_cells: Rows) -> int:
        inside = communes[zone[commune]], cells[zone[commune]]
        return _earliest(morning, open_cells, _of_bailleur(morning, *inside))

    return one_by_one(known, pick)


def _earliest(morning: Morning, cells: Rows, bailleur: tuple[float, float]) -> int:
    """Return whose deadline comes first, given the lag and the growth of the bailleur's own account."""
    growth = _growth(morning, cells)
    cells, growth = cells[growth > 0], growth[growth > 0]
    holders = morning.quotas.reservataire[cells]
    lags = morning.lags(cells)
    number = len(set(holders.tolist()))
    if bailleur[1] > 0:
        number += 1
        lags, growth, holders = (
            np.append(lags, bailleur[0]),
            np.append(growth, bailleur[1]),
            np.append(holders, BAILLEUR),
        )
    least = 1 / (2 * max(number, 2) - 2)
    owed = lags >= least - SLACK
    if not owed.any():
        return BAILLEUR
    deadline = (1 - least - lags[owed]) / growth[owed]
    return int(holders[owed][np.argmax(deadline <= deadline.min() + SLACK)])


def _of_bailleur(morning: Morning, communes: Rows, cells: Rows) -> tuple[float, float]:
    """Return the lag and the growth of what the promises of a zone leave to the bailleur (0 where nothing).

    What it holds beyond its due is what the cells miss of theirs, and the dwelling that is being decided is not
    with it yet.
    """
    pace = morning.released[communes].sum() / morning.elapsed
    growth = pace - _growth(morning, cells).sum()
    return 1.0 - morning.lags(cells).sum(), growth if growth > SLACK * pace else 0.0


def _growth(morning: Morning, cells: Rows) -> NDArray[np.float64]:
    """Return by how much the due of cells grows over a period at the pace so far, in dwellings."""
    return morning.due(cells) / morning.elapsed


def _cells(known: Quotas, communes: Rows) -> Rows:
    """Return the cells that cover some of the communes."""
    return np.array(
        sorted(set(chain.from_iterable(known.cells[c].tolist() for c in communes))), dtype=np.intp
    )


def _zones(frame: Frame) -> Rows:
    """Return a number for each commune, the same where a contractuel cell covers both."""
    promises = frame.promises
    chosen = promises.contractuels
    territories = set(
        zip(promises.scopes.kind[chosen].tolist(), promises.scopes.scope[chosen].tolist(), strict=True)
    )
    covered = [frame.places.communes(*territory) for territory in sorted(territories)]
    zone = np.arange(len(frame.instance.territoires))
    while True:
        before = zone.copy()
        for communes in covered:
            zone[communes] = zone[communes].min()
        if np.array_equal(before, zone):
            return zone
