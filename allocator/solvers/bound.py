"""What a dual proves: a bound that needs no trust in the solver, and the price of moving each column and row.

For any row multipliers whatsoever, ``D = Σ multiplier · (the side of the row that it presses on)
+ Σ min over the column's bounds of (reduced cost · x)`` is a lower bound on the program (weak duality); the
solver's tolerances can weaken it, never falsify it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.solvers.program import Floats, Program


@dataclass(frozen=True, slots=True, eq=False)
class DualProof:
    """A proven lower bound with the prices behind it.

    ``multiplier`` has one entry a row, ``price`` one a column: each unit that a column moves away from the bound
    that its price presses it on adds ``abs(price)`` to ``bound``, and so does each unit of slack of a row by
    ``abs(multiplier)``.
    """

    bound: float
    multiplier: Floats
    price: Floats


def prove(program: Program, row_dual: Floats) -> DualProof:
    """Return the bound that ``row_dual`` proves on ``program``; every column must have finite bounds where priced."""
    side_missing = ((row_dual > 0) & ~np.isfinite(program.row_lower)) | (
        (row_dual < 0) & ~np.isfinite(program.row_upper)
    )
    multiplier = np.where(side_missing, 0.0, row_dual)
    matrix = program.matrix
    weighted = matrix.value * multiplier[matrix.index]
    price = program.cost - np.add.reduceat(
        np.append(weighted, 0.0), np.minimum(matrix.start[:-1], len(weighted))
    ) * (np.diff(matrix.start) > 0)
    pressed = _at(multiplier, program.row_lower, program.row_upper)
    resting = _at(price, program.lower, program.upper)
    bound = float(multiplier @ pressed + price @ resting) + program.offset
    return DualProof(bound, multiplier, price)


def _at(price: Floats, lower: Floats, upper: Floats) -> NDArray[np.float64]:
    """Return the side that each price presses on; 0 where the price is 0."""
    side = np.where(price > 0, lower, np.where(price < 0, upper, 0.0))
    return np.asarray(side, dtype=np.float64)
