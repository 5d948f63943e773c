"""Values to CSV text."""

import csv
from collections.abc import Iterable, Sequence
from math import isnan
from typing import TextIO

from allocator.formats.schema import Schema


def write_rows(
    file: TextIO, schema: Schema, rows: Iterable[Sequence[str]], names: Sequence[str] = ()
) -> None:
    """Write a table with comma, LF and quotes where needed; ``names`` are its columns (empty: all)."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names or [column.name for column in schema.columns])
    writer.writerows(rows)


def six_decimals(number: float) -> str:
    """Return a number with a point and at most six decimals, without trailing zeros, never ``-0``."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def exact(number: float) -> str:
    """Return the shortest text that reads back as the same number, never ``-0``, empty for NaN."""
    return "" if isnan(number) else repr(number + 0.0).removesuffix(".0")
