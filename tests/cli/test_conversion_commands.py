"""``convert``, ``rights`` and ``named-years`` as their users chain them: files in, files out, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stock.dossier_files import VALID, write_files

ALLOCATOR = [sys.executable, "-c", "from allocator.cli import main; main()"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ALLOCATOR, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("dossier"), VALID)


def test_a_conversion_opens_the_ledger_that_bounds_the_next_year(dossier: Path, tmp_path: Path) -> None:
    out = tmp_path / "conversion"
    ended = run("convert", dossier, "--rates", "parc", "--rates", "20", "--out", out, "--image", "--json")
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told == json.loads((out / "conversion.json").read_text("utf-8"))
    assert told["choix"] == ["parc", "20 %"]
    assert (out / "conversion.svg").read_text("utf-8").startswith("<svg")
    kept = tmp_path / "droits"
    ledger = run("rights", out / "mouvements.csv", "--conventions", out / "conventions.csv", "--out", kept)
    assert ledger.returncode == 0, ledger.stderr
    assert (kept / "conventions.csv").read_text("utf-8") == (out / "conventions.csv").read_text("utf-8")


def test_the_same_input_gives_the_same_bytes(dossier: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("convert", dossier, "--rates", "5", "--out", tmp_path / name).returncode == 0
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        (("loyers",), "« loyers » inconnu"),
        (("5", "5.0"), ""),
        (("5", "5"), "même nom"),
        (("absent.csv",), "absent.csv"),
    ],
)
def test_rates_that_are_none_are_refused_and_nothing_is_written(
    dossier: Path, tmp_path: Path, rates: tuple[str, ...], words: str
) -> None:
    asked = [part for rate in rates for part in ("--rates", rate)]
    ended = run("convert", dossier, *asked, "--out", tmp_path / "out")
    assert ended.returncode == (2 if words else 0)
    assert words in ended.stderr
    assert (tmp_path / "out").exists() is not bool(words)


def test_bad_settings_are_told_with_their_lines(dossier: Path, tmp_path: Path) -> None:
    path = tmp_path / "reglages.toml"
    path.write_text(
        "[conversion]\netat = 31\ndenominateur = 'tout'\npas_taux = 1\n[petits]\nordre = ['rien']\n"
    )
    ended = run("convert", dossier, "--rates", "5", "--settings", path)
    assert ended.returncode == 2
    for words in ("reglages.toml:2: conversion.etat: 31", "reglages.toml:3", "reglages.toml:4"):
        assert words in ended.stderr


def test_years_are_named_from_what_a_conversion_writes(dossier: Path, tmp_path: Path) -> None:
    out = tmp_path / "conversion"
    assert run("convert", dossier, "--rates", "30", "--out", out).returncode == 0
    path = tmp_path / "reglages.toml"
    path.write_text("[petits]\nseuil = 2\n")
    years = tmp_path / "annees"
    ended = run(
        "named-years", out / "dus_annuels.csv", "--premiere", "2026", "--annees", "6", "--settings", path,
        "--out", years, "--image", "--json",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["status"] == "optimal"
    assert (
        (years / "annees_nommees.csv").read_text("utf-8").startswith("reservataire,annee,territoire,volume\n")
    )
    again = run(
        "named-years", out / "dus_annuels.csv", "--premiere", "2026", "--annees", "6", "--settings", path,
        "--fixees", years / "annees_nommees.csv", "--json",
    )  # fmt: skip
    assert json.loads(again.stdout)["annees_nommees"] == told["annees_nommees"]
