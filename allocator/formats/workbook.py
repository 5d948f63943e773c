"""An ``.xlsx`` workbook with one sheet a table to raw tables."""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final

from allocator.formats import columns
from allocator.formats.cells import one_of
from allocator.formats.description import Entries
from allocator.formats.faults import FaultLog
from allocator.formats.header import match_header
from allocator.formats.raw_instance import RawInstance
from allocator.formats.raw_table import CHUNK, RawTable, TableStore
from allocator.formats.schema import TABLES, Column, Schema
from allocator.formats.source import read_bytes
from allocator.formats.workbook_guard import UNREADABLE, refuse_dangerous

LIMIT: Final = 500_000_000
"""Bytes of the largest workbook read."""

DESCRIPTION: Final = Schema(
    "instance",
    "Description de l'instance",
    "Une ligne par clé de instance.toml.",
    (Column("cle", "identifier", "Clé", unique=True), Column("valeur", "text", "Valeur", required=False)),
    ("cle",),
    complete=True,
)
"""The sheet that stands for ``instance.toml``."""


def read_workbook(path: Path, log: FaultLog) -> RawInstance:
    """Read the sheets of an instance and note what cannot be read; the digest is that of the file.

    Rows without any value are skipped. Numbers and dates are taken for what a CSV file would say.
    """
    schemas = (DESCRIPTION, *TABLES)
    log.expect(_place(path, schema) for schema in schemas)
    data = read_bytes(path, LIMIT, log)
    if data is None or not refuse_dangerous(data, path.name, [schema.name for schema in schemas], log):
        return RawInstance(None, {}, "")
    sheets = _sheets(data, [schema.name for schema in schemas])
    if sheets is None:
        log.add(path.name, None, None, UNREADABLE)
        return RawInstance(None, {}, "")
    tables = {}
    for schema in schemas:
        if schema.name in sheets:
            table = sheet_table(sheets[schema.name], _place(path, schema), schema, log)
            if table is not None:
                tables[schema.name] = table
        elif schema.required:
            log.add(_place(path, schema), None, None, "feuille absente")
    description = tables.pop(DESCRIPTION.name, None)
    entries = None if description is None else _entries(description, log)
    return RawInstance(entries, tables, hashlib.sha256(data).hexdigest())


def read_sheet(data: bytes, file: str, sheet: str, log: FaultLog) -> list[list[str]] | None:
    """Return the cells of one sheet (empty name: the first), or ``None`` where it cannot be read; faults are noted.

    All rows have one length; numbers and dates are what a CSV file would say.
    """
    if not refuse_dangerous(data, file, (), log):
        return None
    names = _sheet_names(data)
    if not names:
        log.add(file, None, None, UNREADABLE)
        return None
    if sheet and sheet not in names:
        log.add(f"{file}[{sheet}]", None, None, f"feuille absente, attendu {one_of(names)}")
        return None
    name = sheet or names[0]
    if not refuse_dangerous(data, file, (name,), log):
        return None
    sheets = _sheets(data, (name,))
    if sheets is None:
        log.add(file, None, None, UNREADABLE)
        return None
    return sheets[name]


def _sheet_names(data: bytes) -> list[str]:
    """Return the names of the sheets, none where the workbook is damaged."""
    # worth its import only where there is a workbook
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return list(book.sheet_names)
    except CalamineError:
        return []


def _place(path: Path, schema: Schema) -> str:
    return f"{path.name}[{schema.name}]"


def _sheets(data: bytes, names: Sequence[str]) -> dict[str, list[list[str]]] | None:
    """Return the cells of the sheets of these names that the workbook has, ``None`` where it is damaged."""
    # worth its import only where there is a workbook
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return {
                name: [
                    list(map(_text, row))
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in names
                if name in book.sheet_names
            }
    except CalamineError:
        return None


def _text(cell: object) -> str:
    """Return what a CSV file would have in the place of a cell."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    # beyond that, a float no longer tells whole numbers apart
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return str(cell.date())
    return str(cell)


def sheet_table(rows: Sequence[Sequence[str]], file: str, schema: Schema, log: FaultLog) -> RawTable | None:
    """Return the known columns of a sheet, the first row its header, or ``None`` with the fault noted."""
    names = [name.strip() for name in rows[0]] if rows else []
    positions = match_header(names, schema, file, log)
    if positions is None:
        return None
    store = TableStore(schema, positions)
    filled = [(line, row) for line, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    for start in range(0, len(filled), CHUNK):
        store.feed([row for _, row in filled[start : start + CHUNK]])
    return RawTable(
        file=file,
        schema=schema,
        columns=store.columns(),
        length=store.length,
        lines=[line for line, _ in filled],
        whole=True,
        decimal_comma=True,
        ignored=tuple(name for name in names if name and name not in positions),
    )


def _entries(table: RawTable, log: FaultLog) -> Entries:
    keys = columns.texts(table, "cle", log)
    values = columns.texts(table, "valeur", log)
    lines = {key: table.lines[row] for row, key in enumerate(keys)}
    filled = {key: value for key, value in zip(keys, values, strict=True) if value}
    return Entries(table.file, filled, lambda key: lines.get(key, 1))
