"""A solver to copy: every step that an adapter owes, around a solver that simply tries every whole point.

To add a solver: copy this file as ``mysolver.py``, put its package in place of :func:`_try_all`, name it in
``MODULES`` of :mod:`allocator.solvers`, and add it to ``NAMES`` of ``tests/solvers/test_every_solver.py``,
whose tests say what is wrong with it. Nothing else in the project knows which solvers there are.
"""

from itertools import product
from time import monotonic

import numpy as np

from allocator.solvers.program import (
    INF,
    Feature,
    Floats,
    Limits,
    Outcome,
    Program,
    Solver,
    SolverError,
    SolverUnavailable,
    Status,
)


def load() -> Solver:
    """Import the package and return the solver; raises :class:`SolverUnavailable` where it is not there."""
    # 1. The package is imported here and nowhere above, so that it costs nothing to those who do not ask
    #    for it.
    try:
        import numpy as package  # noqa: PLC0415 - stands for the solver's package
    except ImportError:
        raise SolverUnavailable("mysolver n'est pas installé : pip install mysolver") from None
    # 2. Versions known to be wrong are refused. What is said to people is French.
    if int(package.__version__.split(".")[0]) < 2:
        raise SolverUnavailable(f"mysolver {package.__version__} est trop ancien : il faut la version 2")
    # 3. Only what is true is declared; tests hold it to that. Without DUALS the engine solves each tier
    #    whole and    keeps it as a row of the next (allocator.engine.locked): slower, the same values. MIP is
    #    a must.
    features = frozenset({Feature.MIP})
    # 4. The name with its version goes into solution.json.
    return Solver(f"mysolver {package.__version__}", features, solve)


def solve(program: Program, limits: Limits) -> Outcome:
    """Solve a program; raises :class:`SolverError` where it is not of a declared kind."""
    if not program.integer.all():
        raise SolverError("mysolver ne traite que les programmes en nombres entiers")
    # 5. Arrays go in as they are (program.cost, program.matrix.start …), whole if the package lets them.
    #    Set the seed    and one thread: the same program has the same answer. Nothing is printed, standard
    #    output belongs to --json.
    x, ended = _try_all(program, limits)
    # 6. Every way of ending is told apart; what is not expected is a SolverError, never a guess.
    if x is None:
        status, bound = (Status.INFEASIBLE, INF) if ended else (Status.NOTHING, -INF)
        return Outcome(status, np.empty(0), INF, bound)
    value = float(program.cost @ x) + program.offset
    # 7. The bound is what was proven: the value where the search ended, what the search had reached where
    #    the time    ran out (here nothing). Linear programs also carry row_dual and reduced_cost, in the sign
    #    of minimization.
    return Outcome(Status.OPTIMAL, x, value, value) if ended else Outcome(Status.FEASIBLE, x, value, -INF)


def _try_all(program: Program, limits: Limits) -> tuple[Floats | None, bool]:
    """Return the cheapest feasible point (``None``: none), and whether there was time to try all."""
    start = monotonic()
    best, least = None, INF
    ranges = (
        range(int(np.ceil(low)), int(np.floor(high)) + 1)
        for low, high in zip(program.lower.tolist(), program.upper.tolist(), strict=True)
    )
    for point in product(*ranges):
        if monotonic() - start >= limits.seconds:
            return best, False
        x = np.array(point, dtype=np.float64)
        activity = program.matrix.times(x, program.rows)
        inside = (activity >= program.row_lower - 1e-9).all() and (activity <= program.row_upper + 1e-9).all()
        if inside and (cost := float(program.cost @ x)) < least:
            best, least = x, cost
    return best, True
