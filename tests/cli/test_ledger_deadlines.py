"""``allocator deadlines`` on a played year: letters written, lapses recorded, and nothing twice."""

import csv
import shutil
from pathlib import Path

import pytest

from allocator.formats.ledger_schema import HORLOGES
from tests.ledger.played import events, play, run, told

DAY = "2025-12-20"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


@pytest.fixture
def base(played: Path, tmp_path: Path) -> Path:
    """Return a journal of its own."""
    return Path(shutil.copy(played, tmp_path / "journal.db"))


def test_a_letter_for_each_actor_of_a_clock_that_lapses(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "courriers"
    found = told(run("deadlines", "--base", base, "--date", DAY, "--jours", "10", "--out", out, "--json"))
    assert all(row["reste"] <= 10 for row in found["horloges"])
    assert {each["acteur"] for each in found["courriers"]} == {row["acteur"] for row in found["horloges"]}
    files = {each["fichier"]: each["acteur"] for each in found["courriers"]}
    assert {path.name for path in out.iterdir()} == {*files, HORLOGES.file}
    for name, acteur in files.items():
        letter = (out / name).read_text(encoding="utf-8")
        for row in found["horloges"]:
            assert (f"- {row['liberation']} (" in letter) == (row["acteur"] == acteur)
    with (out / HORLOGES.file).open(encoding="utf-8", newline="") as file:
        assert [row["liberation"] for row in csv.DictReader(file)] == [
            row["liberation"] for row in found["horloges"]
        ]


def test_a_longer_look_ahead_shows_more(base: Path) -> None:
    shown = [
        len(told(run("deadlines", "--base", base, "--date", DAY, "--jours", jours, "--json"))["horloges"])
        for jours in ("0", "7", "30")
    ]
    assert shown[0] <= shown[1] < shown[2]


def test_what_is_over_is_recorded_once_on_the_day_after(base: Path) -> None:
    shown = told(run("deadlines", "--base", base, "--date", DAY, "--json"))
    assert shown["enregistres"] == []
    over = {row["liberation"]: row["echeance"] for row in shown["horloges"] if row["reste"] < 0}
    before = len(events(base))
    asked = ("deadlines", "--base", base, "--date", DAY, "--enregistrer", "--auteur", "A. Martin", "--json")
    recorded = told(run(*asked))["enregistres"]
    added = events(base)[before:]
    assert [event["rang"] for event in added] == recorded
    assert {event["objet"] for event in added} == over.keys()
    for event in added:
        assert (event["nature"], event["auteur"]) == ("echeance", "A. Martin")
        assert event["effet"] > over[event["objet"]]
    assert told(run(*asked))["enregistres"] == []
    assert run("journal", "verify", "--base", base).exit_code == 0


def test_a_template_with_faults_writes_and_records_nothing(base: Path, tmp_path: Path) -> None:
    template, out = tmp_path / "modele.toml", tmp_path / "courriers"
    template.write_text('format = 1\nobjet = "$objet"\ntexte = "a"\nlogement = "b"\n', encoding="utf-8")
    before = events(base)
    done = run(
        "deadlines", "--base", base, "--date", DAY, "--modele", template, "--out", out, "--enregistrer"
    )
    assert done.exit_code == 2
    assert "modele.toml:2: objet: $objet inconnu" in done.stderr
    assert "echu" in done.stderr
    assert not out.exists()
    assert events(base) == before
