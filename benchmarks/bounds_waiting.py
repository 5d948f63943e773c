"""Who waits although it could be served, for ``python -m benchmarks.bounds``."""

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Instance
from allocator.flux.geography import geography
from allocator.policies.replaying.replay import Replay
from allocator.policies.situation import by_day

Mask = NDArray[np.bool_]


def longest_with_rights(instance: Instance, result: Replay) -> float:
    """Return the largest deviation from pro-rata that a rule could have avoided as far as rights go.

    As the ``prefix`` of the file contract (section 5), for a period in which everything is final, but who lags and
    has no right left in the territory is left out on that day.
    """
    libs, conventions, places = instance.liberations, instance.conventions, geography(instance)
    order = by_day(libs)
    evening = np.append(np.diff(libs.date[order]).astype(int) > 0, True)[: len(order)]
    holder = np.full(len(libs), -1)
    holder[libs.en_flux] = result.decided
    commune, to = libs.commune[order], holder[order]
    largest = 0.0
    for row in np.flatnonzero(np.isfinite(conventions.part) & (conventions.report == 0.0)).tolist():
        inside = places.communes(*places.territory(conventions.territoire[row]))
        received, solde = to == conventions.reservataire[row], conventions.solde[row]
        used = np.cumsum(received & np.isin(commune, inside))
        spent = (used >= solde) & (solde != SANS_SOLDE)
        for cell in [inside] if conventions.niveau[row] == "territoire" else inside[:, None]:
            within: Mask = np.isin(commune, cell)
            gap = np.cumsum(within * (received - conventions.part[row] / 100))
            counted = evening & ~(spent & (gap < 0))
            largest = max(largest, float(np.abs(gap[counted]).max(initial=0.0)))
    return largest
