"""From simulated years to chances: how likely each promise is kept, and how far it may be off."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.flux.promises import SLACK
from allocator.planning.risque.course import Played

Floats = NDArray[np.float64]

BANDS: Final = (0.05, 0.10, 0.50, 0.90, 0.95)
"""Quantiles of a gap: the bounds of the bands at 90 % and 80 %, and the median."""

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """What simulated years say of each promise, one entry (or column) a promise, in dwellings.

    ``kept`` counts the years, of ``years``, in which it was kept: received ≥ the whole dwellings of its due
    (``floor(due)``). ``low`` and ``high`` bound the probability (Wilson, 95 %). ``du`` and ``recu`` are means of
    the whole year; ``ecart``, months × promises, is the mean of received less due at the end of each month, and
    ``bands``, quantiles × months × promises, its quantiles (:data:`BANDS`). ``stake`` counts the years in which at
    least one whole dwelling was due.
    """

    years: int
    kept: NDArray[np.int64]
    low: Floats
    high: Floats
    du: Floats
    recu: Floats
    ecart: Floats
    bands: Floats
    stake: NDArray[np.int64]

    @property
    def probability(self) -> Floats:
        """Share of the years in which each promise was kept."""
        share: Floats = self.kept / self.years
        return share


def held(du: Floats, recu: Floats) -> NDArray[np.bool_]:
    """Tell which promises are kept: the whole dwellings due were received."""
    kept: NDArray[np.bool_] = recu >= np.floor(du + SLACK) - SLACK
    return kept


def chances(played: Sequence[Played]) -> Chances:
    """Sum up the same year of several futures, at least one."""
    du, recu = (np.array([getattr(year, name) for year in played]) for name in ("du", "recu"))
    ecart = recu - du
    kept = held(du[:, -1], recu[:, -1]).sum(axis=0)
    low, high = wilson(kept, len(played))
    return Chances(
        len(played),
        kept,
        low,
        high,
        du[:, -1].mean(axis=0),
        recu[:, -1].mean(axis=0),
        ecart.mean(axis=0),
        np.quantile(ecart, BANDS, axis=0, method="inverted_cdf"),
        (du[:, -1] >= 1.0 - SLACK).sum(axis=0),
    )


def wilson(kept: NDArray[np.int64], years: int, level: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the bounds of a probability of which ``kept`` of ``years`` were seen (Wilson, JASA 22, 1927)."""
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    share, spread = kept / years, z**2 / years
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = z * np.sqrt(share * (1.0 - share) / years + spread / (4.0 * years)) / (1.0 + spread)
    return np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)
