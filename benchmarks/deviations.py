"""Two ways to write how far a count stands from its target: as most people would, and on the hull.

Plain: ``count + manque − exces = target``, both continuous. Hull: ``count = floor(target) − under + step +
over`` with ``step`` 0 or 1, all in whole dwellings, and the exact cost of each whole count.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of a unit below and above the target, one entry a cell."""

    manque: Floats
    exces: Floats

    def only(self, cells: NDArray[np.intp]) -> "Weights":
        """Return the weights of some cells, by number."""
        return Weights(self.manque[cells], self.exces[cells])

    def of(self, target: Floats, count: Floats) -> Floats:
        """Return the cost of each cell at its count."""
        return self.manque * np.maximum(0.0, target - count) + self.exces * np.maximum(0.0, count - target)


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """Deviation columns of some cells, kind after kind from ``first``; cells are counted from ``row`` on.

    ``at`` gives the columns, one row a kind, from the counts; ``base`` what a cell costs where they all are
    0, and ``prices`` what each column costs more, from weights.
    """

    target: Floats
    first: int
    row: int
    at: Callable[[Floats], Floats]
    base: Callable[[Weights], Floats]
    prices: Callable[[Weights], Floats]

    def add_largest(self, builder: ProgramBuilder, weights: Weights) -> int:
        """Add a column that is at least the cost of every cell that has a weight; return its number."""
        base, prices = self.base(weights), self.prices(weights)
        cell = np.flatnonzero((weights.manque > 0) | (weights.exces > 0))
        column = builder.add_columns(1, 0.0, INF, 0.0, integer=False)
        row = builder.add_rows(len(cell), base[cell], INF) + np.arange(len(cell))
        builder.add_entries(row, column, 1.0)
        for kind, price in enumerate(prices):
            priced = price[cell] != 0
            columns = self.first + kind * len(self.target) + cell[priced]
            builder.add_entries(row[priced], columns, -price[cell][priced])
        return column


def plain(builder: ProgramBuilder, target: Floats, reach: Floats) -> Deviations:  # noqa: ARG001
    """Add ``manque`` and ``exces`` for each target; ``reach`` is not needed."""
    cells = np.arange(len(target))
    manque = builder.add_columns(len(cells), 0.0, INF, 0.0, integer=False)
    exces = builder.add_columns(len(cells), 0.0, INF, 0.0, integer=False)
    row = builder.add_rows(len(cells), target, target)
    builder.add_entries(row + cells, manque + cells, 1.0)
    builder.add_entries(row + cells, exces + cells, -1.0)
    return Deviations(
        target,
        manque,
        row,
        lambda count: np.array([np.maximum(0.0, target - count), np.maximum(0.0, count - target)]),
        lambda weights: np.zeros(len(weights.manque)),
        lambda weights: np.array([weights.manque, weights.exces]),
    )


def hull(builder: ProgramBuilder, target: Floats, reach: Floats) -> Deviations:
    """Add ``under``, ``step`` and ``over`` for each target; no count is above its ``reach``."""
    cells, floor = np.arange(len(target)), np.floor(target)
    under = builder.add_columns(len(cells), 0.0, floor, 0.0)
    step = builder.add_columns(len(cells), 0.0, np.minimum(1.0, reach), 0.0)
    over = builder.add_columns(len(cells), 0.0, reach, 0.0)
    row = builder.add_rows(len(cells), floor, floor)
    for first, sign in ((under, 1.0), (step, -1.0), (over, -1.0)):
        builder.add_entries(row + cells, first + cells, sign)

    def at(count: Floats) -> Floats:
        above = count - floor
        return np.array([np.maximum(0.0, -above), above >= 1, np.maximum(0.0, above - 1)], dtype=np.float64)

    def base(weights: Weights) -> Floats:
        return np.asarray(weights.of(target, floor))

    def prices(weights: Weights) -> Floats:
        return np.array([weights.manque, weights.of(target, floor + 1) - base(weights), weights.exces])

    return Deviations(target, under, row, at, base, prices)
