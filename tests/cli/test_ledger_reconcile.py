"""``allocator reconcile`` on a played year: an extract in the SNE's words, right and then wrong."""

import csv
import json
from pathlib import Path

import pytest

from allocator.formats.ledger_schema import RAPPROCHEMENT
from tests.ledger.played import events, play, run, told

HEADER = ["NUR", "Date de signature du bail", "Code INSEE", "Contingent désignataire", "Type"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("played") / "journal.db"
    play(where)
    return where


@pytest.fixture(scope="module")
def leases(base: Path) -> list[list[str]]:
    """Return the leases of the raw events as the SNE would have them."""
    known: dict[str, dict[str, str]] = {}
    found = []
    for event in events(base):
        name, said = event["objet"], event["contenu"]
        match event["nature"]:
            case "liberation":
                known[name] = {"commune": said["commune"], "type": said["typologie"], "holder": ""}
            case "orientation":
                known[name]["holder"] = said["reservataire"] or ""
            case "bail":
                year, month, day = event["effet"].split("-")
                about = known[name]
                found.append(
                    [
                        f"{7 + event['rang']:018}",
                        f"{day}/{month}/{year}",
                        about["commune"],
                        about["holder"],
                        about["type"],
                    ]
                )
    return found


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="windows-1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows])
    return path


@pytest.fixture
def mapping(leases: list[list[str]], tmp_path: Path) -> Path:
    """Return the mapping that the command proposes for the extract."""
    done = run("reconcile", write(tmp_path / "modele.csv", leases), "--base", "inutile.db", "--proposer")
    assert done.exit_code == 0, done.output
    path = tmp_path / "sne.toml"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def test_an_extract_that_agrees_is_told_so(
    base: Path, leases: list[list[str]], mapping: Path, tmp_path: Path
) -> None:
    extract = write(tmp_path / "sne.csv", leases[::-1])
    found = told(run("reconcile", extract, "--base", base, "--correspondance", mapping, "--json"))
    assert (found["radiations"], found["desaccords"]) == (len(leases), [])
    assert len(leases) > 100


def test_what_disagrees_is_written_and_the_code_is_1(
    base: Path, leases: list[list[str]], mapping: Path, tmp_path: Path
) -> None:
    rows = [row for number, row in enumerate(leases) if number != 3]
    wrong = next(number for number, row in enumerate(rows) if row[3] == "als")
    rows[wrong] = [*rows[wrong][:3], "hop91", rows[wrong][4]]
    rows.append(["999", "01/05/2025", "75101", "als", "T2"])
    out = tmp_path / "out"
    extract = write(tmp_path / "sne.csv", rows)
    period = ("--du", "2025-01-01", "--au", "2025-12-31")
    done = run(
        "reconcile", extract, "--base", base, "--correspondance", mapping, "--out", out, "--json", *period
    )
    assert done.exit_code == 1
    found = json.loads(done.stdout)["desaccords"]
    assert sorted(row["anomalie"] for row in found) == [
        "bail_sans_radiation",
        "contingent",
        "radiation_sans_bail",
    ]
    by_kind = {row["anomalie"]: row for row in found}
    assert (by_kind["contingent"]["journal"], by_kind["contingent"]["sne"]) == ("als", "hop91")
    assert by_kind["contingent"]["ligne"] == wrong + 2
    assert by_kind["radiation_sans_bail"]["radiation"] == "999"
    with (out / RAPPROCHEMENT.file).open(encoding="utf-8", newline="") as file:
        assert [row["anomalie"] for row in csv.DictReader(file)] == [row["anomalie"] for row in found]
    shown = run("reconcile", extract, "--base", base, "--correspondance", mapping, *period)
    assert "1 bail sans radiation, 1 radiation sans bail, 1 contingent désignataire" in shown.stderr


def test_an_extract_with_faults_is_refused_whole(
    base: Path, leases: list[list[str]], mapping: Path, tmp_path: Path
) -> None:
    extract = write(tmp_path / "sne.csv", [*leases[:2], ["1", "31/02/2025", "91045", "Mairie", "grand"]])
    out = tmp_path / "out"
    done = run("reconcile", extract, "--base", base, "--correspondance", mapping, "--out", out)
    assert done.exit_code == 2
    assert "sne.csv:4: Date de signature du bail: « 31/02/2025 » n'est pas une date" in done.stderr
    assert "sne.csv:4: Type: « grand » inconnu" in done.stderr
    assert not out.exists()


def test_the_command_asks_for_a_mapping(base: Path, tmp_path: Path) -> None:
    extract = write(tmp_path / "sne.csv", [])
    assert run("reconcile", extract, "--base", base).exit_code == 2


def test_radiations_are_not_imported(
    base: Path, leases: list[list[str]], mapping: Path, tmp_path: Path
) -> None:
    before = events(base)
    done = run("import", write(tmp_path / "sne.csv", leases), "--base", base, "--correspondance", mapping)
    assert done.exit_code == 2
    assert "sne.toml: genre: « radiations » ne s'importe pas" in done.stderr
    assert "allocator reconcile" in done.stderr
    assert events(base) == before
