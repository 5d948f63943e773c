"""A folder of a TOML file and tables to keys and rows of typed cells; every fault is noted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isnan
from pathlib import Path
from typing import Any, Final

from allocator.formats import columns
from allocator.formats.csv_table import read_csv
from allocator.formats.faults import FaultLog
from allocator.formats.folder import read_files
from allocator.formats.keys import Keys
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import Column, Kind, Schema
from allocator.formats.source import read_bytes

Cells = Mapping[str, Any]
"""The cells of a row by column: texts (``""`` where empty), else ``None`` where empty or wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """The keys and raw tables of a folder; what cannot be read is missing."""

    keys: Keys | None
    tables: Mapping[str, RawTable]
    sha256: str

    def rows(self, schema: Schema, log: FaultLog) -> "Rows":
        """Return the rows of a table, none where it is not there; a repeated key is a fault."""
        table = self.tables.get(schema.name)
        return Rows(None, ()) if table is None else Rows(table, tuple(_cells(table, log)))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a table, as cells by name of column."""

    table: RawTable | None
    cells: Sequence[Cells]

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        return enumerate(self.cells)

    def fault(self, row: int, column: str, message: str, log: FaultLog) -> None:
        """Note a fault of a row."""
        assert self.table is not None
        log.add(self.table.file, self.table.lines[row], column, message)


def open_folder(path: Path, toml: str, schemas: Sequence[Schema], log: FaultLog) -> Folder:
    """Read the files of a folder; what cannot be read is missing, and noted.

    Raises
    ------
    BadInput
        If there is no such folder.
    """
    if not path.is_dir():
        what = "ce n'est pas un dossier" if path.exists() else "absent"
        log.add(str(path), None, None, f"{what} : un dossier avec {toml} était attendu")
        raise log.bad_input()
    raw = read_files(path, toml, schemas, log)
    document = raw.document
    keys = None if document is None else Keys(document, (), document.values, log)
    return Folder(keys, raw.tables, raw.sha256)


def open_table(path: Path, schema: Schema, log: FaultLog) -> Rows:
    """Return the rows of a table alone.

    Raises
    ------
    BadInput
        If it cannot be read as one; faults of its rows are left in ``log``.
    """
    data = read_bytes(path, schema.limit, log)
    table = None if data is None else read_csv(data, path.name, schema, log)
    if table is None:
        raise log.bad_input()
    return Rows(table, tuple(_cells(table, log)))


def _cells(table: RawTable, log: FaultLog) -> list[Cells]:
    read = {column.name: _READERS[column.kind](table, column, log) for column in table.schema.columns}
    rows: list[Cells] = [dict(zip(read, row, strict=True)) for row in zip(*read.values(), strict=True)]
    _refuse_twice(table, rows, log)
    return rows


def _texts(table: RawTable, column: Column, log: FaultLog) -> Sequence[str]:
    if column.name not in table.columns:
        return [""] * table.length
    return columns.texts(table, column.name, log)


def _choices(table: RawTable, column: Column, log: FaultLog) -> Sequence[str]:
    words = (*column.choices, "")
    return [words[position] for position in columns.choices(table, column.name, log)]


def _numbers(table: RawTable, column: Column, log: FaultLog) -> Sequence[Fraction | None]:
    # the decimal that was written, not the float nearest to it
    values = columns.numbers(table, column.name, log).tolist()
    return [None if isnan(value) else Fraction(repr(value)) for value in values]


def _wholes(table: RawTable, column: Column, log: FaultLog) -> Sequence[int | None]:
    return [None if value < 0 else value for value in columns.wholes(table, column.name, log).tolist()]


def _dates(table: RawTable, column: Column, log: FaultLog) -> Sequence[date | None]:
    days: list[date | None] = columns.dates(table, column.name, log).tolist()
    return days


_READERS: Final[Mapping[Kind, Callable[[RawTable, Column, FaultLog], Sequence[Any]]]] = {
    "text": _texts,
    "identifier": _texts,
    "code": _texts,
    "choice": _choices,
    "number": _numbers,
    "whole": _wholes,
    "date": _dates,
}


def _refuse_twice(table: RawTable, rows: Sequence[Cells], log: FaultLog) -> None:
    """Refuse rows that repeat the key of an earlier one, told in the key's first column."""
    key = table.schema.key
    if not key or any(table.schema.column(name).unique for name in key):
        return
    first: dict[tuple[Any, ...], int] = {}
    for row, cells in enumerate(rows):
        values = tuple(cells[name] for name in key)
        before = first.setdefault(values, row)
        if before != row and any(values):
            shown = ", ".join(str(value) for value in values if value not in {"", None})
            log.add(
                table.file,
                table.lines[row],
                key[0],
                f"({shown}) déjà donné à la ligne {table.lines[before]}",
            )
