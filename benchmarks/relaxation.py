"""What the linear relaxation of each tier says, given the values of the tiers before, apart from the engine.

The program is that of :mod:`benchmarks.plain_model` on the hull, whole, with a lock row for each tier before;
nothing of the engine's faces or duals is in it.
"""

from collections.abc import Sequence
from typing import Final

import highspy
import numpy as np

from allocator.solvers.program import INF
from benchmarks.peers.highs import as_highs
from benchmarks.plain_model import Tiered

SOLVED: Final = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)


def relaxations(tiered: Tiered, values: Sequence[float]) -> tuple[float, ...]:
    """Return the optimum of each tier's relaxation, NaN where HiGHS finds none."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(as_highs(tiered.program.relaxed()))
    columns = np.arange(tiered.program.columns, dtype=np.int32)
    bounds = []
    for cost, offset, value in zip(tiered.costs, tiered.offsets.tolist(), values, strict=True):
        highs.changeColsCost(len(columns), columns, cost)
        highs.run()
        solved = highs.getModelStatus() in SOLVED
        bounds.append(highs.getInfo().objective_function_value + offset if solved else float("nan"))
        weighed = np.flatnonzero(cost).astype(np.int32)
        highs.addRow(-INF, value - offset, len(weighed), weighed, cost[weighed])
    return tuple(bounds)
