"""Tiers with a solver that gives no duals: all of a program at once, and each tier a row of the next.

Slower than faces by far, and as exact as the solver's own tolerances on such rows; the tier values are the
same.
"""

from dataclasses import replace

from allocator.engine.assembly import assemble
from allocator.engine.clock import Clock
from allocator.engine.face import Lock
from allocator.engine.relaxation import TierProgram
from allocator.engine.settled import Settled
from allocator.solvers.program import Limits, Solve


def settle_locked(tier: TierProgram, solve: Solve, clock: Clock) -> Settled | None:
    """Minimize a tier on its face in whole numbers; ``None`` where no allowed point was found."""
    assembled = assemble(tier.level, tier.face, tier.floor, tier.cost)
    outcome = solve(assembled.program, Limits(clock.remaining(), clock.gap))
    found = tier.recount(assembled, outcome.x) if len(outcome.x) else None
    if found is None:
        return None
    x, value = found
    face = replace(tier.face, locks=(*tier.face.locks, Lock(tier.cost, value)))
    return Settled(value, min(outcome.bound, value), tier.flows(assembled, x), face)
