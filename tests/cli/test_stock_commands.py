"""``allocator stock`` and ``allocator rotation`` from the outside: files, codes and what people read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allocator.cli import main
from allocator.stock.rotation.signatures import empreinte
from tests.stock.dossier_files import VALID, write_files


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return write_files(tmp_path / "dossier", VALID)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "arguments",
    [
        ("stock", "check"),
        ("stock", "synthesis"),
        ("stock", "objectives"),
        ("stock", "extracts"),
        ("stock", "answers"),
        ("rotation",),
    ],
    ids=" ".join,
)
def test_a_faulty_dossier_ends_with_code_2_and_nothing_written(
    tmp_path: Path, dossier: Path, arguments: tuple[str, ...]
) -> None:
    (dossier / "parc.csv").write_text("logement,commune\nM1,99999\n", encoding="utf-8")
    done = run(*arguments, dossier, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "parc.csv:2: commune: « 99999 » absent de territoires.csv" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["check", "synthesis", "objectives", "answers"])
def test_json_is_one_document_on_standard_output(dossier: Path, command: str) -> None:
    done = run("stock", command, dossier, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)


def test_every_holder_of_rights_has_its_extract_and_no_one_else(tmp_path: Path, dossier: Path) -> None:
    assert run("stock", "extracts", dossier, "--out", tmp_path / "out").exit_code == 0
    names = {f"extrait-{who}.{kind}" for who in ("etat", "als", "ville") for kind in ("csv", "xlsx")}
    assert set(tree(tmp_path / "out")) == names
    text = (tmp_path / "out" / "extrait-als.csv").read_text(encoding="utf-8")
    assert [line.partition(",")[0] for line in text.splitlines()] == ["droit", "D3", "D4"]


def test_extracts_of_names_that_are_no_file_names_stay_apart(tmp_path: Path) -> None:
    files = {
        name: text.replace("ville,", "a/b,").replace("als,", "a b,") if name.startswith("reserva") else text
        for name, text in VALID.items()
    }
    folder = write_files(tmp_path / "dossier", files)
    assert run("stock", "extracts", folder, "--out", tmp_path / "out").exit_code == 0
    found = {name: text.decode() for name, text in tree(tmp_path / "out").items() if name.endswith(".csv")}
    assert set(found) == {"extrait-etat.csv", "extrait-a_b.csv", "extrait-a_b_.csv"}
    assert {line.split(",")[1] for line in found["extrait-a_b.csv"].splitlines()[1:]} == {"a b"}
    assert {line.split(",")[1] for line in found["extrait-a_b_.csv"].splitlines()[1:]} == {"a/b"}


def test_the_extracts_that_are_written_are_read_as_they_are(tmp_path: Path, dossier: Path) -> None:
    run("stock", "extracts", dossier, "--out", tmp_path / "out")
    done = run("stock", "answers", dossier, *sorted((tmp_path / "out").iterdir()), "--json")
    assert done.exit_code == 0, done.output
    assert {row["etat"] for row in json.loads(done.stdout)["reponses"]} == {"sans réponse"}


@pytest.mark.parametrize("command", ["check", "synthesis", "objectives", "answers", "extracts"])
@pytest.mark.parametrize(
    "emptied", [("reservations.csv",), ("parc.csv", "reservations.csv", "relocations.csv")]
)
def test_a_dossier_without_rights_or_dwellings_is_one_all_the_same(
    tmp_path: Path, command: str, emptied: tuple[str, ...]
) -> None:
    files = {name: text.splitlines()[0] + "\n" if name in emptied else text for name, text in VALID.items()}
    folder = write_files(tmp_path / "dossier", files)
    done = run("stock", command, folder, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("arguments", [("stock", "extracts"), ("rotation",)], ids=" ".join)
def test_the_same_dossier_gives_the_same_bytes(
    tmp_path: Path, dossier: Path, arguments: tuple[str, ...]
) -> None:
    for name in ("one", "two"):
        assert run(*arguments, dossier, "--out", tmp_path / name).exit_code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_rotation_writes_rates_years_a_proposal_and_a_chart(tmp_path: Path, dossier: Path) -> None:
    done = run("rotation", dossier, "--by", "departement+typologie", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = tree(tmp_path / "out")
    assert set(found) == {"rotation.csv", "rotation_annees.csv", "taux.csv", "rotation.svg"}
    assert found["rotation.svg"].startswith(b"<svg")
    assert f"Version de taux.csv : {empreinte(found['taux.csv'])}" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--by", "etage"), "'etage' inconnu"),
        (("--by", "qpv+qpv"), "donnée deux fois"),
        (("--surfaces", "45,30"), "attendu des nombres croissants"),
        (("--surfaces", "abc"), "attendu des nombres croissants"),
        (("--provisional",), "vont avec --publish"),
    ],
)
def test_an_option_that_says_nothing_is_refused(dossier: Path, options: tuple[str, ...], said: str) -> None:
    done = run("rotation", dossier, *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_rates_are_published_once_everyone_agrees_and_not_before(tmp_path: Path, dossier: Path) -> None:
    run("rotation", dossier, "--out", tmp_path / "out")
    table, comments, published = tmp_path / "out" / "taux.csv", tmp_path / "c.csv", tmp_path / "published"
    publish = ("rotation", dossier, "--publish", table, "--comments", comments, "--out", published)
    comments.write_text("date,par,accord\n2026-01-10,etat,oui\n2026-01-10,als,non\n", encoding="utf-8")
    done = run(*publish)
    assert done.exit_code == 1
    assert "des accords manquent : als, ville" in done.stderr
    assert not published.exists()
    assert run(*publish, "--provisional").exit_code == 0
    assert tree(published)["taux.csv"] == table.read_bytes()
    assert b"als,refus" in tree(published)["signatures.csv"]
    with comments.open("a", encoding="utf-8") as file:
        file.write("2026-01-12,als,oui\n2026-01-12,ville,oui\n")
    assert run(*publish).exit_code == 0


def test_a_table_that_leaves_a_right_without_rate_is_not_published(tmp_path: Path, dossier: Path) -> None:
    table = tmp_path / "taux.csv"
    table.write_text("typologie,taux\nT3,5\n", encoding="utf-8")
    done = run("rotation", dossier, "--publish", table, "--provisional", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "aucun taux pour 3 lignes, dont « D1 »" in done.stderr
    assert not (tmp_path / "out").exists()
