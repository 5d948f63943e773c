"""The clocks that run: who has how long left to propose candidates, and for which dwelling (Th. 2-3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.accounts.tours import Days, Tours

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Horloges:
    """Tours whose clock runs, by deadline and then in the order of the tours: one entry each.

    ``tour`` is a row of the tours, ``echeance`` its last day, and ``reste`` how many days are left (0: it is today,
    negative: it is over and nobody recorded it).
    """

    tour: Rows
    echeance: Days
    reste: NDArray[np.int64]


def horloges(tours: Tours, jour: np.datetime64) -> Horloges:
    """Return the clocks that run at the end of a day."""
    running = np.flatnonzero(tours.known(jour).pending & ~np.isnat(tours.echeance))
    running = running[np.lexsort((running, tours.echeance[running]))]
    echeance = tours.echeance[running]
    return Horloges(running, echeance, (echeance - jour).astype(np.int64))
