"""HiGHS, by highspy: arrays passed whole, every status asserted.

Versions before 1.15.1 are refused: 1.14 returned wrong optima on mixed-integer programs.

HiGHS overruns its time limit between the checks that it makes, by up to 0.8 s on the programs of a
region-year. Its interrupt callbacks are asked at fewer places still (a limit of 0.5 s then took 7.5 s), so
there is no watchdog in here: the whole solve runs in a child process that can be ended
(:mod:`allocator.engine.watch`).
"""

from typing import Any, Final

import numpy as np

from allocator.solvers.program import (
    INF,
    Feature,
    Limits,
    Outcome,
    Program,
    Solver,
    SolverError,
    SolverUnavailable,
    Status,
)

OLDEST: Final = (1, 15, 1)
"""First version whose optima can be trusted."""

INTERIOR_POINT_FROM: Final = 15_000
"""Entries from which the interior point with crossover beats the simplex … (``benchmarks/solvers.py``)."""

NEARLY_NETWORK: Final = 3
"""… unless there are fewer entries a column than this: the simplex is faster there at any size."""

COLUMNWISE: Final = 1
MINIMIZE: Final = 1
FEASIBLE_POINT: Final = 2


def load() -> Solver:
    """Import highspy and return the solver.

    Raises
    ------
    SolverUnavailable
        If highspy is not installed, or in a version known to be wrong.
    """
    try:
        import highspy  # noqa: PLC0415 - imported only when used
    except ImportError:
        raise SolverUnavailable("HiGHS n'est pas installé : pip install highspy") from None
    numbers = (highspy.HIGHS_VERSION_MAJOR, highspy.HIGHS_VERSION_MINOR, highspy.HIGHS_VERSION_PATCH)
    version = ".".join(str(number) for number in numbers)
    if numbers < OLDEST:
        raise SolverUnavailable(
            f"HiGHS {version} est trop ancien : il faut la version 1.15.1 ou une plus récente"
        )
    features = frozenset({Feature.LP, Feature.DUALS, Feature.MIP})
    return Solver(f"HiGHS {version}", features, solve)


def solve(program: Program, limits: Limits) -> Outcome:
    """Solve a program; raises :class:`SolverError` where HiGHS refuses a call or ends unexpectedly."""
    import highspy  # noqa: PLC0415

    highs = new()
    integral = bool(program.integer.any())
    for name, value in _options(program, limits, integral=integral).items():
        assert_ok(highs.setOptionValue(name, value), f"l'option {name}")
    pass_program(highs, program)
    if highs.run() == highspy.HighsStatus.kError:
        raise SolverError("HiGHS : échec de run")
    return _outcome(highs, program, integral=integral)


def new() -> Any:
    """Return a silent HiGHS."""
    # The public class prints a banner on standard output as it is made; the class that it wraps does not.
    from highspy._core import _Highs  # noqa: PLC0415

    highs = _Highs()
    assert_ok(highs.setOptionValue("output_flag", False), "l'option output_flag")
    return highs


def pass_program(highs: Any, program: Program) -> None:
    """Hand a program to HiGHS in one call."""
    matrix = program.matrix
    status = highs.passModel(
        program.columns,
        program.rows,
        len(matrix.value),
        COLUMNWISE,
        MINIMIZE,
        program.offset,
        program.cost,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        matrix.start,
        matrix.index,
        matrix.value,
        program.integer.astype(np.int32),
    )
    assert_ok(status, "passModel")


def interior_point_pays(program: Program) -> bool:
    """Tell whether a linear program is solved faster by the interior point, with crossover to a vertex."""
    return len(program.matrix.value) >= max(INTERIOR_POINT_FROM, NEARLY_NETWORK * program.columns)


def assert_ok(status: Any, call: str) -> None:
    """Raise :class:`SolverError` where HiGHS answered a call by anything but its approval."""
    if status.name != "kOk":
        raise SolverError(f"HiGHS : {call} a répondu {status.name}")


def _options(program: Program, limits: Limits, *, integral: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"threads": 1, "parallel": "off", "random_seed": 0}
    if limits.seconds < INF:
        options["time_limit"] = max(0.0, limits.seconds)
    if integral:
        # A search ends where nothing better by more than this tolerance is left; 1e-6 as it comes is too
        # coarse for proofs to a relative 1e-6, and 1e-9 takes no longer.
        options |= {"mip_rel_gap": limits.gap, "mip_abs_gap": 1e-9, "mip_feasibility_tolerance": 1e-9}
    elif interior_point_pays(program):
        options |= {"solver": "ipx", "run_crossover": "on"}
    else:
        # Presolve takes as long as it saves, and twice the simplex's time on the smallest.
        options |= {"solver": "simplex", "presolve": "off"}
    return options


def _outcome(highs: Any, program: Program, *, integral: bool) -> Outcome:
    state = highs.getModelStatus().name
    bounded = bool(np.isfinite(program.lower).all() and np.isfinite(program.upper).all())
    if state == "kInfeasible" or (state == "kUnboundedOrInfeasible" and bounded):
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    if state not in {"kOptimal", "kTimeLimit"}:
        raise SolverError(f"HiGHS s'est arrêté dans l'état {state}")
    info, solution = highs.getInfo(), highs.getSolution()
    value = info.objective_function_value
    if state == "kOptimal" and not integral:
        duals = np.array(solution.row_dual), np.array(solution.col_dual)
        return Outcome(Status.OPTIMAL, np.array(solution.col_value), value, value, *duals)
    bound = info.mip_dual_bound if integral else -INF
    if state == "kOptimal":
        return Outcome(Status.OPTIMAL, np.array(solution.col_value), value, bound)
    if integral and info.primal_solution_status == FEASIBLE_POINT:
        return Outcome(Status.FEASIBLE, np.array(solution.col_value), value, bound)
    return Outcome(Status.NOTHING, np.empty(0), INF, bound)
