"""CSV bytes to a raw table: separator, header and the shape of rows (file contract, section 1)."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from allocator.formats.faults import FaultLog
from allocator.formats.header import expected_header, match_header
from allocator.formats.raw_table import CHUNK, RawTable, TableStore
from allocator.formats.schema import Schema
from allocator.formats.source import as_text, line_at

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS: Final = (",", ";")

LONGEST_LINE: Final = 1_000_000
"""Bytes of the longest line read."""

ABANDON: Final = 1000
"""Malformed rows after which the rest of a file is not read."""


def read_csv(data: bytes, file: str, schema: Schema, log: FaultLog) -> RawTable | None:
    """Return the known columns of a CSV file, or ``None`` where it cannot be read as one; faults are noted.

    The separator is the one with which the header has more known columns. Spaces around a field are dropped
    and blank lines are skipped. Malformed rows are left out of the table.
    """
    text = as_text(data, file, log)
    if text is None:
        return None
    if not text or text.isspace():
        log.add(file, None, None, f"fichier vide, attendu : {expected_header(schema)}")
        return None
    endless = _endless_line(text)
    if endless is not None:
        log.add(file, endless, None, f"ligne de plus de {LONGEST_LINE // 1_000_000} Mo : lecture abandonnée")
        return None
    layout = _layout(text, file, schema)
    positions = match_header(layout.names, schema, file, log)
    if positions is None:
        return None
    store = TableStore(schema, positions)
    whole = _fill_quickly(store, layout)
    if not whole:
        store = TableStore(schema, positions)
        whole = _fill_carefully(store, layout, log)
    garbled = store.garbled()
    if garbled:
        log.add(file, None, garbled, "trop de valeurs différentes pour cette colonne : lecture abandonnée")
        return None
    return RawTable(
        file=file,
        schema=schema,
        columns=store.columns(),
        length=store.length,
        lines=_FoundLines(layout),
        whole=whole,
        decimal_comma=layout.separator == ";",
        ignored=tuple(name for name in layout.names if name and name not in positions),
    )


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


class _Layout:
    """A CSV text with its separator and its header: what it takes to read its rows, as often as need be."""

    def __init__(self, text: bytes, file: str, separator: str) -> None:
        self.text = text
        self.file = file
        self.separator = separator
        try:
            self.names = [name.strip() for name in next(_parse(text, separator), [])]
        except csv.Error:
            self.names = []

    @property
    def width(self) -> int:
        return len(self.names)

    def rows(self) -> "Reader":
        """Return all rows of text, the header first."""
        return _parse(self.text, self.separator)

    def sound_rows(self, log: FaultLog) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows as wide as the header with the line where each starts; note the others."""
        reader = self.rows()
        malformed = 0
        line = 1
        try:
            next(reader)
            line = reader.line_num + 1
            for row in reader:
                if len(row) == self.width:
                    yield line, row
                elif row and not (len(row) == 1 and not row[0].strip()):
                    log.add(self.file, line, None, f"{_fields(len(row))} au lieu de {self.width}")
                    malformed += 1
                if malformed > ABANDON:
                    log.add(self.file, line, None, "trop de lignes mal formées : lecture abandonnée")
                    return
                line = reader.line_num + 1
        except csv.Error as failure:
            log.add(self.file, line, None, f"{_why(str(failure))} : lecture abandonnée")


def _layout(text: bytes, file: str, schema: Schema) -> _Layout:
    known = {column.name for column in schema.columns}
    layouts = [_Layout(text, file, separator) for separator in SEPARATORS]
    return max(layouts, key=lambda layout: len(known.intersection(layout.names)))


def _parse(text: bytes, separator: str) -> "Reader":
    # what is not UTF-8 was noted
    lines = io.TextIOWrapper(io.BytesIO(text), "utf-8", errors="replace", newline="")
    return csv.reader(lines, delimiter=separator, strict=True)


def _fill_quickly(store: TableStore, layout: _Layout) -> bool:
    """Feed all rows; stop and return false at the first that is malformed."""
    reader = layout.rows()
    try:
        next(reader)
        while rows := list(islice(reader, CHUNK)):
            widths = set(map(len, rows))
            if widths != {layout.width}:
                if not widths <= {0, layout.width}:
                    return False
                rows = [row for row in rows if row]
            store.feed(rows)
            if store.garbled():
                break
    except csv.Error:
        return False
    return True


def _fill_carefully(store: TableStore, layout: _Layout, log: FaultLog) -> bool:
    """Feed the rows that are as wide as the header; note the others and return whether there were none."""
    mine = FaultLog()
    rows = layout.sound_rows(mine)
    while chunk := [row for _, row in islice(rows, CHUNK)]:
        store.feed(chunk)
        if store.garbled():
            break
    log.extend(mine)
    return not mine


def _fields(number: int) -> str:
    return "1 champ" if number == 1 else f"{number} champs"


def _why(message: str) -> str:
    if "unexpected end" in message:
        return "guillemet ouvert et jamais fermé"
    if "limit" in message:
        return "champ de plus de 131 072 caractères, un guillemet n'est peut-être pas fermé"
    return "guillemet fermant suivi d'autre chose que le séparateur"


class _FoundLines:
    """The line of each row, found when one is first asked for: good files never need them."""

    def __init__(self, layout: _Layout) -> None:
        self._layout = layout
        self._lines: list[int] = []

    def __getitem__(self, row: int, /) -> int:
        if not self._lines:
            self._lines = [line for line, _ in self._layout.sound_rows(FaultLog())]
        return self._lines[row]
