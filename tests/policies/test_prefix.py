"""The deviation from pro-rata along the year, against the sentence of the file contract, section 5."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Instance, Model
from allocator.policies.pratique import pratique
from allocator.policies.replaying.prefix import Prefix, prefix
from allocator.policies.replaying.replay import Replay, replay
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.returns import random_aleas, with_whom
from tests.policies.test_pratique import busier, communes_of, exact, in_flux
from tests.tiny import random_tiny_instance

MODEL = Model("vide", "", "", ())


def naive(instance: Instance, result: Replay) -> tuple[Fraction, Fraction]:
    """Return the largest and the mean deviation over cells and days, in plain loops."""
    libs, conventions = instance.liberations, instance.conventions
    flux = in_flux(libs)
    cells = []
    for row in range(len(conventions)):
        if np.isnan(conventions.part[row]) or conventions.report[row] != 0:
            continue
        inside = communes_of(instance, conventions.territoire[row])
        if conventions.niveau[row] == "territoire":
            cells.append((row, inside))
        else:
            cells += [(row, {c}) for c in inside if any(libs.commune[i] == c for i in flux)]
    gaps = []
    for day in {libs.date[i] for i in flux}:
        held = dict(zip(flux, with_whom(result, day.astype(object)), strict=True))
        for row, inside in cells:
            until = [i for i in flux if libs.date[i] <= day and libs.commune[i] in inside]
            received = sum(held[i] == conventions.reservataire[row] for i in until)
            gaps.append(abs(received - exact(conventions.part[row]) / 100 * len(until)))
    return (max(gaps), sum(gaps) / len(gaps)) if gaps else (Fraction(0), Fraction(0))


@pytest.mark.parametrize("returning", [False, True])
@given(rng=st.integers(min_value=0, max_value=10**6).map(random.Random))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_prefix_is_the_contract_s(returning: bool, rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    result = replay(instance, MODEL, pratique, aleas=random_aleas(rng) if returning else None)
    largest, mean = naive(instance, result)
    measured = prefix(instance, result)
    assert measured.max == pytest.approx(float(largest), abs=1e-9)
    assert measured.mean == pytest.approx(float(mean), abs=1e-9)


def test_what_has_a_report_or_a_volume_is_not_measured() -> None:
    promises = [Promise("a", part=40, report=1), Promise("b", volume=2)]
    instance = make_instance(holders=[Holder("a"), Holder("b")], promises=promises)
    assert prefix(instance, replay(instance, MODEL, pratique)) == Prefix(0.0, 0.0)


def test_without_a_day_there_is_no_deviation() -> None:
    instance = make_instance(releases=[Release(statut="stock")])
    assert prefix(instance, replay(instance, MODEL, pratique)) == Prefix(0.0, 0.0)
