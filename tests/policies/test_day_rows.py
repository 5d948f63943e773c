"""A plan keeps the bound of a model tonight before it looks at any tier, for a whole day's dwellings together."""

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Instance
from allocator.drawing import DrawSettings, draw
from allocator.policies.accounts import accounts
from allocator.policies.anticipation import anticipation
from allocator.policies.guard import Alarms, build_guard
from allocator.policies.lookahead.planner import Planner
from allocator.policies.lookahead.settings import LookaheadSettings
from allocator.policies.lookahead.world import build_world
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Chooser, Frame, frame
from tests.policies.mornings import Morning, may_receive, random_morning
from tests.policies.test_guard import REFERENCE, WEIGHTS, deviations, held
from tests.policies.test_prorata import one_territory
from tests.policies.whims import beyond
from tests.tiny import random_model

SMALL = LookaheadSettings(scenarios=2, fewest=2, most=2, columns=2_000)
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)


def small(known: Frame) -> Chooser:
    return anticipation(known, SMALL)


@cache
def drawn(seed: int) -> Instance:
    return draw(DrawSettings(seed=seed, size=300, departements=("93", "95"), communes=12))


def bounded(rng: random.Random, bound: float) -> Morning:
    """Return a random morning of few dwellings whose model has a bound."""
    while True:
        morning = random_morning(rng, held(bound, random_model(rng)))
        if len(morning.situation.today) <= 4:
            return morning


def received_in(morning: Morning, chosen: list[int]) -> Counter[int]:
    """Return how many of today's dwellings count in each row of the world."""
    world, today = build_world(morning.known), morning.situation.today
    count: Counter[int] = Counter()
    for row in range(world.cells):
        kind, scope = world.scopes.kind[row], world.scopes.scope[row]
        place = morning.known.places.of_commune[kind]
        for commune, holder in zip(today.commune.tolist(), chosen, strict=True):
            count[row] += holder == world.scopes.reservataire[row] and place[commune] == scope
    return count


def cost(alarms: Alarms, given: Counter[int]) -> float:
    """Return what the alarms of a morning cost where some rows receive so many dwellings, from their definition."""
    total = 0.0
    for alarm, (capacity, price) in enumerate(zip(alarms.capacity, alarms.price, strict=True)):
        entries = np.flatnonzero(alarms.alarm == alarm).tolist()
        left = sum(max(0.0, alarms.need[entry] - given[int(alarms.row[entry])]) for entry in entries)
        total += price * max(0.0, left - capacity)
    return total


@given(rng=seeds, bound=st.sampled_from([0.4, 0.7, 1.0, 1.5]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_other_way_to_decide_the_day_answers_more_alarms(rng: random.Random, bound: float) -> None:
    """Every way is tried: eligible, within rights, and nobody ahead beyond the bound."""
    morning = bounded(rng, bound)
    situation, known = morning.situation, morning.known
    guard = build_guard(build_world(known))
    account = accounts(known, situation)
    counted = np.concatenate([account.counted, account.used[guard.world.solde_row]])
    assiette = account.assiette.astype(float)
    alarms, room = guard.alarms(assiette, counted, situation.today.commune), guard.room(assiette, counted)

    def allowed(chosen: list[int]) -> bool:
        within = all(
            holder == BAILLEUR or holder in may_receive(morning, entry, chosen[:entry])
            for entry, holder in enumerate(chosen)
        )
        given = received_in(morning, chosen)
        return within and all(given[row] <= room[row] for row in guard.cells.tolist())

    holders = range(BAILLEUR, len(morning.instance.reservataires))
    ways = [list(way) for way in product(holders, repeat=len(situation.today)) if allowed(list(way))]
    answer = small(known)(situation).tolist()
    assert answer in ways
    least = min(cost(alarms, received_in(morning, way)) for way in ways)
    assert cost(alarms, received_in(morning, answer)) == pytest.approx(least, abs=1e-9)


@given(
    weights=WEIGHTS,
    kept=st.one_of(st.just(0), st.integers(1, 200)),
    days=st.lists(st.integers(0, 9), min_size=1, max_size=60),
    bound=st.sampled_from([1.0, 1.5, 2.0]),
    rng=seeds,
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_on_one_territory_the_bound_holds_after_every_day_of_many_dwellings(
    weights: list[int], kept: int, days: list[int], bound: float, rng: random.Random
) -> None:
    instance = one_territory(weights, kept, days, "departement:93")
    received = replay(instance, held(bound, random_model(rng)), small).decided.tolist()
    evenings = np.flatnonzero(np.diff(sorted(days), append=10) > 0)
    shares = [weight / (sum(weights) + kept) for weight in weights]
    assert np.abs(deviations(received, shares)[evenings]).max() <= bound + 1e-9


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_bound_that_nothing_reaches_leaves_the_plan_as_it_is(rng: random.Random) -> None:
    morning = random_morning(rng)
    bound = replace(morning.model, ecart_max=1000.0)
    one, other = (
        Planner(frame(morning.instance, model, morning.known.seed), SMALL).sketch(morning.situation).plan
        for model in (morning.model, bound)
    )
    for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert np.array_equal(getattr(one.program, name), getattr(other.program, name))
    for name in ("start", "index", "value"):
        assert np.array_equal(getattr(one.program.matrix, name), getattr(other.program.matrix, name))


@pytest.mark.slow
@pytest.mark.parametrize("bound", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("seed", [1, 3])
def test_on_draws_only_who_has_no_right_left_waits_longer(bound: float, seed: int) -> None:
    instance = drawn(seed)
    result = replay(instance, held(bound, REFERENCE), small)
    assert not [late for late in beyond(instance, result, bound) if late.rights_left or late.gap > 0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 3])
def test_without_a_bound_others_wait_longer(seed: int) -> None:
    """What the test before asks for is not so by itself."""
    instance = drawn(seed)
    assert any(late.rights_left for late in beyond(instance, replay(instance, REFERENCE, small), 1.5))
