"""Solvers behind one small interface: arrays in, values out, each imported only when it is used."""

from dataclasses import replace
from importlib import import_module

import numpy as np

from allocator.solvers.program import INF, Limits, Outcome, Program, Solve, Solver, Status


def load(name: str) -> Solver:
    """Return a solver by name."""
    module = import_module("allocator.solvers.highs")
    solver: Solver = module.load()
    return replace(solver, solve=_sparing_the_empty(solver.solve))


def _sparing_the_empty(solve: Solve) -> Solve:
    """Answer programs without a column or with crossed bounds, which solvers treat each in its own way."""

    def spared(program: Program, limits: Limits) -> Outcome:
        crossed = (program.row_lower > program.row_upper).any() or (program.lower > program.upper).any()
        empty = program.columns == 0
        if crossed or (empty and ((program.row_lower > 0) | (program.row_upper < 0)).any()):
            return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
        if not empty:
            return solve(program, limits)
        none = np.empty(0)
        return Outcome(Status.OPTIMAL, none, program.offset, program.offset, np.zeros(program.rows), none)

    return spared
