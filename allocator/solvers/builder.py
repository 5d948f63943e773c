"""A program built block by block from arrays."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocator.solvers.program import Floats, Matrix, Program


class ProgramBuilder:
    """Columns, rows and entries under construction; each block is given as arrays or scalars."""

    def __init__(self) -> None:
        self.columns = 0
        self.rows = 0
        self._columns: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = []
        self._rows: list[tuple[Floats, Floats]] = []
        self._entries: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = []

    def add_columns(
        self, count: int, lower: ArrayLike, upper: ArrayLike, cost: ArrayLike, *, integer: bool = True
    ) -> int:
        """Add ``count`` columns and return the number of the first."""
        first = self.columns
        self._columns.append(
            (_full(lower, count), _full(upper, count), _full(cost, count), np.full(count, integer))
        )
        self.columns += count
        return first

    def add_rows(self, count: int, lower: ArrayLike, upper: ArrayLike) -> int:
        """Add ``count`` rows and return the number of the first."""
        first = self.rows
        self._rows.append((_full(lower, count), _full(upper, count)))
        self.rows += count
        return first

    def add_entries(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        """Add entries; the three are broadcast together."""
        rows, columns, values = np.broadcast_arrays(np.atleast_1d(row), column, value)
        self._entries.append((rows.astype(np.int32), columns.astype(np.int32), values.astype(np.float64)))

    def build(self, offset: float = 0.0) -> Program:
        """Return the program."""
        lower, upper, cost, integer = (np.concatenate(part) for part in zip(*self._columns, strict=True))
        row_lower, row_upper = (np.concatenate(part) for part in zip(*self._rows, strict=True))
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = Matrix.from_entries(row, column, value, self.columns)
        return Program(cost, lower, upper, row_lower, row_upper, matrix, integer, offset)


def _full(value: ArrayLike, count: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))
