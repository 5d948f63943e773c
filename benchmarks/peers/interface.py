"""What every peer offers: minimize one tier, then lock it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import numpy as np

from allocator.solvers.program import Program
from benchmarks.plain_model import Flow

GAP: Final = 1e-6
"""Relative and absolute gap at which every peer may stop, that of the file contract's judgement."""

LOCK: Final = 1e-7
"""What a lock row grants above the value reached, relative to ``max(1, |value|)``: room for rounding."""

THREADS: Final = 2
"""Threads given to the peers that can use them."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a peer says of a tier: flows (``None``: no point found), a proven bound, seconds in it."""

    flow: Flow | None
    bound: float
    seconds: float


class Peer(Protocol):
    """A solver that holds a tiered program; its bounds are those of the objectives without their offsets."""

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier, starting from the flows of the tier before it."""

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the row that keeps a tier at the value that it has with these flows."""


def timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """Return what a call returns and its wall-clock seconds."""
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def rows(program: Program) -> Iterator[tuple[list[int], list[float], float, float]]:
    """Yield the columns, the coefficients and the two sides of each row."""
    matrix = program.matrix
    column = matrix.column_of_entries()
    order = np.argsort(matrix.index, kind="stable")
    end = np.cumsum(np.bincount(matrix.index, minlength=program.rows))
    for row, (first, last) in enumerate(zip([0, *end[:-1].tolist()], end.tolist(), strict=True)):
        entries = order[first:last]
        yield (
            column[entries].tolist(),
            matrix.value[entries].tolist(),
            float(program.row_lower[row]),
            float(program.row_upper[row]),
        )


def allowed(value: float) -> float:
    """Return the right-hand side of the lock row of a tier that reached ``value``."""
    return value + LOCK * max(1.0, abs(value))
