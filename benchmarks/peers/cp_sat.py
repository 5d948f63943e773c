"""CP-SAT on the hull, in the whole numbers that it knows, with hints from the tier before.

A deviation in millionths of a dwelling stalls it (README), so it is given the form that suits it best and
that the other peers do not have: deviations in whole dwellings, prices rounded to the tenth decimal.
"""

from typing import Final

import numpy as np
import ortools
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from allocator.solvers.program import Floats
from benchmarks.peers.interface import GAP, THREADS, Answer, rows, timed
from benchmarks.plain_model import Flow, Tiered

SCALE: Final = 10_000_000_000
"""Whole units in one unit of a tier's value."""

LARGEST: Final = 10_000_000 * SCALE
"""What no largest term comes near."""

Ints = NDArray[np.int64]


def version() -> str:
    """Return the solver's name and version."""
    return f"CP-SAT (OR-Tools {ortools.__version__})"


def build(model: Tiered) -> "CpSat":
    """Return the peer with the program built."""
    return CpSat(model)


class CpSat:
    """A tiered program in CP-SAT; its columns are whole, its largest terms in units."""

    def __init__(self, model: Tiered) -> None:
        self._tiered, self._model = model, cp_model.CpModel()
        whole, priced = model.program.integer, model.costs * SCALE
        self._upper = np.where(whole, model.program.upper, LARGEST).astype(np.int64)
        self._columns = [self._model.new_int_var(0, most, "") for most in self._upper.tolist()]
        # A largest term is in units already, and a tier adds it up as it is.
        self._costs = np.where(whole, np.rint(priced), model.costs).astype(np.int64)
        self._rounding = np.where(whole, np.abs(np.rint(priced) - priced) * self._upper, 0.0).sum(axis=1)
        self._blur = np.zeros(len(whole))
        for columns, values, lower, most in rows(model.program):
            if columns and whole[columns[-1]]:
                self._add(columns, np.rint(values).astype(np.int64), lower, most)
            elif columns:
                self._add_largest(columns, np.array(values) * SCALE, lower * SCALE)

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        self._model.minimize(self._objective(tier))
        self._model.clear_hints()
        if start is not None:
            for column, value in zip(self._columns, start.tolist(), strict=False):
                self._model.add_hint(column, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = THREADS
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.relative_gap_limit = GAP
        solver.parameters.absolute_gap_limit = GAP * SCALE
        status, taken = timed(lambda: solver.solve(self._model))
        bound = (
            solver.best_objective_bound - self._rounding[tier] - self._largest(tier) @ self._blur
        ) / SCALE
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, bound, taken)
        flow = [solver.value(column) for column in self._columns[: self._tiered.flows]]
        return Answer(np.array(flow, dtype=np.int64), bound, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row, exact in units but for what rounding may have added to largest terms."""
        point, largest = self._tiered.point(flow), self._largest(tier)
        terms = np.ceil(largest * (point * SCALE + self._blur)).astype(np.int64)
        rest = np.where(largest, 0, self._costs[tier]) * np.rint(point).astype(np.int64)
        self._model.add(self._objective(tier) <= int(rest.sum() + terms.sum()))

    def _largest(self, tier: int) -> NDArray[np.bool_]:
        """Mark the largest terms that a tier adds up."""
        return ~self._tiered.program.integer & (self._costs[tier] != 0)

    def _objective(self, tier: int) -> cp_model.LinearExprT:
        weighed = np.flatnonzero(self._costs[tier])
        return self._sum(weighed.tolist(), self._costs[tier, weighed])

    def _sum(self, columns: list[int], values: Ints) -> cp_model.LinearExprT:
        terms = [self._columns[column] for column in columns]
        return cp_model.LinearExpr.weighted_sum(terms, values.tolist())

    def _add(self, columns: list[int], values: Ints, lower: float, upper: float) -> None:
        weighed = self._sum(columns, values)
        if lower == upper:
            self._model.add(weighed == int(upper))
        else:
            self._model.add(weighed <= int(upper))

    def _add_largest(self, columns: list[int], values: Floats, lower: float) -> None:
        """Keep a largest term, the last of the columns, above one of its terms."""
        values[-1] = 1.0
        whole = np.rint(values).astype(np.int64)
        self._model.add(self._sum(columns, whole) >= round(lower))
        off = np.abs(whole - values) @ self._upper[columns] + 0.5
        self._blur[columns[-1]] = max(self._blur[columns[-1]], off)
