"""CSV bytes to a raw table: separator, header and the shape of rows (file contract, section 1)."""

import csv
from itertools import islice
from typing import Final

from allocator.formats.csv_layout import Layout, layouts
from allocator.formats.faults import FaultLog
from allocator.formats.header import expected_header, match_header
from allocator.formats.raw_table import CHUNK, RawTable, TableStore
from allocator.formats.schema import Schema

SEPARATORS: Final = (",", ";")


def read_csv(data: bytes, file: str, schema: Schema, log: FaultLog) -> RawTable | None:
    """Return the known columns of a CSV file, or ``None`` where it cannot be read as one; faults are noted.

    The separator is the one with which the header has more known columns. Spaces around a field are dropped
    and blank lines are skipped. Malformed rows are left out of the table.
    """
    candidates = layouts(data, file, SEPARATORS, expected_header(schema), log)
    if not candidates:
        return None
    known = {column.name for column in schema.columns}
    layout = max(candidates, key=lambda layout: len(known.intersection(layout.names)))
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


def _fill_quickly(store: TableStore, layout: Layout) -> bool:
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


def _fill_carefully(store: TableStore, layout: Layout, log: FaultLog) -> bool:
    """Feed the rows that are as wide as the header; note the others and return whether there were none."""
    mine = FaultLog()
    rows = layout.sound_rows(mine)
    while chunk := [row for _, row in islice(rows, CHUNK)]:
        store.feed(chunk)
        if store.garbled():
            break
    log.extend(mine)
    return not mine


class _FoundLines:
    """The line of each row, found when one is first asked for: good files never need them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lines: list[int] = []

    def __getitem__(self, row: int, /) -> int:
        if not self._lines:
            self._lines = [line for line, _ in self._layout.sound_rows(FaultLog())]
        return self._lines[row]
