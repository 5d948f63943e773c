"""A plan keeps the bound of a model tonight before it looks at any tier, for a whole day's dwellings together."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

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
from allocator.policies.replaying.replay import Replay, replay
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
    return draw(DrawSettings(seed=seed, size=150, departements=("93", "95"), communes=12))


def bounded(rng: random.Random, bound: float) -> Morning:
    """Return a random morning of few dwellings whose model has a bound."""
    while True:
        morning = random_morning(rng, held(bound, random_model(rng)))
        if len(morning.situation.today) <= 4:
            return morning


def serves(morning: Morning) -> list[dict[int, list[int]]]:
    """Return the rows of the world in which each of today's dwellings counts, by réservataire."""
    world, today = build_world(morning.known), morning.situation.today
    found: list[dict[int, list[int]]] = []
    for commune in today.commune.tolist():
        rows: dict[int, list[int]] = {}
        for row in range(world.cells):
            kind, scope = world.scopes.kind[row], world.scopes.scope[row]
            if morning.known.places.of_commune[kind][commune] == scope:
                rows.setdefault(int(world.scopes.reservataire[row]), []).append(row)
        found.append(rows)
    return found


def received_in(serves: list[dict[int, list[int]]], chosen: list[int]) -> Counter[int]:
    """Return how many of today's dwellings count in each row of the world."""
    return Counter(row for rows, holder in zip(serves, chosen, strict=True) for row in rows.get(holder, []))


def ways(morning: Morning, chosen: list[int]) -> Iterator[list[int]]:
    """Yield every way to decide the dwellings of today that come after the first ones, within all rights."""
    entry = len(chosen)
    if entry == len(morning.situation.today):
        yield chosen
        return
    for holder in (BAILLEUR, *may_receive(morning, entry, chosen)):
        yield from ways(morning, [*chosen, holder])


def cost(alarms: Alarms, given: Counter[int]) -> float:
    """Return what the alarms of a morning cost where some rows receive so many dwellings, from their definition."""
    total = 0.0
    for alarm, (capacity, price) in enumerate(zip(alarms.capacity, alarms.price, strict=True)):
        entries = np.flatnonzero(alarms.alarm == alarm).tolist()
        left = sum(max(0.0, alarms.need[entry] - given[int(alarms.row[entry])]) for entry in entries)
        total += price * max(0.0, left - capacity)
    return total


@given(rng=seeds, bound=st.sampled_from([0.4, 0.7, 1.0, 1.5]))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_no_other_way_to_decide_the_day_answers_more_alarms(rng: random.Random, bound: float) -> None:
    """Every way is tried: eligible, within rights, and nobody ahead beyond the bound."""
    morning = bounded(rng, bound)
    situation, known = morning.situation, morning.known
    guard = build_guard(build_world(known))
    account = accounts(known, situation)
    counted = np.concatenate([account.counted, account.used[guard.world.solde_row]])
    assiette = account.assiette.astype(float)
    alarms, room = guard.alarms(assiette, counted, situation.today.commune), guard.room(assiette, counted)

    where = serves(morning)

    def allowed(chosen: list[int]) -> bool:
        given = received_in(where, chosen)
        return all(given[row] <= room[row] for row in guard.cells.tolist())

    every = [way for way in ways(morning, []) if allowed(way)]
    answer = small(known)(situation).tolist()
    assert answer in every
    least = min(cost(alarms, received_in(where, way)) for way in every)
    assert cost(alarms, received_in(where, answer)) == pytest.approx(least, abs=1e-9)


@given(
    weights=WEIGHTS,
    kept=st.one_of(st.just(0), st.integers(1, 200)),
    days=st.lists(st.integers(0, 9), min_size=1, max_size=60),
    bound=st.sampled_from([1.0, 1.5, 2.0]),
    rng=seeds,
)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_on_one_territory_the_bound_holds_after_every_day_of_many_dwellings(
    weights: list[int], kept: int, days: list[int], bound: float, rng: random.Random
) -> None:
    instance = one_territory(weights, kept, days, "departement:93")
    received = replay(instance, held(bound, random_model(rng)), small).decided.tolist()
    evenings = np.flatnonzero(np.diff(sorted(days), append=10) > 0)
    shares = [weight / (sum(weights) + kept) for weight in weights]
    assert np.abs(deviations(received, shares)[evenings]).max() <= bound + 1e-9


@given(seeds)
@settings(max_examples=25, deadline=None, derandomize=True)
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


CASES = [(2, 1.5), (2, 2.0), (3, 1.5), (3, 2.0), (3, 3.0)]
"""Draws and bounds that a plan without one breaks."""


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "bound"), CASES)
def test_on_draws_only_who_has_no_right_left_waits_longer(seed: int, bound: float) -> None:
    instance = drawn(seed)
    result = replay(instance, held(bound, REFERENCE), small)
    assert not [late for late in beyond(instance, result, bound) if late.rights_left or late.gap > 0]


@cache
def unbounded(seed: int) -> Replay:
    return replay(drawn(seed), REFERENCE, small)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "bound"), CASES)
def test_without_a_bound_others_wait_longer(seed: int, bound: float) -> None:
    """What the test before asks for is not so by itself."""
    assert any(late.rights_left for late in beyond(drawn(seed), unbounded(seed), bound))
