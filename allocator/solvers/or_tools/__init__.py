"""OR-Tools: least-cost flow and GLOP for linear programs, CP-SAT and SCIP for whole columns."""

from allocator.solvers.program import Feature, Limits, Outcome, Program, Solver, SolverUnavailable


def load() -> Solver:
    """Import OR-Tools and return the solver; raises :class:`SolverUnavailable` where it is not installed."""
    try:
        from ortools import __version__  # type: ignore[attr-defined]  # noqa: PLC0415
    except ImportError:
        raise SolverUnavailable("OR-Tools n'est pas installé : pip install ortools") from None
    features = frozenset({Feature.LP, Feature.DUALS, Feature.MIP})
    return Solver(f"OR-Tools {__version__}", features, solve)


def solve(program: Program, limits: Limits) -> Outcome:
    """Solve a program by the solver of OR-Tools that is made for it.

    A linear program that is a network goes to the least-cost flow, any other to GLOP; one in whole numbers
    goes to CP-SAT, and what CP-SAT could only approximate (continuous columns, fractional weights in rows) to
    SCIP.
    """
    from allocator.solvers.or_tools import flow, linear, sat  # noqa: PLC0415

    if program.integer.any():
        if sat.fits(program):
            return sat.solve(program, limits)
        return linear.solve("SCIP", program, limits)
    return flow.solve(program) or linear.solve("GLOP", program, limits)
