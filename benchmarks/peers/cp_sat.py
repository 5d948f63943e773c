"""CP-SAT on the plain model in whole numbers (see :mod:`benchmarks.peers.scaled`), with hints from the tier before."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools import __version__
from ortools.sat.python import cp_model

from benchmarks.peers.interface import GAP, Answer, Flow, rows, timed
from benchmarks.peers.scaled import UNITS, Ints, scale
from benchmarks.plain_model import PlainProgram

WORKERS: Final = 8
"""Workers: with fewer, whole strategies of its portfolio are left out; measured faster on two cores than two."""


def version() -> str:
    """Return the solver's name and version."""
    return f"CP-SAT (OR-Tools {__version__})"


def build(plain: PlainProgram) -> "CpSat":
    """Return the peer with the program built."""
    return CpSat(plain)


class CpSat:
    """A plain program in CP-SAT."""

    def __init__(self, plain: PlainProgram) -> None:
        self._plain, self._scaled = plain, scale(plain)
        self._model = cp_model.CpModel()
        self._columns = [self._model.new_int_var(0, upper, "") for upper in self._scaled.upper.tolist()]
        self._largest = plain.flows + 2 * len(plain.target)
        for columns, values, lower, upper in rows(plain.program):
            if columns and columns[-1] < self._largest:
                self._add(columns, values, lower, upper)
        for number, (below, above) in enumerate(self._scaled.maxima):
            self._add_largest(number, below, above)

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        unit = int(self._scaled.unit[tier])
        self._model.minimize(self._objective(tier))
        self._model.clear_hints()
        if start is not None:
            for column, value in zip(self._columns, self._scaled.point(start).tolist(), strict=True):
                self._model.add_hint(column, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.relative_gap_limit = GAP
        solver.parameters.absolute_gap_limit = GAP * unit
        status, taken = timed(lambda: solver.solve(self._model))
        bound = solver.best_objective_bound / unit - self._scaled.lost(tier)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, bound, taken)
        flow = [solver.value(column) for column in self._columns[: self._plain.flows]]
        return Answer(np.array(flow, dtype=np.int64), bound, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row, exact in the scaled numbers."""
        value = int(self._scaled.cost[tier] @ self._scaled.point(flow))
        self._model.add(self._objective(tier) <= value)

    def _objective(self, tier: int) -> cp_model.LinearExprT:
        cost = self._scaled.cost[tier]
        return self._sum(np.flatnonzero(cost).tolist(), cost[cost != 0])

    def _sum(self, columns: list[int], values: NDArray[np.int64]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum([self._columns[column] for column in columns], values.tolist())

    def _add(self, columns: list[int], values: list[float], lower: float, upper: float) -> None:
        """Add a row of flows alone, or one that counts, in units of a deviation."""
        flows = np.array(columns) < self._plain.flows
        if flows.all():
            self._model.add(sum(self._columns[column] for column in columns) <= int(upper))
            return
        scaled = np.rint(values).astype(np.int64) * np.where(flows, UNITS, 1)
        self._model.add(self._sum(columns, scaled) == round(lower * UNITS))

    def _add_largest(self, number: int, below: Ints, above: Ints) -> None:
        """Keep the largest term of a goal above each of the goal's terms."""
        manque, exces = self._plain.flows, self._plain.flows + len(below)
        for cell in np.flatnonzero((below > 0) | (above > 0)).tolist():
            term = int(below[cell]) * self._columns[manque + cell] + int(above[cell]) * self._columns[exces + cell]
            self._model.add(self._columns[self._largest + number] >= term)
