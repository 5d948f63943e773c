"""Where the rows of a plan stand, and that what is supplied is what is here and what is to come."""

import random
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.policies.lookahead.columns import TRAITS
from allocator.policies.lookahead.planner import Planner, Sketch
from allocator.policies.lookahead.rows import ABSENT, lay_out
from allocator.policies.lookahead.world import World, build_world
from tests.policies.mornings import random_morning
from tests.policies.plans import FAR

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)


def some_communes(rng: random.Random, world: World) -> NDArray[np.bool_]:
    return np.array([rng.random() < 0.5 for _ in range(world.footprint.shape[1])])


@given(seeds)
@on_random_cases
def test_every_row_has_its_own_places_and_no_place_is_empty(rng: random.Random) -> None:
    world, scenarios = build_world(random_morning(rng).known), rng.randint(1, 4)
    near = some_communes(rng, world)
    layout = lay_out(world, near, scenarios)
    once, far = layout.once[layout.once != ABSENT], layout.far[layout.far != ABSENT]
    first = layout.near[layout.near != ABSENT]
    places = [*once, *far, *(place + scenario for place in first for scenario in range(scenarios))]
    assert sorted(places) == list(range(layout.rows))
    assert max([*once, *far], default=-1) < layout.first_near
    for row in range(len(world.scopes)):
        stands = (layout.once[row] != ABSENT, layout.near[row] != ABSENT)
        communes = np.flatnonzero(world.footprint[row])
        if near[communes].all():
            assert stands == (False, True)
        elif len(communes) == 1:
            assert stands == (False, False)
            assert layout.far[world.key[row]] != ABSENT
        else:
            assert stands == (True, False)


@given(seeds)
@on_random_cases
def test_no_dwelling_is_lost_and_none_counts_twice(rng: random.Random) -> None:
    """Supplies sum to what is here and to come, and no column counts a dwelling more than once in a scenario."""
    morning = random_morning(rng)
    rough = replace(FAR, columns=rng.choice((1, 50, 6000)))
    sketch = Planner(morning.known, rough).sketch(morning.situation)
    giving, coming, near = sketch.plan.giving, sketch.outlook, sketch.near
    drawn = coming.draw(sketch.scenarios, morning.known.seed)[:, near[coming.commune]]
    away = coming.expected[~near[coming.commune]]
    assert giving.supply.sum() == pytest.approx(len(morning.situation.today) + away.sum() + drawn.sum())
    assert (giving.value > 0).all()
    assert (giving.value <= 1).all()
    assert (giving.upper <= giving.supply[giving.lot] + 1e-9).all()
    assert near[morning.situation.today.commune].all()


@given(seeds, st.sampled_from([0.05, 0.3, 2.0]))
@on_random_cases
def test_thinning_keeps_what_is_expected_of_each_mix_of_traits_or_leaves_it_out(
    rng: random.Random, least: float
) -> None:
    morning = random_morning(rng)
    thinned, whole = (
        far_by_traits(
            Planner(morning.known, replace(FAR, least=bound)).sketch(morning.situation), morning.known.seed
        )
        for bound in (least, 1e-12)
    )
    assert thinned == pytest.approx({traits: whole[traits] for traits in thinned})
    assert {traits for traits, expected in whole.items() if expected >= least * GROUPS} <= set(thinned)


GROUPS = 3
"""Groups of communes that a tiny instance has at most: a mix of traits stands in one of them at least."""


def far_by_traits(sketch: Sketch, seed: int) -> dict[int, float]:
    """Return what far lots supply, by typologie, financement and side of a QPV."""
    giving, found = sketch.plan.giving, defaultdict(float)
    drawn = sketch.outlook.draw(sketch.scenarios, seed) * sketch.near[sketch.outlook.commune]
    far = range(sketch.plan.todays_lots, len(giving.supply) - int((drawn > 0).sum()))
    for column in np.flatnonzero(np.isin(giving.lot, far)).tolist():
        found[int(giving.kin[column] >> 20) % TRAITS, int(giving.lot[column])] = giving.supply[
            giving.lot[column]
        ]
    by_traits: dict[int, float] = defaultdict(float)
    for (traits, _), supply in found.items():
        by_traits[traits] += float(supply)
    return dict(by_traits)
