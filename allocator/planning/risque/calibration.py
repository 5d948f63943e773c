"""Whether chances can be believed: probabilities that were promised against what happened, and intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.planning.risque.chances import BANDS, Chances, chances, held
from allocator.planning.risque.course import Played

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

EDGES: Final = (0.0, 0.02, 0.10, 0.25, 0.50, 0.75, 0.90, 0.98, 1.0)
"""Bounds of the bins of a reliability table: finer where most promises are, near certainty."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Forecasts of promises against a year that then came, one entry a promise.

    ``probability`` is what was promised, ``kept`` what happened, ``low`` and ``high`` the 90 % interval of
    received less due at the end of the year, and ``ecart`` what it was, in dwellings. ``stake`` marks the promises
    of which at least one whole dwelling was due: others are kept whatever happens.
    """

    probability: Floats
    kept: Mask
    low: Floats
    high: Floats
    ecart: Floats
    stake: Mask

    @property
    def inside(self) -> Mask:
        """Tell which intervals held."""
        return (self.low - 1e-9 <= self.ecart) & (self.ecart <= self.high + 1e-9)


@dataclass(frozen=True, slots=True)
class Bin:
    """Promises whose probability lies between two bounds: mean probability, how often kept, and how many."""

    low: float
    high: float
    probability: float
    frequency: float
    number: int


def judge(simulated: Sequence[Played], truth: Played) -> Judged:
    """Judge the simulated years of a projet by the one that came, played by the same rule."""
    told: Chances = chances(simulated)
    du, recu = truth.du[-1], truth.recu[-1]
    return Judged(
        told.probability,
        held(du, recu),
        told.bands[BANDS.index(0.05), -1],
        told.bands[BANDS.index(0.95), -1],
        recu - du,
        du >= 1.0 - 1e-9,
    )


def reliability(probability: Floats, kept: Mask) -> tuple[Bin, ...]:
    """Return the reliability table of promises, bins without any left out."""
    edges = np.array(EDGES)
    place = np.clip(np.searchsorted(edges, probability, side="right") - 1, 0, len(edges) - 2)
    return tuple(
        Bin(
            EDGES[number],
            EDGES[number + 1],
            float(probability[mine].mean()),
            float(kept[mine].mean()),
            int(mine.sum()),
        )
        for number in range(len(edges) - 1)
        if (mine := place == number).any()
    )
