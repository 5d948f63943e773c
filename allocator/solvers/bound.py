"""Weak duality: what any row multipliers prove, without trust in the solver that gave them."""

import numpy as np

from allocator.solvers.program import Floats, Program


def dual_bound(program: Program, row_dual: Floats) -> tuple[float, Floats]:
    """Return the lower bound that row multipliers prove on a program, and the reduced costs that they leave.

    A multiplier that presses on a side that its row does not have counts for nothing, so that the bound is
    finite where the columns are bounded.
    """
    missing = ((row_dual > 0) & ~np.isfinite(program.row_lower)) | (
        (row_dual < 0) & ~np.isfinite(program.row_upper)
    )
    multiplier = np.where(missing, 0.0, row_dual)
    matrix = program.matrix
    weights = matrix.value * multiplier[matrix.index]
    price = program.cost - np.bincount(matrix.column_of_entries(), weights=weights, minlength=program.columns)
    pressed = np.where(multiplier > 0, program.row_lower, np.where(multiplier < 0, program.row_upper, 0.0))
    resting = np.where(price > 0, program.lower, np.where(price < 0, program.upper, 0.0))
    return float(multiplier @ pressed + price @ resting) + program.offset, price
