"""A replay in which dwellings come back: one story, rights that return, and nothing of the future."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.checking import evaluate
from allocator.domain import BAILLEUR, SANS_SOLDE, Model
from allocator.policies.pratique import pratique
from allocator.policies.prorata import prorata
from allocator.policies.replaying.aleas import BAIL, EN_COURS
from allocator.policies.replaying.outcomes import build_outcomes
from allocator.policies.replaying.overrides import named_overrides
from allocator.policies.replaying.replay import conclude, replay
from allocator.policies.situation import Chooser, Frame, Ints, Policy, Situation, take
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.returns import ACCEPTED, history, only_by_name, random_aleas, refuses, with_whom
from tests.policies.test_pratique import busier, communes_of
from tests.tiny import random_model, random_tiny_instance

MODEL = Model("vide", "", "", ())
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)


@given(seeds)
@on_random_cases
def test_the_journal_tells_one_story(rng: random.Random) -> None:
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    result = replay(instance, MODEL, rng.choice((pratique, prorata)), seed=5, aleas=aleas)
    flux = instance.liberations.en_flux
    drawn = build_outcomes(aleas, instance, 5)
    story = history(result)
    assert sorted(story) == list(range(len(flux)))
    for row, entries in story.items():
        libre = int(flux[row])
        assert entries[0][2] == instance.liberations.date[libre].astype(object)
        assert [entry[0] for entry in entries] == list(range(1, len(entries) + 1))
        assert len(entries) <= aleas.tours
        holders = [entry[1] for entry in entries if entry[1] != BAILLEUR]
        assert len(holders) == len(set(holders))
        for (_, _, _, issue, until), (_, _, start, _, _) in pairwise(entries):
            assert issue not in (BAIL, EN_COURS)
            assert start == until
        for tour, holder, start, issue, until in entries:
            if holder == BAILLEUR:
                assert (issue, until) == (EN_COURS, None)
                continue
            end, after = drawn.draw(instance.liberations, libre, tour, holder)
            known = start + timedelta(after) <= instance.fin
            assert (issue, until) == ((end, start + timedelta(after)) if known else (EN_COURS, None))
        tour, _, _, issue, _ = entries[-1]
        if issue not in (BAIL, EN_COURS):
            assert tour == aleas.tours
    assert result.decided.tolist() == with_whom(result, instance.fin)


@given(seeds)
@on_random_cases
def test_no_solde_is_exceeded_on_any_day_and_a_right_comes_back_with_its_dwelling(rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    result = replay(instance, MODEL, pratique, aleas=random_aleas(rng))
    conventions, flux = instance.conventions, instance.liberations.en_flux
    places = instance.liberations.commune[flux]
    for day in {*result.turns.date.tolist()}:
        held = with_whom(result, day)
        for row in np.flatnonzero(conventions.solde != SANS_SOLDE).tolist():
            inside = communes_of(instance, conventions.territoire[row])
            holder = conventions.reservataire[row]
            having = sum(
                to == holder and int(place) in inside for to, place in zip(held, places, strict=True)
            )
            assert having <= conventions.solde[row]


@given(seeds)
@on_random_cases
def test_what_is_concluded_is_what_the_independent_checker_finds(rng: random.Random) -> None:
    instance, model = busier(rng, random_tiny_instance(rng)), random_model(rng)
    solution = conclude(instance, replay(instance, model, pratique, aleas=random_aleas(rng)), "pratique", {})
    _, values = evaluate(instance, model, solution.orientation)
    assert [tier.value for tier in solution.tiers] == pytest.approx(list(values), abs=1e-9)


@pytest.mark.parametrize("policy", [pratique, prorata])
@given(rng=seeds)
@on_random_cases
def test_where_all_is_accepted_nothing_differs_from_a_replay_without_outcomes(
    policy: Policy, rng: random.Random
) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    with_outcomes, without = (replay(instance, MODEL, policy, aleas=aleas) for aleas in (ACCEPTED, None))
    assert with_outcomes.decided.tolist() == without.decided.tolist()
    assert with_outcomes.counted.tolist() == without.counted.tolist()
    assert set(with_outcomes.turns.issue.tolist()) <= {BAIL, EN_COURS}


def test_a_dwelling_that_comes_back_is_decided_again_on_that_day_though_nothing_is_released() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=60), Promise("b", part=40)],
        releases=[Release(day=date(2025, 3, 1), id="x"), Release(day=date(2025, 3, 2), id="y")],
    )
    seen: list[Situation] = []

    def policy(frame: Frame) -> Chooser:
        choose = pratique(frame)

        def watched(situation: Situation) -> Ints:
            seen.append(situation)
            return choose(situation)

        return watched

    result = replay(instance, MODEL, policy, aleas=only_by_name(refuses("a"), instance))
    first, second, third = seen
    assert (first.date.astype(object), second.date.astype(object)) == (date(2025, 3, 1), date(2025, 3, 2))
    assert third.date.astype(object) == date(2025, 3, 11)
    assert (third.past.id, third.today.id, third.again.tolist()) == (("x", "y"), ("x",), [True])
    assert third.barred is not None
    assert third.barred.tolist() == [[True, False]]
    assert first.barred is None
    # what a refused counts as a proposition all the same
    assert (third.mouvements.row.tolist(), third.mouvements.amount.tolist()) == ([0, 1], [1.0, 1.0])
    assert [d.isoformat() for d in result.days.tolist()] == ["2025-03-01", "2025-03-02"]
    assert len(result.day_ms) == 3


@pytest.mark.parametrize(("tours", "last"), [(1, BAILLEUR), (2, BAILLEUR), (3, 2)])
def test_the_bailleur_keeps_what_comes_back_once_no_turn_is_left(tours: int, last: int) -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b"), Holder("c")],
        promises=[Promise("a", volume=300), Promise("b", volume=200), Promise("c", volume=100)],
        releases=[Release(day=date(2025, 3, 1))],
    )
    aleas = only_by_name(refuses("a", "b", tours=tours), instance)
    result = replay(instance, MODEL, pratique, aleas=aleas)
    assert result.turns.reservataire.tolist() == [0, 1, 2][:tours]
    assert result.decided.tolist() == [last]


def test_what_is_under_way_on_the_last_day_is_with_who_has_it() -> None:
    instance = make_instance(
        holders=[Holder("a")], promises=[Promise("a", part=100)], releases=[Release(day=date(2025, 12, 22))]
    )
    aleas = refuses("a")
    assert replay(instance, MODEL, pratique, aleas=aleas).turns.issue.tolist() == [EN_COURS]
    assert replay(instance, MODEL, pratique, aleas=aleas).decided.tolist() == [0]
    earlier = make_instance(
        holders=[Holder("a")], promises=[Promise("a", part=100)], releases=[Release(day=date(2025, 12, 21))]
    )
    assert replay(earlier, MODEL, pratique, aleas=aleas).decided.tolist() == [BAILLEUR]


@given(seeds)
@on_random_cases
def test_an_override_changes_nothing_before_its_day(rng: random.Random) -> None:
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    libs, flux = instance.liberations, instance.liberations.en_flux
    if not len(flux):
        return
    row = int(rng.choice(flux.tolist()))
    before = replay(instance, MODEL, pratique, aleas=aleas)
    override = named_overrides(instance, {libs.id[row]: BAILLEUR})
    after = replay(instance, MODEL, pratique, aleas=aleas, override=override)
    day = libs.date[row].astype(object) - timedelta(1)
    assert with_whom(before, day) == with_whom(after, day)
    assert after.decided[np.searchsorted(flux, row)] == BAILLEUR


@given(seeds)
@on_random_cases
def test_two_rules_that_do_the_same_see_the_same_end(rng: random.Random) -> None:
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    ends: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for policy in (pratique, prorata):
        turns = replay(instance, MODEL, policy, aleas=aleas).turns
        for entry in np.flatnonzero(turns.issue != EN_COURS).tolist():
            key = (int(turns.row[entry]), int(turns.tour[entry]), int(turns.reservataire[entry]))
            ends[key].add(int(turns.issue[entry]))
    assert all(len(issues) == 1 for issues in ends.values())


@given(seeds)
@on_random_cases
def test_a_year_cut_short_says_the_same_of_the_days_before(rng: random.Random) -> None:
    """A rule and the outcomes look at nothing that comes later: neither libérations nor the end of the period."""
    instance, aleas = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    whole = replay(instance, MODEL, pratique, aleas=aleas)
    if not len(whole.days):
        return
    day = rng.choice(whole.days.tolist())
    kept = np.flatnonzero(instance.liberations.date <= np.datetime64(day))
    short = replay(
        replace(instance, liberations=take(instance.liberations, kept)), MODEL, pratique, aleas=aleas
    )
    held = with_whom(whole, day)
    first = np.isin(instance.liberations.en_flux, kept)
    assert with_whom(short, day) == [to for to, inside in zip(held, first.tolist(), strict=True) if inside]
