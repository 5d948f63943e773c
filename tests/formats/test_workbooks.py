"""A workbook with one sheet a table is an instance; what is wrong in it is told by sheet and row."""

import csv
import io
import random
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter

from allocator.formats import BadInput, read_instance, workbook_guard
from tests.builders import same
from tests.formats.files import VALID, write_files

Sheets = dict[str, list[list[object]]]


def sheets() -> Sheets:
    """Return the valid instance as cells: texts, numbers where a spreadsheet has numbers, and dates."""
    tables: Sheets = {
        "instance": [
            ["cle", "valeur"],
            ["nom", "Essai"],
            ["description", "Deux départements"],
            ["debut", date(2025, 1, 1)],
            ["fin", date(2025, 12, 31)],
            ["source", "inventée"],
        ]
    }
    for file, text in VALID.items():
        if file.endswith(".csv"):
            header, *rows = csv.reader(io.StringIO(text))
            tables[file.removesuffix(".csv")] = [
                list(header),
                *([_cell(name, value) for name, value in zip(header, row, strict=True)] for row in rows),
            ]
    return tables


def _cell(name: str, text: str) -> object:
    if name == "date":
        return date.fromisoformat(text)
    numeric = name in {"part", "volume", "report", "solde", "tension", "construction", "epci", "departement"}
    return float(text) if numeric and text and not text.startswith("0") else text


def save(path: Path, tables: Mapping[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, column, cell, day)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(line, column, cell, None, "#N/A")
                    elif cell != "":
                        sheet.write(line, column, cell)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_instance(path)
    return caught.value.render().splitlines()


def test_a_workbook_is_the_same_instance_as_the_folder_of_its_tables(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    warnings: list[str] = []
    instance = read_instance(save(tmp_path / "essai.xlsx", sheets()), warnings.append)
    assert same(instance, read_instance(write_files(folder, VALID)))
    assert warnings == []


def test_other_sheets_and_rows_without_any_value_are_ignored(tmp_path: Path) -> None:
    tables = sheets()
    tables["conventions"].insert(2, ["", "", "", "", "", "", ""])
    tables["notes"] = [["à vérifier"]]
    assert len(read_instance(save(tmp_path / "essai.xlsx", tables)).conventions) == 4


def test_a_decimal_comma_in_a_cell_of_text_is_read(tmp_path: Path) -> None:
    tables = sheets()
    tables["conventions"][2][3] = "20,5"
    assert read_instance(save(tmp_path / "essai.xlsx", tables)).conventions.part[1] == 20.5


class Mistake(NamedTuple):
    """Put a value into a cell, by sheet, row and column from 0; ``told`` follows the sheet's name."""

    sheet: str
    place: tuple[int, int]
    value: object
    told: str


NO_DATE = "n'est pas une date, attendu AAAA-MM-JJ comme 2025-03-14"

MISTAKES = (
    Mistake("conventions", (1, 3), 130, ":2: part: « 130 » hors limites, attendu un nombre de 0 à 100"),
    Mistake(
        "liberations",
        (3, 2),
        1004,
        ":4: commune: « 1004 » absent de territoires.csv, qui a « 01004 » : le zéro initial s'est perdu",
    ),
    Mistake("liberations", (1, 5), True, ":2: qpv: « VRAI » inconnu, attendu oui ou non"),
    Mistake("liberations", (1, 1), datetime(2025, 1, 1, 10), f":2: date: « 2025-01-01 10:00:00 » {NO_DATE}"),
    Mistake("liberations", (1, 1), 45658, f":2: date: « 45658 » {NO_DATE}"),
    Mistake("conventions", (3, 6), "=NA()", ":4: la cellule G4 est en erreur (#N/A, #REF!, …)"),
    Mistake("instance", (3, 1), "", ":4: debut: clé obligatoire absente"),
    Mistake("instance", (3, 0), "fin", ":5: cle: « fin » déjà donné à la ligne 4"),
)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_cell_is_told_by_its_sheet_and_row(mistake: Mistake, tmp_path: Path) -> None:
    tables = sheets()
    row, column = mistake.place
    tables[mistake.sheet][row][column] = mistake.value
    told = faults(save(tmp_path / "essai.xlsx", tables))
    assert f"essai.xlsx[{mistake.sheet}]{mistake.told}" in told


def test_sheets_that_are_missing_are_told(tmp_path: Path) -> None:
    tables = sheets()
    del tables["instance"], tables["conventions"], tables["historique"]
    assert faults(save(tmp_path / "essai.xlsx", tables)) == [
        "essai.xlsx[instance]: feuille absente",
        "essai.xlsx[conventions]: feuille absente",
    ]


def test_a_sheet_without_header_is_told(tmp_path: Path) -> None:
    told = "aucune colonne connue sur la première ligne, attendu : id,nom,famille"
    for rows in ([], [[], ["als", "Action Logement", "action_logement"]]):
        path = save(tmp_path / "essai.xlsx", {**sheets(), "reservataires": rows})
        assert faults(path) == [f"essai.xlsx[reservataires]:1: {told}"]


def test_a_cell_that_strayed_far_away_is_told_and_not_laid_out_in_memory(tmp_path: Path) -> None:
    tables = sheets()
    path = tmp_path / "essai.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in tables:
            book.add_worksheet(name).write(1_048_575, 16_383, "égarée")
    assert faults(path)[0] == (
        "essai.xlsx[instance]: feuille démesurée (1048576 lignes × 16384 colonnes) : "
        "une cellule s'est sans doute égarée"
    )


def test_a_workbook_that_would_fill_the_disk_once_unzipped_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_guard, "UNZIPPED", 10_000)
    assert faults(save(tmp_path / "essai.xlsx", sheets())) == [
        "essai.xlsx: classeur de plus de 0 Mo une fois décompressé",
    ]


def test_a_description_without_values_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "essai.xlsx", {**sheets(), "instance": [["cle"], ["nom"]]})
    assert faults(path) == ["essai.xlsx[instance]:1: valeur: colonne obligatoire absente de l'en-tête"]


UNREADABLE = "essai.xlsx: classeur illisible : fichier tronqué, chiffré ou d'un autre format que .xlsx"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 1000, VALID["territoires.csv"].encode()])
def test_what_is_no_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "essai.xlsx"
    path.write_bytes(content)
    assert faults(path) == [UNREADABLE]


def test_an_archive_that_lacks_a_part_of_a_workbook_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "essai.xlsx", sheets())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for lacking in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"):
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                if name != lacking:
                    archive.writestr(name, part)
        assert faults(path) == [UNREADABLE]


def test_a_truncated_workbook_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "essai.xlsx", sheets())
    data = path.read_bytes()
    for length in range(1, len(data), 499):
        path.write_bytes(data[:length])
        assert faults(path) == [UNREADABLE]


def test_a_workbook_with_damaged_bytes_is_refused_or_read_never_a_crash(tmp_path: Path) -> None:
    path = save(tmp_path / "essai.xlsx", sheets())
    data = path.read_bytes()
    rng = random.Random(0)
    refused = 0
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 5)):
            damaged[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            read_instance(path)
        except BadInput:
            refused += 1
    assert refused > 100


def test_a_folder_that_is_named_like_a_workbook_is_read_as_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "essai.xlsx"
    folder.mkdir()
    assert len(read_instance(write_files(folder, VALID)).liberations) == 4
