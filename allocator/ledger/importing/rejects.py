"""The rows that were refused, written as they came with what is wrong, to be mended and imported again."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO

from allocator.formats.writing import write_together
from allocator.ledger.importing.lecture import Lecture

FAUTES: Final = "fautes à corriger"
"""The column that says what is wrong; it comes first, and no mapping knows it."""


def write_rejects(lecture: Lecture, path: Path) -> None:
    """Write the refused rows of an extract into a CSV file, which the same mapping reads.

    It has the columns of the extract and the separator of its CSV, after a byte order mark that tells spreadsheets
    it is UTF-8 (and so whatever coding the mapping says); a workbook's rows are separated by ``;``. A row that was
    cut short or too long stays so.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    extrait = lecture.extrait
    reasons: dict[int, list[str]] = {}
    for fault in lecture.fautes:
        told = ": ".join(part for part in (fault.column, fault.message) if part)
        reasons.setdefault(fault.line or 0, []).append(told)
    # a file that was already rejected once has that column
    start = 1 if extrait.names[0] == FAUTES else 0

    def write(file: TextIO) -> None:
        file.write("\ufeff")
        # with another end of line, a lone CR within a cell would not be quoted
        writer = csv.writer(file, delimiter=extrait.separator, lineterminator="\r\n")
        writer.writerow((FAUTES, *extrait.names[start:]))
        writer.writerows(_rows(lecture, reasons, start))

    write_together(path.parent, {path.name: write})


def _rows(lecture: Lecture, reasons: Mapping[int, list[str]], start: int) -> list[tuple[str, ...]]:
    return [
        (" ; ".join(reasons[line]), *cells[start:]) for line, cells in lecture.extrait.rows if line in reasons
    ]
