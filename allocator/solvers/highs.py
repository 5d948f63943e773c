"""HiGHS, by highspy: arrays passed whole, every status asserted.

Versions before 1.15.1 are refused: 1.14 returned wrong optima on mixed-integer programs.
"""

from typing import Any, Final

import numpy as np

from allocator.solvers.program import INF, Feature, Limits, Outcome, Program, Solver, SolverError, Status

INTERIOR_POINT_FROM: Final = 3_000
"""Columns from which the interior point with crossover beats the dual simplex (benchmarks/solvers)."""


def load() -> Solver:
    """Import highspy and return the solver; raises :class:`SolverError` on a version known to be wrong."""
    import highspy  # noqa: PLC0415 - imported only when used

    version = (highspy.Highs().version)()
    if tuple(int(part) for part in version.split(".")[:3]) < (1, 15, 1):
        raise SolverError(f"HiGHS {version} : une version 1.15.1 ou plus récente est nécessaire")
    features = frozenset({Feature.LP, Feature.DUALS, Feature.MIP, Feature.START})
    return Solver(f"HiGHS {version}", features, solve)


def solve(program: Program, limits: Limits) -> Outcome:
    """Solve a program; raises :class:`SolverError` where HiGHS refuses a call."""
    import highspy  # noqa: PLC0415

    highs = highspy.Highs()
    integral = bool(program.integer.any())
    _options(highs, program, limits, integral=integral)
    _assert(highs.passModel(_model(highspy, program, integral=integral)), "passModel")
    if integral and limits.start is not None:
        _start(highspy, highs, limits.start)
    status = highs.run()
    if status == highspy.HighsStatus.kError:
        raise SolverError("HiGHS : échec de run")
    return _outcome(highspy, highs, integral=integral)


def _options(highs: Any, program: Program, limits: Limits, *, integral: bool) -> None:
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
    }
    if limits.seconds < INF:
        options["time_limit"] = max(0.0, limits.seconds)
    if integral:
        options |= {
            "mip_rel_gap": limits.gap,
            "mip_abs_gap": 1e-9,
        }
    elif program.columns >= INTERIOR_POINT_FROM:
        options |= {"solver": "ipx", "run_crossover": "on"}
    for name, value in options.items():
        _assert(highs.setOptionValue(name, value), f"option {name}")


def _model(highspy: Any, program: Program, *, integral: bool) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_ = program.columns
    lp.num_row_ = program.rows
    lp.col_cost_ = program.cost
    lp.col_lower_ = program.lower
    lp.col_upper_ = program.upper
    lp.row_lower_ = program.row_lower
    lp.row_upper_ = program.row_upper
    lp.offset_ = program.offset
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.start
    lp.a_matrix_.index_ = program.matrix.index
    lp.a_matrix_.value_ = program.matrix.value
    if integral:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    return lp


def _start(highspy: Any, highs: Any, point: Any) -> None:
    solution = highspy.HighsSolution()
    solution.col_value = point.tolist()
    _assert(highs.setSolution(solution), "setSolution")


def _outcome(highspy: Any, highs: Any, *, integral: bool) -> Outcome:
    state = highs.getModelStatus()
    states = highspy.HighsModelStatus
    if state == states.kInfeasible:
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    info, solution = highs.getInfo(), highs.getSolution()
    bound = info.mip_dual_bound if integral else -INF
    if state == states.kOptimal:
        bound = bound if integral else info.objective_function_value
        return Outcome(
            Status.OPTIMAL,
            np.array(solution.col_value),
            info.objective_function_value,
            bound,
            np.array(solution.row_dual) if not integral else np.empty(0),
            np.array(solution.col_dual) if not integral else np.empty(0),
        )
    if info.primal_solution_status == 2 and integral:
        return Outcome(Status.FEASIBLE, np.array(solution.col_value), info.objective_function_value, bound)
    return Outcome(Status.NOTHING, np.empty(0), INF, bound)


def _assert(status: Any, call: str) -> None:
    if status.name != "kOk":
        raise SolverError(f"HiGHS : {call} a répondu {status.name}")
