"""Points and the dwellings that they stand for: by hand, against the arithmetic of replays, and over the years."""

import random
from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Comptage, Instance, PointsDeTension, vocabulary
from allocator.domain.vocabulary import MODES_DE_COMPTAGE
from allocator.ledger.accounts.comptes import comptes, recompte
from allocator.ledger.accounts.issues import ISSUES, Effet
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.mesures import Mesures
from allocator.ledger.accounts.pilotage import pilotage
from allocator.ledger.accounts.regles import Regle, RegleDatee, variante
from allocator.ledger.accounts.taux import Hypotheses, learn
from allocator.ledger.conventions.exercice import sans_versions
from allocator.policies.pratique import pratique
from allocator.policies.replaying.aleas import EN_COURS as UNDER_WAY
from allocator.policies.replaying.replay import Replay, replay
from allocator.policies.situation import by_day, frame
from tests.builders import Commune, Holder, Promise, Release, Wish, make_instance
from tests.ledger.account_books import DEBUT, ENTIER, MODEL, Tour, random_book, random_day, tours_of
from tests.policies.returns import random_aleas
from tests.policies.test_pratique import busier
from tests.tiny import random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=40, deadline=None, derandomize=True)
DECEMBER_31 = np.datetime64("2025-12-31")


def certain(bail: float, **others: float) -> Hypotheses:
    """Return shares of the outcomes that no tour changes."""
    parts = tuple({"bail": bail, **others}.get(code, 0.0) for code in ISSUES)
    return Hypotheses(parts, 1e15, 0.0)


def book(
    instance: Instance, entries: list[Tour], regle: Regle, hypotheses: Hypotheses | None = None
) -> Livre:
    return Livre(
        sans_versions(instance),
        frame(instance, MODEL),
        instance.liberations,
        tours_of(entries, instance),
        (),
        regle,
        hypotheses or certain(0.8, refus=0.2),
    )


def ten_dwellings() -> Instance:
    return make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50), Promise("b", part=30)],
        releases=[Release(day=date(2025, 1, 1) + timedelta(number)) for number in range(10)],
    )


def ended(issue: str, row: int = 0, holder: str = "a") -> Tour:
    return Tour(row, holder, date(2025, 2, 1), issue, date(2025, 3, 1) if issue else None)


def test_each_outcome_counts_as_its_effect_says() -> None:
    effets = {
        "sans_candidat": Effet(1.0),
        "decline": Effet(0.5),
        "rendu": Effet(0.0),
        "caleol": Effet(1.0, compensation=True),
        "refus": Effet(0.5, compensation=True),
    }
    regle = Regle(Comptage("mixte", 0.5, 1.0), tuple(effets.get(code, Effet()) for code in ISSUES))
    expected = {  # points of propositions, given back, of attributions, all; compensations due
        "bail": (0.5, 0.0, 1.0, 1.5, 0),
        "sans_candidat": (0.5, 0.0, 0.0, 0.5, 0),
        "decline": (0.25, 0.0, 0.0, 0.25, 0),
        "rendu": (0.0, 0.0, 0.0, 0.0, 0),
        "caleol": (0.5, 0.5, 0.0, 0.0, 1),
        "refus": (0.25, 0.25, 0.0, 0.0, 1),
    }
    for issue, numbers in expected.items():
        livre = book(ten_dwellings(), [ended(issue)], regle)
        own = comptes(livre, DECEMBER_31).lignes.mesures
        found = (own.points_propositions, own.rendus, own.points_attributions, own.points, own.compensations)
        assert tuple(column[0] for column in found) == numbers, issue
        assert own.propositions.tolist() == [1, 0]
        # refus leaves nothing, a lease comes eight times in ten: 0.8 × (0.5 + 1) points are expected
        assert own.logements[0] == pytest.approx(numbers[3] / 1.2)


def test_what_is_pending_is_a_proposition_and_stands_for_one_dwelling() -> None:
    regle = Regle(Comptage("mixte", 0.5, 1.0), ENTIER)
    livre = book(ten_dwellings(), [ended("bail")], regle)
    own = comptes(livre, np.datetime64("2025-02-28")).lignes.mesures
    assert (own.en_cours[0], own.points[0], own.logements[0]) == (1, 0.5, 1.0)
    signed = comptes(livre, np.datetime64("2025-03-01")).lignes.mesures
    assert (signed.en_cours[0], signed.points[0]) == (0, 1.5)
    # expected: 0.5 for the proposition whatever comes of it, 0.8 × 1 for the lease
    assert signed.logements[0] == pytest.approx(1.5 / 1.3)


def test_propositions_count_up_to_attributions_with_cumul() -> None:
    regle = Regle(Comptage("mixte", 1.0, 1.0, cumul=True), ENTIER)
    entries = [ended("refus", 0), ended("refus", 1), ended("bail", 2), ended("refus", 3)]
    own = comptes(book(ten_dwellings(), entries, regle), DECEMBER_31).lignes.mesures
    assert own.points_propositions[0] == 4.0
    assert (own.points_attributions[0], own.retenus[0], own.points[0]) == (1.0, 3.0, 2.0)


def test_with_cumul_a_lease_sets_free_what_ended_before_it() -> None:
    tense = PointsDeTension(None, 20.0, 1.0, 4.0)
    instance = make_instance(
        communes=[Commune("93048", tension=10.0), Commune("93001", tension=30.0)],
        holders=[Holder("a")],
        promises=[Promise("a", part=50)],
        releases=[Release("93048"), Release("93001")],
    )
    regle = Regle(Comptage("mixte", 1.0, 2.0, cumul=True, tension=(tense,)), ENTIER)
    lease = Tour(1, "a", date(2025, 1, 1), "bail", date(2025, 5, 1))
    refusal = Tour(0, "a", date(2025, 1, 2), "refus", date(2025, 4, 1))
    # half of them sign: 2 points are expected in Montreuil (1 + 0.5 × 2), 3 in the tense commune (1 + 0.5 × 4)
    even = certain(0.5, refus=0.5)
    own = comptes(book(instance, [lease, refusal], regle, even), DECEMBER_31).lignes.mesures
    assert own.logements[0] == pytest.approx(0.0 + (4 + 2) / 3)
    late = refusal._replace(fin=date(2025, 6, 1))
    own = comptes(book(instance, [lease, late], regle, even), DECEMBER_31).lignes.mesures
    assert own.logements[0] == pytest.approx((4 + 1) / 3 + 1 / 2)


def test_with_cumul_each_rule_has_an_account_of_its_own() -> None:
    one = Regle(Comptage("mixte", 1.0, 2.0, cumul=True), ENTIER)
    other = Regle(Comptage("mixte", 1.0, 3.0, cumul=True), ENTIER)
    entries = [ended("bail", 0), Tour(1, "a", date(2025, 7, 1), "refus", date(2025, 8, 1))]
    livre = replace(book(ten_dwellings(), entries, one), regles=(RegleDatee(date(2025, 7, 1), "", other),))
    own = comptes(livre, DECEMBER_31).lignes.mesures
    assert (own.retenus[0], own.points[0]) == (1.0, 3.0)
    # 1 + 0.8 × 2 points are expected, and the refusal stands for nothing
    assert own.logements[0] == pytest.approx(3.0 / 2.6)


def test_a_dwelling_out_of_the_flux_counts_for_nobody() -> None:
    instance = ten_dwellings()
    others = replace(instance.liberations, statut=np.array([0, 1, 2, 3] + [0] * 6, dtype=np.int8))
    entries = [ended("bail", row) for row in range(4)]
    own = comptes(
        book(replace(instance, liberations=others), entries, Regle(Comptage(), ENTIER)), DECEMBER_31
    )
    assert own.lignes.mesures.propositions.tolist() == [1, 0]
    assert own.assiette.tolist() == [7, 7]
    assert own.lignes.du.tolist() == [3.5, pytest.approx(2.1)]


def test_a_change_of_mode_leaves_earlier_tours_as_they_were_counted() -> None:
    regle = Regle(Comptage("mixte", 0.5, 1.0), ENTIER)
    entries = [
        Tour(0, "a", date(2025, 6, 30), "bail", date(2025, 8, 1)),
        Tour(1, "a", date(2025, 7, 1), "bail", date(2025, 8, 1)),
        Tour(2, "b", date(2025, 7, 1), "bail", date(2025, 8, 1)),
    ]
    livre = book(ten_dwellings(), entries, regle)
    for nom, before in (("A", 0.5), ("B", 1.0)):
        steps = variante(nom, date(2025, 1, 1), date(2025, 7, 1), "", regle)  # type: ignore[arg-type]
        own = comptes(replace(livre, regles=steps), DECEMBER_31).lignes.mesures
        assert own.points.tolist() == [before + 1.5, 1.5]
        only_a = variante(nom, date(2025, 1, 1), date(2026, 1, 1), "a/departement:93", regle)  # type: ignore[arg-type]
        own = comptes(replace(livre, regles=only_a), DECEMBER_31).lignes.mesures
        assert own.points.tolist() == [2 * before, 1.5]


def test_the_same_tours_are_recounted_side_by_side() -> None:
    entries = [ended("bail", 0), ended("refus", 1), ended("refus", 2, "b")]
    livre = book(ten_dwellings(), entries, Regle(Comptage(), ENTIER))
    scenarios = {mode: ((), Regle(Comptage(mode, 0.5, 1.0), ENTIER)) for mode in MODES_DE_COMPTAGE}
    found = recompte(livre, DECEMBER_31, scenarios)
    points = {mode: known.reservataires.mesures.points.tolist() for mode, known in found.items()}
    assert points == {"propositions": [1.0, 0.5], "attributions": [1.0, 0.0], "mixte": [2.0, 0.5]}
    for known in found.values():
        assert known.lignes.du.tolist() == pytest.approx([5.0, 3.0])


def test_wishes_are_told_with_what_they_received() -> None:
    instance = make_instance(
        holders=[Holder("a")],
        promises=[Promise("a", part=50)],
        releases=[Release(typologie="T2", qpv="oui"), *(Release() for _ in range(9))],
        wishes=[
            Wish("a", "typologie", "T2", 40),
            Wish("a", "qpv", "non", 60),
            Wish("a", "epci", "200057875", 10),
        ],
    )
    entries = [ended("bail", 0), ended("refus", 1), ended("", 2)]
    cells = comptes(book(instance, entries, Regle(Comptage("attributions"), ENTIER)), DECEMBER_31).cellules
    rows = {
        sur: (cible, propositions, attributions, pytest.approx(logements))
        for sur, cible, propositions, attributions, logements in zip(
            cells.sur,
            cells.cible.tolist(),
            cells.propositions.tolist(),
            cells.attributions.tolist(),
            cells.logements.tolist(),
            strict=True,
        )
    }
    assert rows == {
        "contractuel": (5.0, 3, 1, 1 / 0.8 + 1),
        "typologie": (2.0, 1, 1, 1 / 0.8),
        "qpv": (3.0, 2, 0, 1.0),
        "epci": (0.5, 3, 1, 1 / 0.8 + 1),
    }


def test_shares_of_outcomes_are_learned_from_tours_old_enough_and_shrunk() -> None:
    entries = [ended("bail", 0), ended("bail", 1), ended("refus", 2), ended("")]
    tours = tours_of([*entries, Tour(3, "", date(2025, 2, 1), "refus", date(2025, 3, 1))], ten_dwellings())
    assumed = Hypotheses((0.5, 0.5, *(0.0,) * 6), 2.0, 90.0)
    early = learn(tours, np.datetime64("2025-05-01"), assumed)
    assert early.tolist() == [0.5, 0.5, 0, 0, 0, 0, 0, 0]
    late = learn(tours, np.datetime64("2025-05-02"), assumed)
    assert late.tolist() == [3 / 5, 1 / 5, 0, 0, 0, 1 / 5, 0, 0]


@given(seeds)
@on_random_cases
def test_a_year_adds_up_from_its_parts_and_years_add_up(rng: random.Random) -> None:
    livre, _ = random_book(rng)
    plain = replace(livre, ouverture=None)
    whole = comptes(plain, DECEMBER_31).reservataires.mesures
    earlier = replace(plain.exercice.instance, debut=date(2024, 1, 1), fin=date(2024, 12, 31))
    before = replace(
        plain,
        frame=frame(earlier, MODEL),
        exercice=replace(plain.exercice, instance=earlier),
    )
    both = replace(before.frame.instance, fin=date(2025, 12, 31))
    joined = replace(before, frame=frame(both, MODEL), exercice=replace(plain.exercice, instance=both))
    first = comptes(before, np.datetime64("2024-12-31")).reservataires.mesures
    all_of_it = comptes(joined, DECEMBER_31).reservataires.mesures
    for name in ("propositions", "attributions", "compensations", "points_propositions", "rendus"):
        sums = getattr(first, name) + getattr(whole, name)
        assert sums == pytest.approx(getattr(all_of_it, name)), name
    assert whole.en_cours == pytest.approx(all_of_it.en_cours)


@given(seeds)
@on_random_cases
def test_no_account_stands_for_less_than_nothing_and_a_lease_for_less_than_a_dwelling(
    rng: random.Random,
) -> None:
    livre, _ = random_book(rng)
    fresh = replace(livre, ouverture=None)
    in_year = fresh.tours.oriente >= np.datetime64(DEBUT)
    tours = replace(
        fresh.tours, reservataire=np.where(in_year, fresh.tours.reservataire, BAILLEUR).astype(np.int32)
    )
    own = comptes(replace(fresh, tours=tours), np.datetime64(random_day(rng))).reservataires.mesures
    for field in fields(Mesures):
        assert (getattr(own, field.name) >= -1e-9).all(), field.name
    assert (own.logements >= own.attributions + own.en_cours - 1e-9).all()


def replayed(instance: Instance, result: Replay) -> list[Tour]:
    """Return the turns of a replay as tours, in the order in which they ended."""
    turns, flux = result.turns, instance.liberations.en_flux
    order = sorted(range(len(turns)), key=lambda entry: turns.row[entry])
    names = instance.reservataires.id
    return [
        Tour(
            int(flux[turns.row[entry]]),
            names[turns.reservataire[entry]] if turns.reservataire[entry] != BAILLEUR else "",
            turns.date[entry].astype(date),
            vocabulary.ISSUES[turns.issue[entry]] if turns.issue[entry] != UNDER_WAY else "",
            None if np.isnat(turns.until[entry]) else turns.until[entry].astype(date),
        )
        for entry in order
    ]


@pytest.mark.parametrize("cumul", [False, True])
@given(rng=seeds, mode=st.sampled_from(MODES_DE_COMPTAGE))
@on_random_cases
def test_a_rule_is_told_what_a_replay_tells_it(rng: random.Random, mode: str, cumul: bool) -> None:
    """With effects that all count whole, and the drawn rates for certain, these are the books of a replay."""
    instance, rates = busier(rng, random_tiny_instance(rng)), random_aleas(rng)
    comptage = Comptage(mode, 0.5, 2.0, cumul)
    result = replay(instance, replace(MODEL, comptage=comptage), pratique, aleas=rates)
    failures = dict(zip(vocabulary.ECHECS, rates.taux, strict=True))
    livre = book(
        instance, replayed(instance, result), Regle(comptage, ENTIER), certain(rates.bail, **failures)
    )
    fin = np.datetime64(instance.fin, "D")
    rows = np.bincount(instance.conventions.reservataire, minlength=len(instance.reservataires))
    own = comptes(livre, fin).reservataires.mesures.logements
    # a replay has one account a réservataire for cumul, the ledger one a promise
    same = np.flatnonzero((rows == 1) | (not cumul))
    assert own[same].tolist() == pytest.approx(result.counted[same].tolist())
    moves = pilotage(livre, fin, by_day(instance.liberations))
    sums = np.bincount(moves.mouvements.reservataire, moves.mouvements.amount, len(instance.reservataires))
    assert sums.tolist() == pytest.approx(own.tolist())
    assert moves.instance.conventions.report.tolist() == instance.conventions.report.tolist()
