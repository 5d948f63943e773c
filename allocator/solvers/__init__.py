"""Solvers behind one small interface: arrays in, values out, each imported only when it is used."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Final

import numpy as np

from allocator.solvers.program import (
    INF,
    Limits,
    Outcome,
    Program,
    Solve,
    Solver,
    SolverUnavailable,
    Status,
)

MODULES: Final = {"highs": "highs", "ortools": "or_tools", "pulp": "pulp_"}
"""Module of each solver, by the name that people give."""

FASTEST: Final = "highs"
"""What ``auto`` means: over a whole solve nothing measured was faster (``benchmarks/solvers.py``)."""


def load(name: str) -> Solver:
    """Return a solver: ``auto``, ``highs``, ``ortools``, ``pulp`` or ``pulp:CLASS``, one that PuLP knows.

    Raises
    ------
    SolverUnavailable
        If there is none of that name, or not on this machine.
    """
    family, _, own = (FASTEST if name == "auto" else name).partition(":")
    if family not in MODULES or (own and family != "pulp"):
        known = f"auto, {', '.join(MODULES)} ou pulp:CLASSE (comme pulp:GUROBI_CMD)"
        raise SolverUnavailable(f"solveur inconnu : {name!r} ; attendu : {known}")
    make: Callable[..., Solver] = import_module(f"allocator.solvers.{MODULES[family]}").load
    solver = make(own) if own else make()
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
