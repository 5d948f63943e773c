"""Solving a plan on few of its columns: those of yesterday's plan, then whatever its prices call for.

Most columns of a plan cost nothing to add and change nothing: a plan on its own support solves ten times faster
than whole, and pricing proves that nothing left out would better it (column generation).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.policies.lookahead.plan import Plan, restriction
from allocator.solvers.growing import GrowingProgram
from allocator.solvers.program import Floats, Outcome, Status

Rows = NDArray[np.intp]

TOLERANCE: Final = 1e-6
"""Reduced cost below which a column left out is called for."""

A_LOT: Final = 3
"""Columns called for each lot and round at most."""


class Generated:
    """A plan solved on some of its columns, and solved again when a bound moves.

    ``kept`` lists the columns of the plan in the order in which the program holds them.
    """

    def __init__(self, plan: Plan, known: NDArray[np.bool_]) -> None:
        """Start from the ``known`` columns of ``plan.giving`` and all of today's."""
        self.plan = plan
        chosen = np.ones(plan.program.columns, dtype=bool)
        chosen[: len(plan.giving)] = known
        chosen[: plan.today] = True
        self.kept = np.flatnonzero(chosen)
        self._bounds = np.stack([plan.program.lower[: plan.today], plan.program.upper[: plan.today]], axis=1)
        self._master = GrowingProgram(restriction(plan.program, self.kept))
        self.outcome = self._complete()

    @property
    def feasible(self) -> bool:
        """Whether the bounds as they stand leave a point."""
        return self.outcome.status is Status.OPTIMAL

    @property
    def x(self) -> Floats:
        """The optimal point, over all columns of the plan."""
        x = np.zeros(self.plan.program.columns)
        # What a trial called for came after those of the point at hand.
        x[self.kept[: len(self.outcome.x)]] = self.outcome.x
        return x

    @property
    def todays(self) -> Floats:
        """What the columns of today get; they come first in plan and program alike."""
        return self.outcome.x[: self.plan.today]

    def lower(self, column: int) -> float:
        """Return the least that a column of today must get."""
        return float(self._bounds[column, 0])

    def upper(self, column: int) -> float:
        """Return the most that a column of today may get."""
        return float(self._bounds[column, 1])

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Move the bounds of one of today's columns and solve again."""
        self._bounds[column] = lower, upper
        self._master.bound(column, lower, upper)
        self.outcome = self._complete()

    def tried(self, column: int, lower: float, upper: float) -> float:
        """Return what the plan would cost with other bounds on one of today's columns; they stay as they are."""
        self._master.bound(column, lower, upper)
        cost = self._complete().objective
        self._master.bound(column, *self._bounds[column])
        return cost

    def forced(self, column: int) -> tuple[float, Floats]:
        """Return the cost and the tiers of the plan if a column of today got one dwelling at least."""
        self._master.bound(column, 1.0, float(self._bounds[column, 1]))
        result = self._result()
        self._master.bound(column, *self._bounds[column])
        return result

    def withheld(self, lot: int) -> tuple[float, Floats]:
        """Return the cost and the tiers of the plan if a dwelling of one of today's lots went to nobody."""
        row, supply = self.plan.lot_row(lot), float(self.plan.giving.supply[lot])
        self._master.limit(row, -np.inf, supply - 1.0)
        result = self._result()
        self._master.limit(row, -np.inf, supply)
        return result

    @contextmanager
    def as_if(self, rows: Rows, fewer: float) -> Iterator[None]:
        """Count so many dwellings less in some rows, for a while."""
        program = self.plan.program
        counted = [row for row in rows.tolist() if np.isfinite(program.row_lower[row])] if fewer else []
        for row in counted:
            self._master.limit(row, program.row_lower[row] + fewer, program.row_upper[row] + fewer)
        try:
            yield
        finally:
            for row in counted:
                self._master.limit(row, program.row_lower[row], program.row_upper[row])

    def _result(self) -> tuple[float, Floats]:
        outcome = self._complete()
        if outcome.status is not Status.OPTIMAL:
            return np.inf, np.full(len(self.plan.base), np.inf)
        x = np.zeros(self.plan.program.columns)
        x[self.kept] = outcome.x
        return outcome.objective, self.plan.values(x)

    def _complete(self) -> Outcome:
        """Solve, with all the columns that the prices call for."""
        while True:
            outcome = self._master.solve()
            if outcome.status is not Status.OPTIMAL:
                return outcome
            called = _called(self.plan, _reduced(self.plan, outcome.row_dual, self.kept))
            if not len(called):
                return outcome
            part = restriction(self.plan.program, called)
            self._master.add(part.cost, part.upper, part.matrix)
            self.kept = np.concatenate([self.kept, called])


def _reduced(plan: Plan, price: Floats, kept: Rows) -> Floats:
    """Return the reduced cost of each column of giving at these row prices, 0 for those kept."""
    program, count = plan.program, len(plan.giving)
    matrix = program.matrix
    end = int(matrix.start[count])
    gain = np.bincount(
        np.repeat(np.arange(count), np.diff(matrix.start[: count + 1])),
        weights=price[matrix.index[:end]] * matrix.value[:end],
        minlength=count,
    )
    reduced: Floats = program.cost[:count] - gain
    reduced[kept[kept < count]] = 0.0
    return reduced


def _called(plan: Plan, reduced: Floats) -> Rows:
    """Return the columns that would better the plan, the best few of each lot."""
    below = np.flatnonzero(reduced < -TOLERANCE)
    order = below[np.lexsort((reduced[below], plan.giving.lot[below]))]
    lots = plan.giving.lot[order]
    rank = np.arange(len(order)) - np.searchsorted(lots, lots)
    return order[rank < A_LOT]
