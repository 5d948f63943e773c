"""References of households: found by their token, forgotten for good, and never in the journal."""

from datetime import date
from pathlib import Path

import pytest

from allocator.ledger.events.menages import Menage, new_menage
from allocator.ledger.events.recording import EntriesRefused
from allocator.ledger.store.journal import Journal, open_journal
from tests.ledger.lives import BAILLEUR, OFFICER, OUVERTURE, entry, liberation

REFERENCE = "NUR 0930012345678"
PURGE = "relogement achevé", date(2025, 12, 1), OFFICER


def relogement(journal: Journal) -> Menage:
    """Record a dwelling kept for a household, and return that one."""
    menage = new_menage(REFERENCE)
    kept = entry("statut", "L1", statut="hors_assiette", categorie="mutation", menage=menage.jeton)
    journal.append([OUVERTURE, liberation("L1"), kept], menages=[menage])
    return menage


def test_a_household_is_found_by_its_token_until_it_is_purged(database: str) -> None:
    with open_journal(database, BAILLEUR, create=True) as journal:
        jeton = relogement(journal).jeton
        assert journal.household(jeton) == REFERENCE
        purge = journal.purge(jeton, *PURGE)
        assert journal.household(jeton) is None
        assert (purge.nature, purge.contenu["menage"]) == ("purge", jeton)
        assert journal.verify()
        assert list(journal.registre().suivi.menage) == [jeton]


def test_no_event_has_the_reference_and_each_token_is_another_one(database: str) -> None:
    with open_journal(database, BAILLEUR, create=True) as journal:
        relogement(journal)
        assert not any(REFERENCE in line for line in journal.export_lines())
    assert new_menage(REFERENCE).jeton != new_menage(REFERENCE).jeton


def test_a_purge_leaves_no_byte_of_the_reference_in_the_file(tmp_path: Path) -> None:
    with open_journal(str(tmp_path / "journal.db"), BAILLEUR, create=True) as journal:
        jeton = relogement(journal).jeton
        assert any(REFERENCE.encode() in path.read_bytes() for path in tmp_path.iterdir())
        journal.purge(jeton, *PURGE)
        assert not any(REFERENCE.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_what_nobody_knows_is_not_purged(database: str) -> None:
    with open_journal(database, BAILLEUR, create=True) as journal:
        jeton = relogement(journal).jeton
        journal.purge(jeton, *PURGE)
        before = journal.tete
        with pytest.raises(EntriesRefused, match="référence de ménage inconnue, ou déjà effacée"):
            journal.purge(jeton, *PURGE)
        assert journal.tete == before


def test_a_bailleur_does_not_see_the_households_of_another(database: str) -> None:
    with (
        open_journal(database, BAILLEUR, create=True) as journal,
        open_journal(database, "autre") as other,
    ):
        assert other.household(relogement(journal).jeton) is None
