"""A table as it was read: texts by column, before any cell is understood.

A column of few different values is held as the list of these and one code a row, so that each value is
understood once whatever the number of rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.formats.faults import Lines
from allocator.formats.schema import Column, Schema

CHUNK: Final = 256
"""Rows taken at a time: few enough to stay in the processor's cache (three times faster than 16 384)."""

TOO_MANY_VALUES: Final = 1000
"""Different values in a column of choices that show the file to be something else."""


class RawColumn(NamedTuple):
    """Stripped texts: one a row (``codes`` is ``None``), or the different ones with a code (int32) a row."""

    values: Sequence[str]
    codes: NDArray[np.int32] | None

    def rows_of(self, wrong: Sequence[int]) -> Sequence[int]:
        """Return the rows, ascending, that hold the values at the positions ``wrong`` (ascending)."""
        if self.codes is None or not wrong:
            return wrong
        rows: list[int] = np.flatnonzero(np.isin(self.codes, wrong)).tolist()
        return rows

    def text(self, row: int) -> str:
        """Return the text of one row."""
        return self.values[row if self.codes is None else int(self.codes[row])]

    def texts(self) -> list[str]:
        """Return the text of every row."""
        if self.codes is None:
            return list(self.values)
        return list(map(self.values.__getitem__, self.codes.tolist()))


class RawTable(NamedTuple):
    """The known columns that a file has.

    ``file`` is the name to report; ``lines`` gives the line of a row; ``whole`` is false where rows had to be
    left out as malformed; ``decimal_comma`` tells whether ``1,5`` is a number; ``ignored`` lists the columns
    that the schema does not know.
    """

    file: str
    schema: Schema
    columns: dict[str, RawColumn]
    length: int
    lines: Lines
    whole: bool
    decimal_comma: bool
    ignored: tuple[str, ...]


class TableStore:
    """Takes rows of texts, chunk by chunk, and holds them by column."""

    def __init__(self, schema: Schema, positions: dict[str, int]) -> None:
        self.length = 0
        self._columns = [(schema.column(name), position) for name, position in positions.items()]
        self._plain: dict[str, list[str]] = {c.name: [] for c, _ in self._columns if _is_plain(c)}
        self._index: dict[str, defaultdict[str, int]] = {
            # a text that is new gets the next number, without a line of Python
            c.name: defaultdict(count().__next__)
            for c, _ in self._columns
            if not _is_plain(c)
        }
        self._codes: dict[str, list[NDArray[np.int32]]] = {name: [] for name in self._index}

    def feed(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows, all as wide as the header."""
        if not rows:
            return
        fields = list(zip(*rows, strict=True))
        for column, position in self._columns:
            if _is_plain(column):
                self._plain[column.name].extend(map(str.strip, fields[position]))
            else:
                number = self._index[column.name].__getitem__
                self._codes[column.name].append(
                    np.fromiter(map(number, fields[position]), np.int32, len(rows))
                )
        self.length += len(rows)

    def garbled(self) -> str | None:
        """Return the name of a column of choices that holds far too many different values."""
        return next(
            (c.name for c, _ in self._columns if c.choices and len(self._index[c.name]) > TOO_MANY_VALUES),
            None,
        )

    def columns(self) -> dict[str, RawColumn]:
        """Return all that was fed, by column."""
        return {
            column.name: RawColumn(self._plain[column.name], None)
            if _is_plain(column)
            else RawColumn(
                [text.strip() for text in self._index[column.name]],
                np.concatenate([np.empty(0, np.int32), *self._codes[column.name]]),
            )
            for column, _ in self._columns
        }


def _is_plain(column: Column) -> bool:
    return column.unique or column.kind == "text"
