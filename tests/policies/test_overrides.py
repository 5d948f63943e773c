"""Proposals changed at random: as many as asked, to others who may receive, whatever the rule."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Model
from allocator.policies.pratique import pratique
from allocator.policies.prorata import prorata
from allocator.policies.replaying.overrides import named_overrides, random_overrides
from allocator.policies.replaying.replay import replay
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.returns import only_by_name, random_aleas, refuses
from tests.policies.test_pratique import busier
from tests.tiny import random_tiny_instance

MODEL = Model("vide", "", "", ())
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)


@given(seeds, st.sampled_from([0.0, 0.3, 1.0]), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_is_changed_can_be_and_only_what_nobody_else_may_have_stands(
    rng: random.Random, share: float, returning: bool
) -> None:
    """The replay itself refuses what is not eligible, barred or beyond a solde."""
    instance = busier(rng, random_tiny_instance(rng))
    result = replay(
        instance,
        MODEL,
        pratique,
        override=random_overrides(instance, share, 4),
        aleas=random_aleas(rng) if returning else None,
    )
    stands = result.turns.proposed == result.turns.reservataire
    if share == 0:
        assert stands.all()
    if share == 1 and not returning and (instance.conventions.solde < 0).all():
        eligible = result.frame.eligible[instance.liberations.commune[instance.liberations.en_flux]]
        kept = result.proposed == result.decided
        others = eligible.sum(axis=1) - (result.proposed != BAILLEUR)
        assert np.array_equal(kept, others == 0)


def test_a_named_override_holds_for_the_first_turn_only() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50), Promise("b", part=50)],
        releases=[Release(id="x")],
    )
    override = named_overrides(instance, {"x": 1})
    aleas = only_by_name(refuses("b"), instance)
    result = replay(instance, MODEL, pratique, override=override, aleas=aleas)
    assert result.turns.proposed.tolist() == [0, 0]
    assert result.turns.reservataire.tolist() == [1, 0]


def test_about_the_share_that_is_asked_for_is_changed_and_the_same_dwellings_for_every_rule() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b"), Holder("c")],
        promises=[Promise("a", part=30), Promise("b", part=30), Promise("c", part=20)],
        releases=[Release(id=f"l{number}") for number in range(1000)],
    )
    changed = []
    for policy in (pratique, prorata):
        result = replay(instance, MODEL, policy, override=random_overrides(instance, 0.1, 1))
        changed.append(np.flatnonzero(result.proposed != result.decided))
        given_to = np.bincount(result.decided[changed[-1]], minlength=3) / len(changed[-1])
        assert given_to.tolist() == pytest.approx([1 / 3] * 3, abs=0.15)
    assert len(changed[0]) == pytest.approx(100, abs=25)
    assert np.array_equal(*changed)
    other = replay(instance, MODEL, pratique, override=random_overrides(instance, 0.1, 2))
    assert not np.array_equal(changed[0], np.flatnonzero(other.proposed != other.decided))
