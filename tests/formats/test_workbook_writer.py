"""A workbook says what the CSV files say, opens without surprise, and never computes."""

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from allocator.formats import BadInput, workbook_writer
from allocator.formats.csv_text import six_decimals
from allocator.formats.faults import FaultLog
from allocator.formats.schema import CONVENTIONS, ECARTS, LIBERATIONS, Column, Schema
from allocator.formats.tableau import Tableau, Value
from allocator.formats.workbook import read_sheet
from allocator.formats.workbook_writer import workbook
from allocator.formats.writing import of_bytes, write_together

ESSAI = Schema(
    "essai",
    "Table d'essai",
    "Une ligne par essai.",
    (
        Column("id", "identifier", "Nom"),
        Column("code", "code", "Code"),
        Column("texte", "text", "Remarque"),
        Column("jour", "date", "Jour"),
        Column("annee", "whole", "Année"),
        Column("droits", "whole", "Droits restants", unit="logements"),
        Column("part", "number", "Part", unit="%"),
        Column("loyer", "number", "Loyer", unit="€"),
    ),
    ("id",),
)
ROW: tuple[Value, ...] = ("a", "01004", "mot", "2026-03-14", 2026, 1200, 12.5, 412.256)


def sheet(data: bytes, name: str) -> list[list[str]]:
    log = FaultLog()
    rows = read_sheet(data, "essai.xlsx", name, log)
    log.raise_if_any()
    assert rows is not None
    return rows


def names(data: bytes) -> list[str]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return list(book.sheet_names)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def as_csv(tableau: Tableau) -> list[list[str]]:
    text = io.StringIO()
    tableau.write(text)
    return list(csv.reader(io.StringIO(text.getvalue())))


NUMBERS = st.none() | st.floats(-1e9, 1e9)
# a carriage return alone is no end of line in a cell, and XML has no other control characters
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",), include_characters="\n"), max_size=30
)
ROWS = st.tuples(
    st.text("abc-=+@019", min_size=1, max_size=12),
    st.text("0123456789AB", min_size=1, max_size=9),
    TEXTS,
    st.dates(date(1850, 1, 1), date(2150, 1, 1)).map(str) | st.just(""),
    st.integers(1000, 2999) | st.none(),
    st.integers(0, 10**9),
    NUMBERS,
    NUMBERS,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=6))
@example([("=1+1", "01", "@SUM(1)", "", None, 0, float("nan"), -0.0)])
@example([("a", "1", "_x0041_ \n", "1900-01-01", 1, 1, 1e-7, 0.0000004)])
def test_a_sheet_reads_back_as_the_csv_file(rows: list[tuple[Value, ...]]) -> None:
    tableau = Tableau(ESSAI, tuple(rows))
    header, *found = sheet(workbook([tableau], ()), "essai")
    assert header == as_csv(tableau)[0]
    assert [_as_csv(row) for row in found] == as_csv(tableau)[1:]


def _as_csv(row: list[str]) -> list[str]:
    """Return the cells of a row with numbers as CSV files write them."""
    return [
        six_decimals(float(text)) if text and column.kind in {"number", "whole"} else text
        for column, text in zip(ESSAI.columns, row, strict=True)
    ]


def test_the_same_tables_give_the_same_bytes() -> None:
    tableau = Tableau(ESSAI, (ROW,))
    first = workbook([tableau], [("Source", "essai")])
    assert first == workbook([tableau], [("Source", "essai")])
    assert "2000-01-01T00:00:00Z" in parts(first)["docProps/core.xml"]


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-12", "@SUM(A1)", '=HYPERLINK("x")', "\tx"])
def test_a_text_that_looks_like_a_formula_stays_a_text_even_when_typed_again(text: str) -> None:
    row = (text, text, text, text, 1, 1, 1.0, 1.0)
    found = parts(workbook([Tableau(ESSAI, (row,))], [(text, text)]))
    assert not [name for name, xml in found.items() if re.search(r"<f[ >]|<calculatedColumnFormula", xml)]
    quoted = [
        number
        for number, style in enumerate(re.findall(r"<xf [^>]*xfId[^>]*>", found["xl/styles.xml"]))
        if 'quotePrefix="1"' in style
    ]
    cells = re.findall(r'<c r="[A-D]2" s="(\d+)" t="s">', found["xl/worksheets/sheet1.xml"])
    assert len(cells) == 4
    assert {int(style) for style in cells} <= set(quoted)


def test_numbers_are_shown_by_their_kind_and_unit() -> None:
    styles = parts(workbook([Tableau(ESSAI, (ROW,))], ()))["xl/styles.xml"]
    shown = set(re.findall(r'formatCode="([^"]*)"', styles))
    # the format of years is one that Excel knows by its number
    assert {"dd/mm/yyyy", "#,##0", "#,##0.00&quot; %&quot;", "#,##0.00&quot; €&quot;"} <= shown
    assert 'numFmtId="1"' in styles


def test_a_sheet_is_a_table_under_a_header_that_stays_in_sight_even_when_empty() -> None:
    found = parts(workbook([Tableau(ECARTS, ()), Tableau(ESSAI, (ROW,) * 3)], ()))
    assert 'ref="A1:H2"' in found["xl/tables/table1.xml"]
    assert 'ref="A1:H4"' in found["xl/tables/table2.xml"]
    for number in (1, 2):
        xml = found[f"xl/worksheets/sheet{number}.xml"]
        assert 'ySplit="1"' in xml
        assert 'state="frozen"' in xml
        assert "TableStyleMedium2" in found[f"xl/tables/table{number}.xml"]


def test_columns_are_as_wide_as_what_they_hold_within_reason() -> None:
    row = ("a", "1", "x" * 500, "2026-03-14", 2026, 1_234_567, 12.5, 1.0)
    xml = parts(workbook([Tableau(ESSAI, (row,))], ()))["xl/worksheets/sheet1.xml"]
    runs = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
    widths = [float(width) for first, last, width in runs for _ in range(int(first), int(last) + 1)]
    assert len(widths) == 8
    assert 60 <= widths[2] < 62
    assert all(8 <= width < 20 for width in widths[:2] + widths[3:])


def test_sheets_have_the_names_of_the_csv_files_each_its_own() -> None:
    long = ESSAI._replace(name="nom" * 12)
    odd = ESSAI._replace(name="a/b:[c]")
    tableaux = [Tableau(schema, ()) for schema in (ESSAI, ESSAI, ESSAI, long, long, odd)]
    found = names(workbook(tableaux, ()))
    assert found == [
        *("essai", "essai (2)", "essai (3)", ("nom" * 12)[:31], ("nom" * 12)[:27] + " (2)", "a_b__c_"),
        *("Colonnes", "Méthode"),
    ]
    assert all(len(name) <= 31 for name in found)


def test_it_says_how_it_was_made_and_what_each_column_means() -> None:
    data = workbook([Tableau(CONVENTIONS, ())], [("Dénominateur", "l'assiette L − H"), ("Empreinte", "3f2a")])
    method = sheet(data, "Méthode")
    assert method[:2] == [["Dénominateur", "l'assiette L − H"], ["Empreinte", "3f2a"]]
    assert ["conventions", f"{CONVENTIONS.title}. {CONVENTIONS.description}"] in method
    meanings = sheet(data, "Colonnes")
    assert ["conventions", "part", "%", "Part de l'assiette du territoire"] in meanings
    assert len(meanings) == 1 + len(CONVENTIONS.columns)


def test_a_table_that_no_sheet_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_writer, "ROWS", 2)
    with pytest.raises(BadInput) as caught:
        workbook([Tableau(ESSAI, (ROW,) * 3), Tableau(LIBERATIONS, ())], ())
    assert caught.value.render() == "essai: 3 lignes : une feuille en a 2 au plus"


def test_it_is_written_together_with_other_files(tmp_path: Path) -> None:
    data = workbook([Tableau(ESSAI, (ROW,))], ())
    write_together(
        tmp_path, {"essai.xlsx": of_bytes(data), "sceau.json": lambda file: print("{}", file=file)}
    )
    assert (tmp_path / "essai.xlsx").read_bytes() == data
