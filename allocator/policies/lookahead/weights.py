"""One number for several tiers: weights that keep their order down to what a forecast can tell."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Model, Tier

LARGEST: Final = 1e8
"""Largest weight of a tier: beyond it a solver's tolerances would not see the last tier any more."""


def tier_weights(model: Model, resolution: float) -> NDArray[np.float64]:
    """Return the weight of each tier: ``resolution`` times that of the next, each in a unit of its own.

    A tier's unit is what one dwelling costs in its dearest goal. Expected values closer than one part in
    ``resolution`` of a dwelling are noise of the forecast: below that the next tier may decide. With many tiers
    the resolution is lowered so that the first weighs at most 1e8.
    """
    steps = max(1, len(model.tiers) - 1)
    ratio = min(resolution, LARGEST ** (1.0 / steps))
    powers = ratio ** np.arange(len(model.tiers) - 1, -1, -1, dtype=np.float64)
    weights: NDArray[np.float64] = powers / np.array([_unit(tier) for tier in model.tiers])
    return weights


def _unit(tier: Tier) -> float:
    dearest = max(goal.poids * max(goal.manque, goal.exces) for goal in tier.goals)
    return dearest if dearest > 0 else 1.0
