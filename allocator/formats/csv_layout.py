"""CSV bytes as rows of text: separator, header and the line on which each row starts."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from allocator.formats.faults import FaultLog
from allocator.formats.source import as_text, line_at

if TYPE_CHECKING:
    from _csv import Reader

LONGEST_LINE: Final = 1_000_000
"""Bytes of the longest line read."""

ABANDON: Final = 1000
"""Malformed rows after which the rest of a file is not read."""


class Layout:
    """A CSV text with its separator and its header: what it takes to read its rows, as often as need be.

    ``before`` are the lines of the file that stand before the text.
    """

    def __init__(self, text: bytes, file: str, separator: str, before: int = 0) -> None:
        self.text = text
        self.before = before
        self.file = file
        self.separator = separator
        try:
            self.names = [name.strip() for name in next(_parse(text, separator), [])]
        except csv.Error:
            self.names = []

    @property
    def width(self) -> int:
        """Number of columns of the header."""
        return len(self.names)

    def rows(self) -> Iterator[list[str]]:
        """Return all rows of text, the header first."""
        return _parse(self.text, self.separator)

    def width_fault(self, row: Sequence[str]) -> str | None:
        """Return what is wrong with the number of fields of a row, if anything is."""
        if len(row) == self.width:
            return None
        return f"{'1 champ' if len(row) == 1 else f'{len(row)} champs'} au lieu de {self.width}"

    def numbered_rows(self, log: FaultLog) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows after the header, blank ones aside, with the line where each starts.

        Where reading has to stop before the end, that is noted.
        """
        reader = _parse(self.text, self.separator)
        line = self.before + 1
        try:
            next(reader)
            line = self.before + reader.line_num + 1
            for row in reader:
                if len(row) == self.width or (row and not (len(row) == 1 and not row[0].strip())):
                    yield line, row
                line = self.before + reader.line_num + 1
        except csv.Error as failure:
            log.add(self.file, line, None, f"{_why(str(failure))} : lecture abandonnée")

    def sound_rows(self, log: FaultLog) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows as wide as the header with the line where each starts; note the others."""
        malformed = 0
        for line, row in self.numbered_rows(log):
            fault = self.width_fault(row)
            if fault is None:
                yield line, row
                continue
            log.add(self.file, line, None, fault)
            malformed += 1
            if malformed > ABANDON:
                log.add(self.file, line, None, "trop de lignes mal formées : lecture abandonnée")
                return


def layouts(  # noqa: PLR0913, PLR0917
    data: bytes, file: str, separators: Sequence[str], expected: str, log: FaultLog, before: int = 0
) -> list[Layout]:
    """Return the file as each separator would have it; none, with the fault noted, where it is no table.

    ``expected`` is the header to show where the file is empty, ``before`` the lines of the file before ``data``.
    """
    text = as_text(data, file, log)
    if text is None:
        return []
    if not text or text.isspace():
        log.add(file, None, None, f"fichier vide, attendu : {expected}")
        return []
    endless = _endless_line(text)
    if endless is not None:
        log.add(
            file,
            before + endless,
            None,
            f"ligne de plus de {LONGEST_LINE // 1_000_000} Mo : lecture abandonnée",
        )
        return []
    return [Layout(text, file, separator, before) for separator in separators]


def _endless_line(text: bytes) -> int | None:
    """Return the number of a line so long that this is no table; to read it would fill the memory."""
    newline = b"\n" if b"\n" in text else b"\r"
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = text.rfind(newline, start, start + LONGEST_LINE)
        if end < 0:
            return line_at(text, start)
        start = end + 1
    return None


def _parse(text: bytes, separator: str) -> "Reader":
    # what is not UTF-8 was noted
    lines = io.TextIOWrapper(io.BytesIO(text), "utf-8", errors="replace", newline="")
    return csv.reader(lines, delimiter=separator, strict=True)


def _why(message: str) -> str:
    if "unexpected end" in message:
        return "guillemet ouvert et jamais fermé"
    if "limit" in message:
        return "champ de plus de 131 072 caractères, un guillemet n'est peut-être pas fermé"
    return "guillemet fermant suivi d'autre chose que le séparateur"
