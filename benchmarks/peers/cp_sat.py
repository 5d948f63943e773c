"""CP-SAT at the level of classes, in the whole numbers that it knows, with hints from the tier before.

A deviation in millionths of a dwelling stalls it (README), so it is given the form that suits it best and that the
other peers do not have: with ``q`` between two whole numbers, ``y = floor(q) − under + step + over``, each in
dwellings, and the exact cost of each whole count as a price in billionths.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools import __version__
from ortools.sat.python import cp_model

from allocator.solvers.program import Floats
from benchmarks.peers.interface import GAP, THREADS, Answer, Flow, rows, timed
from benchmarks.plain_model import PlainProgram, Weights

SCALE: Final = 1_000_000_000
"""Whole units in one unit of a tier's value."""

Ints = NDArray[np.int64]


def version() -> str:
    """Return the solver's name and version."""
    return f"CP-SAT (OR-Tools {__version__})"


def build(plain: PlainProgram) -> "CpSat":
    """Return the peer with the program built."""
    return CpSat(plain)


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Prices of a goal or a sum of goals in whole units, one entry a cell.

    ``base`` is the cost at ``floor(target)``; the three rows of ``slopes`` price ``under``, ``step`` and ``over``.
    """

    base: Ints
    slopes: Ints

    @staticmethod
    def of(weights: Weights, target: Floats) -> "Prices":
        """Translate weights of a unit below and above the target."""
        rest = target - np.floor(target)
        base = weights.manque * rest
        slopes = np.array([weights.manque, weights.exces * (1.0 - rest) - base, weights.exces])
        return Prices(*(np.rint(each * SCALE).astype(np.int64) for each in (base, slopes)))


class CpSat:
    """A program in CP-SAT with the flows of the plain one."""

    def __init__(self, plain: PlainProgram) -> None:
        self._plain, self._model = plain, cp_model.CpModel()
        supply = np.rint(plain.program.upper[: plain.flows]).astype(np.int64)
        self._flows = self._variables(supply)
        floor = np.floor(plain.target).astype(np.int64)
        reach = np.rint(np.bincount(plain.entry_cell, supply[plain.entry_flow], len(floor))).astype(np.int64)
        self._most = np.array([floor, np.minimum(1, reach), reach])
        self._deviations = [self._variables(most) for most in self._most]
        self._count(floor)
        self._maxima = [self._largest(Prices.of(weights, plain.target)) for weights in plain.maxima]
        self._prices = [self._tier(tier) for tier in range(len(plain.costs))]

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        objective = self._objective(tier)
        self._model.minimize(objective)
        self._model.clear_hints()
        if start is not None:
            for column, value in zip(self._flows, start.tolist(), strict=True):
                self._model.add_hint(column, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = THREADS
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.relative_gap_limit = GAP
        solver.parameters.absolute_gap_limit = GAP * SCALE
        status, taken = timed(lambda: solver.solve(self._model))
        bound = solver.best_objective_bound / SCALE - self._rounded(tier)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, bound, taken)
        return Answer(np.array([solver.value(column) for column in self._flows], dtype=np.int64), bound, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row, exact in whole units."""
        self._model.add(self._objective(tier) <= self._value(tier, flow))

    def _variables(self, most: Ints) -> list[cp_model.IntVar]:
        return [self._model.new_int_var(0, upper, "") for upper in most.tolist()]

    def _count(self, floor: Ints) -> None:
        """Add the rows of the plain program: supplies and soldes as they are, counts with whole deviations."""
        plain = self._plain
        largest = plain.flows + 2 * len(plain.target)
        cells = iter(zip(floor.tolist(), *self._deviations, strict=True))
        for columns, _, _, upper in rows(plain.program):
            if columns and columns[-1] >= largest:
                continue
            flows = sum(self._flows[column] for column in columns if column < plain.flows)
            if columns and columns[-1] >= plain.flows:
                whole, under, step, over = next(cells)
                self._model.add(flows == whole - under + step + over)
            elif columns:
                self._model.add(flows <= int(upper))

    def _largest(self, prices: Prices) -> tuple[cp_model.IntVar, Prices]:
        """Add a variable that is at least each term of a goal of norm ``max``."""
        cells = np.flatnonzero((prices.slopes != 0).any(axis=0))
        most = prices.base + (prices.slopes * self._most).clip(0).sum(axis=0)
        largest = self._model.new_int_var(0, int(most[cells].max(initial=0)), "")
        for cell in cells.tolist():
            terms = [column[cell] for column in self._deviations]
            dear = cp_model.LinearExpr.weighted_sum(terms, prices.slopes[:, cell].tolist())
            self._model.add(largest >= int(prices.base[cell]) + dear)
        return largest, prices

    def _tier(self, tier: int) -> Prices:
        plain = self._plain
        manque, exces, _ = np.split(
            plain.costs[tier, plain.flows :], [len(plain.target), 2 * len(plain.target)]
        )
        return Prices.of(Weights(manque, exces), plain.target)

    def _of_tier(self, tier: int) -> list[tuple[cp_model.IntVar, Prices]]:
        """Return the largest terms that a tier adds up."""
        priced = self._plain.costs[tier, self._plain.flows + 2 * len(self._plain.target) :]
        return [largest for largest, price in zip(self._maxima, priced.tolist(), strict=True) if price]

    def _objective(self, tier: int) -> cp_model.LinearExprT:
        prices = self._prices[tier]
        columns: list[cp_model.IntVar] = [largest for largest, _ in self._of_tier(tier)]
        values = [1] * len(columns)
        for deviations, slopes in zip(self._deviations, prices.slopes, strict=True):
            for cell in np.flatnonzero(slopes).tolist():
                columns.append(deviations[cell])
                values.append(int(slopes[cell]))
        return cp_model.LinearExpr.weighted_sum(columns, values) + int(prices.base.sum())

    def _value(self, tier: int, flow: Flow) -> int:
        """Return the objective of a tier with these flows, in whole units."""
        plain = self._plain
        count = np.rint(np.bincount(plain.entry_cell, flow[plain.entry_flow], len(plain.target)))
        above = count.astype(np.int64) - np.floor(plain.target).astype(np.int64)
        amounts = np.array([np.maximum(0, -above), above >= 1, np.maximum(0, above - 1)])
        value = 0
        for prices, largest in [(self._prices[tier], False), *((each, True) for _, each in self._of_tier(tier))]:
            terms = prices.base + (prices.slopes * amounts).sum(axis=0)
            value += int(terms.max(initial=0) if largest else terms.sum())
        return value

    def _rounded(self, tier: int) -> float:
        """Return the most that the rounding of prices may have added to the objective."""
        prices = [self._prices[tier], *(each for _, each in self._of_tier(tier))]
        return sum(0.5 / SCALE * float((self._most * (each.slopes != 0)).sum() + len(each.base)) for each in prices)
