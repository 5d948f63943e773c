"""What partners agree is told in a file: clauses beside those that stand, and never beyond the law."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.formats import BadInput
from allocator.ledger.conventions.version import Version
from allocator.ledger.daily.clauses import convention, read_clauses, regle
from allocator.ledger.daily.releve import read_releve
from allocator.ledger.store.journal import Journal
from tests.ledger.daily_desk import OFFICER, opened, said, small
from tests.ledger.played import run, told

ALS = "als/departement:93"
DEBUT, JULY = date(2025, 1, 1), date(2025, 7, 1)


@pytest.fixture
def journal(sqlite_file: str) -> Iterator[Journal]:
    with opened(sqlite_file, small()) as journal:
        yield journal


def agree(journal: Journal, jour: date = JULY, objet: str = ALS, **clauses: Any) -> bool:
    """Record a version; tell whether it waits for a signature."""
    found = convention(journal, objet, clauses, jour, OFFICER)
    journal.append([found.entree], attendu=found.vu)
    return found.a_signer


def version(journal: Journal, day: date, objet: str = ALS) -> Version:
    releve = read_releve(journal, day)
    holder = releve.registre.reservataires.id.index(objet.partition("/")[0])
    found = releve.version(holder, 0)
    assert found is not None
    return found


def test_clauses_are_added_to_those_that_stand(journal: Journal) -> None:
    assert not agree(journal, delai=20)
    agree(journal, date(2025, 9, 1), gestion="deleguee", delegataire="ville")
    early, later, last = (version(journal, date(2025, month, 15)) for month in (6, 8, 10))
    assert (early.delai, later.delai, last.delai) == (None, 20, 20)
    assert (later.acteur, last.acteur) == ("als", "ville")
    assert early.lignes == later.lignes == last.lignes


def test_an_amendment_to_what_was_signed_waits_for_its_signature(journal: Journal) -> None:
    journal.append([said("signature", ALS, "2025-02-01")])
    assert agree(journal, delai=20)
    assert version(journal, date(2025, 12, 1)).delai is None
    journal.append([said("signature", ALS, "2025-07-02")])
    assert version(journal, date(2025, 12, 1)).delai == 20


def test_a_convention_without_signature_by_its_date_can_be_told(journal: Journal) -> None:
    agree(journal, DEBUT, limite="2025-03-31")
    assert version(journal, date(2025, 4, 1)).forfeited(date(2025, 4, 1))


@pytest.mark.parametrize(
    ("objet", "clauses", "words"),
    [
        (ALS, {"delai": 0.5, "duree": 3}, "duree"),
        (ALS, {"gestion": "deleguee"}, "delegataire vont ensemble"),
        ("als/departement:94", {"lignes": [{"territoire": "departement:94", "part": 1}]}, "departement:94"),
        ("nobody/departement:93", {"lignes": [{"territoire": "departement:93", "part": 1}]}, "« nobody »"),
        ("etat/departement:93", {"lignes": [{"territoire": "departement:93", "part": 31}]}, "31 % du flux"),
        (ALS, {"lignes": [{"territoire": "departement:93", "part": 71}]}, "100 % au plus"),
    ],
)
def test_what_cannot_be_or_breaks_the_law_is_refused(
    journal: Journal, objet: str, clauses: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput) as refused:
        convention(journal, objet, clauses, JULY, OFFICER)
    assert words in refused.value.render()


def test_a_derogation_lifts_the_thirty_percent(journal: Journal) -> None:
    lifted = {"debut": "2025-07-01", "fin": "2026-06-30", "reference": "arrêté 2025-12"}
    lignes = [{"territoire": "departement:93", "part": 40}]
    agree(journal, objet="etat/departement:93", lignes=lignes, derogation=lifted)
    assert version(journal, JULY, "etat/departement:93").lignes[0].part == 40


def test_a_breach_that_was_there_before_does_not_bar_other_clauses(journal: Journal) -> None:
    lignes = [{"territoire": "departement:93", "part": 35}]
    contenu = {"reservataire": "etat", "territoire": "departement:93", "lignes": lignes}
    journal.append([said("convention", "etat/departement:93", DEBUT, **contenu)])
    agree(journal, delai=20)
    assert version(journal, JULY).delai == 20


def test_the_commands_record_them(tmp_path: Path, sqlite_file: str) -> None:
    opened(sqlite_file, small()).close()
    clauses, comptage = tmp_path / "avenant.toml", tmp_path / "mixte.toml"
    clauses.write_text(
        'delai = 20\nlimite = 2025-08-01\n[regle.comptage]\nmode = "mixte"\n', encoding="utf-8"
    )
    comptage.write_text('format = 1\n[comptage]\nmode = "attributions"\n', encoding="utf-8")
    assert read_clauses(clauses)["limite"] == "2025-08-01"
    common = ("--base", sqlite_file, "--date", "2025-07-01", "--json")
    (event,) = told(run("record", "convention", ALS, clauses, *common))["evenements"]
    assert (event["nature"], event["effet"], event["contenu"]["delai"]) == ("convention", "2025-07-01", 20)
    (event,) = told(run("record", "regle", comptage, *common))["evenements"]
    assert (event["objet"], event["contenu"]["comptage"]["mode"]) == ("", "attributions")
    (event,) = told(run("record", "regle", comptage, "--convention", ALS, *common))["evenements"]
    assert event["objet"] == ALS
    refused = run("record", "regle", comptage, "--convention", "als/x", *common)
    assert (refused.exit_code, "aucune convention « als/x »" in refused.stderr) == (2, True)
    wrong = tmp_path / "faux.toml"
    wrong.write_text("delai = ", encoding="utf-8")
    assert run("record", "convention", ALS, wrong, *common).exit_code == 2


def test_a_rule_of_all_or_of_one(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "mixte.toml"
    path.write_text('format = 1\n[comptage]\nmode = "mixte"\n', encoding="utf-8")
    journal.append([regle(journal, "", path, JULY, OFFICER)])
    regles = read_releve(journal, date(2025, 12, 1)).livre.regles
    assert {(each.effet, each.regle.comptage.mode) for each in regles} >= {(JULY, "mixte")}
