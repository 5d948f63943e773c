"""From a model's goals to slopes: the cost of each cell at every whole count.

With a whole count ``y`` and a target ``q``, the deviation is a convex piecewise-linear function with its
breakpoints at ``floor(q)`` and ``floor(q) + 1``: writing ``y = floor(q) − under + step + over`` with
``0 <= step <= 1`` gives the convex hull of the deviation over the integers, which makes the linear relaxation
all but integral (design, section 3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Goal, Instance, Tier
from allocator.flux.cells import Cells

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Cost of each cell as a function of its count, one entry a cell.

    ``base`` is the cost at ``floor(target)``; each dwelling below costs ``under`` more, the first above ``step``
    (which may be negative), each further one ``over``.
    """

    base: Floats
    under: Floats
    step: Floats
    over: Floats

    @staticmethod
    def zero(cells: int) -> "Slopes":
        """Return the cost that is 0 everywhere."""
        return Slopes(*(np.zeros(cells) for _ in range(4)))

    def plus(self, other: "Slopes") -> "Slopes":
        """Return the sum of two costs."""
        return Slopes(
            self.base + other.base,
            self.under + other.under,
            self.step + other.step,
            self.over + other.over,
        )

    def only(self, cells: NDArray[np.intp]) -> "Slopes":
        """Return the costs of some cells, by number."""
        return Slopes(self.base[cells], self.under[cells], self.step[cells], self.over[cells])

    def widened(self, entries: int) -> "Slopes":
        """Return the same costs with entries that cost nothing after them."""
        more = np.zeros(entries - len(self.base))
        return Slopes(
            *(np.concatenate([each, more]) for each in (self.base, self.under, self.step, self.over))
        )

    def over_unit(self, unit: float) -> "Slopes":
        """Return the same cost counted in ``unit``."""
        return Slopes(self.base / unit, self.under / unit, self.step / unit, self.over / unit)

    def used(self) -> NDArray[np.bool_]:
        """Mark the cells whose cost is not constant."""
        used: NDArray[np.bool_] = (self.under > 0) | (self.over > 0) | (self.step != 0)
        return used

    def stacked(self) -> Floats:
        """Return the three slopes (under, step, over) as the rows of one array."""
        return np.array([self.under, self.step, self.over])

    def at(self, floor: NDArray[np.int64], count: NDArray[np.int64]) -> Floats:
        """Return the cost of each cell at its whole ``count``."""
        above = count - floor
        cost: Floats = (
            self.base
            + self.under * np.maximum(0, -above)
            + self.step * (above >= 1)
            + self.over * np.maximum(0, above - 1)
        )
        return cost


@dataclass(frozen=True, slots=True, eq=False)
class TierCost:
    """Cost of a tier: the sum of ``additive`` over all cells, plus the largest entry of each of ``maxima``.

    Each of ``maxima`` is the cost of a goal of norm ``max``; the cells that it does not bear on have zero slopes
    and zero base (a deviation is never negative, so they never are the largest alone). Slopes and values are in
    ``unit`` of the model's.
    """

    name: str
    additive: Slopes
    maxima: tuple[Slopes, ...]
    unit: float = 1.0

    def only(self, cells: NDArray[np.intp]) -> "TierCost":
        """Return the part of the cost that some cells bear, by number; largest terms of none of them are dropped."""
        maxima = tuple(each.only(cells) for each in self.maxima if each.used()[cells].any())
        return TierCost(self.name, self.additive.only(cells), maxima, self.unit)

    def normalized(self) -> "TierCost":
        """Return the same cost in a unit near its dearest slope, so that tolerances mean the same for all weights.

        The unit is a power of two: no figure loses a bit.
        """
        slopes = (self.additive, *self.maxima)
        dearest = max(float(np.abs(each.stacked()).max(initial=0.0)) for each in slopes)
        unit = float(2.0 ** np.floor(np.log2(dearest))) if dearest > 0 else 1.0
        return TierCost(
            self.name,
            self.additive.over_unit(unit),
            tuple(each.over_unit(unit) for each in self.maxima),
            self.unit * unit,
        )

    def used(self) -> NDArray[np.bool_]:
        """Mark the cells that the tier looks at."""
        used = self.additive.used()
        for maximum in self.maxima:
            used = used | maximum.used()
        return used

    def value(self, floor: NDArray[np.int64], count: NDArray[np.int64]) -> float:
        """Return the tier's value where each cell has its whole ``count``."""
        total = float(self.additive.at(floor, count).sum())
        return total + sum(float(maximum.at(floor, count).max(initial=0.0)) for maximum in self.maxima)


def floors(cells: Cells) -> NDArray[np.int64]:
    """Return the whole part of each cell's target."""
    return np.floor(cells.cible).astype(np.int64)


def tier_cost(tier: Tier, cells: Cells, instance: Instance) -> TierCost:
    """Translate a tier of a model into the cost of each cell (file contract, section 4)."""
    sur = np.array(cells.sur, dtype=object)
    familles = np.array(instance.reservataires.famille, dtype=object)[cells.reservataire]
    additive = Slopes.zero(len(cells))
    maxima = []
    for goal in tier.goals:
        slopes = goal_slopes(goal, cells.cible, bears_on(goal, sur, familles))
        if goal.norme == "max":
            maxima.append(slopes)
        else:
            additive = additive.plus(slopes)
    return TierCost(tier.name, additive, tuple(maxima))


def bears_on(goal: Goal, sur: NDArray[np.object_], familles: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Mark the cells that a goal bears on, from what each is about and the family of its réservataire."""
    chosen: NDArray[np.bool_] = np.asarray(sur == goal.sur, dtype=bool)
    return chosen if goal.familles is None else chosen & np.isin(familles, goal.familles)


def goal_slopes(goal: Goal, target: Floats, chosen: NDArray[np.bool_]) -> Slopes:
    """Return the cost of cells with these targets under one goal; 0 where it does not bear on them."""
    rest = target - np.floor(target)
    scale = np.maximum(target, 1.0) if goal.unite == "relatif" else np.ones_like(target)
    weight = goal.poids * chosen / scale
    below, above = weight * goal.manque * rest, weight * goal.exces * (1.0 - rest)
    # Halfway between two counts both cost the same: what differs then is a rounding error.
    step = np.where(np.isclose(below, above, rtol=1e-12, atol=0.0), 0.0, above - below)
    return Slopes(below, weight * goal.manque, step, weight * goal.exces)
