"""HiGHS on the plain model, through highspy: arrays passed whole, warm start from the tier before."""

from typing import Any

import highspy
import numpy as np

from allocator.solvers.program import INF, Program
from benchmarks.peers.interface import GAP, THREADS, Answer, allowed, timed
from benchmarks.plain_model import Flow, Tiered


def version() -> str:
    """Return the solver's name and version."""
    return f"HiGHS {highspy.Highs().version()}"


def build(model: Tiered) -> "Highs":
    """Return the peer with the program passed."""
    return Highs(model)


class Highs:
    """A tiered program in HiGHS."""

    def __init__(self, model: Tiered) -> None:
        self._tiered = model
        self._highs = highspy.Highs()
        for name, value in {
            "output_flag": False,
            "threads": THREADS,
            "mip_rel_gap": GAP,
            "mip_abs_gap": GAP,
        }.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(as_highs(model.program))

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        highs, columns = self._highs, self._tiered.program.columns
        highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), self._tiered.costs[tier])
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = self._tiered.point(start).tolist()
            highs.setSolution(solution)
        _, taken = timed(highs.run)
        info = highs.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        point = np.array(highs.getSolution().col_value)[: self._tiered.flows]
        return Answer(np.rint(point).astype(np.int64) if found else None, info.mip_dual_bound, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row."""
        cost = self._tiered.costs[tier]
        weighed = np.flatnonzero(cost).astype(np.int32)
        most = allowed(float(cost @ self._tiered.point(flow)))
        self._highs.addRow(-INF, most, len(weighed), weighed, cost[weighed])


def as_highs(program: Program) -> Any:
    """Return a program as HiGHS takes it."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.columns, program.rows
    model.col_cost_ = program.cost
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.matrix.start
    model.a_matrix_.index_ = program.matrix.index
    model.a_matrix_.value_ = program.matrix.value
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    return model
