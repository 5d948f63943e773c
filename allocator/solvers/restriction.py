"""A program with most columns held: the neighbourhood of a point."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.solvers.program import Floats, Matrix, Program

BROKEN: Final = 1e-6
"""Distance from which a row that only held columns appear in counts as broken."""


@dataclass(frozen=True, slots=True, eq=False)
class Restriction:
    """``program`` has only the free columns of the whole, and the rows that they appear in or that are broken.

    ``column`` gives the number of each of its columns in the whole program; the others are held at ``point``.
    """

    program: Program
    column: NDArray[np.intp]
    point: Floats

    def expand(self, x: Floats) -> Floats:
        """Return a point of the whole program from one of the restriction."""
        whole = self.point.copy()
        whole[self.column] = x
        return whole


def restrict(program: Program, free: NDArray[np.bool_], point: Floats) -> Restriction:
    """Hold every column that is not ``free`` at ``point``."""
    matrix = program.matrix
    held = np.where(free, 0.0, point)
    activity = matrix.times(held, program.rows)
    column = np.flatnonzero(free)
    kept = free[matrix.column_of_entries()]
    index, value = matrix.index[kept], matrix.value[kept]
    left_low, left_high = program.row_lower - activity, program.row_upper - activity
    concerned = (left_low > BROKEN) | (left_high < -BROKEN)
    concerned[index] = True
    row = np.flatnonzero(concerned)
    renumbered = np.searchsorted(row, index)
    start = np.zeros(len(column) + 1, dtype=np.int32)
    np.cumsum(np.diff(matrix.start)[column], out=start[1:])
    part = replace(
        program,
        cost=program.cost[column],
        lower=program.lower[column],
        upper=program.upper[column],
        row_lower=left_low[row],
        row_upper=left_high[row],
        matrix=Matrix(start, renumbered.astype(np.int32), value),
        integer=program.integer[column],
        offset=program.offset + float(program.cost @ held),
    )
    return Restriction(part, column, point)
