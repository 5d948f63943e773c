"""An assiette begun from a dossier of stock: what is let, at the agreed rates; whole years only."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from allocator.assiette.depuis_stock import attendues, passees
from allocator.assiette.dossier import read_assiette
from allocator.cli import main
from allocator.stock.rotation.taux import read_taux, taux_unique
from tests.assiette.dossiers import ASSIETTE, write
from tests.stock.dossier_files import VALID, dossier_of, write_files

TAUX = "typologie,taux\n,6\nT3,4.5\n"


def test_what_is_not_let_is_not_counted_and_each_rate_is_a_segment(tmp_path: Path) -> None:
    (tmp_path / "taux.csv").write_text(TAUX)
    rows = attendues(dossier_of(tmp_path / "stock"), read_taux(tmp_path / "taux.csv")).rows
    assert rows == (("93048", "4,5 %", 2, 4.5, 1), ("93048", "6 %", 1, 6.0, 1), ("94028", "6 %", 2, 6.0, 1))


@pytest.mark.parametrize(
    ("depuis", "until", "years"),
    [
        ("2023-01-01", "2025-12-31", [2023, 2024, 2025]),
        ("2023-01-02", "2025-12-31", [2024, 2025]),
    ],
)
def test_a_year_half_told_is_no_year(tmp_path: Path, depuis: str, until: str, years: list[int]) -> None:
    told = VALID["dossier.toml"].replace("2023-01-01", depuis).replace("2025-12-31", until)
    assert [row[0] for row in passees(dossier_of(tmp_path, dossier=told)).rows] == years


def test_a_dossier_without_past_relettings_has_none(tmp_path: Path) -> None:
    files = {name: text for name, text in VALID.items() if name != "relocations.csv"}
    files["dossier.toml"] = files["dossier.toml"].replace("relocations_depuis = 2023-01-01\n", "")
    write_files(tmp_path, files)
    done = CliRunner().invoke(main, _init(tmp_path, tmp_path / "out", tmp_path))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out/relocations_passees.csv").read_text() == "annee,commune,relocations\n"


def test_what_the_command_writes_is_read_as_an_assiette(tmp_path: Path) -> None:
    stock = write_files(tmp_path / "stock", VALID)
    done = CliRunner().invoke(main, _init(stock, tmp_path / "assiette", tmp_path))
    assert done.exit_code == 0, done.output
    toml = ASSIETTE["assiette.toml"].partition("[[suppleant]]")[0].replace('agents = ["etat_agents"]', "")
    write(
        tmp_path / "assiette",
        {
            "assiette.toml": toml.replace("annee = 2025", "annee = 2026"),
            "exclusions.csv": "id,territoire,categorie,volume,document\n",
        },
    )
    found = read_assiette(tmp_path / "assiette")
    assert sum(part.parc for part in found.attendus) == 5
    assert sum(past.relocations for past in found.passees) == 3


def test_one_rate_for_all_is_one_segment_a_commune(tmp_path: Path) -> None:
    assert len(attendues(dossier_of(tmp_path), taux_unique(6.0)).rows) == 2


def _init(stock: Path, out: Path, folder: Path) -> list[str]:
    (folder / "taux.csv").write_text(TAUX)
    return ["assiette", "init", str(stock), "--taux", str(folder / "taux.csv"), "--out", str(out)]
