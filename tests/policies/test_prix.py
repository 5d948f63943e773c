"""The price rule against its sentence, recounted in loops; and what a price may never do."""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Goal, Model, Tier
from allocator.policies.lookahead.pairs import Classes, build_pairs
from allocator.policies.lookahead.weights import tier_weights
from allocator.policies.lookahead.world import build_world
from allocator.policies.prix import DEFAULTS, Prices, prix
from allocator.policies.replaying.replay import replay
from tests import oracle
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.mornings import Morning, may_receive, pro_rata, random_morning, so_far
from tests.policies.returns import random_aleas
from tests.policies.test_pratique import busier
from tests.tiny import random_model, random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=25, deadline=None, derandomize=True)
SHARES = Model("parts", "", "", (Tier("parts", (Goal("contractuel", 1.0, 1.0),)),))


def price(morning: Morning, entry: int, holder: int, decided: list[int]) -> float:
    """Return the price of one more dwelling to a réservataire, from the definition.

    Each of its cells that would count it asks for its lead over its target (one half dwelling from now) over its
    reach, from −1 to 1, of what one dwelling below or above costs; targets are those of the day's end, volumes and
    reports pro rata of the days gone.
    """
    undecided = [BAILLEUR] * (len(morning.situation.today) - len(decided))
    year, held = so_far(morning, [*decided, *undecided])
    place = len(morning.situation.past) + entry - int(morning.situation.again.sum())
    if morning.situation.again[entry]:
        place = morning.situation.past.id.index(morning.situation.today.id[entry])
    weights, total = tier_weights(morning.model, DEFAULTS.resolution), 0.0
    for cell in oracle.cells_of(pro_rata(morning, year), morning.model):
        if cell.reservataire != holder or place not in cell.dwellings:
            continue
        target = float(cell.cible)
        lead = (cell.count(held) + 0.5 - target) / (DEFAULTS.reach * max(1.0, target) ** 0.5)
        for weight, tier in zip(weights.tolist(), morning.model.tiers, strict=True):
            for goal in tier.goals:
                unit = goal.manque if lead < 0 else goal.exces
                scale = max(1.0, target) if goal.unite == "relatif" else 1.0
                if oracle.bears_on(goal, cell):
                    total += weight * goal.poids * unit / scale * min(1.0, max(-1.0, lead))
    return total


@given(seeds)
@on_random_cases
def test_each_dwelling_goes_where_prices_add_up_lowest_if_below_zero(rng: random.Random) -> None:
    morning = random_morning(rng)
    decided: list[int] = []
    for entry in range(len(morning.situation.today)):
        chosen, least = BAILLEUR, -1e-9
        for holder in may_receive(morning, entry, decided):
            asked = price(morning, entry, holder, decided)
            if asked < least - (1e-9 if chosen != BAILLEUR else 0.0):
                chosen, least = holder, asked
        decided.append(chosen)
    assert prix(morning.known)(morning.situation).tolist() == decided


@given(seeds)
@on_random_cases
def test_what_a_holder_receives_never_makes_it_cheaper_nor_moves_another_s_price(rng: random.Random) -> None:
    morning = random_morning(rng)
    world, today = build_world(morning.known), morning.situation.today
    pairs = build_pairs(world, Classes(today.commune, today.typologie, today.financement, today.qpv))
    if not len(pairs.holder):
        return
    prices = Prices(world, morning.situation, tier_weights(morning.model, DEFAULTS.resolution))
    before = prices.of(pairs, 0, len(pairs.holder))
    pair = rng.randrange(len(pairs.holder))
    prices.give(pairs, np.array([pair]), must=True)
    after = prices.of(pairs, 0, len(pairs.holder))
    same = pairs.holder == pairs.holder[pair]
    assert (after >= before - 1e-9).all()
    assert after[~same].tolist() == pytest.approx(before[~same].tolist())


@given(seeds)
@on_random_cases
def test_the_answer_does_not_depend_on_what_was_asked_before(rng: random.Random) -> None:
    morning = random_morning(rng)
    choose, other = prix(morning.known), random_morning(rng, morning.model, morning.instance)
    first = choose(morning.situation)
    choose(other.situation)
    assert choose(morning.situation).tolist() == first.tolist()


@given(seeds)
@on_random_cases
def test_a_year_with_returns_is_replayed_within_every_right(rng: random.Random) -> None:
    """The replay refuses who is ineligible, barred or out of rights."""
    instance = busier(rng, random_tiny_instance(rng))
    replay(instance, random_model(rng), prix, aleas=random_aleas(rng))


def test_ties_go_to_the_first_of_the_file_and_nobody_receives_at_a_price_of_nothing() -> None:
    """Of one dwelling each is owed a half, and half a dwelling from now none leads; of two, one is owed to each."""
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("b", part=50), Promise("a", part=50)],
        releases=[Release(day=date(2025, 1, day)) for day in range(1, 32)],
    )
    decided = replay(instance, SHARES, prix).decided
    assert decided[:3].tolist() == [BAILLEUR, 0, 1]
    assert np.bincount(decided[decided != BAILLEUR]).tolist() == [15, 15]
    spent = replace(instance.conventions, solde=np.array([5, 0]))
    held = replay(replace(instance, conventions=spent), SHARES, prix).decided
    assert np.bincount(held[held != BAILLEUR], minlength=2).tolist() == [0, 5]
