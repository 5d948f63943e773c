"""The default rule: today's dwellings go where the plan of the rest of the year wants them.

Every morning a plan is made of today's libérations with all that the forecast says is still to come; today's part
of it is made whole, one dwelling after another, the plan adapting to each.
"""

from typing import Final

import numpy as np

from allocator.domain import BAILLEUR
from allocator.policies.lookahead.generation import Generated
from allocator.policies.lookahead.planner import Planner, Sketch
from allocator.policies.lookahead.settings import DEFAULTS, LookaheadSettings
from allocator.policies.situation import Chooser, Frame, Ints, Situation
from allocator.solvers.program import Floats

WHOLE: Final = 1e-6
"""Distance from a whole number within which a count is whole."""


def anticipation(frame: Frame, settings: LookaheadSettings = DEFAULTS) -> Chooser:
    """Return the default rule; plans of one morning help to solve the next, and change no answer but ties."""
    planner = Planner(frame, settings)
    support = np.empty(0, dtype=np.int64)

    def choose(situation: Situation) -> Ints:
        nonlocal support
        sketch = planner.sketch(situation)
        giving = sketch.plan.giving
        solved = Generated(sketch.plan, np.isin(giving.kin, support))
        support = np.unique(giving.kin[solved.x[: len(giving)] > 0])
        return deal(sketch, whole(solved))

    return choose


def whole(solved: Generated) -> Floats:
    """Make today's part of a plan whole: the column nearest above is raised, and the plan solved again."""
    while True:
        x = solved.todays
        broken = np.abs(x - np.round(x)) > WHOLE
        if not broken.any():
            return np.round(x)
        candidates = np.flatnonzero(broken)
        column = int(candidates[np.argmax(x[candidates] - np.floor(x[candidates]))])
        solved.bound(column, float(np.ceil(x[column])), float(solved.plan.giving.upper[column]))
        if not solved.feasible:
            solved.bound(column, 0.0, float(np.floor(x[column])))


def deal(sketch: Sketch, x: Floats) -> Ints:
    """Deal the dwellings of each lot to its réservataires, in the order of the files."""
    chosen = np.full(len(sketch.lot), BAILLEUR, dtype=np.int32)
    for lot in range(sketch.plan.todays_lots):
        columns = np.flatnonzero(sketch.pairs.of_class == lot)
        holders = np.repeat(sketch.pairs.holder[columns], x[columns].astype(np.int64))
        dwellings = np.flatnonzero(sketch.lot == lot)
        chosen[dwellings[: len(holders)]] = holders
    return chosen
