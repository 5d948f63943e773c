"""What is claimed on the way, or in odd units, is still true."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.domain import Goal, Model, Tier
from allocator.engine import solve
from allocator.engine.largest import attainable
from allocator.engine.solve import Listener, Options, Standing, allocate, conclude, prepare
from tests.builders import Commune, Holder, Promise, Release, Wish, make_instance
from tests.oracle import assignments, optimum, tier_values
from tests.tiny import random_model, random_tiny_instance


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6])
@pytest.mark.parametrize("seed", range(900, 960))
def test_weights_of_any_size_reach_the_optimum_of_brute_force(seed: int, scale: float) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    tiers = tuple(
        Tier(tier.name, tuple(replace(goal, poids=goal.poids * scale) for goal in tier.goals))
        for tier in model.tiers
    )
    model = replace(model, tiers=tiers)
    expected = [float(value) / scale for value in optimum(instance, model)]
    found = [tier.value / scale for tier in solve(instance, model).tiers]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_bounds_published_between_two_parts_hold_given_the_values_that_stand() -> None:
    """The second part still has all its shortage, which the first could spend on its wish: its own bound on the
    second tier, given its own first, is not one on the whole."""
    instance = make_instance(
        communes=(Commune("93048"), Commune("93001")),
        holders=(Holder("a"), Holder("b")),
        promises=(Promise("a", "commune:93048", part=50), Promise("b", "commune:93001", part=100)),
        releases=[Release("93048", "T2")] * 2 + [Release("93001", "T3")] * 3,
        wishes=[Wish("a", "typologie", "T2", 0)],
    )
    goals = (Goal("contractuel", 1.0, 1.0), Goal("typologie", 1.0, 1.0))
    model = Model("m", "", "", tuple(Tier(goal.sur, (goal,)) for goal in goals))
    task = prepare(instance, model)
    published: list[Standing] = []
    allocate(task, Options(), Listener(publish=published.append))
    assert len(published) > 1
    for standing in published:
        first, second = conclude(task, standing, "", {}).tiers
        least = min(
            float(values[1])
            for values in (tier_values(instance, model, every) for every in assignments(instance))
            if values[0] <= first.value + 1e-9
        )
        assert second.bound is not None
        assert second.bound <= least + 1e-9


def test_what_a_largest_term_can_be_stops_at_the_dwellings_that_there_are() -> None:
    rng = random.Random(210)
    instance, model = random_tiny_instance(rng), random_model(rng)
    task = prepare(instance, model)
    floor = task.problem.floor
    slopes = task.problem.costs[0].additive
    most = np.full(len(floor), len(instance.liberations))
    assert len(attainable(slopes, floor, most, 1e12)) <= len(floor) * (len(instance.liberations) + 2) + 1
