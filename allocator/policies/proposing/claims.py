"""What a choice for one of today's dwellings would cost the year: differences of re-solved plans."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.policies.lookahead.generation import Generated
from allocator.policies.lookahead.planner import Sketch
from allocator.solvers.program import Floats

MOST_MISSED = 5
"""Dwellings fewer received up to which it is looked whether a choice would flip."""


@dataclass(frozen=True, slots=True, eq=False)
class Forced:
    """A plan in which one dwelling of a lot goes where it is told; everything else is planned anew.

    ``cost`` is the objective (tiers by weight, the tie-break, and what a model's ``ecart_max`` asks for), infinite
    where no plan allows it; ``tiers`` the value of each tier.
    """

    cost: float
    tiers: Floats


class Claims:
    """Costs of choices on one morning's plan, solved to its optimum.

    The plan is the one that the proposals are taken from, before its part of today is made whole: the day's other
    dwellings, and all that is expected, adapt to the choice.
    """

    def __init__(self, sketch: Sketch, known: NDArray[np.bool_]) -> None:
        """Solve the plan, starting from the ``known`` columns."""
        self.sketch = sketch
        self.solved = Generated(sketch.plan, known)
        self._free = self.solved.outcome
        self._forced: dict[tuple[int, int], Forced] = {}

    def column(self, lot: int, holder: int) -> int | None:
        """Return the column by which a lot may go to a réservataire; ``None`` where there is none."""
        pairs = self.sketch.pairs
        found = np.flatnonzero((pairs.of_class == lot) & (pairs.holder == holder))
        return int(found[0]) if len(found) else None

    def taste(self, lot: int, holder: int) -> float:
        """Return what the tie-break adds to the objective by a choice; nothing for the bailleur."""
        column = self.column(lot, holder)
        return 0.0 if column is None else float(self.sketch.plan.taste[column])

    def at_least(self, lot: int, holder: int) -> float:
        """Return a lower bound on what the whole plan loses by a choice, from the plan's prices.

        In the units of the objective; 0 where the plan itself makes that choice for a dwelling of the lot.
        """
        if holder == BAILLEUR:
            return max(0.0, -float(self._free.row_dual[self.solved.plan.lot_row(lot)]))
        column = self.column(lot, holder)
        if column is None:
            return np.inf
        given = self._free.x[column] >= 1.0
        return 0.0 if given else max(0.0, float(self._free.reduced_cost[column]))

    def forced(self, lot: int, holder: int) -> Forced:
        """Re-solve the plan with one dwelling of a lot going to ``holder`` (or kept by the bailleur)."""
        if (lot, holder) not in self._forced:
            self._forced[lot, holder] = self._solved(lot, holder)
        return self._forced[lot, holder]

    def flips(self, lot: int, holder: int, chosen: int) -> int | None:
        """Return how many dwellings like these fewer ``holder`` should have received to pass before ``chosen``.

        ``None`` where not even five would do.
        """
        for fewer in range(1, MOST_MISSED + 1):
            with self.solved.as_if(self._rows(lot, holder), float(fewer)):
                its, other = self._solved(lot, holder), self._solved(lot, chosen)
            if its.cost < other.cost:
                return fewer
        return None

    def _solved(self, lot: int, holder: int) -> Forced:
        if holder == BAILLEUR:
            return Forced(*self.solved.withheld(lot))
        column = self.column(lot, holder)
        if column is None:
            return Forced(np.inf, np.full(len(self.solved.plan.base), np.inf))
        return Forced(*self.solved.forced(column))

    def _rows(self, lot: int, holder: int) -> NDArray[np.intp]:
        """Return the rows of the plan in which a dwelling of a lot counts for a réservataire."""
        column = self.column(lot, holder)
        if column is None:
            return np.empty(0, dtype=np.intp)
        giving = self.sketch.plan.giving
        return giving.row[giving.start[column] : giving.start[column + 1]]
