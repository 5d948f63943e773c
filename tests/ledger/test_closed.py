"""What may still be said of a year once it is closed, by the database and by a batch on its way alike."""

from collections.abc import Iterator
from datetime import date

import pytest

from allocator.formats import BadInput
from allocator.ledger.daily.saisie import correction
from allocator.ledger.events.event import Entree
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal, open_journal
from tests.ledger.daily_desk import opened, small
from tests.ledger.lives import OFFICER, OUVERTURE, entry, liberation, orientation

FIN = "2025-12-31"
CLOTURE = entry("cloture", "", FIN, annee=2025)
CONVENTION = {"reservataire": "als", "territoire": "departement:93"}


@pytest.fixture
def journal(sqlite_file: str) -> Iterator[Journal]:
    """Yield a journal whose year is closed, L1 being with als since December (event 3)."""
    lives = [OUVERTURE, liberation(effet="2025-12-01"), orientation("als", effet="2025-12-02"), CLOTURE]
    with open_journal(sqlite_file, "oph", create=True) as opened_:
        opened_.append(lives)
        yield opened_
        assert opened_.verify()


def refusal(journal: Journal, *entrees: Entree) -> str:
    head = journal.tete
    with pytest.raises(EntriesRefused) as refused:
        journal.append(entrees)
    assert journal.tete == head
    return str(refused.value)


def corrected(**said: object) -> Entree:
    return Entree("correction", "L1", str(said.pop("le", "2026-01-20")), OFFICER, said)


LATE = [
    liberation("L2", FIN),
    liberation("L2", "2026-01-02", date=FIN),
    entry("decline", effet=FIN),
    entry("convention", "als/departement:93", FIN, **CONVENTION),
    entry("regle", "", "2025-01-01"),
    entry("solde_ouverture", "als/departement:93", "2025-07-01", **CONVENTION),
    OUVERTURE,
]


@pytest.mark.parametrize("late", LATE, ids=lambda entree: entree.nature)
def test_nothing_more_takes_effect_in_a_closed_year(journal: Journal, late: Entree) -> None:
    assert f"l'année est close jusqu'au {FIN}" in refusal(journal, late)


def test_the_next_year_goes_on_with_what_was_pending(journal: Journal) -> None:
    assert journal.append([entry("decline", effet="2026-01-01")])


def test_a_batch_that_closes_a_year_is_held_to_it(sqlite_file: str) -> None:
    with open_journal(sqlite_file, "oph", create=True) as fresh:
        fresh.append([OUVERTURE, liberation()])
        assert "close jusqu'au" in refusal(fresh, CLOTURE, orientation("als", effet=FIN))
        assert fresh.append([orientation("als", effet=FIN), CLOTURE])


def test_what_moves_no_account_is_recorded_all_the_same(journal: Journal) -> None:
    done = journal.append(
        [CLOTURE, entry("rapprochement", "", FIN), entry("purge", "", FIN, menage="a" * 64, motif="x")]
    )
    assert [event.nature for event in done] == ["cloture", "rapprochement", "purge"]


def test_balances_brought_from_elsewhere_close_nothing(sqlite_file: str) -> None:
    # the small instance has reports and rights of 2024; what was pending then may be told
    with opened(sqlite_file, small()) as journal:
        assert "cloture" in {event.nature for event in journal.events()}
        assert journal.append([liberation("L1", "2024-12-20")])


@pytest.mark.parametrize(
    "said",
    [
        {"de": 3, "annule": True},
        {"de": 3, "contenu": {"reservataire": "etat", "tour": 1}, "motif": "erreur"},
        {"de": 3, "effet": "2026-01-02", "apres_cloture": True},
        {"de": 3, "annule": True, "le": "2025-12-02", "motif": "erreur"},
    ],
)
def test_a_correction_that_touches_it_says_so_and_why(journal: Journal, said: dict[str, object]) -> None:
    assert "(apres_cloture)" in refusal(journal, corrected(**said))
    assert journal.append([corrected(**{**said, "motif": "erreur", "apres_cloture": True})])


def test_nothing_is_moved_into_it_unsaid(journal: Journal) -> None:
    (event,) = journal.append([entry("decline", effet="2026-01-10")])
    assert "close jusqu'au" in refusal(journal, corrected(de=event.rang, effet="2025-12-30"))
    journal.append([corrected(de=event.rang, effet="2026-01-09")])
    journal.append([corrected(de=event.rang, effet="2025-12-30", motif="daté", apres_cloture=True)])
    # moved into it, it is of that year: the way out is said too
    assert "close jusqu'au" in refusal(journal, corrected(de=event.rang, effet="2026-01-08"))


def test_a_dwelling_does_not_come_free_in_it_unsaid(journal: Journal) -> None:
    (event,) = journal.append([liberation("L2", "2026-01-05")])
    moved = {"de": event.rang, "contenu": {**event.contenu, "date": FIN}}
    assert "close jusqu'au" in refusal(journal, entry("correction", "L2", "2026-01-20", **moved))
    said = {**moved, "motif": "congé du 31", "apres_cloture": True}
    journal.append([entry("correction", "L2", "2026-01-20", **said)])


def test_to_annul_a_correction_is_to_correct_what_it_corrected(journal: Journal) -> None:
    said = {"motif": "erreur", "apres_cloture": True}
    (first,) = journal.append([corrected(de=3, contenu={"reservataire": "etat", "tour": 1}, **said)])
    assert "close jusqu'au" in refusal(journal, corrected(de=first.rang, annule=True))
    journal.append([corrected(de=first.rang, annule=True, **said)])
    assert journal.registre().tours.reservataire.tolist() == [1]


def test_an_annulled_closing_opens_the_year_again(journal: Journal) -> None:
    annuls = entry("correction", "", "2026-01-20", de=4, annule=True)
    assert "(apres_cloture)" in refusal(journal, annuls)
    said = {**annuls.contenu, "motif": "bail oublié", "apres_cloture": True}
    journal.append([entry("correction", "", "2026-01-20", **said), entry("decline", effet=FIN)])
    journal.append([liberation("L2", FIN), CLOTURE])
    assert "close jusqu'au" in refusal(journal, liberation("L3", FIN))


def test_a_closing_is_of_the_whole_journal(sqlite_file: str) -> None:
    with open_journal(sqlite_file, "oph", create=True) as fresh:
        fresh.append([OUVERTURE])
        assert "elle clôt tout le journal" in refusal(fresh, entry("cloture", "als", FIN, annee=2025))


def test_a_correction_by_hand_says_it_only_where_asked(journal: Journal) -> None:
    for marked in (False, True):
        entree, _ = correction(journal, 3, None, None, OFFICER, "erreur", apres_cloture=marked)
        if marked:
            journal.append([entree])
        else:
            assert "close jusqu'au" in refusal(journal, entree)
    assert journal.registre().tours.reservataire.tolist() == []
    with pytest.raises(BadInput):
        correction(journal, 99, None, date(2026, 1, 1), OFFICER, None, apres_cloture=True)
