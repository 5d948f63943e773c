"""The oracle itself: its shortcuts change nothing."""

import itertools
import random
from dataclasses import replace

import pytest

from tests.oracle import best, feasible, tier_values
from tests.tiny import random_model, random_tiny_instance
from tests.transform import take


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_is_the_least_over_all_feasible_orientations_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    few = take(instance.liberations, range(min(3, len(instance.liberations))))
    instance = replace(instance, liberations=few)
    everybody = range(-1, len(instance.reservataires))
    orientations = [o for o in itertools.product(everybody, repeat=len(few)) if feasible(instance, o)]
    values, orientation = best(instance, model)
    assert values == min(tier_values(instance, model, o) for o in orientations)
    assert feasible(instance, orientation)
    assert tier_values(instance, model, orientation) == values
