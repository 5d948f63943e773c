"""A desk proposes what a replay decides; lines are what was promised and received; words are the figures'."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Goal, Instance, Model, Tier
from allocator.drawing import DrawSettings, draw
from allocator.formats import read_instance, read_model
from allocator.policies.anticipation import anticipation
from allocator.policies.proposing.lines import Line
from allocator.policies.proposing.morning import WAITING, morning
from allocator.policies.proposing.page import page
from allocator.policies.proposing.propose import Choice, Desk, Proposal, chosen, propose
from allocator.policies.proposing.reasons import loss, reason, units, why_not
from allocator.policies.proposing.wording import counted, modality, number, place, promise, stands
from allocator.policies.replaying.overrides import named_overrides
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Chooser, Frame, Ints, Situation, frame, take
from tests.builders import Commune, Holder, Promise, Release, Wish, make_instance
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


def same_decisions(instance: Instance) -> bool:
    rule = replay(instance, MODEL, anticipation)
    return np.array_equal(rule.decided, replay(instance, MODEL, at_a_desk).decided)


def test_a_desk_with_its_state_in_memory_proposes_day_by_day_what_the_rule_decides() -> None:
    assert same_decisions(draw(SMALL))


@pytest.mark.slow
def test_a_desk_proposes_what_the_rule_decides_through_the_autumn_of_the_demo() -> None:
    demo = read_instance(ROOT / "instances" / "demo")
    autumn = np.flatnonzero(demo.liberations.date >= np.datetime64("2025-09-15"))
    assert same_decisions(replace(demo, liberations=take(demo.liberations, autumn)))


def test_an_override_changes_no_decision_of_the_look_ahead_before_its_day() -> None:
    instance = draw(SMALL)
    liberations, flux = instance.liberations, instance.liberations.en_flux
    dates = liberations.date[flux]
    changed = int(flux[np.argsort(dates, kind="stable")[len(flux) // 2]])
    before = replay(instance, MODEL, anticipation)
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
    assert "C'est impossible : ses droits restants (solde) sont épuisés." in text


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


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.04, "0"), (2.0, "2"), (2.25, "2,2"), (-1.5, "−1,5"), (1234.56, "1234,6")],
)
def test_numbers_are_written_as_french_writes_them(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 reçu"), (1.0, "1 reçu"), (1.94, "1,9 reçu"), (1.96, "2 reçus"), (-2.0, "−2 reçus")],
)
def test_a_participle_agrees_from_two_on(value: float, text: str) -> None:
    assert counted(value, "reçu") == text


TOWNS = make_instance(
    communes=[Commune("93048", nom="Montreuil"), Commune("93001", epci="200057867", nom="Aubervilliers")],
    holders=[Holder("ept", "epci", nom="Est Ensemble"), Holder("x", "autre")],
    promises=[Promise("ept", "epci:200057875", part=5), Promise("x", "epci:200057867", part=5)],
)


@pytest.mark.parametrize(
    ("territoire", "text"),
    [
        ("commune:93048", "Montreuil"),
        ("epci:200057875", "Est Ensemble"),
        ("epci:200057867", "EPCI 200057867"),
        ("departement:93", "département 93"),
    ],
)
def test_a_territory_has_its_name_where_the_instance_knows_one(territoire: str, text: str) -> None:
    assert place(TOWNS, territoire) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("T3", "T3"),
        ("T4+non", "T4 hors QPV"),
        ("oui", "en QPV"),
        ("200057875", "Est Ensemble"),
        ("93001", "Aubervilliers"),
    ],
)
def test_a_modality_is_said_and_not_coded(text: str, said: str) -> None:
    assert modality(TOWNS, text) == said


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            Line("contractuel", "commune:93048", "", 18, 19.13, 46.0, 20.5, 93, 0.0),
            "Montreuil, 20,5 % de 93 libérés : 18 reçus pour 19,1 dus à ce jour, en retard de 1,1 "
            "(46 attendus au 31/12)",
        ),
        (
            Line("total", "departement:93", "", 1, 0.6, 1.2, 5.0, 10, -0.4),
            "département 93 au total, 5 % de 10 libérés et report de −0,4 : 1 reçu pour 0,6 dû à ce jour, "
            "en avance de 0,4 (1,2 attendu au 31/12)",
        ),
        (
            Line("contractuel", "epci:200057875", "", 2, 2.02, 4.0, None, 0, 4.0),
            "Est Ensemble, volume de 4 : 2 reçus pour 2 dus à ce jour, au prorata (4 attendus au 31/12)",
        ),
        (Line("petit", "", "", 1, 0.9, 2.0), "petit réservataire : 1 reçu sur 2 à servir d'ici au 31/12"),
    ],
)
def test_a_promise_is_told_with_all_that_its_due_is_made_of(line: Line, text: str) -> None:
    assert promise(TOWNS, line, ends=True) == text


def test_wishes_are_gathered_behind_what_is_signed() -> None:
    lines = (
        Line("contractuel", "commune:93048", "", 0, 0.5, 2.0, 10.0, 5),
        Line("typologie", "", "T3", 0, 0.5, 2.0, 20.0),
        Line("qpv", "", "non", 1, 0.5, 2.0, 20.0),
        Line("financement", "", "PLAI", 1, 1.01, 2.0, 20.0),
    )
    assert stands(TOWNS, lines).endswith(
        "en retard de 0,5 ; souhaits en retard : T3 ; souhaits en avance : hors QPV"
    )


PLAIN = Tier("contractuel", (Goal("contractuel", 1, 1), Goal("petit", 1, 0)))
POINTS = Tier("indicatif", (Goal("typologie", 1, 1, unite="relatif"),))
HEAVY = Tier("pondéré", (Goal("contractuel", 2, 1),))


@pytest.mark.parametrize(
    ("tier", "value", "text"),
    [
        (PLAIN, 1.0, "1 logement d'écart"),
        (PLAIN, 2.0, "2 logements d'écart"),
        (PLAIN, 0.004, "0,004 logement d'écart"),
        (POINTS, -0.25, "−0,25 point"),
        (POINTS, 12.3, "12,3 points"),
        (HEAVY, 1.0, "1 point"),
    ],
)
def test_a_loss_is_in_dwellings_where_the_priority_counts_dwellings_else_in_points(
    tier: Tier, value: float, text: str
) -> None:
    assert units(tier, value) == text


def proposal_of(*alternatives: Choice, own: float = 0.0) -> Proposal:
    return Proposal(
        "l", 0, Choice(0, (), own, 0.0, 0.0, (0.0, 0.0)), alternatives, (30.0, 1.0), explained=True
    )


TWO = Model("m", "", "", (PLAIN, POINTS))


def test_a_cost_names_each_priority_that_loses_or_gains() -> None:
    choice = Choice(1, (), 0.0, 0.0, 3.1, (0.11, -0.2))
    text = loss(TOWNS, TWO, proposal_of(choice), choice)
    assert text == "0,11 logement d'écart sur « contractuel », −0,2 point sur « indicatif »"
    assert reason(TOWNS, TWO, proposal_of(choice)).endswith(
        f"Le meilleur autre choix, Un réservataire, coûterait {text}."
    )


def test_a_bound_says_that_it_is_one_and_in_which_priority_it_is_told() -> None:
    told = [
        loss(TOWNS, TWO, proposal_of(choice), choice)
        for choice in (Choice(1, (), 0.0, at_least) for at_least in (0.0, 3.0, 45.0))
    ]
    assert told == [
        "borne : au moins 0",
        "borne : au moins l'équivalent de 3 points sur « indicatif »",
        "borne : au moins l'équivalent de 1,5 logement d'écart sur « contractuel »",
    ]


def test_a_tie_says_so_with_the_prices_that_decided() -> None:
    choice = Choice(1, (), -0.2, 0.0, 0.001, (0.0, 0.0), as_good=True)
    proposal = proposal_of(choice, own=-0.587)
    assert (
        "départagés par la règle « prix », au plus bas : −0,587 contre −0,2 pour Un réservataire."
        in reason(TOWNS, TWO, proposal)
    )
    assert why_not(TOWNS, TWO, proposal, choice) == (
        "Aussi bon pour l'année : le lui donner n'y perdrait rien ; prix : −0,2, contre −0,587 au choisi."
    )
    assert "départagés" not in reason(TOWNS, TWO, proposal_of(choice, own=0.3))


def test_what_would_flip_a_choice_is_told_and_that_five_would_not() -> None:
    lost = Choice(1, (), 0.0, 0.0, 2.0, (0.0, 2.0), asked=True)
    assert why_not(TOWNS, TWO, proposal_of(lost), lost).endswith(
        "même si Un réservataire en avait reçu 5 semblables de moins.".replace(
            "Un réservataire", "Un réservataire"
        )
    )
    told = why_not(TOWNS, TWO, proposal_of(lost), replace(lost, flip=2))
    assert told.endswith(
        "passerait devant si Un réservataire avait reçu 2 logements semblables de moins jusqu'ici."
    )


def test_the_answers_of_a_desk_are_those_of_a_rule() -> None:
    instance = make_instance(releases=[Release(id="a")])
    situation = morning_of(instance, "2025-01-01")
    answer: Ints = chosen(propose(frame(instance, MODEL), situation))
    assert answer.dtype == np.int32
    assert len(chosen(())) == 0
