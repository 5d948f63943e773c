"""The journal in a database, SQLite and PostgreSQL: what is kept is what its events add up to, and no more."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from allocator.formats import BadInput
from allocator.ledger.events.event import Tete
from allocator.ledger.events.fold import fold
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.events.transitions import Refused
from allocator.ledger.state.columns import registre_of
from allocator.ledger.state.registre import EN_COURS, PHASE, Registre
from allocator.ledger.store.journal import Journal, Overtaken, list_bailleurs, open_journal
from tests.builders import same
from tests.ledger.lives import OUVERTURE, entry, liberation, orientation, random_journal, sealed

EVER = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def journal(database: str) -> Iterator[Journal]:
    with open_journal(database, "oph", create=True) as opened:
        yield opened


def fill(journal: Journal, seed: int, length: int = 120) -> None:
    """Record a random journal, in batches of random lengths."""
    rng = random.Random(seed)
    entrees = random_journal(rng, length)
    while entrees:
        size = rng.choice([1, 2, 30])
        batch, entrees = entrees[:size], entrees[size:]
        assert len(journal.append(batch)) == len(batch)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_the_events_add_up_to(journal: Journal, seed: int) -> None:
    fill(journal, seed)
    assert journal.verify().anomalies == ()
    whole = journal.registre()
    assert len(whole.liberations) > 3
    assert len(whole.tours) > 3
    assert same(journal.period(*EVER, complements=True), whole)


@pytest.mark.parametrize("seed", range(3))
def test_the_state_at_a_rang_is_that_of_the_events_up_to_it(journal: Journal, seed: int) -> None:
    fill(journal, seed)
    events = list(journal.events())
    for vu in random.Random(seed).sample(range(1, len(events) + 1), 5):
        assert same(journal.registre(vu=vu), registre_of(fold(events[:vu])))


@pytest.mark.parametrize("seed", range(3))
def test_the_state_at_a_day_is_that_of_what_had_taken_effect(journal: Journal, seed: int) -> None:
    """Tours are cut at the day: what came later has not happened, whatever is known since."""
    fill(journal, seed)
    for au in (date(2025, 1, 1), date(2025, 1, 20), date(2025, 3, 1), date(2026, 1, 1)):
        day = np.datetime64(au)
        then, now = journal.registre(au=au), journal.registre()
        begun = now.tours.oriente <= day
        assert np.array_equal(then.tours.oriente, now.tours.oriente[begun])
        ended = now.tours.fin[begun] <= day
        assert np.array_equal(then.tours.issue, np.where(ended, now.tours.issue[begun], EN_COURS))


def test_a_correction_made_later_holds_for_the_days_before_it(journal: Journal) -> None:
    journal.append([OUVERTURE, liberation(effet="2025-03-01"), orientation(effet="2025-03-02")])
    annul = entry("correction", "L1", "2025-06-01", de=3, annule=True)
    journal.append([annul])
    assert len(journal.registre(au=date(2025, 3, 2)).tours) == 0
    assert len(journal.registre(au=date(2025, 3, 2), vu=3).tours) == 1


def test_a_period_has_the_dwellings_released_in_it_with_all_their_tours(journal: Journal) -> None:
    fill(journal, 5)
    debut, fin = date(2025, 3, 1), date(2025, 8, 31)
    whole, part = journal.registre(), journal.period(debut, fin)
    days = whole.liberations.date
    rows = np.flatnonzero((days >= np.datetime64(debut)) & (days <= np.datetime64(fin)))
    assert 0 < len(rows) < len(days)
    assert part.liberations.id == tuple(whole.liberations.id[row] for row in rows)
    of_them = np.isin(whole.tours.liberation, rows)
    assert np.array_equal(rows[part.tours.liberation], whole.tours.liberation[of_them])
    assert np.array_equal(part.tours.oriente, whole.tours.oriente[of_them])


def test_what_waits_is_what_stands_in_those_phases(journal: Journal) -> None:
    fill(journal, 7)
    whole = journal.registre()
    expected = [whole.liberations.id[row] for row in whole.suivi.a_orienter]
    assert expected
    assert list(journal.waiting().liberations.id) == expected
    assert {PHASE[phase] for phase in journal.waiting(["loue"]).suivi.phase} <= {"loue"}


def test_a_batch_is_recorded_whole_or_not_at_all(journal: Journal) -> None:
    journal.append([OUVERTURE])
    before = journal.tete
    with pytest.raises(EntriesRefused) as refused:
        journal.append([liberation("L1"), entry("bail", "L1"), liberation("L2", commune="75056")])
    assert [refus.position for refus in refused.value.refus] == [1, 2]
    assert journal.tete == before
    assert len(journal.period(*EVER).liberations) == 0


def test_who_has_not_read_the_last_events_may_ask_to_be_refused(journal: Journal) -> None:
    journal.append([OUVERTURE, liberation("L1")])
    with pytest.raises(Overtaken, match="en est à l'événement 2, vous l'aviez lu jusqu'au 1"):
        journal.append([liberation("L2")], attendu=1)
    assert journal.append([liberation("L2")], attendu=2)[0].rang == 3


def test_a_check_tells_what_would_be_refused_and_records_nothing(journal: Journal) -> None:
    journal.append([OUVERTURE, liberation("L1")])
    head = journal.tete
    wrong = [orientation("als"), orientation("etat"), liberation("L2"), entry("bail", "L3")]
    told = []
    for take in (journal.check, journal.append):
        with pytest.raises(EntriesRefused) as refused:
            take(wrong)
        told.append([str(refus) for refus in refused.value.refus])
    assert len(told[0]) == 2
    # they differ in the moment that they tell
    assert [text.partition(" à ")[0] for text in told[0]] == [text.partition(" à ")[0] for text in told[1]]
    journal.check(wrong[:1])
    with pytest.raises(Overtaken):
        journal.check(wrong[:1], attendu=1)
    assert journal.tete == head
    assert journal.append(wrong[:1], attendu=head.rang)


def test_events_about_some_objects_come_in_their_order(journal: Journal) -> None:
    fill(journal, 3)
    events = list(journal.events())
    for objets in ((), ("L1",), ("L1", "L3", "", "L1", "none")):
        assert journal.events_about(*objets) == tuple(event for event in events if event.objet in objets)


@pytest.mark.parametrize("name", ["oph", "OPH-93", "3f.est_2"])
def test_a_bailleur_has_a_plain_identifier(sqlite_file: str, name: str) -> None:
    with open_journal(sqlite_file, name, create=True) as journal:
        journal.append([OUVERTURE])
    assert [known for known, _ in list_bailleurs(sqlite_file)] == [name]


@pytest.mark.parametrize("name", ["", " ", "a b", "été", "../oph", ".oph", "-oph", "a/b", "a\n", "x" * 65])
def test_no_journal_is_begun_under_any_other(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"--bailleur: .* étaient attendus"):
        open_journal(str(tmp_path / "journal.db"), name, create=True)
    assert not list(tmp_path.iterdir())


def test_bailleurs_in_one_database_never_see_each_other(database: str) -> None:
    with (
        open_journal(database, "a", create=True) as a,
        open_journal(database, "b") as b,
    ):
        a.append([OUVERTURE, liberation("L1"), orientation("als")])
        assert b.tete == Tete()
        b.append([OUVERTURE, liberation("L1"), liberation("L2")])
        a.append([entry("correction", "L1", de=3, annule=True)])
        assert a.registre().liberations.id == ("L1",)
        assert [event.bailleur for event in a.events_about("L1")] == ["a"] * 3
        assert b.registre().liberations.id == ("L1", "L2")
        assert a.verify()
        assert b.verify()
    assert list_bailleurs(database) == (("a", OUVERTURE.contenu["nom"]), ("b", OUVERTURE.contenu["nom"]))


def test_the_moment_of_recording_is_told_by_the_clock_in_utc(database: str) -> None:
    now = datetime(2025, 3, 14, 9, 32, tzinfo=UTC)
    with open_journal(database, "oph", create=True, horloge=lambda: now) as journal:
        (event,) = journal.append([OUVERTURE])
    assert event.inscrit == "2025-03-14T09:32:00.000000Z"


def test_later_openings_add_to_earlier_ones_and_rename(journal: Journal) -> None:
    places = [{"commune": "95018", "nom": "Argenteuil", "epci": "200058485", "departement": "95"}]
    holders = [{"id": "als", "nom": "Action Logement Services", "famille": "action_logement"}]
    journal.append([OUVERTURE])
    journal.append([entry("ouverture", "", nom="OPH", territoires=places, reservataires=holders)])
    state = journal.registre()
    assert state.nom == "OPH"
    assert state.territoires.commune == ("93048", "93066", "94028", "95018")
    assert state.reservataires.nom == ("etat", "Action Logement Services", "93048")
    assert journal.verify()


def test_no_state_is_made_of_events_that_cannot_follow() -> None:
    with pytest.raises(Refused, match="événement 2"):
        fold(sealed([OUVERTURE, orientation()]))


def test_an_empty_journal_has_a_state(journal: Journal) -> None:
    state: Registre = journal.registre()
    assert same(journal.period(*EVER, complements=True), state)
    assert (len(state.liberations), len(state.tours), state.actes) == (0, 0, ())
