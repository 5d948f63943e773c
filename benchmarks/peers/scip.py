"""SCIP on the plain model, through PySCIPOpt: one thread, warm start given as a solution."""

import numpy as np
import pyscipopt

from allocator.solvers.program import INF
from benchmarks.peers.interface import GAP, Answer, allowed, rows, timed
from benchmarks.plain_model import Flow, Tiered


def version() -> str:
    """Return the solver's name and version."""
    model = pyscipopt.Model()
    return f"SCIP {model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"


def build(model: Tiered) -> "Scip":
    """Return the peer with the program built."""
    return Scip(model)


class Scip:
    """A tiered program in SCIP."""

    def __init__(self, model: Tiered) -> None:
        self._tiered = model
        self._model = pyscipopt.Model()
        self._model.hideOutput()
        self._model.setParam("limits/gap", GAP)
        self._model.setParam("limits/absgap", GAP)
        self._model.setParam("timing/clocktype", 2)
        program = model.program
        self._columns = [
            self._model.addVar(
                lb=lower, ub=None if upper == INF else upper, vtype="I" if whole else "C", name=f"x{number}"
            )
            for number, (lower, upper, whole) in enumerate(
                zip(program.lower.tolist(), program.upper.tolist(), program.integer.tolist(), strict=True)
            )
        ]
        for columns, values, lower, upper in rows(program):
            if columns:
                self._add(columns, values, lower, upper)

    def minimize(self, tier: int, seconds: float, start: Flow | None) -> Answer:
        """Minimize a tier."""
        model = self._model
        model.freeTransform()
        weighed = np.flatnonzero(self._tiered.costs[tier]).tolist()
        model.setObjective(self._weighed(weighed, self._tiered.costs[tier, weighed].tolist()))
        model.setParam("limits/time", seconds)
        if start is not None:
            solution = model.createSol()
            for column, value in zip(self._columns, self._tiered.point(start).tolist(), strict=True):
                model.setSolVal(solution, column, value)
            model.addSol(solution)
        _, taken = timed(model.optimize)
        if model.getNSols() == 0:
            return Answer(None, model.getDualbound(), taken)
        best = model.getBestSol()
        flow = [round(model.getSolVal(best, column)) for column in self._columns[: self._tiered.flows]]
        return Answer(np.array(flow, dtype=np.int64), model.getDualbound(), taken)

    def lock(self, tier: int, flow: Flow) -> None:
        """Add the lock row."""
        cost = self._tiered.costs[tier]
        weighed = np.flatnonzero(cost)
        self._model.freeTransform()
        if len(weighed):
            self._add(
                weighed.tolist(),
                cost[weighed].tolist(),
                -INF,
                allowed(float(cost @ self._tiered.point(flow))),
            )

    def _weighed(self, columns: list[int], values: list[float]) -> pyscipopt.Expr:
        terms = zip(columns, values, strict=True)
        return pyscipopt.quicksum(value * self._columns[column] for column, value in terms)

    def _add(self, columns: list[int], values: list[float], lower: float, upper: float) -> None:
        weighed = self._weighed(columns, values)
        if lower == upper:
            self._model.addCons(weighed == upper)
        elif upper < INF:
            self._model.addCons(weighed <= upper)
        else:
            self._model.addCons(weighed >= lower)
