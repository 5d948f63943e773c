"""The rows that were refused, written as they came with what is wrong, to be mended and imported again."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from allocator.formats.workbook_writer import CREATED
from allocator.formats.writing import of_bytes, write_together
from allocator.ledger.importing.extract import is_workbook
from allocator.ledger.importing.lecture import Lecture

FAUTES: Final = "fautes à corriger"
"""The column that says what is wrong; it comes first, and no mapping knows it."""

FEUILLE: Final = "Rejets"
WIDE: Final = 60
"""Width of the column that says what is wrong, in characters."""


def write_rejects(lecture: Lecture, path: Path) -> None:
    """Write the refused rows of an extract into a file which the same mapping reads: a workbook, or a CSV file.

    Which of them its name tells. It has the columns of the extract under what stood before its header. A CSV file has
    the separator of the extract (``;`` where that is a workbook), after a byte order mark that tells spreadsheets it
    is UTF-8 (and so whatever coding the mapping says). In a workbook every cell is text, whatever is typed into it:
    a code keeps its zeros. A row that was cut short or too long stays so.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    rows = _rows(lecture)
    if is_workbook(path):
        write_together(path.parent, {path.name: of_bytes(_workbook(lecture, rows))})
        return

    def write(file: TextIO) -> None:
        file.write("\ufeff")
        # with another end of line, a lone CR within a cell would not be quoted
        separator = lecture.extrait.separator or ";"
        csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)

    write_together(path.parent, {path.name: write})


def rejects_of(path: Path) -> Path:
    """Return where the refused rows of an extract are written by default: beside it, in its form."""
    return path.with_suffix(".rejets.xlsx" if is_workbook(path) else ".rejets.csv")


def _rows(lecture: Lecture) -> list[tuple[str, ...]]:
    """Return all rows of the file: those before the header, the header, and the refused ones."""
    extrait = lecture.extrait
    reasons: dict[int, list[str]] = {}
    for fault in lecture.fautes:
        told = ": ".join(part for part in (fault.column, fault.message) if part)
        reasons.setdefault(fault.line or 0, []).append(told)
    # a file that was already rejected once has that column
    start = 1 if extrait.names[0] == FAUTES else 0
    refused = [(" ; ".join(reasons[line]), *cells[start:]) for line, cells in extrait.rows if line in reasons]
    return [*extrait.avant, (FAUTES, *extrait.names[start:]), *refused]


def _workbook(lecture: Lecture, rows: Sequence[Sequence[str]]) -> bytes:
    # worth its import only where there is a workbook
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    data, extrait = io.BytesIO(), lecture.extrait
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        text, wrapped = (book.add_format({"num_format": "@", "text_wrap": wrap}) for wrap in (False, True))
        sheet = book.add_worksheet(extrait.feuille or FEUILLE)
        sheet.set_column(0, 0, WIDE, wrapped)
        sheet.set_column(1, max(map(len, rows)), None, text)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell, text if place else wrapped)
        sheet.freeze_panes(extrait.entete, 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return data.getvalue()
