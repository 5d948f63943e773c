"""The default rule: today's dwellings go where the plan of the rest of the year wants them.

Every morning a plan is made of today's libérations with all that the forecast says is still to come; today's part
of it is made whole, one lot after another, the plan adapting to each.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.policies.lookahead.generation import Generated
from allocator.policies.lookahead.plan import Plan
from allocator.policies.lookahead.planner import Planner, Sketch
from allocator.policies.lookahead.settings import DEFAULTS, LookaheadSettings
from allocator.policies.situation import Chooser, Frame, Ints, Situation
from allocator.solvers import highs
from allocator.solvers.program import Floats, Limits

WHOLE: Final = 1e-6
"""Distance from a whole number within which a count is whole."""

TRIED: Final = 3
"""Réservataires between whom a plan hesitates that are tried in turn, those with the largest parts."""


def anticipation(frame: Frame, settings: LookaheadSettings = DEFAULTS) -> Chooser:
    """Return the default rule; the plan of one morning helps to solve the next, and changes no answer but ties."""
    return Lookahead(frame, settings).choose


class Lookahead:
    """The default rule at work; between two mornings it keeps which columns of the plan were of use."""

    def __init__(self, frame: Frame, settings: LookaheadSettings = DEFAULTS) -> None:
        self.planner = Planner(frame, settings)
        self._support: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def solve(self, situation: Situation) -> tuple[Sketch, Generated]:
        """Return the plan of a morning, and its solution before anything is made whole."""
        sketch = self.planner.sketch(situation)
        plan, giving = sketch.plan, sketch.plan.giving
        if len(giving) and not len(self._support):
            # Nothing is known yet: an interior point finds the columns of use faster than column generation.
            self._support = _used(plan, highs.solve(plan.program, Limits()).x)
        solved = Generated(plan, np.isin(giving.kin, self._support))
        self._support = _used(plan, solved.x)
        return sketch, solved

    def choose(self, situation: Situation) -> Ints:
        """Return what the plan of a morning makes of today's dwellings."""
        sketch, solved = self.solve(situation)
        return deal(sketch, whole(solved))


def _used(plan: Plan, x: Floats) -> NDArray[np.int64]:
    """Return the kin of the columns that give something; ``x`` is empty where the plan has no point."""
    count = len(plan.giving) if len(x) else 0
    return np.unique(plan.giving.kin[:count][x[:count] > 0])


def whole(solved: Generated) -> Floats:
    """Make today's part of a plan whole, one lot after another: each way of settling it is tried by a solve.

    The lot in which the plan hesitates most comes first; its hesitation is settled by the way whose plan is best.
    """
    while True:
        x = solved.todays
        down = np.floor(x + WHOLE)
        rest = np.where(x - down > WHOLE, x - down, 0.0)
        if not rest.any():
            return np.round(x)
        lots = solved.plan.giving.lot[: len(x)]
        lot = lots[np.argmax(np.minimum(rest, 1.0 - rest))]
        broken = np.flatnonzero((lots == lot) & (rest > 0))
        largest = broken[np.argsort(-rest[broken], kind="stable")][:TRIED].tolist()
        ways = [(column, down[column] + 1.0, solved.upper(column)) for column in largest]
        ways.append((largest[0], solved.lower(largest[0]), down[largest[0]]))
        solved.bound(*min(ways, key=lambda way: solved.tried(*way)))


def deal(sketch: Sketch, x: Floats) -> Ints:
    """Deal the dwellings of each lot to its réservataires, in the order of the files."""
    chosen = np.full(len(sketch.lot), BAILLEUR, dtype=np.int32)
    for lot in range(sketch.plan.todays_lots):
        columns = np.flatnonzero(sketch.pairs.of_class == lot)
        holders = np.repeat(sketch.pairs.holder[columns], x[columns].astype(np.int64))
        dwellings = np.flatnonzero(sketch.lot == lot)
        chosen[dwellings[: len(holders)]] = holders
    return chosen
