"""The engine reaches the same tier values whatever the solver."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.cli.arguments import resolve_model
from allocator.engine import solve
from allocator.engine.clock import Clock
from allocator.engine.problem import build_problem
from allocator.engine.solve import Options
from allocator.engine.tiers import run_tiers
from allocator.formats import read_model
from allocator.solvers import load
from allocator.solvers.program import Feature, Limits, Outcome, Program, Solver
from tests.oracle import optimum
from tests.solvers.programs import drawn_instance
from tests.tiny import random_model, random_tiny_instance

OTHERS = {"ortools": 60, "pulp": 12}
"""How many tiny instances each solver is given; CBC starts a process for each program."""

CASES = [(name, seed) for name, count in OTHERS.items() for seed in range(1000, 1000 + count)]


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_every_solver_reaches_the_tier_values_of_tiny_instances(name: str, seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    mine, expected = solve(instance, model, Options(name)), solve(instance, model, Options("highs"))
    assert mine.status == "optimal"
    assert [tier.value for tier in mine.tiers] == pytest.approx(
        [tier.value for tier in expected.tiers], abs=1e-9
    )


@pytest.mark.parametrize("name", OTHERS)
def test_every_solver_reaches_the_tier_values_of_a_drawn_instance(name: str) -> None:
    instance, model = drawn_instance(120), read_model(resolve_model("reference"))
    mine, expected = solve(instance, model, Options(name)), solve(instance, model, Options("highs"))
    assert mine.status == "optimal"
    assert [tier.value for tier in mine.tiers] == pytest.approx(
        [tier.value for tier in expected.tiers], abs=1e-9
    )


def without_duals() -> Solver:
    """Return HiGHS as a solver that gives no duals, for whole programs only."""
    highs = load("highs")

    def answer(program: Program, limits: Limits) -> Outcome:
        assert program.integer.any() or program.columns == 0
        return replace(highs.solve(program, limits), row_dual=np.empty(0), reduced_cost=np.empty(0))

    return Solver("without duals", frozenset({Feature.MIP}), answer)


def allocates(seed: int) -> bool:
    return len(random_tiny_instance(random.Random(seed)).liberations.en_flux) > 0


@pytest.mark.parametrize("seed", [seed for seed in range(2000, 2100) if allocates(seed)])
def test_without_duals_the_tier_values_are_those_of_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    problem, _ = build_problem(instance, model)
    course = run_tiers(problem, without_duals(), Clock(), lambda _: None, lambda _: None)
    count = course.level.counts(course.flows[0])[: problem.cells]
    values = [cost.value(problem.floor, count) for cost in problem.costs]
    expected = [float(value) for value in optimum(instance, model)]
    assert values == pytest.approx(expected, abs=1e-9)
    assert list(course.bounds) == pytest.approx(expected, abs=1e-6)
