"""What a plan says at a point where all that is given is settled: deviations are the solver's to choose."""

import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Liberations
from allocator.domain.vocabulary import FLUX
from allocator.forecast import Outlook
from allocator.policies.lookahead.plan import Plan
from allocator.policies.lookahead.planner import Sketch
from allocator.policies.lookahead.settings import LookaheadSettings
from allocator.policies.situation import take
from allocator.solvers import load
from allocator.solvers.program import Limits, Status
from tests.policies.mornings import Morning, decided_at_random

Floats = NDArray[np.float64]

FAR = LookaheadSettings(columns=1, least=1e-12, finest=1e15, scarce=0.0)
"""Only today's communes are near, every class stands for itself, and each scenario is planned for alone."""


def values_at(plan: Plan, given: Floats) -> Floats | None:
    """Return the value of each tier where each column of giving has its value; ``None`` where no plan allows it."""
    count, program = len(plan.giving), plan.program
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[:count] = upper[:count] = given
    cost = program.cost.copy()
    cost[:count] = 0.0
    outcome = load("highs").solve(replace(program, cost=cost, lower=lower, upper=upper), Limits())
    return plan.values(outcome.x) if outcome.status is Status.OPTIMAL else None


def best_of(plan: Plan) -> float:
    """Return the least objective of a plan, solved whole and afresh."""
    return float(load("highs").solve(plan.program, Limits()).objective)


def dwellings(coming: Outlook, count: NDArray[np.int64], day: np.datetime64) -> Liberations:
    """Return so many libérations of each class of a forecast."""
    of = np.repeat(np.arange(len(coming)), count)
    return Liberations(
        tuple(f"f{number}" for number in range(len(of))),
        np.full(len(of), day),
        coming.commune[of].astype(np.int32),
        coming.typologie[of].astype(np.int8),
        coming.financement[of].astype(np.int8),
        coming.qpv[of].astype(np.int8),
        np.full(len(of), FLUX, dtype=np.int8),
        {},
    )


def today_at_random(rng: random.Random, morning: Morning) -> list[int]:
    """Decide today's dwellings at random, within all rights."""
    situation, chosen = morning.situation, []
    spent = [*zip(situation.past.commune.tolist(), morning.held, strict=True)]
    barred = situation.barred
    for entry, commune in enumerate(situation.today.commune.tolist()):
        one = take(situation.today, np.array([entry]))
        to = decided_at_random(rng, morning.known, one, spent)[0]
        chosen.append(BAILLEUR if barred is not None and to >= 0 and barred[entry, to] else to)
        spent.append((commune, chosen[-1]))
    return chosen


def today_in(sketch: Sketch, chosen: list[int]) -> Floats:
    """Return what the columns of today get where its dwellings are decided so."""
    given = np.zeros(sketch.plan.today)
    for lot, holder in zip(sketch.lot.tolist(), chosen, strict=True):
        if holder != BAILLEUR:
            given[(sketch.pairs.of_class == lot) & (sketch.pairs.holder == holder)] += 1.0
    return given
