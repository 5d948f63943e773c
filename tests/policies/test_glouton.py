"""The greedy rule against its sentence: every alternative tried, the tiers recounted by the oracle."""

import random
from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Goal, Model, Tier
from allocator.policies.glouton import glouton
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Mouvements, Situation, frame, take
from tests import oracle
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.policies.mornings import Morning, may_receive, pro_rata, random_morning, so_far
from tests.policies.returns import random_aleas
from tests.policies.test_pratique import busier
from tests.tiny import random_model, random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
LAST = date(2025, 12, 31)
SHARES = Model("parts", "", "", (Tier("parts", (Goal("contractuel", 1.0, 1.0),)),))


def first_that_is_best(morning: Morning, entry: int, decided: list[int]) -> int:
    """Return the choice of the greedy rule for one dwelling, given those of today before it.

    Shares are of what came so far, volumes and reports pro rata of the days gone.
    """

    def value(holder: int) -> tuple[Fraction, ...]:
        year, held = so_far(morning, [*decided, holder])
        return oracle.tier_values(pro_rata(morning, year), morning.model, held)

    chosen, best = BAILLEUR, value(BAILLEUR)
    for holder in may_receive(morning, entry, decided):
        if value(holder) < best:
            chosen, best = holder, value(holder)
    return chosen


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_each_dwelling_of_a_morning_goes_where_the_tiers_are_best_served_at_once(rng: random.Random) -> None:
    morning = random_morning(rng)
    decided: list[int] = []
    for entry in range(len(morning.situation.today)):
        decided.append(first_that_is_best(morning, entry, decided))
    assert glouton(morning.known)(morning.situation).tolist() == decided


@given(seeds)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_year_with_returns_is_replayed_within_every_right(rng: random.Random) -> None:
    """The replay refuses who is ineligible, barred or out of rights."""
    instance = busier(rng, random_tiny_instance(rng))
    replay(instance, random_model(rng), glouton, aleas=random_aleas(rng))


def test_a_volume_is_due_as_time_goes() -> None:
    days = [date(2025, month, 1) for month in (2, 8, 12)]
    instance = make_instance(
        holders=[Holder("a")],
        promises=[Promise("a", volume=2)],
        releases=[Release(day=day) for day in days],
    )
    assert replay(instance, SHARES, glouton).decided.tolist() == [BAILLEUR, 0, 0]


def test_ties_go_to_the_first_of_the_file_and_nobody_receives_what_betters_nothing() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("b", part=50), Promise("a", part=50)],
        releases=[Release(), Release(), Release()],
    )
    # Of one dwelling half is owed to each, and giving it betters nothing; of two, one is owed to each.
    assert replay(instance, SHARES, glouton).decided.tolist() == [BAILLEUR, 0, 1]


def test_where_only_the_largest_counts_it_is_the_worst_off_that_is_served() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", volume=1), Promise("b", volume=3)],
        releases=[Release(day=LAST)],
    )
    worst = Model("pire", "", "", (Tier("pire", (Goal("contractuel", 1.0, 1.0, norme="max"),)),))
    assert replay(instance, worst, glouton).decided.tolist() == [1]


def test_a_spent_solde_and_a_bar_leave_it_to_the_next_best() -> None:
    instance = make_instance(
        communes=[Commune("93048")],
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", volume=3, solde=1), Promise("b", volume=2)],
        releases=[Release(day=LAST), Release(day=LAST)],
    )
    assert replay(instance, SHARES, glouton).decided.tolist() == [0, 1]
    libs = instance.liberations
    situation = Situation(
        libs.date[0],
        take(libs, np.arange(1)),
        Mouvements.orientations(np.array([BAILLEUR], dtype=np.int32)),
        libs,
        np.array([True, False]),
        np.array([[True, False], [False, False]]),
    )
    assert glouton(frame(instance, SHARES))(situation).tolist() == [1, 0]
