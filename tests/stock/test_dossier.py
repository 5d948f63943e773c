"""A dossier of stock: what its files say, and what of them is refused."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from allocator.stock.dossier import INCONNU, read_dossier, write_dossier
from tests.builders import same
from tests.stock.dossier_files import VALID, dossier_of, faults, swapped, write_files


def test_a_dossier_says_what_its_files_say(tmp_path: Path) -> None:
    read = dossier_of(tmp_path)
    assert (read.nom, read.bailleur, read.date) == ("Essai", "OPH d'essai", date(2025, 12, 31))
    assert len(read.parc) == 6
    assert read.parc.en_location.tolist() == [True, True, True, True, False, True]
    assert read.parc.construction.tolist() == [1974, 1974, 1974, 1985, 1985, 0]
    assert np.isnan(read.parc.surface[5])
    assert read.relocations is not None
    assert read.relocations.depuis == date(2023, 1, 1)
    assert read.relocations.logement.tolist() == [0, 2, 3]
    assert len(read.sha256) == 64


def test_a_right_bears_on_its_dwelling(tmp_path: Path) -> None:
    droits = dossier_of(tmp_path).droits
    assert droits.logement.tolist() == [0, 1, 3, -1, -1]
    assert droits.nombre.tolist() == [1, 1, 1, 2, 1]
    assert droits.residence[:3] == ("Les Lilas", "Les Lilas", "Le Port")
    assert droits.typologie.tolist()[:3] == [1, 2, 3]
    assert droits.surface.tolist()[:3] == [45, 62, 80]


def test_a_right_on_a_programme_has_what_the_row_tells_or_what_all_its_dwellings_share(
    tmp_path: Path,
) -> None:
    droits = dossier_of(tmp_path).droits
    port, lilas = 3, 4
    assert (droits.typologie[port], droits.financement[port], droits.qpv[port]) == (3, 0, 1)
    assert np.isnan(droits.surface[port])  # 80 and 81 m²
    assert droits.loyer[port] == 5.2
    assert (droits.typologie[lilas], droits.surface[lilas]) == (2, 62)
    assert droits.financement[lilas] == 1


def test_what_a_programme_has_in_two_ways_stays_unknown(tmp_path: Path) -> None:
    files = swapped("reservations.csv", "2031-01-01,,T3,62", "2031-01-01,,,")
    assert read_dossier(write_files(tmp_path, files)).droits.typologie[4] == INCONNU


def test_a_written_dossier_reads_back_as_the_same(tmp_path: Path) -> None:
    read = dossier_of(tmp_path / "one")
    write_dossier(read, tmp_path / "two")
    write_dossier(read_dossier(tmp_path / "two"), tmp_path / "three")
    assert same(read, read_dossier(tmp_path / "two"))
    for path in (tmp_path / "two").iterdir():
        assert path.read_bytes() == (tmp_path / "three" / path.name).read_bytes()


def test_a_dossier_without_past_needs_no_relocations(tmp_path: Path) -> None:
    files = swapped("dossier.toml", "relocations_depuis = 2023-01-01\n", "")
    del files["relocations.csv"]
    assert read_dossier(write_files(tmp_path, files)).relocations is None


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "dossier.toml",
            "date = 2025-12-31",
            'date = "31/12/2025"',
            "dossier.toml:3: date: « 31/12/2025 » n'est pas",
        ),
        ("dossier.toml", "date = 2025-12-31\n", "", "date: clé obligatoire absente"),
        (
            "dossier.toml",
            "relocations_depuis = 2023-01-01\n",
            "",
            "relocations_depuis: clé obligatoire absente",
        ),
        (
            "dossier.toml",
            "depuis = 2023",
            "depuis = 2027",
            "relocations_depuis: 2027-01-01 suit la date du dossier",
        ),
        ("dossier.toml", "source =", "sources =", "sources: clé inconnue, peut-être « source »"),
        ("parc.csv", "C3,94028", "C2,94028", "parc.csv:7: logement: « C2 » déjà donné à la ligne 6"),
        ("parc.csv", "C3,94028", "C3,75056", "parc.csv:7: commune: « 75056 » absent de territoires.csv"),
        ("parc.csv", "T4,PLAI,oui,81", "F4,PLAI,oui,81", "parc.csv:6: typologie: « F4 » inconnu"),
        (
            "reservations.csv",
            "D1,etat",
            "D1,prefet",
            "reservations.csv:2: reservataire: « prefet » absent de",
        ),
        (
            "reservations.csv",
            "suite,M1,",
            "suite,M9,",
            "reservations.csv:2: logement: « M9 » absent de parc.csv",
        ),
        ("reservations.csv", "suite,,Le Port", "suite,,", "logement: ni logement ni résidence"),
        (
            "reservations.csv",
            "Le Port,94028,2",
            "Le Port,,2",
            "reservations.csv:5: commune: commune attendue",
        ),
        ("reservations.csv", "M2,,,,", "M2,,,2,", "reservations.csv:3: nombre: 2 pour un seul logement"),
        ("reservations.csv", "2030-06-30", "1960-06-30", "reservations.csv:3: fin: 1960-06-30 précède debut"),
        (
            "reservations.csv",
            "2040-12-31,,,",
            "2040-12-31,,T6,",
            "reservations.csv:2: typologie: parc.csv dit autre",
        ),
        (
            "reservations.csv",
            "M1,,,,",
            "M1,,94028,,",
            "reservations.csv:2: commune: parc.csv dit autre chose",
        ),
        ("relocations.csv", "M3,2024-05-01", "M3,2022-12-31", "relocations.csv:3: date: 2022-12-31 précède"),
        (
            "relocations.csv",
            "C1,2025-12-31",
            "C1,2026-01-01",
            "relocations.csv:4: date: 2026-01-01 suit la date",
        ),
        (
            "relocations.csv",
            "M3,2024-05-01",
            "M1,2023-02-01",
            "relocations.csv:3: date: 2023-02-01 déjà donné",
        ),
        ("relocations.csv", "C1,", "X1,", "relocations.csv:4: logement: « X1 » absent de parc.csv"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    told = faults(tmp_path, swapped(file, old, new))
    assert len(told) == 1
    assert said in told[0]


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    files = dict(VALID)
    files["parc.csv"] = files["parc.csv"].replace("T1,PLS", "T9,PLS")
    files["reservations.csv"] = files["reservations.csv"].replace("D3,als", "D3,qui")
    files["relocations.csv"] = files["relocations.csv"].replace("2024-05-01", "hier")
    assert [line.partition(":")[0] for line in faults(tmp_path, files)] == [
        "parc.csv",
        "reservations.csv",
        "relocations.csv",
    ]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (told,) = faults(tmp_path / "vide", {})[:1]
    assert "dossier.toml" in told


def test_columns_that_may_be_empty_may_be_absent(tmp_path: Path) -> None:
    read = dossier_of(
        tmp_path,
        parc="logement,commune\nM1,93048\n",
        reservations="droit,reservataire,nature,logement\nD1,etat,suite,M1\n",
        relocations="logement,date\n",
    )
    assert read.parc.en_location.tolist() == [True]
    assert (read.parc.typologie[0], read.droits.qpv[0]) == (INCONNU, INCONNU)
    assert read.droits.commune.tolist() == [0]
