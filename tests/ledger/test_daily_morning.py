"""A morning from the journal: what waits, what counts, whom it may go to; and the same again, whenever asked."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.domain import Instance
from allocator.formats import read_instance
from allocator.ledger.daily.avis import preorientations, unrecorded
from allocator.ledger.daily.matinee import Matinee, matinee, propose
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.daily.releve import past_releve, read_releve
from allocator.ledger.events.event import Entree
from allocator.ledger.store.journal import Journal
from allocator.policies.pratique import pratique
from allocator.policies.proposing.morning import NOTHING, WAITING, morning
from allocator.policies.situation import Mouvements, frame
from tests.ledger.daily_desk import (
    MODELE,
    OFFICER,
    announced,
    announcements,
    opened,
    oriented,
    said,
    small,
    until,
)
from tests.pages import ROOT

DAY = date(2025, 3, 14)
RULE = "pratique"


def asked(journal: Journal, day: date = DAY) -> Matinee:
    return matinee(read_releve(journal, day), RULE)


def given(moves: Mouvements, names: tuple[str, ...]) -> dict[tuple[str, int], float]:
    found: dict[tuple[str, int], float] = {}
    for row, holder, amount in zip(
        moves.row.tolist(), moves.reservataire.tolist(), moves.amount.tolist(), strict=True
    ):
        key = (names[row], holder)
        found[key] = found.get(key, 0.0) + amount
    return {key: amount for key, amount in found.items() if amount}


def decided_until(
    instance: Instance, day: np.datetime64, rng: np.random.Generator
) -> tuple[list[Entree], Any]:
    """Decide, at random among those who may, what came free before a day; as entries and as a rule reads it."""
    known = frame(instance, model_of({"modele": MODELE}))
    table = instance.liberations
    decided = np.full(len(table), WAITING, dtype=np.int32)
    entrees = []
    for row in table.en_flux[table.date[table.en_flux] < day].tolist():
        may = [-1, *np.flatnonzero(known.eligible[table.commune[row]]).tolist()]
        decided[row] = may[rng.integers(len(may))]
        holder = None if decided[row] < 0 else instance.reservataires.id[decided[row]]
        entrees.append(oriented(table.id[row], str(table.date[row]), holder))
    return entrees, decided


@pytest.fixture(scope="module")
def demo() -> Instance:
    return read_instance(ROOT / "instances" / "demo")


@pytest.mark.parametrize("day", ["2025-01-01", "2025-03-14", "2025-06-30", "2025-12-30"])
def test_a_morning_is_that_of_orient_on_the_same_decisions(
    sqlite_file: str, demo: Instance, day: str
) -> None:
    now = np.datetime64(day)
    entrees, decided = decided_until(demo, now, np.random.default_rng(1))
    expected = morning(demo, now, decided, NOTHING).situation
    with opened(sqlite_file, demo, [*announcements(demo, until(demo, now)), *entrees]) as journal:
        found = asked(journal, date.fromisoformat(day))
    seen = found.situation
    for one, other in ((seen.past, expected.past), (seen.today, expected.today)):
        assert one.id == other.id
        for name in ("date", "commune", "typologie", "financement", "qpv", "statut"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert seen.again.tolist() == expected.again.tolist() and seen.barred is None
    assert given(seen.mouvements, seen.past.id) == pytest.approx(given(expected.mouvements, expected.past.id))
    whole = frame(demo, found.releve.model)
    assert pratique(found.frame)(seen).tolist() == pratique(whole)(expected).tolist()


def test_what_does_not_belong_to_the_flux_or_is_withdrawn_waits_for_nobody(sqlite_file: str) -> None:
    more = [
        announced("flux", "2025-03-01"),
        announced("works", "2025-03-02"),
        said("retrait", "works", "2025-03-10", motif="travaux"),
        announced("hors", "2025-03-03"),
        said("statut", "hors", "2025-03-03", statut="hors_assiette", categorie="mutation"),
        announced("neuf", "2025-03-04"),
        said("statut", "neuf", "2025-03-04", statut="neuf"),
        announced("later", "2025-03-15"),
    ]
    with opened(sqlite_file, small(), more) as journal:
        found = asked(journal)
    assert (found.situation.today.id, found.situation.past.id) == (("flux",), ("flux",))
    assert found.a_venir == 1


def test_a_dwelling_that_came_back_is_proposed_again_and_to_nobody_who_had_it(sqlite_file: str) -> None:
    more = [
        announced("A", "2025-03-01"),
        announced("B", str(DAY)),
        oriented("A", "2025-03-02", "als"),
        said("envoi", "A", "2025-03-02"),
        said("decline", "A", "2025-03-05"),
    ]
    with opened(sqlite_file, small(), more) as journal:
        found = asked(journal)
    situation = found.situation
    assert situation.today.id == ("A", "B")
    assert situation.again.tolist() == [True, False]
    assert situation.past.id == ("A",)
    assert found.tours == (2, 1)
    assert situation.barred is not None
    assert situation.barred.tolist() == [[False, True, False], [False, False, False]]
    # by default, a proposition declined counts like any other: about one dwelling
    assert given(situation.mouvements, situation.past.id) == pytest.approx({("A", 1): 1.0}, rel=0.1)


def test_what_waits_since_last_year_is_proposed_and_counts_in_its_own_assiette(sqlite_file: str) -> None:
    more = [announced("old", "2024-11-30"), announced("older", "2022-05-01"), announced("new", str(DAY))]
    with opened(sqlite_file, small(), more) as journal:
        found = asked(journal)
    assert found.situation.today.id == ("older", "old", "new")
    assert found.situation.again.tolist() == [True, True, False]
    assert found.situation.past.id == ()


@pytest.fixture
def running(sqlite_file: str) -> Journal:
    more = [announced(name, f"2025-03-{10 + row:02}") for row, name in enumerate("ABCD")]
    return opened(sqlite_file, small(), [*more, oriented("A", "2025-03-10", "etat")])


def record(journal: Journal) -> Matinee:
    found = asked(journal)
    journal.append(unrecorded(journal, found, preorientations(found, propose(found), OFFICER)))
    return found


def test_proposals_are_recorded_with_what_they_rest_on(running: Journal) -> None:
    with running as journal:
        head = journal.tete.rang
        found = record(journal)
        events = tuple(journal.events(head + 1))
    assert [event.objet for event in events] == ["B", "C", "D"]
    for event, proposal in zip(events, propose(found), strict=True):
        holder = proposal.chosen.reservataire
        assert event.effet == str(DAY)
        assert event.contenu == {
            "reservataire": None if holder < 0 else found.frame.instance.reservataires.id[holder],
            "policy": RULE,
            "graine": 0,
            "model_sha256": found.releve.model.sha256,
            "entree_sha256": found.entree_sha256,
            "vu": head,
            "tour": 1,
        }


def test_asking_twice_in_the_same_state_records_once(running: Journal) -> None:
    with running as journal:
        record(journal)
        head = journal.tete
        record(journal)
        assert journal.tete == head


def test_a_decision_changes_the_question_and_is_proposed_anew(running: Journal) -> None:
    with running as journal:
        before = record(journal)
        journal.append([oriented("B", DAY, "als")])
        head = journal.tete.rang
        after = record(journal)
        assert [event.objet for event in journal.events(head + 1)] == ["C", "D"]
    assert after.entree_sha256 != before.entree_sha256


def test_the_morning_of_any_past_day_is_found_again_from_the_events(running: Journal) -> None:
    with running as journal:
        before = record(journal)
        proposals = preorientations(before, propose(before), OFFICER)
        journal.append(
            [
                oriented("B", DAY, "als"),
                said(
                    "correction",
                    "A",
                    DAY,
                    de=7,
                    contenu={**announced("A", "2025-03-10").contenu, "typologie": "T5"},
                ),
                announced("E", "2025-03-11"),
                said("retrait", "C", DAY, motif="vente"),
            ]
        )
        again = matinee(past_releve(journal, DAY, before.releve.vu), RULE)
        assert again.entree_sha256 == before.entree_sha256
        assert preorientations(again, propose(again), OFFICER) == proposals
        assert asked(journal).entree_sha256 != before.entree_sha256
