"""Nobody waits: a model's ``ecart_max`` holds, whatever the rule that chooses."""

import random
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Comptage, Instance, Model
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model
from allocator.policies.glouton import glouton
from allocator.policies.pratique import pratique
from allocator.policies.prix import prix
from allocator.policies.prorata import prorata
from allocator.policies.replaying.aleas import Aleas
from allocator.policies.replaying.prefix import prefix
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Policy
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.policies.returns import refuses
from tests.policies.test_pratique import busier
from tests.policies.test_prorata import DEBUT, one_territory
from tests.policies.whims import Like, at_random, beyond, first, nobody, whim
from tests.tiny import random_tiny_instance

MODEL = Model("vide", "", "", ())
REFERENCE = read_model(Path(__file__).parents[2] / "models" / "reference.toml")


def held(bound: float | None, model: Model = MODEL) -> Model:
    return replace(model, ecart_max=bound)


@cache
def drawn(seed: int, size: int = 150) -> Instance:
    return draw(DrawSettings(seed=seed, size=size, departements=("93", "95"), communes=12))


def deviations(received: list[int], shares: list[float]) -> NDArray[np.float64]:
    """Return how far each holder is from its share after each dwelling, dwellings × holders."""
    counts = np.cumsum(np.array(received)[:, None] == np.arange(len(shares)), axis=0)
    gaps: NDArray[np.float64] = counts - np.arange(1, len(received) + 1)[:, None] * np.array(shares)
    return gaps


WEIGHTS = st.one_of(
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
    st.lists(st.sampled_from([1, 1, 59]), min_size=4, max_size=12),
    st.lists(st.just(1), min_size=20, max_size=60),
).filter(any)


@pytest.mark.parametrize("taste", ["random", "first", "nobody"])
@given(
    weights=WEIGHTS,
    kept=st.one_of(st.just(0), st.integers(1, 200)),
    days=st.lists(st.integers(0, 364), min_size=1, max_size=150),
    bound=st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]),
)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_on_one_territory_a_bound_of_a_dwelling_or_more_holds_after_every_dwelling(
    taste: str, weights: list[int], kept: int, days: list[int], bound: float
) -> None:
    """Whatever is done until an alarm rings, all deadlines can still be met: shares sum to 1 at most."""
    likes: dict[str, Like] = {"random": at_random(random.Random(0)), "first": first, "nobody": nobody}
    instance = one_territory(weights, kept, days, "departement:93")
    received = replay(instance, held(bound), whim(likes[taste])).decided.tolist()
    shares = [weight / (sum(weights) + kept) for weight in weights]
    assert np.abs(deviations(received, shares)).max() <= bound + 1e-9


def test_who_would_fall_due_together_is_served_one_after_the_other() -> None:
    """At the second dwelling both holders would lag by one: one of them is served at the first."""
    instance = one_territory([1, 1], 0, list(range(6)), "departement:93")
    assert replay(instance, held(0.9), whim(nobody)).decided.tolist() == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(("policy", "bound"), [(prix, 1.5), (prix, 2.0), (prix, 3.0), (glouton, 1.5)])
@pytest.mark.parametrize("seed", [2, 3])
def test_on_draws_only_who_has_no_right_left_waits_longer(policy: Policy, bound: float, seed: int) -> None:
    instance = drawn(seed)
    assert not [
        late
        for late in beyond(instance, replay(instance, held(bound, REFERENCE), policy), bound)
        if late.rights_left or late.gap > 0
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("taste", [first, nobody])
def test_on_draws_even_the_worst_of_rules_is_held_close_to_the_bound(taste: Like, seed: int) -> None:
    """Whose commune comes next is chance: two may fall due at one dwelling, and one of them waits for the next."""
    instance = drawn(seed, 300)
    late = beyond(instance, replay(instance, held(1.5), whim(taste)), 1.5)
    assert all(one.gap >= -1.6 for one in late if one.rights_left)
    assert not [one for one in late if one.gap > 0]


@pytest.mark.parametrize("policy", [prix, glouton])
def test_a_bound_that_nothing_reaches_changes_nothing(policy: Policy) -> None:
    instance = drawn(1)
    without = replay(instance, REFERENCE, policy)
    assert prefix(instance, without).max < 50
    assert np.array_equal(replay(instance, held(100.0, REFERENCE), policy).decided, without.decided)


@pytest.mark.parametrize("policy", [pratique, prorata])
def test_the_rules_that_are_fixed_do_not_look_at_it(policy: Policy) -> None:
    instance = drawn(2)
    bound = 0.5
    without = replay(instance, REFERENCE, policy)
    assert prefix(instance, without).max > bound
    assert np.array_equal(replay(instance, held(bound, REFERENCE), policy).decided, without.decided)


@given(
    rng=st.integers(min_value=0, max_value=10**6).map(random.Random), bound=st.sampled_from([0.3, 1.0, 2.0])
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_nobody_is_ever_ahead_by_more_than_the_bound(rng: random.Random, bound: float) -> None:
    """A bound under one dwelling too: then nothing is given until enough is due."""
    instance = busier(rng, random_tiny_instance(rng))
    found = beyond(instance, replay(instance, held(bound), whim(at_random(rng))), bound)
    assert not [one for one in found if one.gap > 0]


def test_volumes_and_what_has_a_report_are_not_guarded() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=10, report=1), Promise("b", volume=1)],
        releases=[Release() for _ in range(30)],
    )
    assert set(replay(instance, held(1.0), whim(first)).decided.tolist()) == {0}
    assert set(replay(instance, held(1.0), whim(nobody)).decided.tolist()) == {BAILLEUR}


def test_who_has_no_right_left_is_not_waited_for() -> None:
    """The one right of ``a`` is spent; the others are not made to wait for deadlines that it cannot meet."""
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=60, solde=1), Promise("b", part=20)],
        releases=[Release(day=DEBUT + timedelta(number)) for number in range(40)],
    )
    decided = replay(instance, held(1.0), whim(nobody)).decided
    assert (decided == 0).sum() == 1
    assert np.abs(deviations(decided.tolist(), [0.6, 0.2])[:, 1]).max() <= 1.0


def test_a_commune_waits_for_its_own_dwellings() -> None:
    """Both are overdue at the second dwelling: the larger lag goes first, then whoever the next one can serve."""
    instance = make_instance(
        communes=[Commune("93048"), Commune("93001")],
        holders=[Holder("local"), Holder("wide")],
        promises=[Promise("local", "commune:93001", part=70), Promise("wide", part=60)],
        releases=[
            Release(code, day=DEBUT + timedelta(day))
            for day, code in enumerate(["93001"] * 2 + ["93048"] * 2)
        ],
    )
    assert replay(instance, held(0.5), whim(nobody)).decided.tolist() == [0, 1, 1, BAILLEUR]


def test_what_comes_back_is_due_again() -> None:
    """The bound looks at what counts, as the model says: where a lease does, a refusal is made up for."""
    instance = one_territory([1], 1, list(range(0, 360, 6)), "departement:93")

    def turns(mode: str, aleas: Aleas | None) -> int:
        model = replace(held(1.0), comptage=Comptage(mode))
        return int((replay(instance, model, whim(nobody), aleas=aleas).turns.reservataire == 0).sum())

    assert turns("attributions", None) == turns("propositions", refuses("r0")) == 29
    assert turns("attributions", refuses("r0")) > 50
