"""The plan of a morning as a linear program: today, the near communes scenario by scenario, the rest in the mean."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.policies.lookahead.columns import Columns
from allocator.policies.lookahead.pairs import ranges
from allocator.policies.lookahead.rows import Layout, Standing
from allocator.policies.lookahead.world import World
from allocator.solvers.program import INF, Floats, Matrix, Program

Rows = NDArray[np.intp]

NOTHING: Final = 1e-9
"""Entry of a program that is a rounding error, or nothing: solvers refuse it."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan in numbers: ``program`` has the columns of ``giving`` first, then those of the deviations.

    ``tiers`` (tiers × columns of the program) is the cost of each tier, ``base`` its constant; the program
    minimizes ``weights · tiers`` plus the tie-break ``taste`` on the columns of today, which come first.
    ``today`` is their number, ``todays_lots`` the number of their lots; the lots' rows come after the ``counts`` first.
    """

    giving: Columns
    program: Program
    tiers: Floats
    base: Floats
    weights: Floats
    taste: Floats
    today: int
    todays_lots: int
    counts: int

    def lot_row(self, lot: int) -> int:
        """Return the row of the program that bounds what a lot gives."""
        return self.counts + lot

    def values(self, x: Floats) -> Floats:
        """Return the value of each tier at a point of the program."""
        values: Floats = self.tiers @ x + self.base
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a plan counts and what that costs: the rows, where they stand, and the weight of each tier."""

    world: World
    layout: Layout
    standing: Standing
    weights: Floats


def build_plan(terms: Terms, giving: Columns, taste: Floats, todays_lots: int) -> Plan:
    """Assemble a plan.

    Parameters
    ----------
    taste
        Cost of the tie-break on each column of today; these stand first in ``giving``.
    todays_lots
        Number of their lots.
    """
    layout, weights = terms.layout, terms.weights
    counting = _Deviations(terms.world, layout, terms.standing)
    rows, lots = layout.rows, len(giving.supply)
    size = len(giving) + counting.columns
    entries = np.concatenate([giving.row, rows + giving.lot, counting.row])
    giving_of = np.repeat(np.arange(len(giving)), np.diff(giving.start))
    columns = np.concatenate([giving_of, np.arange(len(giving)), len(giving) + counting.column])
    values = np.concatenate([giving.value, np.ones(len(giving)), counting.value])
    # Rows: counts, lots, then those of the largest terms.
    shift = np.where(counting.row >= rows, lots, 0)
    entries[len(giving.row) + len(giving) :] += shift
    kept = np.abs(values) > NOTHING
    matrix = Matrix.from_entries(
        entries[kept].astype(np.int32), columns[kept].astype(np.int32), values[kept], size
    )
    tiers = np.concatenate([np.zeros((len(weights), len(giving))), counting.tiers(len(weights))], axis=1)
    cost = weights @ tiers
    cost[: len(taste)] += taste
    lower, upper = counting.row_bounds()
    extra = np.full(counting.largest_rows, INF)
    program = Program(
        cost,
        np.zeros(size),
        np.concatenate([giving.upper, counting.upper]),
        np.concatenate([lower, np.full(lots, -INF), counting.largest_lower]),
        np.concatenate([upper, giving.supply, extra]),
        matrix,
        np.zeros(size, dtype=bool),
    )
    return Plan(
        giving, program, tiers, counting.base(len(weights)), weights, taste, len(taste), todays_lots, rows
    )


class _Deviations:
    """The columns that count below, at and above each floor, and those of the largest terms."""

    def __init__(self, world: World, layout: Layout, standing: Standing) -> None:
        self.world, self.standing, self.rows = world, standing, layout.rows
        self.near, self.scenarios = layout.first_near, max(1, layout.scenarios)
        rows = layout.rows
        moving = np.zeros(rows, dtype=bool)
        for slopes in standing.slopes:
            moving |= slopes.used()
        self.moving = np.flatnonzero(moving)
        count = len(self.moving)
        self.largest = [place for place, term in enumerate(world.terms) if term.largest]
        self.columns = 3 * count + len(self.largest) * self.scenarios
        self.upper = np.concatenate(
            [np.full(count, INF), standing.width[self.moving], np.full(self.columns - 2 * count, INF)]
        )
        self.row = np.tile(self.moving, 3)
        self.column = np.arange(3 * count)
        self.value = np.repeat((1.0, -1.0, -1.0), count)
        self.largest_rows, self.largest_lower = 0, np.empty(0)
        for number, place in enumerate(self.largest):
            self._add_largest(3 * count + number * self.scenarios, place)

    def row_bounds(self) -> tuple[Floats, Floats]:
        """Return the bounds of the counting rows: an equation where a deviation is counted, else the solde."""
        lower, upper = np.full(self.rows, -INF), self.standing.limit.copy()
        lower[self.moving] = upper[self.moving] = self.standing.start[self.moving]
        return lower, upper

    def tiers(self, count: int) -> Floats:
        """Return the cost of each tier on these columns."""
        costs = np.zeros((count, self.columns))
        for place, (term, slopes) in enumerate(zip(self.world.terms, self.standing.slopes, strict=True)):
            if term.largest:
                first = 3 * len(self.moving) + self.largest.index(place) * self.scenarios
                costs[term.tier, first : first + self.scenarios] = 1.0 / self.scenarios
            else:
                stacked = slopes.stacked()[:, self.moving]
                costs[term.tier, : 3 * len(self.moving)] += stacked.ravel()
        return costs

    def base(self, count: int) -> Floats:
        """Return the constant of each tier: what the cells cost at the whole part of their targets."""
        base = np.zeros(count)
        for term, slopes in zip(self.world.terms, self.standing.slopes, strict=True):
            if not term.largest:
                base[term.tier] += slopes.base.sum()
        return base

    def _add_largest(self, column: int, place: int) -> None:
        """Hold the largest term of each scenario above its cells; one that counts in the mean is in all."""
        slopes, scenarios = self.standing.slopes[place], self.scenarios
        bearing = np.flatnonzero(slopes.used())
        near = bearing >= self.near
        of_row = np.concatenate([np.repeat(bearing[~near], scenarios), bearing[near]])
        scenario = np.concatenate(
            [np.tile(np.arange(scenarios), int((~near).sum())), (bearing[near] - self.near) % scenarios]
        )
        # The slopes of a scenario's rows are weighed by its share already; cells added up cost their mean.
        scale = np.where(of_row >= self.near, float(scenarios), 1.0 / self.standing.width[of_row])
        spot, count = np.searchsorted(self.moving, of_row), len(self.moving)
        own = self.rows + self.largest_rows + np.arange(len(of_row))
        costs = scale * slopes.stacked()[:, of_row]
        self.row = np.concatenate([self.row, own, np.tile(own, 3)])
        self.column = np.concatenate([self.column, column + scenario, spot, count + spot, 2 * count + spot])
        self.value = np.concatenate([self.value, np.ones(len(of_row)), -costs.ravel()])
        self.largest_lower = np.concatenate([self.largest_lower, scale * slopes.base[of_row]])
        self.largest_rows += len(of_row)


def restriction(program: Program, columns: Rows) -> Program:
    """Return a program with some of its columns only, in that order."""
    first = program.matrix.start.astype(np.intp)
    entry, _ = ranges(first[columns], first[columns + 1])
    start = np.concatenate([[0], np.cumsum(np.diff(program.matrix.start)[columns])])
    matrix = Matrix(start.astype(np.int32), program.matrix.index[entry], program.matrix.value[entry])
    return Program(
        program.cost[columns],
        program.lower[columns],
        program.upper[columns],
        program.row_lower,
        program.row_upper,
        matrix,
        program.integer[columns],
    )
