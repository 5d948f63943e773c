"""Tables to one ``.xlsx`` workbook: a sheet a table, then what the columns mean and how it was made."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from allocator.formats.faults import BadInput, Fault
from allocator.formats.schema import Column, Schema
from allocator.formats.tableau import Tableau
from allocator.formats.workbook_cells import ACTIVE, Cell, cells, shown, width

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

METHODE: Final = "Méthode"

COLONNES: Final = Schema(
    "Colonnes",
    "Sens des colonnes",
    "Une ligne par colonne de chaque feuille.",
    (
        Column("feuille", "text", "Nom de la feuille"),
        Column("colonne", "text", "Nom de la colonne"),
        Column("unite", "text", "Unité", required=False),
        Column("description", "text", "Ce que dit la colonne"),
    ),
    ("feuille", "colonne"),
)

ROWS: Final = 1_048_575
"""Rows of a sheet under its header."""

NAME: Final = 31
"""Characters of the name of a sheet."""

CREATED: Final = datetime(2000, 1, 1)
"""When every workbook says that it was made: the same tables give the same bytes."""

STYLE: Final = "Table Style Medium 2"
A4: Final = 9


def workbook(tableaux: Sequence[Tableau], methode: Sequence[tuple[str, str]]) -> bytes:
    """Return tables as a workbook, one sheet each, named as their schemas and so as their CSV files.

    Each is a table of Excel under a header that stays in sight. Values are those of the CSV file: percents go
    from 0 to 100; dates are dates, identifiers and codes are text, and no text is ever a formula. The sheet
    Colonnes says what every column means, the last one, Méthode, has the lines of ``methode`` (a label, a text:
    what, of which day, over which denominators, from which sources and digests).

    Raises
    ------
    BadInput
        If a table has more rows than a sheet.
    """
    # worth its import only where there is a workbook
    from xlsxwriter import Workbook  # noqa: PLC0415

    _refuse_long(tableaux)
    names = _sheet_names([tableau.schema.name for tableau in tableaux])
    meanings = Tableau(
        COLONNES,
        tuple(
            (name, column.name, column.unit, column.description)
            for name, tableau in zip(names, tableaux, strict=True)
            for column in tableau.schema.columns
        ),
    )
    sheets = dict(zip([*names, COLONNES.name], [*tableaux, meanings], strict=True))
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        for number, (name, tableau) in enumerate(sheets.items(), 1):
            _write_table(book, book.add_worksheet(name), tableau, f"table_{number}")
        told = [(name, f"{of.schema.title}. {of.schema.description}") for name, of in sheets.items()]
        _write_methode(book, book.add_worksheet(METHODE), [*methode, ("", ""), *told])
    return data.getvalue()


def _refuse_long(tableaux: Sequence[Tableau]) -> None:
    faults = [
        Fault(
            tableau.schema.name, None, None, f"{len(tableau.rows)} lignes : une feuille en a {ROWS} au plus"
        )
        for tableau in tableaux
        if len(tableau.rows) > ROWS
    ]
    if faults:
        raise BadInput(faults)


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return names that Excel takes: short, without its own signs, no two alike whatever their case."""
    taken = {COLONNES.name.casefold(), METHODE.casefold()}
    names = []
    for name in wanted:
        plain = "".join("_" if letter in "[]:*?/\\'" else letter for letter in name) or "table"
        unique, number = plain[:NAME], 1
        while unique.casefold() in taken:
            number += 1
            end = f" ({number})"
            unique = plain[: NAME - len(end)] + end
        taken.add(unique.casefold())
        names.append(unique)
    return names


def _write_table(book: "Workbook", sheet: "Worksheet", tableau: Tableau, name: str) -> None:
    columns = tableau.schema.columns
    last = max(1, len(tableau.rows)), len(columns) - 1
    headers = [{"header": column.name} for column in columns]
    sheet.add_table(0, 0, *last, {"name": name, "style": STYLE, "columns": headers})
    for place, column in enumerate(columns):
        found = cells(column, [row[place] for row in tableau.rows])
        _write_column(book, sheet, (place, column), found)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS + 1}"})
    _set_page(sheet)
    sheet.repeat_rows(0)


def _write_column(
    book: "Workbook", sheet: "Worksheet", where: tuple[int, Column], found: Sequence[Cell]
) -> None:
    place, column = where
    plain = book.add_format({"num_format": shown(column, found) or "@", "valign": "top", "text_wrap": True})
    quoted = _quoted(book)
    sheet.set_column(place, place, width(column, found))
    for row, cell in enumerate(found, 1):
        _put(sheet, (row, place), cell, (plain, quoted))


def _put(sheet: "Worksheet", where: tuple[int, int], cell: Cell, formats: "tuple[Format, Format]") -> None:
    """Write a cell as what it is; a text that looks like a formula stays a text even when typed again."""
    plain, quoted = formats
    if isinstance(cell, str):
        sheet.write_string(*where, cell, quoted if cell.startswith(ACTIVE) else plain)
    elif isinstance(cell, date):
        sheet.write_datetime(*where, cell, plain)
    elif cell is not None:
        sheet.write_number(*where, cell, plain)


def _quoted(book: "Workbook") -> "Format":
    return book.add_format({"quote_prefix": True, "valign": "top", "text_wrap": True})


def _write_methode(book: "Workbook", sheet: "Worksheet", lines: Sequence[tuple[str, str]]) -> None:
    label = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    text = book.add_format({"valign": "top", "text_wrap": True})
    quoted = _quoted(book)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    for row, (name, told) in enumerate(lines):
        _put(sheet, (row, 0), name or None, (label, quoted))
        _put(sheet, (row, 1), told or None, (text, quoted))
    _set_page(sheet)


def _set_page(sheet: "Worksheet") -> None:
    """Print on A4, across, as many pages down as it takes."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
