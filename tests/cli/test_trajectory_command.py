"""``allocator trajectory`` as its users call it."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.test_solve_command import run
from tests.planning.projet.files import write

FILES = {
    "plan.csv",
    "flux.csv",
    "ecarts_annuels.csv",
    "obstacles.csv",
    "remedes.csv",
    "trajectoire.xlsx",
    "cours.svg",
    "manques.svg",
    "trajectoire.json",
}


@pytest.fixture(scope="module")
def projet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("projet") / "projet")


@pytest.fixture(scope="module")
def out(projet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    ended = run(
        "trajectory", projet, "--model", "reference", "--out", folder, "--mends", "1", "--threads", "1"
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == ""
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_agree_with_one_another(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == FILES
    document = json.loads((out / "trajectoire.json").read_text("utf-8"))
    assert document["status"] == "optimal"
    released, received = Counter[str](), Counter[tuple[str, str]]()
    for row in rows(out / "flux.csv"):
        released[row["mois"][:4]] += int(row["nombre"])
        received[row["mois"][:4], row["reservataire"]] += int(row["nombre"])
    assert [released[str(2026 + year)] for year in range(3)] == document["offre"]
    for row in rows(out / "ecarts_annuels.csv"):
        if (row["reservataire"], row["sur"]) == ("als", "contractuel"):
            so_far = sum(received[str(year), "als"] for year in range(2026, int(row["annee"]) + 1))
            assert int(row["valeur"]) == so_far
            (december,) = (
                each
                for each in rows(out / "plan.csv")
                if each["mois"] == f"{row['annee']}-12"
                and (each["reservataire"], each["territoire"]) == ("als", row["territoire"])
            )
            assert int(december["prevu_cumul"]) == so_far
            assert float(december["du_cumul"]) == pytest.approx(float(row["cible"]), abs=1e-5)


def test_the_same_projet_writes_the_same_files_whatever_the_processes(
    projet: Path, out: Path, tmp_path: Path
) -> None:
    asked = ("trajectory", projet, "--model", "reference", "--mends", "1", "--threads", "2", "--json")
    ended = run(*asked, "--out", tmp_path)
    assert ended.returncode == 0
    again = json.loads(ended.stdout)
    before = json.loads((out / "trajectoire.json").read_text("utf-8"))
    assert {**again, "seconds": None} == {**before, "seconds": None}
    for name in FILES - {"trajectoire.json"}:
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_what_is_wrong_is_told_and_nothing_is_written(projet: Path, tmp_path: Path) -> None:
    ended = run("trajectory", projet, "--model", "inconnu", "--out", tmp_path / "x")
    assert ended.returncode == 2
    assert "ni un fichier ni un modèle livré" in ended.stderr
    ended = run("trajectory", tmp_path / "rien", "--model", "reference", "--out", tmp_path / "x")
    assert ended.returncode == 2
    assert not (tmp_path / "x").exists()
