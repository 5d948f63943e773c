"""From a relaxation's point to whole dwellings: free what is fractional, then what costs more than the bound.

Most flows of an optimal vertex are whole. Holding them, a small branch-and-bound over the nodes that are left, first
on the optimal face alone, reaches the bound, or ends above it by the price of a few cells and flows. The nodes that
these draw from are freed next, from the best point so far, then their whole communes, until the bound is met or a
round brings nothing more. A last branch-and-bound over all that may still improve settles the rest.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.assembly import Assembled
from allocator.engine.chains import continuing
from allocator.engine.clock import Clock
from allocator.engine.face import ROUNDING
from allocator.engine.level import Level
from allocator.engine.relaxation import Relaxation, TierProgram
from allocator.solvers.program import INF, Floats, Limits, Solve, Status
from allocator.solvers.restriction import restrict

Mask = NDArray[np.bool_]

WHOLE: Final = 1e-6
"""Distance to a whole number below which a flow is whole."""

CLOSED: Final = 1e-9
"""Relative gap below which a value is its bound."""

PROVEN: Final = 1e-6
"""Relative gap within which a value counts as proven (file contract, section 4)."""

SETTLED: Final = 20_000
"""Free columns beyond which a gap that counts as proven is left: to close it could take hours."""

SMALL: Final = 3_000
"""Free columns beyond which a gap within what the user asked for is left, where that is more than proven."""

ROUNDS: Final = 12
NODES: Final = 600
"""Nodes that a round may free for the cells that cost the most; more makes the branch-and-bound slow."""


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """A whole point of a tier's program (``None``: none found), its exact value and a proven bound."""

    x: Floats | None
    value: float
    bound: float


def closed(value: float, bound: float) -> bool:
    """Say whether a value is its bound, rounding errors aside."""
    return value - bound <= CLOSED * max(1.0, abs(value))


def _gap(best: Rounded) -> float:
    return (best.value - best.bound) / max(1.0, abs(best.value))


class Rounding:
    """The search for a whole point of one tier's program."""

    def __init__(self, tier: TierProgram, relaxation: Relaxation, solve: Solve, clock: Clock) -> None:
        self._tier, self._relaxation, self._solve, self._clock = tier, relaxation, solve, clock
        self._program = relaxation.assembled.program
        self._ends = _Ends(tier.level, relaxation.assembled)
        self._price = relaxation.proof.price
        self._rest = np.where(self._price > 0, self._program.lower, self._program.upper)

    def run(self) -> Rounded:
        """Return the best whole point found, proven where its bound is closed."""
        bound = self._relaxation.proof.bound
        best, nodes = self._first(Rounded(None, INF, bound))
        for _ in range(ROUNDS):
            if best.x is None or self._near_enough(best) or self._clock.remaining() <= 0:
                break
            spots = self._ends.of_losses(self._relaxation, best.x)
            free = self._ends.columns(nodes | spots)
            better = self._near(free, best, best.x, (ROUNDING, best.value - bound))
            if better is best:
                free = self._ends.columns(nodes | self._ends.around(spots))
                better = self._near(free, best, best.x, (ROUNDING,))
            if better is best:
                break
            best = better
        if best.x is not None and closed(best.value, bound):
            return best
        return self._settle(best)

    def _near_enough(self, best: Rounded) -> bool:
        return closed(best.value, best.bound) or _gap(best) <= self._clock.gap

    def _first(self, none: Rounded) -> tuple[Rounded, Mask]:
        """Free what is fractional in the relaxation; return the best point and the nodes freed."""
        x = self._relaxation.x
        apart = self._program.integer & (np.abs(x - np.rint(x)) > WHOLE)
        nodes = self._ends.of_flows(apart[: self._relaxation.assembled.hull.first[0]])
        return self._near(self._ends.columns(nodes) | apart, none, x, (ROUNDING, INF)), nodes

    def _near(self, free: Mask, best: Rounded, point: Floats, budgets: tuple[float, ...]) -> Rounded:
        """Solve near a point: with the free columns, dearer ones only if the cheaper bring nothing.

        Free columns whose price is above the budget are held, but not those that already left their rest.
        """
        held = np.where(self._program.integer, np.rint(point), point)
        away = np.abs(held - self._rest) > WHOLE
        for budget in budgets:
            better, _ = self._branch(free & ((np.abs(self._price) <= budget) | away), held, best)
            if better is not best:
                return better
        return best

    def _settle(self, best: Rounded) -> Rounded:
        """Branch over every column that a better point may move, which proves what it finds.

        A better point costs less than the gap in all, so no column of that price or more leaves its rest. Often
        that alone leaves no whole point, which proves the best one.
        """
        dear = np.abs(self._price) >= best.value - best.bound - CLOSED
        free, gap = int((~dear).sum()), _gap(best)
        if (gap <= PROVEN and free > SETTLED) or (gap <= self._clock.gap and free > SMALL):
            return best
        held = np.where(dear, self._rest, self._relaxation.x if best.x is None else best.x)
        settled, bound = self._branch(~dear, held, best)
        return Rounded(settled.x, settled.value, max(best.bound, min(bound, settled.value)))

    def _branch(self, free: Mask, held: Floats, best: Rounded) -> tuple[Rounded, float]:
        """Solve with the free columns, the others held; return the best point and the bound of that program."""
        part = restrict(self._program, free | ~self._program.integer, held)
        large = part.program.columns > SMALL
        outcome = self._solve(part.program, Limits(self._clock.remaining(), self._clock.gap / 4 * large))
        if outcome.status in (Status.INFEASIBLE, Status.NOTHING):
            return best, outcome.bound
        found = self._tier.recount(self._relaxation.assembled, part.expand(outcome.x))
        if found is None or found[1] >= best.value - CLOSED:
            return best, outcome.bound
        return Rounded(found[0], found[1], best.bound), outcome.bound


class _Ends:
    """Which nodes and counts each column of a tier's program touches."""

    def __init__(self, level: Level, assembled: Assembled) -> None:
        self.level, self.assembled = level, assembled
        self.pair_node = level.pair_node[assembled.pair]
        self.feed_source = level.feed_source[assembled.feed]
        self.feed_node = level.feed_node[assembled.feed]
        column = np.full(len(level.pair_node), -1, dtype=np.intp)
        column[assembled.pair] = np.arange(len(assembled.pair))
        kept = column[level.entry_pair] >= 0
        self.entry_cell = level.entry_cell[kept]
        self.entry_column = column[level.entry_pair[kept]]

    def of_flows(self, flows: Mask) -> Mask:
        """Mark the nodes at the ends of some flows (a mask over pairs, then feeds)."""
        pairs = len(self.pair_node)
        nodes = np.zeros(len(self.level.like), dtype=bool)
        nodes[self.pair_node[flows[:pairs]]] = True
        nodes[self.feed_source[flows[pairs:]]] = True
        nodes[self.feed_node[flows[pairs:]]] = True
        return nodes

    def of_losses(self, relaxation: Relaxation, x: Floats) -> Mask:
        """Mark the nodes where ``x`` costs more than the bound, dearest first.

        Those are the nodes that feed a cell whose count costs, the ends of a flow that costs, and the classes
        whose unused dwellings do.
        """
        program, proof, hull = self.assembled.program, relaxation.proof, self.assembled.hull
        away = np.where(proof.price > 0, x - program.lower, program.upper - x)
        paid = np.abs(proof.price) * away
        cells = sum(paid[first : first + len(hull.cell)] for first in hull.first)
        flows = paid[: hull.first[0]]
        supply = slice(0, len(self.assembled.classe))
        unused = program.row_upper[supply] - program.matrix.times(x, program.rows)[supply]
        classes = np.abs(proof.multiplier[supply]) * unused
        return self._dearest(np.concatenate([np.atleast_1d(cells), flows, classes]))

    def around(self, nodes: Mask) -> Mask:
        """Mark all the nodes of the communes of some."""
        commune = self.level.classes.commune[self.level.like]
        return np.isin(commune, commune[nodes])

    def _dearest(self, loss: Floats) -> Mask:
        """Mark the nodes of the largest losses (of cells, then flows, then classes), up to :data:`NODES`."""
        cells, flows = len(self.assembled.hull.cell), self.assembled.hull.first[0]
        nodes = np.zeros(len(self.level.like), dtype=bool)
        for number in np.argsort(-loss, kind="stable").tolist():
            if loss[number] <= CLOSED:
                break
            more = nodes.copy()
            if number < cells:
                cell = self.assembled.hull.cell[number]
                more[self.pair_node[self.entry_column[self.entry_cell == cell]]] = True
            elif number < cells + flows:
                more |= self.of_flows(np.arange(flows) == number - cells)
            else:
                more[self.assembled.classe[number - cells - flows]] = True
            if more.sum() <= NODES:
                nodes = more
        return nodes

    def columns(self, nodes: Mask) -> Mask:
        """Mark the columns that are free when the flows of ``nodes`` are: those, and what they touch."""
        free = np.zeros(self.assembled.program.columns, dtype=bool)
        pairs, feeds = len(self.pair_node), len(self.feed_node)
        feeding = nodes[self.feed_source] | nodes[self.feed_node]
        drawn = nodes.copy()
        drawn[self.feed_node[feeding]] = True
        free[:pairs] = drawn[self.pair_node]
        free[pairs : pairs + feeds] = feeding
        touched = np.zeros(self.level.cells, dtype=bool)
        touched[self.entry_cell[free[self.entry_column]]] = True
        touched = continuing(self.level.after, touched)
        hull = self.assembled.hull
        for first in hull.first:
            free[first : first + len(hull.cell)] = touched[hull.cell]
        free[hull.first[2] + len(hull.cell) :] = True
        return free
