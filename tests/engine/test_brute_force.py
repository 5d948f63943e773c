"""The engine against the oracle, which tries every orientation of tiny instances in exact fractions."""

import random

import numpy as np
import pytest

from allocator.checking import evaluate
from allocator.engine import solve
from tests.oracle import feasible, optimum
from tests.tiny import random_model, random_tiny_instance

TOLERANCE = 1e-9


@pytest.mark.parametrize("seed", range(400))
def test_the_engine_reaches_the_lexicographic_optimum_of_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    solution = solve(instance, model)
    expected = [float(value) for value in optimum(instance, model)]
    assert [tier.value for tier in solution.tiers] == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(400, 500))
def test_the_engine_claims_what_its_own_orientation_gives_and_proves_it(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    solution = solve(instance, model)
    assert feasible(instance, solution.orientation.tolist())
    ecarts, values = evaluate(instance, model, solution.orientation)
    assert [tier.value for tier in solution.tiers] == pytest.approx(values, rel=TOLERANCE, abs=TOLERANCE)
    assert np.sum(solution.ecarts.valeur) == np.sum(ecarts.valeur)
    assert solution.status == "optimal"
    for tier in solution.tiers:
        assert tier.bound is not None
        assert tier.bound <= tier.value + TOLERANCE
        assert tier.value - tier.bound <= 1e-6 * max(1.0, abs(tier.value))
