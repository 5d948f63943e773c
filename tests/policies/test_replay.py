"""A replay shows a rule the past, the day and the historique, and believes nothing of what it answers."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.checking import evaluate
from allocator.domain import BAILLEUR, Ecarts, Model
from allocator.flux.cells import Cells
from allocator.formats import BadInput
from allocator.policies.catalogue import POLICIES, load
from allocator.policies.pratique import pratique
from allocator.policies.replaying.course import course
from allocator.policies.replaying.overrides import named_overrides
from allocator.policies.replaying.replay import PolicyError, conclude, replay
from allocator.policies.situation import Chooser, Frame, Ints, Situation, take
from tests.builders import Holder, Promise, Release, make_instance
from tests.policies.returns import random_aleas, with_whom
from tests.policies.test_pratique import busier
from tests.tiny import random_model, random_tiny_instance

Numbers = NDArray[np.floating] | NDArray[np.integer]

MODEL = Model("vide", "", "", ())
MORNING, NEXT = date(2025, 3, 1), date(2025, 3, 2)
TWO_DAYS = [Release(day=NEXT, id="c"), Release(day=MORNING, id="a"), Release(day=MORNING, id="b")]
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=30, deadline=None, derandomize=True)


def always(holder: int) -> Callable[[Frame], Chooser]:
    """Return the rule that gives everything to one réservataire."""

    def policy(_frame: Frame) -> Chooser:
        return lambda situation: np.full(len(situation.today), holder, dtype=np.int32)

    return policy


def test_the_rule_sees_the_past_and_the_day_and_nothing_else() -> None:
    seen: list[Situation] = []

    def policy(frame: Frame) -> Chooser:
        assert len(frame.instance.liberations) == 0

        def choose(situation: Situation) -> Ints:
            seen.append(situation)
            return np.zeros(len(situation.today), dtype=np.int32)

        return choose

    instance = make_instance(
        holders=[Holder("x")],
        promises=[Promise("x", part=50)],
        releases=[*TWO_DAYS, Release(day=MORNING, statut="stock", id="d")],
    )
    replay(instance, MODEL, policy)
    first, second = seen
    assert (first.past.id, first.today.id, len(first.mouvements)) == ((), ("a", "b"), 0)
    assert (second.past.id, second.today.id) == (("a", "b"), ("c",))
    assert second.mouvements.row.tolist() == [0, 1]
    assert second.mouvements.reservataire.tolist() == [0, 0]
    assert not first.again.any()
    assert not second.again.any()


def test_what_is_decided_comes_back_in_the_order_of_the_file() -> None:
    instance = make_instance(
        holders=[Holder("x"), Holder("y")],
        promises=[Promise("x", part=50), Promise("y", part=30)],
        releases=TWO_DAYS,
    )

    def policy(_frame: Frame) -> Chooser:
        return lambda situation: np.array(
            [{"a": 0, "b": 1, "c": BAILLEUR}[i] for i in situation.today.id], np.int32
        )

    result = replay(instance, MODEL, policy)
    assert result.decided.tolist() == [BAILLEUR, 0, 1]
    assert result.days.tolist() == [MORNING, NEXT]
    assert len(result.day_ms) == 2


def test_a_rule_that_gives_to_the_ineligible_is_refused() -> None:
    instance = make_instance(
        holders=[Holder("x"), Holder("y")],
        promises=[Promise("x", part=50), Promise("y", "commune:93001", part=50)],
        releases=[Release("93048")],
    )
    with pytest.raises(PolicyError, match="L0 ne peut pas aller à y"):
        replay(instance, MODEL, always(1))
    with pytest.raises(PolicyError):
        replay(instance, MODEL, always(7))


@pytest.mark.parametrize("days", [(MORNING, MORNING), (MORNING, NEXT)])
def test_a_rule_that_overdraws_a_solde_is_refused_within_a_day_as_over_several(
    days: tuple[date, date],
) -> None:
    instance = make_instance(
        holders=[Holder("x")],
        promises=[Promise("x", part=50, solde=1)],
        releases=[Release(day=day) for day in days],
    )
    with pytest.raises(PolicyError, match="solde"):
        replay(instance, MODEL, always(0))


def test_an_override_replaces_the_proposal_and_the_next_day_knows_it() -> None:
    instance = make_instance(
        holders=[Holder("x"), Holder("y")],
        promises=[Promise("x", part=50), Promise("y", part=50)],
        releases=TWO_DAYS,
    )
    as_proposed = replay(instance, MODEL, pratique)
    assert as_proposed.decided.tolist() == [0, 0, 1]
    changed = replay(instance, MODEL, pratique, override=named_overrides(instance, {"b": 0}))
    assert changed.proposed.tolist() == [1, 0, 1]
    assert changed.decided.tolist() == [1, 0, 0]


@given(seeds)
@on_random_cases
def test_an_override_changes_nothing_before_its_day(rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    libs, flux = instance.liberations, instance.liberations.en_flux
    if not len(flux):
        return
    changed = int(rng.choice(flux.tolist()))
    before = replay(instance, MODEL, pratique)
    override = named_overrides(instance, {libs.id[changed]: BAILLEUR})
    after = replay(instance, MODEL, pratique, override=override)
    earlier = libs.date[flux] < libs.date[changed]
    same_day = libs.date[flux] == libs.date[changed]
    assert np.array_equal(before.decided[earlier], after.decided[earlier])
    assert np.array_equal(before.proposed[same_day], after.proposed[same_day])
    assert after.decided[np.searchsorted(flux, changed)] == BAILLEUR


@pytest.mark.parametrize("overrides", [{"z": 0}, {"a": 1}, {"a": 9}])
def test_an_override_that_cannot_be_is_bad_input(overrides: dict[str, int]) -> None:
    instance = make_instance(
        holders=[Holder("x"), Holder("y")], promises=[Promise("x", part=50)], releases=TWO_DAYS
    )
    with pytest.raises(BadInput):
        replay(instance, MODEL, pratique, override=named_overrides(instance, overrides))


@given(seeds)
@on_random_cases
def test_what_is_concluded_is_what_the_independent_checker_finds(rng: random.Random) -> None:
    instance, model = busier(rng, random_tiny_instance(rng)), random_model(rng)
    solution = conclude(instance, replay(instance, model, pratique), "pratique", {})
    _, values = evaluate(instance, model, solution.orientation)
    assert [tier.value for tier in solution.tiers] == pytest.approx(list(values), abs=1e-9)
    assert solution.status == "feasible"
    assert all(tier.bound is None for tier in solution.tiers)


def keyed(cells: Cells | Ecarts, cible: Numbers, valeur: Numbers) -> dict[object, list[tuple[float, float]]]:
    """Return the targets and counts of each cell by its name.

    Left out: petits, because who is small moves with the year, and cells that are owed and count nothing, which do
    not all exist yet.
    """
    found: dict[object, list[tuple[float, float]]] = defaultdict(list)
    names = zip(cells.reservataire.tolist(), cells.sur, cells.territoire, cells.modalite, strict=True)
    for name, target, count in zip(names, cible.tolist(), valeur.tolist(), strict=True):
        if name[1] != "petit" and (target, count) != (0.0, 0.0):
            found[name].append((round(target, 9), float(count)))
    return {name: sorted(several) for name, several in found.items()}


@pytest.mark.parametrize("returning", [False, True])
@given(rng=seeds)
@on_random_cases
def test_the_course_of_a_day_is_the_result_of_the_year_cut_short_there(
    returning: bool, rng: random.Random
) -> None:
    instance, model = busier(rng, random_tiny_instance(rng)), random_model(rng)
    result = replay(instance, model, pratique, aleas=random_aleas(rng) if returning else None)
    if not len(result.days):
        return
    known = course(instance, result)
    assert known.valeur[-1].tolist() == conclude(instance, result, "", {}).ecarts.valeur.tolist()
    for day in {rng.randrange(len(known.days)), len(known.days) - 1}:
        kept = np.flatnonzero(instance.liberations.date <= known.days[day])
        short = replace(instance, liberations=take(instance.liberations, kept))
        orientation = np.full(len(instance.liberations), BAILLEUR, dtype=np.int32)
        orientation[instance.liberations.en_flux] = with_whom(result, known.days[day].astype(object))
        ecarts, _ = evaluate(short, model, orientation[kept])
        assert keyed(known.cells, known.cible[day], known.valeur[day]) == keyed(
            ecarts, ecarts.cible, ecarts.valeur
        )


def test_a_period_without_a_liberation_has_no_day() -> None:
    instance = make_instance(releases=[])
    result = replay(instance, MODEL, pratique)
    assert len(result.decided) == len(result.days) == len(result.day_ms) == 0


def test_the_catalogue_names_each_rule_and_refuses_the_others() -> None:
    assert load("pratique") is pratique
    with pytest.raises(BadInput) as bad:
        load("au-hasard")
    assert all(name in bad.value.render() for name in POLICIES)
