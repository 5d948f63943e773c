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
    """Answer programs without a column, which solvers treat each in its own way."""

    def spared(program: Program, limits: Limits) -> Outcome:
        if program.columns:
            return solve(program, limits)
        if (program.row_lower > 0).any() or (program.row_upper < 0).any():
            return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
        none = np.empty(0)
        return Outcome(Status.OPTIMAL, none, program.offset, program.offset, np.zeros(program.rows), none)

    return spared
