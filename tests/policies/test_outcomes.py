"""Drawn outcomes: the rates of a file, and common random numbers."""

import random
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.policies.replaying.aleas import BAIL, Aleas
from allocator.policies.replaying.outcomes import build_outcomes, uniform
from tests.builders import Holder, Release, make_instance
from tests.policies.returns import random_aleas
from tests.tiny import random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)


def test_a_uniform_is_a_function_of_its_key() -> None:
    drawn = [uniform("use", 3, "l1", tour) for tour in range(2000)]
    assert drawn == [uniform("use", 3, "l1", tour) for tour in range(2000)]
    assert len(set(drawn)) == 2000
    assert 0 <= min(drawn) < 0.01
    assert 0.99 < max(drawn) < 1
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.02)
    assert uniform("a", "bc") != uniform("ab", "c")


@given(seeds)
@on_random_cases
def test_all_the_cases_that_apply_multiply(rng: random.Random) -> None:
    instance, aleas = random_tiny_instance(rng), random_aleas(rng)
    until = build_outcomes(aleas, instance, 0).until
    holders = instance.reservataires
    for holder, typologie, financement, qpv in product(
        range(len(holders)), range(len(TYPOLOGIES)), range(len(FINANCEMENTS)), range(len(QPV))
    ):
        traits = (
            holders.id[holder],
            holders.famille[holder],
            TYPOLOGIES[typologie],
            FINANCEMENTS[financement],
            QPV[qpv],
        )
        rates = list(aleas.taux)
        for cas in aleas.cas:
            wanted = (cas.reservataire, cas.famille, cas.typologie, cas.financement, cas.qpv)
            if all(word in ("", trait) for word, trait in zip(wanted, traits, strict=True)):
                rates = [rate * factor for rate, factor in zip(rates, cas.facteurs, strict=True)]
        whole = max(1.0, sum(rates))
        found = np.diff(until[holder, typologie, financement, qpv], prepend=0.0)
        assert found.tolist() == pytest.approx([rate / whole for rate in rates])


def test_outcomes_come_as_often_as_their_rates_say() -> None:
    aleas = Aleas(2, (30, 45, 7, 60), (0.1, 0.2, 0.3))
    instance = make_instance(releases=[Release(id=f"l{number}") for number in range(3000)])
    outcomes = build_outcomes(aleas, instance, seed=1)
    found = Counter(outcomes.draw(instance.liberations, row, 1, 0) for row in range(3000))
    for end, rate in (((0, 30), 0.1), ((1, 45), 0.2), ((2, 7), 0.3), ((BAIL, 60), 0.4)):
        assert found[end] / 3000 == pytest.approx(rate, abs=0.03)


def test_an_outcome_depends_on_names_and_not_on_places() -> None:
    aleas = Aleas(2, (30, 45, 7, 60), (0.2, 0.2, 0.2))
    releases = [Release(id=f"l{number}") for number in range(200)]
    one = make_instance(holders=[Holder("a"), Holder("b")], promises=(), releases=releases)
    other = make_instance(holders=[Holder("b"), Holder("a")], promises=(), releases=releases[::-1])
    first, second = build_outcomes(aleas, one, 7), build_outcomes(aleas, other, 7)
    ends = [first.draw(one.liberations, row, 2, 0) for row in range(200)]
    assert ends == [second.draw(other.liberations, 199 - row, 2, 1) for row in range(200)]
    changed = (
        [build_outcomes(aleas, one, 8).draw(one.liberations, row, 2, 0) for row in range(200)],
        [first.draw(one.liberations, row, 1, 0) for row in range(200)],
        [first.draw(one.liberations, row, 2, 1) for row in range(200)],
    )
    assert all(ends != others for others in changed)
