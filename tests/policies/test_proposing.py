"""A desk proposes what a replay decides, and lines are what was promised and received."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Instance
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_instance, read_model
from allocator.policies.anticipation import anticipation
from allocator.policies.proposing.morning import WAITING, morning
from allocator.policies.proposing.page import page
from allocator.policies.proposing.propose import Desk, chosen, propose
from allocator.policies.proposing.reasons import loss, reason
from allocator.policies.proposing.rights import Spent
from allocator.policies.replaying.overrides import named_overrides
from allocator.policies.replaying.replay import Replay, replay
from allocator.policies.situation import Chooser, Frame, Ints, Situation, frame, take
from tests.builders import Holder, Promise, Release, Wish, make_instance
from tests.pages import ROOT
from tests.policies.mornings import random_morning
from tests.policies.test_pratique import communes_of, exact, lag

MODEL = read_model(ROOT / "models" / "reference.toml")
SMALL = DrawSettings(seed=5, size=40, departements=("94",), communes=2)
seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_mornings = settings(max_examples=25, deadline=None, derandomize=True)


def at_a_desk(known: Frame) -> Chooser:
    """Return the daily rule that decides as a desk with its state in memory proposes."""
    desk = Desk(known)
    return lambda situation: chosen(desk.propose(situation))


def morning_of(instance: Instance, day: str, given: dict[str, int] | None = None) -> Situation:
    """Return a morning before which libérations went where ``given`` says, the others to nobody."""
    decided = np.full(len(instance.liberations), WAITING, dtype=np.int32)
    for name, holder in (given or {}).items():
        decided[instance.liberations.id.index(name)] = holder
    return morning(instance, np.datetime64(day), decided).situation


@pytest.fixture(scope="module")
def small() -> Instance:
    return draw(SMALL)


@pytest.fixture(scope="module")
def by_rule(small: Instance) -> Replay:
    return replay(small, MODEL, anticipation)


def test_a_desk_with_its_state_in_memory_proposes_day_by_day_what_the_rule_decides(
    small: Instance, by_rule: Replay
) -> None:
    assert np.array_equal(by_rule.decided, replay(small, MODEL, at_a_desk).decided)


@pytest.mark.slow
def test_a_desk_proposes_what_the_rule_decides_at_the_end_of_the_demo() -> None:
    demo = read_instance(ROOT / "instances" / "demo")
    last = np.flatnonzero(demo.liberations.date >= np.datetime64("2025-11-01"))
    instance = replace(demo, liberations=take(demo.liberations, last))
    rule = replay(instance, MODEL, anticipation)
    assert np.array_equal(rule.decided, replay(instance, MODEL, at_a_desk).decided)


def test_an_override_changes_no_decision_of_the_look_ahead_before_its_day(
    small: Instance, by_rule: Replay
) -> None:
    instance, before = small, by_rule
    liberations, flux = instance.liberations, instance.liberations.en_flux
    dates = liberations.date[flux]
    changed = int(flux[np.argsort(dates, kind="stable")[len(flux) // 2]])
    entry = int(np.searchsorted(flux, changed))
    others = np.flatnonzero(before.frame.eligible[liberations.commune[changed]])
    other = next(int(holder) for holder in others if holder != before.decided[entry])
    override = named_overrides(instance, {liberations.id[changed]: other})
    after = replay(instance, MODEL, anticipation, override=override)
    earlier, same_day = dates < liberations.date[changed], dates == liberations.date[changed]
    assert np.array_equal(before.decided[earlier], after.decided[earlier])
    assert np.array_equal(before.proposed[same_day], after.proposed[same_day])
    assert after.decided[entry] == other
    assert not np.array_equal(before.decided[~earlier & ~same_day], after.decided[~earlier & ~same_day])


@given(seeds)
@on_random_mornings
def test_every_choice_that_may_be_is_there_once_and_nobody_else(rng: random.Random) -> None:
    one = random_morning(rng)
    situation, barred = one.situation, one.situation.barred
    for entry, proposal in enumerate(propose(one.known, situation)):
        may = one.known.eligible[situation.today.commune[entry]].copy()
        if barred is not None:
            may &= ~barred[entry]
        every = [proposal.chosen, *proposal.alternatives]
        assert sorted(choice.reservataire for choice in every) == [BAILLEUR, *np.flatnonzero(may).tolist()]
        assert proposal.liberation == situation.today.id[entry]


@given(seeds)
@on_random_mornings
def test_the_lines_of_quotas_lag_as_the_hand_rule_has_it_at_the_end_of_the_day(rng: random.Random) -> None:
    """The lag of a line is the contract's, with all of today released; a due below zero counts as zero."""
    one = random_morning(rng)
    conventions, situation = one.instance.conventions, one.situation
    gone = exact(one.known.elapsed(situation.date))
    new = situation.today.commune[~situation.again].tolist()
    so_far = [*zip(situation.past.commune.tolist(), one.held, strict=True), *((at, BAILLEUR) for at in new)]
    for entry, proposal in enumerate(propose(one.known, situation)):
        commune = int(situation.today.commune[entry])
        for choice in (proposal.chosen, *proposal.alternatives):
            expected = [
                float(lag(one.instance, row, commune, so_far, gone))
                for row in np.flatnonzero(conventions.reservataire == choice.reservataire).tolist()
                if commune in communes_of(one.instance, conventions.territoire[row])
            ]
            lines = [line for line in choice.lines if line.sur == "contractuel"]
            assert len(lines) == len(expected)
            for line in lines:
                assert line.due == 0 or min(abs(line.lag - each) for each in expected) < 1e-9


def test_a_line_says_what_makes_its_due() -> None:
    """Ten released in the commune, two to the holder: 30 % of ten, and half a year's share of a report of two."""
    instance = make_instance(
        holders=[Holder("x", "commune")],
        promises=[Promise("x", "commune:93048", part=30, report=2)],
        wishes=[Wish("x", "typologie", "T3", 50)],
        releases=[Release("93048", id=f"l{number}") for number in range(9)]
        + [Release("93048", id="today", day=make_instance().debut.replace(month=7, day=2))],
    )
    situation = morning_of(
        instance, "2025-07-02", {"l0": 0, "l1": 0} | {f"l{k}": BAILLEUR for k in range(2, 9)}
    )
    (proposal,) = propose(frame(instance, MODEL), situation)
    (choice,) = [each for each in (proposal.chosen, *proposal.alternatives) if each.reservataire == 0]
    quota, wish = choice.lines
    assert (quota.share, quota.released, quota.counted) == (30.0, 10.0, 2.0)
    assert quota.fixed == 2.0
    assert quota.due == pytest.approx(3.0 + 2.0 * 183 / 365)
    assert (wish.share, wish.counted) == (50.0, 2.0)
    assert wish.due == pytest.approx(quota.due / 2)


def test_like_dwellings_that_go_to_several_the_same_day_say_so() -> None:
    instance = make_instance(
        holders=[Holder("x", nom="Xi"), Holder("y", nom="Upsilon")],
        promises=[Promise("x", volume=1), Promise("y", volume=1)],
        releases=[Release(id=name, day=make_instance().fin) for name in ("a", "b")],
    )
    known, situation = frame(instance, MODEL), morning_of(instance, "2025-12-31")
    first, second = propose(known, situation, explained=("a", "b"))
    assert {first.chosen.reservataire, second.chosen.reservataire} == {0, 1}
    assert first.alike == (second.chosen.reservataire,)
    other = instance.reservataires.nom[second.chosen.reservataire]
    assert f"un logement semblable va le même jour à {other}" in reason(instance, MODEL, first)


def test_rights_spent_make_a_choice_impossible_and_the_page_says_so() -> None:
    instance = make_instance(
        holders=[Holder("x", "commune", nom="Ville"), Holder("y", nom="Upsilon")],
        promises=[Promise("x", "commune:93048", part=50, solde=1), Promise("y", part=10)],
        releases=[
            Release("93048", id="a"),
            Release("93048", id="b", day=make_instance().debut.replace(day=3)),
        ],
    )
    situation = morning_of(instance, "2025-01-03", {"a": 0})
    (proposal,) = propose(frame(instance, MODEL), situation, explained=("b",))
    assert proposal.chosen.reservataire != 0
    (spent,) = [choice for choice in proposal.alternatives if choice.reservataire == 0]
    assert spent.impossible
    assert spent.losses is None
    assert not spent.asked
    text = page(instance, MODEL, situation, (proposal,), "anticipation")
    assert "**Pourquoi pas Ville ?**" in text
    assert (
        "C'est impossible : son solde de 1 (Une commune) est épuisé, il lui faudrait 1 droit de plus." in text
    )


def with_rights(instance: Instance, spent: tuple[Spent, ...], holder: int, more: int) -> Instance:
    """Return an instance with so many rights more than are missing wherever a réservataire has spent them."""
    solde, conventions = instance.conventions.solde.copy(), instance.conventions
    for each in spent:
        where = [territoire == each.territoire for territoire in conventions.territoire]
        solde[(conventions.reservataire == holder) & where] += each.more + more
    return replace(instance, conventions=replace(conventions, solde=solde))


@given(seeds)
@on_random_mornings
def test_with_the_rights_that_are_missing_a_choice_can_be_and_with_one_fewer_not(rng: random.Random) -> None:
    one = random_morning(rng)
    spent = [
        (proposal, choice)
        for proposal in propose(one.known, one.situation)
        for choice in proposal.alternatives
        if choice.spent
    ]
    for proposal, choice in rng.sample(spent, min(1, len(spent))):
        for more, possible in ((0, True), (-1, False)):
            other = with_rights(one.instance, choice.spent, choice.reservataire, more)
            again = propose(frame(other, one.model), one.situation, explained=(proposal.liberation,))
            every = (again[proposal.row].chosen, *again[proposal.row].alternatives)
            (same,) = (each for each in every if each.reservataire == choice.reservataire)
            assert same.impossible != possible


def test_what_a_models_bound_forbids_is_told_as_such() -> None:
    """One ahead already, the bound one: another dwelling is too many, whatever the wish."""
    instance = make_instance(
        holders=[Holder("x", nom="Xi"), Holder("y", nom="Upsilon")],
        promises=[Promise("x", part=40), Promise("y", part=40)],
        releases=[
            Release("93048", id=f"l{day}", day=make_instance().debut.replace(day=day)) for day in (1, 2)
        ],
    )
    model = replace(MODEL, ecart_max=0.7)
    situation = morning_of(instance, "2025-01-02", {"l1": 0})
    (proposal,) = propose(frame(instance, model), situation, explained=("l2",))
    assert proposal.chosen.reservataire == 1
    ahead, kept = sorted(proposal.alternatives, key=lambda choice: -choice.reservataire)
    assert ahead.impossible
    assert (
        loss(instance, model, proposal, ahead)
        == "impossible : l'écart maximal du modèle (0,7) serait dépassé"
    )
    assert kept.held
    assert "l'écart maximal du modèle (0,7) ne serait pas tenu" in loss(instance, model, proposal, kept)
    assert not ahead.asked
    assert "combien de retard en plus changerait une réponse n'est pas cherché" in page(
        instance, model, situation, (proposal,), "anticipation"
    )


@pytest.mark.parametrize("policy", ["pratique", "prorata", "glouton", "prix"])
def test_other_rules_are_explained_by_the_plan_and_say_where_it_disagrees(policy: str) -> None:
    instance = make_instance(
        holders=[Holder("x", nom="Xi"), Holder("y", nom="Upsilon")],
        promises=[Promise("x", part=60), Promise("y", part=30)],
        wishes=[Wish("y", "typologie", "T3", 100)],
        releases=[Release(id="a")],
    )
    (proposal,) = propose(
        frame(instance, MODEL), morning_of(instance, "2025-01-01"), policy, explained=("a",)
    )
    assert proposal.chosen.price is None
    assert "règle « prix »" not in reason(instance, MODEL, proposal)
    best = proposal.alternatives[0]
    assert best.cost is not None
    assert ("ferait mieux" in reason(instance, MODEL, proposal)) == (best.cost < -0.01)


def test_a_commune_without_a_convention_has_the_bailleur_and_a_reason() -> None:
    instance = make_instance(
        holders=[Holder("x")],
        promises=[Promise("x", "commune:93001", part=50)],
        releases=[Release("93048", id="a"), Release("93001", id="b")],
    )
    known, situation = frame(instance, MODEL), morning_of(instance, "2025-01-01")
    first, _second = propose(known, situation, explained=("a", "b"))
    assert first.chosen.reservataire == BAILLEUR
    assert first.alternatives == ()
    assert reason(instance, MODEL, first) == "Aucune convention ne couvre la commune."
    assert "| Autre choix" not in page(instance, MODEL, situation, (first,), "anticipation")


def test_the_answers_of_a_desk_are_those_of_a_rule() -> None:
    instance = make_instance(releases=[Release(id="a")])
    situation = morning_of(instance, "2025-01-01")
    answer: Ints = chosen(propose(frame(instance, MODEL), situation))
    assert answer.dtype == np.int32
    assert len(chosen(())) == 0
