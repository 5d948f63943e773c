"""``allocator deadlines`` on a played year: letters written, lapses recorded, and nothing twice."""

import csv
import shutil
from pathlib import Path

import pytest

from allocator.formats.ledger_schema import HORLOGES
from tests.ledger.daily_desk import announced, opened, oriented, said, small
from tests.ledger.played import events, play, refuse_events, run, told

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


def test_a_lapse_that_cannot_be_recorded_is_told_to_nobody(base: Path, tmp_path: Path) -> None:
    out, before = tmp_path / "courriers", events(base)
    refuse_events(base)
    done = run("deadlines", "--base", base, "--date", DAY, "--out", out, "--enregistrer")
    assert done.exit_code != 0
    assert "écrits" not in done.stderr
    assert list(out.iterdir()) == []
    assert events(base) == before


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """Return a journal in which A has candidates, B was declined and sent anew, and C runs on, all since a day."""
    base = tmp_path / "trois.db"
    more = [
        each
        for name in "ABC"
        for each in (
            announced(name, "2025-03-01"),
            oriented(name, "2025-03-01", "als"),
            said("envoi", name, "2025-03-01", delai=10),
        )
    ]
    more += [
        said("candidats", "A", "2025-03-20", nombre=2),
        said("decline", "B", "2025-03-20"),
        oriented("B", "2025-03-21", "etat", tour=2),
        said("envoi", "B", "2025-03-21", delai=10),
    ]
    opened(str(base), small(), more).close()
    return base


@pytest.mark.parametrize(
    ("day", "clocks"),
    [
        ("2025-03-14", [("A", 1), ("B", 1), ("C", 1)]),
        ("2025-03-20", [("C", 1)]),
        ("2025-03-31", [("C", 1), ("B", 2)]),
    ],
)
def test_a_day_that_is_past_is_seen_as_it_ended(
    stopped: Path, day: str, clocks: list[tuple[str, int]]
) -> None:
    asked = ("--base", stopped, "--date", day, "--json")
    shown = told(run("deadlines", *asked))["horloges"]
    assert [(row["liberation"], row["tour"]) for row in shown] == clocks
    assert told(run("accounts", *asked))["horloges"] == shown


def test_what_was_stopped_since_is_not_recorded_as_over(stopped: Path) -> None:
    asked = ("deadlines", "--base", stopped, "--date", "2025-03-14", "--enregistrer", "--auteur", "A. Martin")
    assert "1 délai(s) échu(s) enregistré(s)." in run(*asked).stderr
    last = events(stopped)[-1]
    assert (last["nature"], last["objet"], last["effet"]) == ("echeance", "C", "2025-03-12")
    assert "0 délai(s) échu(s) enregistré(s)." in run(*asked).stderr
