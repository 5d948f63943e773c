"""Pools change the size of the program, never its answer."""

import random

import numpy as np
import pytest

from allocator.engine import level, solve
from allocator.engine.level import build_level
from allocator.engine.problem import build_problem
from tests.oracle import feasible, optimum
from tests.tiny import random_model, random_tiny_instance


@pytest.fixture
def everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pools wherever views allow them, even where they take more flows."""
    monkeypatch.setattr(level, "POOL_BELOW", np.inf)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("seed", range(500, 900))
def test_with_pools_everywhere_the_engine_still_reaches_the_optimum_of_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    solution = solve(instance, model)
    assert feasible(instance, solution.orientation.tolist())
    expected = [float(value) for value in optimum(instance, model)]
    assert [tier.value for tier in solution.tiers] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert solution.status == "optimal"


@pytest.mark.usefixtures("everywhere")
def test_the_random_instances_do_have_pools_fed_by_pools() -> None:
    stages = 0
    for seed in range(500, 600):
        rng = random.Random(seed)
        problem, _ = build_problem(random_tiny_instance(rng), random_model(rng))
        _, second = build_level(problem, problem.used(len(problem.costs))).stages
        stages += second.stop > second.start
    assert stages > 5
