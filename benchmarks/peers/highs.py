"""HiGHS on the plain model, through highspy: arrays passed whole, warm start from the tier before."""

from typing import Any

import highspy
import numpy as np

from allocator.solvers.program import INF, Program
from benchmarks.peers.interface import GAP, THREADS, Answer, Flow, allowed, timed
from benchmarks.plain_model import PlainProgram


def version() -> str:
    """Return the solver's name and version."""
    return f"HiGHS {highspy.Highs().version()}"


def build(plain: PlainProgram) -> "Highs":
    """Return the peer with the program passed."""
    return Highs(plain)


class Highs:
    """A plain program in HiGHS."""

    def __init__(self, plain: PlainProgram) -> None:
        self._plain = plain
        self._highs = highspy.Highs()
        for name, value in {
            "output_flag": False,
            "threads": THREADS,
            "mip_rel_gap": GAP,
            "mip_abs_gap": GAP,
        }.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_model(plain.program))

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        highs, columns = self._highs, self._plain.program.columns
        highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), self._plain.costs[tier])
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = self._plain.point(start).tolist()
            highs.setSolution(solution)
        _, taken = timed(highs.run)
        info = highs.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        point = np.array(highs.getSolution().col_value)[: self._plain.flows]
        return Answer(np.rint(point).astype(np.int64) if found else None, info.mip_dual_bound, taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row."""
        cost = self._plain.costs[tier]
        weighed = np.flatnonzero(cost).astype(np.int32)
        self._highs.addRow(-INF, allowed(float(cost @ self._plain.point(flow))), len(weighed), weighed, cost[weighed])


def _model(program: Program) -> Any:
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
