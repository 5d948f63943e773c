"""A mathematical program in arrays, and what a solver says of it: the whole interface with solvers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INF: Final = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A sparse matrix by columns: the entries of column ``j`` are at ``start[j]:start[j + 1]``."""

    start: NDArray[np.int32]
    index: NDArray[np.int32]
    value: Floats

    @staticmethod
    def from_entries(
        row: NDArray[np.int32], column: NDArray[np.int32], value: Floats, columns: int
    ) -> "Matrix":
        """Build from entries in any order; no (row, column) may stand twice."""
        order = np.argsort(column, kind="stable")
        start = np.zeros(columns + 1, dtype=np.int32)
        np.cumsum(np.bincount(column, minlength=columns), out=start[1:])
        return Matrix(start, row[order].astype(np.int32), value[order].astype(np.float64))

    def column_of_entries(self) -> NDArray[np.int32]:
        """Return the column number of each entry."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))

    def times(self, x: Floats, rows: int) -> Floats:
        """Return the product of the matrix with a column vector."""
        weights = self.value * x[self.column_of_entries()]
        return np.bincount(self.index, weights=weights, minlength=rows).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Minimize ``cost · x + offset`` with ``row_lower <= matrix · x <= row_upper``, ``lower <= x <= upper``.

    ``integer`` marks the columns that must be whole. All arrays are float64 but the masks.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: Matrix
    integer: NDArray[np.bool_]
    offset: float = 0.0

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def relaxed(self) -> "Program":
        """Return the linear relaxation."""
        return replace(self, integer=np.zeros(self.columns, dtype=bool))


class Feature(Enum):
    """What a solver can be asked for."""

    LP = "linear programs"
    DUALS = "row duals and reduced costs of a linear program"
    MIP = "whole columns"


class Status(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING = "nothing found"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a solver found: a point (``x``, unless there is none), its objective, a proven bound.

    ``row_dual`` and ``reduced_cost`` come with the linear programs of solvers that have
    :attr:`Feature.DUALS`; the sign is that of minimization (``reduced_cost = cost − matrixᵀ · row_dual``).
    """

    status: Status
    x: Floats
    objective: float
    bound: float
    row_dual: Floats = field(default_factory=lambda: np.empty(0))
    reduced_cost: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how exactly to solve.

    ``seconds`` bounds the wall-clock time; ``gap`` is the relative gap at which whole-column solves may stop.
    """

    seconds: float = INF
    gap: float = 0.0


class SolverError(Exception):
    """A solver refused a program or an option, or ended in a state that it should not."""


class SolverUnavailable(SolverError):  # noqa: N818 - says what is the matter
    """There is no solver of that name, or not on this machine: bad usage, told in one line."""


Solve = Callable[[Program, Limits], Outcome]


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver: its name with version, what it can do, and the function that does it."""

    name: str
    features: frozenset[Feature]
    solve: Solve
