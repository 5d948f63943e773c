"""A plan solved on few of its columns is the plan solved whole, and what is tried leaves no trace."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.drawing import DrawSettings, draw
from allocator.policies.lookahead.generation import Generated
from allocator.policies.lookahead.plan import Plan
from allocator.policies.lookahead.planner import Planner
from allocator.policies.lookahead.settings import LookaheadSettings
from tests.policies.mornings import random_morning
from tests.policies.plans import best_of
from tests.tiny import random_model

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=25, deadline=None, derandomize=True)
ROUGH = (LookaheadSettings(columns=1), LookaheadSettings(columns=60, fewest=1), LookaheadSettings())


def some_plan(rng: random.Random) -> Plan:
    morning = random_morning(rng)
    return Planner(morning.known, rng.choice(ROUGH)).sketch(morning.situation).plan


def none_of(plan: Plan) -> Generated:
    return Generated(plan, np.zeros(len(plan.giving), dtype=bool))


@given(seeds)
@on_random_cases
def test_from_no_column_or_any_the_optimum_is_that_of_all(rng: random.Random) -> None:
    plan = some_plan(rng)
    best = best_of(plan)
    some = np.array([rng.random() < 0.4 for _ in range(len(plan.giving))], dtype=bool)
    for known in (np.zeros_like(some), some, np.ones_like(some)):
        solved = Generated(plan, known)
        assert solved.feasible
        assert solved.outcome.objective == pytest.approx(best, rel=1e-6, abs=1e-5)
        assert float(plan.program.cost @ solved.x) == pytest.approx(best, rel=1e-6, abs=1e-5)
        holds(plan, solved.x)


def holds(plan: Plan, x: NDArray[np.float64]) -> None:
    """Assert that a point keeps every bound and row of a plan."""
    program = plan.program
    rows = program.matrix.times(x, program.rows)
    assert (x >= program.lower - 1e-6).all()
    assert (x <= program.upper + 1e-6).all()
    assert (rows >= program.row_lower - 1e-6).all()
    assert (rows <= program.row_upper + 1e-6).all()


def test_a_drawn_year_too() -> None:
    instance = draw(DrawSettings(seed=3, size=120, departements=("93",), communes=5))
    morning = random_morning(random.Random(4), random_model(random.Random(1)), instance)
    for rough in ROUGH:
        plan = Planner(morning.known, rough).sketch(morning.situation).plan
        solved = none_of(plan)
        assert len(solved.kept) < plan.program.columns
        assert solved.outcome.objective == pytest.approx(best_of(plan), rel=1e-6)


@given(seeds)
@on_random_cases
def test_what_is_tried_is_what_would_be_and_leaves_no_trace(rng: random.Random) -> None:
    plan = some_plan(rng)
    if not plan.today:
        return
    solved, column = none_of(plan), rng.randrange(plan.today)
    before, point = solved.outcome.objective, solved.todays.copy()
    lower, upper = float(rng.randint(0, 1)), float(rng.randint(1, 2))
    tried = solved.tried(column, lower, upper)
    assert (solved.lower(column), solved.upper(column)) == (
        plan.program.lower[column],
        plan.program.upper[column],
    )
    assert solved.todays.tolist() == point.tolist()
    bound = none_of(plan)
    bound.bound(column, lower, upper)
    assert tried == pytest.approx(bound.outcome.objective, rel=1e-6, abs=1e-5)
    other = rng.randrange(plan.today)
    solved.bound(other, solved.lower(other), solved.upper(other))
    assert solved.outcome.objective == pytest.approx(before, rel=1e-6, abs=1e-5)


@given(seeds)
@on_random_cases
def test_the_point_of_a_plan_can_be_read_after_a_trial(rng: random.Random) -> None:
    plan = some_plan(rng)
    if not plan.today:
        return
    solved = none_of(plan)
    before = solved.x
    solved.tried(rng.randrange(plan.today), 1.0, 1.0)
    assert solved.x.tolist() == before.tolist()
