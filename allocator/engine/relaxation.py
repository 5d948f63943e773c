"""The linear relaxation of a tier, the bound that it proves, and the face that it leaves."""

from dataclasses import dataclass, replace

import numpy as np

from allocator.engine.assembly import Assembled, assemble
from allocator.engine.costs import TierCost
from allocator.engine.face import ROUNDING, Counts, Face, NothingLeftError, Prices
from allocator.engine.level import Level
from allocator.solvers.bound import DualProof, prove
from allocator.solvers.program import Floats, Limits, Solve, Status


@dataclass(frozen=True, slots=True, eq=False)
class TierProgram:
    """A tier to be solved on a face at a level; ``floor`` has one entry a cell."""

    level: Level
    face: Face
    floor: Counts
    cost: TierCost

    def relax(self, solve: Solve, seconds: float) -> "Relaxation":
        """Solve the linear relaxation; raises :class:`NothingLeftError` or :class:`OutOfTimeError`."""
        assembled = assemble(self.level, self.face, self.floor, self.cost)
        outcome = solve(assembled.program.relaxed(), Limits(seconds))
        if outcome.status is Status.INFEASIBLE:
            raise NothingLeftError
        if outcome.status is not Status.OPTIMAL:
            raise OutOfTimeError
        return Relaxation(assembled, outcome.x, prove(assembled.program, outcome.row_dual))

    def flows(self, assembled: Assembled, x: Floats) -> tuple[Counts, Counts]:
        """Return the flows of all pairs and feeds of the level from a whole point of the program."""
        pair = np.zeros(len(self.level.pair_node), dtype=np.int64)
        feed = np.zeros(len(self.level.feed_node), dtype=np.int64)
        pairs, feeds = len(assembled.pair), len(assembled.feed)
        pair[assembled.pair] = np.rint(x[:pairs])
        feed[assembled.feed] = np.rint(x[pairs : pairs + feeds])
        return pair, feed

    def recount(self, assembled: Assembled, x: Floats) -> tuple[Floats, float] | None:
        """Return a point with its flows made whole and all else computed from them, and its exact value.

        ``None`` where the flows break a rule of the program: no solver's word is taken for it.
        """
        pair, feed = self.flows(assembled, x)
        count = self.level.counts(pair)
        if not self._allowed(pair, feed, count):
            return None
        whole = x.copy()
        whole[: len(assembled.pair)] = pair[assembled.pair]
        whole[len(assembled.pair) : len(assembled.pair) + len(assembled.feed)] = feed[assembled.feed]
        hull = assembled.hull
        above = count[hull.cell] - hull.floor
        for first, value in zip(
            hull.first, (np.maximum(0, -above), above >= 1, np.maximum(0, above - 1)), strict=True
        ):
            whole[first : first + len(hull.cell)] = value
        return whole, self.cost.value(self.floor, count[: len(self.floor)])

    def _allowed(self, pair: Counts, feed: Counts, count: Counts) -> bool:
        level, cells = self.level, len(self.floor)
        nodes = len(level.like)
        drawn = np.bincount(level.pair_node, weights=pair, minlength=nodes)
        drawn += np.bincount(level.feed_source, weights=feed, minlength=nodes)
        fed = np.bincount(level.feed_node, weights=feed, minlength=nodes)
        classes = len(level.classes)
        return bool(
            (pair >= 0).all()
            and (feed >= 0).all()
            and (drawn[:classes] <= level.classes.supply).all()
            and (drawn[classes:] == fed[classes:]).all()
            and (count >= self.face.low).all()
            and (count <= self.face.high).all()
            and all(
                lock.cost.value(self.floor, count[:cells]) <= lock.value + ROUNDING * max(1.0, lock.value)
                for lock in self.face.locks
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """A tier's program with an optimal point of its relaxation and the bound that its dual proves."""

    assembled: Assembled
    x: Floats
    proof: DualProof


class OutOfTimeError(Exception):
    """The clock ran out before the relaxation was solved."""


def narrowed(tier: TierProgram, relaxation: Relaxation, value: float) -> Face:
    """Return the part of a tier's face where it may still be at ``value`` (at least its bound)."""
    face, level = tier.face, tier.level
    budget = max(0.0, value - relaxation.proof.bound) + ROUNDING
    assembled, proof = relaxation.assembled, relaxation.proof
    classes, pools = len(assembled.classe), len(assembled.pool)
    cell, classe = np.zeros(level.cells), np.zeros(len(level.classes))
    classe[assembled.classe] = proof.multiplier[:classes]
    of_cells = proof.multiplier[classes + pools : classes + pools + len(assembled.cell)]
    cell[assembled.cell] = of_cells
    low, high = face.low.copy(), face.high.copy()
    _pin(low, high, assembled, of_cells, budget)
    _narrow_hull(low, high, relaxation, budget)
    return replace(
        face, low=low, high=high, prices=(*face.prices, Prices(cell, classe, level.classes, budget))
    )


def _pin(low: Counts, high: Counts, assembled: Assembled, price: Floats, budget: float) -> None:
    """Hold the counts without deviations whose price of leaving the side that they press on is too high."""
    plain = ~np.isin(assembled.cell, assembled.hull.cell)
    first = len(assembled.classe) + len(assembled.pool)
    rows = slice(first, first + len(assembled.cell))
    at_low, at_high = plain & (price > budget), plain & (price < -budget)
    least, most = (
        assembled.base + side[rows] for side in (assembled.program.row_lower, assembled.program.row_upper)
    )
    high[assembled.cell[at_low]] = least[at_low].astype(np.int64)
    low[assembled.cell[at_high]] = most[at_high].astype(np.int64)


def _narrow_hull(low: Counts, high: Counts, relaxation: Relaxation, budget: float) -> None:
    """Keep, of each cell's counts, those that no deviation of too high a price is needed for."""
    hull, program = relaxation.assembled.hull, relaxation.assembled.program
    least, most = hull.floor.astype(np.float64), hull.floor.astype(np.float64)
    for first, sign in zip(hull.first, (-1, 1, 1), strict=True):
        columns = slice(first, first + len(hull.cell))
        price = relaxation.proof.price[columns]
        lower, upper = program.lower[columns], program.upper[columns]
        smallest = np.where(price < -budget, upper, lower)
        largest = np.where(price > budget, lower, upper)
        least += sign * (smallest if sign > 0 else largest)
        most += sign * (largest if sign > 0 else smallest)
    low[hull.cell] = np.maximum(low[hull.cell], least.astype(np.int64))
    high[hull.cell] = np.minimum(high[hull.cell], most.astype(np.int64))
