"""A table that the ledger shows: the same rows as CSV and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, TextIO

from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.schema import Schema
from allocator.formats.writing import Write

Value = str | int | float | None
"""A cell: numbers have six decimals at most, NaN and ``None`` are empty."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """Rows in the columns of a schema."""

    schema: Schema
    rows: tuple[tuple[Value, ...], ...]

    def write(self, file: TextIO) -> None:
        """Write the table as CSV."""
        write_rows(file, self.schema, (tuple(map(_text, row)) for row in self.rows))

    def document(self) -> list[dict[str, Any]]:
        """Return the rows by name of column, for JSON."""
        names = [column.name for column in self.schema.columns]
        return [dict(zip(names, map(_value, row), strict=True)) for row in self.rows]


def files(tableaux: Sequence[Tableau]) -> dict[str, Write]:
    """Return what writes tables, by name of file."""
    return {tableau.schema.file: tableau.write for tableau in tableaux}


def document(tableaux: Sequence[Tableau]) -> dict[str, Any]:
    """Return tables by name, for JSON."""
    return {tableau.schema.name: tableau.document() for tableau in tableaux}


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if isnan(value) else six_decimals(value)
    return str(value)


def _value(value: Value) -> Value:
    if isinstance(value, float):
        return None if isnan(value) else round(value, 6) + 0.0
    return value
