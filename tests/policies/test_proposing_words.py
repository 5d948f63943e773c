"""The words of a proposal are the figures': numbers, places, promises, costs, ties and what would change them."""

from dataclasses import replace

import pytest

from allocator.domain import Goal, Model, Tier
from allocator.policies.proposing.choice import Choice, Proposal
from allocator.policies.proposing.lines import Line
from allocator.policies.proposing.reasons import loss, reason, units, why_not
from allocator.policies.proposing.wording import counted, modality, number, place, promise, stands
from tests.builders import Commune, Holder, Promise, make_instance


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.04, "0"), (2.0, "2"), (2.25, "2,2"), (-1.5, "−1,5"), (1234.56, "1\u202f234,6")],
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
        "Aussi bon pour l'année : le lui donner n'y perdrait rien ; départagés par le prix : −0,2, contre −0,587 pour "
        "Est Ensemble."
    )
    assert why_not(TOWNS, TWO, proposal_of(choice, own=0.3), choice).endswith("n'y perdrait rien.")
    alike = replace(proposal, alike=(1,))
    assert why_not(TOWNS, TWO, alike, choice) == "Un logement semblable lui est proposé le même jour."
    assert "départagés" not in reason(TOWNS, TWO, proposal_of(choice, own=0.3))


def test_what_would_flip_a_choice_is_told_and_that_five_would_not() -> None:
    lost = Choice(1, (), 0.0, 0.0, 2.0, (0.0, 2.0), asked=True)
    assert why_not(TOWNS, TWO, proposal_of(lost), lost).endswith(
        "Un réservataire ne passerait pas devant, même avec 5 logements semblables de retard en plus."
    )
    told = why_not(TOWNS, TWO, proposal_of(lost), replace(lost, flip=2))
    assert told.endswith("Un réservataire passerait devant avec 2 logements semblables de retard en plus.")
    one = replace(lost, flip=1)
    assert reason(TOWNS, TWO, proposal_of(one)).endswith(
        "Un réservataire passerait devant avec 1 logement semblable de retard en plus."
    )
