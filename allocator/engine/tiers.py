"""One tier after another: settle its value, then hand its face to the next."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from allocator.engine.clock import Clock
from allocator.engine.costs import Slopes, TierCost
from allocator.engine.face import ROUNDING, Counts, Face, Lock, NothingLeftError, everything
from allocator.engine.largest import at_most, attainable, next_cost, splits
from allocator.engine.level import Level, build_level
from allocator.engine.locked import settle_locked
from allocator.engine.problem import Problem
from allocator.engine.relaxation import OutOfTimeError, TierProgram, narrowed
from allocator.engine.rounding import Rounded, Rounding, closed
from allocator.engine.settled import Settled
from allocator.solvers.program import INF, Feature, Floats, Solve, Solver


def settle(tier: TierProgram, solve: Solve, clock: Clock) -> Settled | None:
    """Minimize a tier on its face; ``None`` where the time ran out before any whole point was found."""
    try:
        if len(tier.cost.maxima) == 1 and not tier.cost.additive.used().any():
            return _settle_largest(tier, solve, clock)
        return _settle_sum(tier, solve, clock)
    except (OutOfTimeError, NothingLeftError):
        # An empty face here is a rounding error of the locks: the tier is left unsettled, not the run.
        return None


def _settle_sum(tier: TierProgram, solve: Solve, clock: Clock) -> Settled | None:
    relaxation = tier.relax(solve, clock.remaining())
    rounded = Rounding(tier, relaxation, solve, clock).run()
    if rounded.x is None:
        return None
    flows = tier.flows(relaxation.assembled, rounded.x)
    face = narrowed(tier, relaxation, rounded.value)
    # Prices found under a lock row hold only while that row stays tight, which the next tiers do not ask.
    loose = bool(tier.face.locks) or not closed(rounded.value, relaxation.proof.bound)
    if tier.cost.maxima or loose:
        face = _held(tier, face, rounded)
    return Settled(rounded.value, rounded.bound, flows, face)


def _held(tier: TierProgram, face: Face, rounded: Rounded) -> Face:
    """Hold a tier at its value where its prices do not say as much.

    Two largest terms that can only share the value in one way are each held at their own, cell by cell; else
    the tier stays as a row of the next programs.
    """
    cost = tier.cost
    if len(cost.maxima) == 2 and not cost.additive.used().any() and closed(rounded.value, rounded.bound):
        first, second = cost.maxima
        value = rounded.value - float(cost.additive.base.sum())
        most = tier.face.high[: len(tier.floor)]
        shares = splits(
            attainable(first, tier.floor, most, value), attainable(second, tier.floor, most, value), value
        )
        if len(shares) == 1:
            largest = shares[0]
            return at_most(at_most(face, tier.floor, first, largest), tier.floor, second, value - largest)
    return replace(face, locks=(*face.locks, Lock(cost, rounded.value)))


def _settle_largest(tier: TierProgram, solve: Solve, clock: Clock) -> Settled | None:
    """Climb the values that the largest term can take, from the bound up, to the first that is feasible.

    The face that this leaves is a bound on each count: exact, whatever the relaxation.
    """
    largest, constant = tier.cost.maxima[0], float(tier.cost.additive.base.sum())
    proven = tier.relax(solve, clock.remaining()).proof.bound - constant
    nothing = TierCost(tier.cost.name, Slopes.zero(len(tier.floor)), ())
    value = next_cost(largest, tier.floor, proven)
    while value < INF:
        try:
            step = replace(tier, face=at_most(tier.face, tier.floor, largest, value), cost=nothing)
            relaxation = step.relax(solve, clock.remaining())
            rounded = Rounding(step, relaxation, solve, clock).run()
        except NothingLeftError:
            rounded = Rounded(None, INF, INF)
        if rounded.x is not None:
            flows = step.flows(relaxation.assembled, rounded.x)
            return Settled(value + constant, value + constant, flows, step.face)
        if rounded.bound < INF:
            return None
        value = next_cost(largest, tier.floor, value + 2 * ROUNDING * max(1.0, value))
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where a problem stands after some tiers: the flows that reach them at a level, a bound a tier, the face left."""

    level: Level
    flows: tuple[Counts, Counts]
    bounds: tuple[float, ...]
    face: Face


def run_tiers(
    problem: Problem,
    solver: Solver,
    clock: Clock,
    publish: Callable[[Course], None],
    tell: Callable[[str], None],
) -> Course:
    """Settle the tiers of a problem in order.

    ``publish`` receives where it stands after each tier but the last. Tiers that the time did not allow keep the
    bound of their cells (:func:`least`).
    """
    face = everything(problem)
    used = problem.used(0)
    level = build_level(problem, used)
    flows = (
        np.zeros(len(level.pair_node), dtype=np.int64),
        np.zeros(len(level.feed_node), dtype=np.int64),
    )
    settler = settle if Feature.DUALS in solver.features else settle_locked
    bounds: tuple[float, ...] = ()
    for number, cost in enumerate(problem.costs):
        remaining = tuple(least(problem, face, each) for each in problem.costs[number:])
        if not cost.used().any():
            bounds = (*bounds, remaining[0])
            continue
        if bounds:
            publish(Course(level, flows, bounds + remaining, face))
        wider = problem.used(number + 1)
        if not np.array_equal(wider, used):
            used, next_level = wider, build_level(problem, wider)
        else:
            next_level = level
        started = clock.elapsed()
        settled = settler(TierProgram(next_level, face, problem.floor, cost), solver.solve, clock)
        if settled is None:
            return Course(level, flows, bounds + remaining, face)
        level, flows, face = next_level, settled.flows, settled.face
        bounds = (*bounds, settled.bound)
        tell(_told(cost, settled, clock.elapsed() - started))
    return Course(level, flows, bounds, face)


def _told(cost: TierCost, settled: Settled, seconds: float) -> str:
    value, bound = (
        f"{figure * cost.unit:.6g}".replace(".", ",") for figure in (settled.value, settled.bound)
    )
    proof = "prouvé" if closed(settled.value, settled.bound) else f"borne {bound}"
    took = f"{seconds:.1f}".replace(".", ",")
    return f"{cost.name} : {value} ({proof}), {took} s"


def least(problem: Problem, face: Face, cost: TierCost) -> float:
    """Return what a tier costs at least where each cell has its own best count: a bound that needs no solver."""
    cells = problem.cells
    floor, low, high = problem.floor, face.low[:cells], face.high[:cells]

    def cheapest(slopes: Slopes) -> Floats:
        return np.minimum(
            slopes.at(floor, np.clip(floor, low, high)), slopes.at(floor, np.clip(floor + 1, low, high))
        )

    total = float(cheapest(cost.additive).sum())
    return total + sum(float(cheapest(each).max(initial=0.0)) for each in cost.maxima)
