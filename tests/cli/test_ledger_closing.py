"""``allocator close-year`` on a played year: what is shown, what is recorded, and when it is refused."""

import csv
import shutil
from math import isnan
from pathlib import Path

import pytest

from allocator.formats.ledger_schema import CLOTURE
from tests.ledger.played import demo, events, play, refuse_events, run, told


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


@pytest.fixture
def base(played: Path, tmp_path: Path) -> Path:
    """Return a journal of its own."""
    return Path(shutil.copy(played, tmp_path / "journal.db"))


def test_a_dry_run_shows_what_would_be_recorded(base: Path, tmp_path: Path) -> None:
    before = events(base)
    found = told(
        run("close-year", "--base", base, "--annee", "2025", "--dry-run", "--out", tmp_path, "--json")
    )
    assert events(base) == before
    assert [(each["nature"], each["effet"]) for each in found["entrees"]] == [
        ("cloture", "2025-12-31"),
        ("ouverture", "2026-01-01"),
    ]
    with (tmp_path / CLOTURE.file).open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [float(row["report"]) for row in written] == [row["report"] for row in found["cloture"]]


def test_the_balances_of_the_end_are_the_reports_of_the_next_year(base: Path) -> None:
    accounts = told(run("accounts", "--base", base, "--date", "2025-12-31", "--json"))["comptes_territoires"]
    end = told(run("close-year", "--base", base, "--annee", "2025", "--json"))
    assert [row["solde"] for row in end["cloture"]] == [row["solde"] for row in accounts]
    assert [event["nature"] for event in events(base)[-2:]] == ["cloture", "ouverture"]
    following = told(run("accounts", "--base", base, "--date", "2026-12-31", "--json"))["comptes_territoires"]
    instance = demo()
    holders = [instance.reservataires.id[holder] for holder in instance.conventions.reservataire]
    promises = zip(holders, instance.conventions.territoire, strict=True)
    volumes = dict(zip(promises, instance.conventions.volume.tolist(), strict=True))
    for row, before in zip(following, end["cloture"], strict=True):
        assert (row["reservataire"], row["territoire"]) == (before["reservataire"], before["territoire"])
        # nothing came free in 2026: what is owed was carried over, or is promised whatever comes
        volume = volumes[row["reservataire"], row["territoire"]]
        assert row["du"] == pytest.approx(before["report"] + (0 if isnan(volume) else volume), abs=1e-5)
    assert run("journal", "verify", "--base", base).exit_code == 0


def test_a_year_is_not_closed_twice_unless_asked_for(base: Path) -> None:
    assert run("close-year", "--base", base, "--annee", "2025").exit_code == 0
    before = events(base)
    refused = run("close-year", "--base", base, "--annee", "2025")
    assert refused.exit_code == 2
    assert "l'année 2025 est close" in refused.stderr
    assert events(base) == before
    assert run("close-year", "--base", base, "--annee", "2025", "--refaire").exit_code == 0
    assert [event["nature"] for event in events(base)[len(before) :]] == ["cloture"]


def test_a_closing_that_cannot_be_recorded_is_not_written(base: Path, tmp_path: Path) -> None:
    out, before = tmp_path / "cloture", events(base)
    refuse_events(base)
    done = run("close-year", "--base", base, "--annee", "2025", "--out", out)
    assert done.exit_code != 0
    assert list(out.iterdir()) == []
    assert events(base) == before


def test_bad_input_records_nothing(base: Path, tmp_path: Path) -> None:
    before = events(base)
    prevu = tmp_path / "prevu.csv"
    prevu.write_text("commune,prevu\n00000,1\n", encoding="utf-8")
    for arguments in (["--annee", "2019"], ["--annee", "2025", "--hors-assiette", str(prevu)]):
        done = run("close-year", "--base", base, *arguments)
        assert done.exit_code == 2, done.output
    assert "prevu.csv:2: commune: « 00000 » absent de l'ouverture du journal" in done.stderr
    assert events(base) == before
