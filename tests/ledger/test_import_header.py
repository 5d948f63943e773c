"""Extracts whose header is not on the first line, and the rejects of workbooks."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from allocator.formats import BadInput
from allocator.ledger.importing import (
    Correspondance,
    mapping_text,
    propose_mapping,
    read_import,
    read_mapping,
    rejects_of,
    write_rejects,
)
from tests.ledger import erp

Rows = Sequence[Sequence[str]]
TITLE: Rows = (("Extraction du 01/02/2025", 'agence "Nord"'), ("",), ("Congés",))


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, ...]]:
    return list(erp.rows(erp.demo()))[:4]


@pytest.fixture
def mapping(tmp_path: Path) -> Correspondance:
    return erp.mapping(tmp_path)


def sheet(path: Path, rows: Iterable[Sequence[str]], name: str = "Congés") -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                page.write_string(row, place, cell)
    return path


def extract(path: Path, lines: Rows) -> Path:
    """Write an extract under a title, as a workbook or as CSV by its name."""
    rows = [*TITLE, erp.HEADER, *lines]
    if path.suffix == ".xlsx":
        return sheet(path, rows)
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return erp.write(path, text.getvalue())


def filled(rows: Rows) -> list[list[str]]:
    return [[cell for cell in row if cell] for row in rows]


both = pytest.mark.parametrize("file", ["congés.csv", "congés.xlsx"])


@both
def test_a_mapping_says_where_the_header_is(
    file: str, mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    lower = replace(mapping, entete=4)
    found = read_import(extract(tmp_path / file, lines), lower)
    assert erp.said(found) == []
    plain = read_import(erp.write(tmp_path / "plain.csv", erp.text(lines)), mapping)
    assert [replace(ligne, ligne=ligne.ligne - 3) for ligne in found.lignes] == list(plain.lignes)
    wrong = [lines[0], erp.changed(lines[1], {"NBPIECE": "?"})]
    said = erp.said(read_import(extract(tmp_path / file, wrong), lower))
    assert said[0].startswith(f"{file}:6: NBPIECE: ")


@both
def test_a_header_that_is_lower_is_found(
    file: str, mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    path = extract(tmp_path / file, lines)
    with pytest.raises(BadInput) as caught:
        read_import(path, mapping)
    assert f"{file}:4: la ligne 4 en a l'air : « entete = 4 » dans la correspondance" in caught.value.render()
    proposed = propose_mapping(path, "annonces")
    assert proposed.mapping.entete == 4
    assert "entete = 4\n" in mapping_text(proposed)
    assert proposed.mapping.colonnes["commune"] == ("Code INSEE",)


def test_a_mapping_keeps_the_line_of_the_header(tmp_path: Path) -> None:
    path = tmp_path / "annonces.toml"
    path.write_text(erp.MAPPING.replace('codage = "windows-1252"', "entete = 4"), encoding="utf-8")
    assert read_mapping(path).entete == 4
    for wrong in ("0", "1.5", '"4"', "true", "100000"):
        path.write_text(erp.MAPPING.replace('codage = "windows-1252"', f"entete = {wrong}"), encoding="utf-8")
        with pytest.raises(BadInput, match=r"annonces\.toml:4: entete: attendu le numéro de la ligne"):
            read_mapping(path)


@both
def test_a_file_that_ends_before_its_header_is_told(
    file: str, mapping: Correspondance, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r"vide|pas de ligne 40"):
        read_import(extract(tmp_path / file, []), replace(mapping, entete=40))


@both
@pytest.mark.parametrize("feuille", ["", "Congés"])
def test_rejects_are_mended_where_they_come_from(
    file: str, feuille: str, mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    """With what stood above the header, in the same sheet, so that the same mapping reads them."""
    lower = replace(mapping, entete=4, feuille=feuille)
    bad = [erp.changed(line, {"NBPIECE": "?"}) for line in lines[:2]]
    lecture = read_import(extract(tmp_path / file, [*bad, *lines[2:]]), lower)
    path = rejects_of(tmp_path / file)
    assert path.suffix == Path(file).suffix
    write_rejects(lecture, path)
    again = read_import(path, lower)
    assert [fault.message for fault in again.fautes] == [fault.message for fault in lecture.fautes]
    assert [fault.line for fault in again.fautes] == [5, 6]
    # the sheet has one column more
    assert filled(again.extrait.avant) == filled(lecture.extrait.avant) == filled(TITLE)
    write_rejects(again, path)
    assert read_import(path, lower).extrait == again.extrait
    mended = [["corrigé", *line] for line in lines[:2]]
    rows = [*again.extrait.avant, again.extrait.names, *mended]
    if path.suffix == ".xlsx":
        sheet(path, rows)
    else:
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    final = read_import(path, replace(lower, codage="utf-8"))
    assert erp.said(final) == []
    assert [ligne.id for ligne in final.lignes] == [line[0] for line in lines[:2]]


def test_rejects_of_a_workbook_are_text_and_no_formula(
    mapping: Correspondance, lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    row = erp.changed(lines[0], {"Code INSEE": "01004", "Résidence": "=1+1", "NBPIECE": "?"})
    lecture = read_import(sheet(tmp_path / "a.xlsx", [erp.HEADER, row]), mapping)
    path = tmp_path / "rejets.xlsx"
    write_rejects(lecture, path)
    (page,) = CalamineWorkbook.from_path(path).sheet_names
    header, rejected = CalamineWorkbook.from_path(path).get_sheet_by_name(page).to_python()
    assert header == ["fautes à corriger", *erp.HEADER]
    assert rejected[1:] == list(row)
    once = path.read_bytes()
    write_rejects(lecture, path)
    assert path.read_bytes() == once
