"""GLOP and SCIP, through OR-Tools' model builder: linear programs with duals, and mixed programs."""

from typing import Any, Final

import numpy as np
from ortools.linear_solver.python import model_builder_helper as builder

from allocator.solvers.program import INF, Limits, Outcome, Program, SolverError, Status

PARAMETERS: Final = {
    # An answer a little outside the tolerances is given all the same: the bounds are proven apart.
    "GLOP": "change_status_to_imprecise: false",
    "SCIP": "randomization/randomseedshift = 0",
}


def solve(name: str, program: Program, limits: Limits) -> Outcome:
    """Solve a program by a solver of ``PARAMETERS``; raises :class:`SolverError` where it fails."""
    solver = builder.ModelSolverHelper(name)
    solver.set_solver_specific_parameters(PARAMETERS[name])
    if limits.seconds < INF:
        solver.set_time_limit_in_seconds(max(0.0, limits.seconds))
    solver.solve(_model(program))
    return _outcome(name, solver, integral=bool(program.integer.any()))


def _model(program: Program) -> Any:
    """Build the model entry by entry: the one call that takes a whole matrix wants SciPy's."""
    model: Any = builder.ModelBuilderHelper()
    model.add_var_array_with_bounds(program.lower, program.upper, program.integer, "")
    priced = np.flatnonzero(program.cost)
    model.set_objective_coefficients(priced.tolist(), program.cost[priced].tolist())
    model.set_objective_offset(program.offset)
    for lower, upper in zip(program.row_lower.tolist(), program.row_upper.tolist(), strict=True):
        row = model.add_linear_constraint()
        model.set_constraint_lower_bound(row, lower)
        model.set_constraint_upper_bound(row, upper)
    matrix = program.matrix
    for row, column, value in zip(
        matrix.index.tolist(), matrix.column_of_entries().tolist(), matrix.value.tolist(), strict=True
    ):
        model.add_term_to_constraint(row, column, value)
    return model


def _outcome(name: str, solver: Any, *, integral: bool) -> Outcome:
    status = solver.status().name
    if status == "INFEASIBLE":
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    if status == "OPTIMAL":
        x, value = np.array(solver.variable_values()), solver.objective_value()
        if not integral:
            duals = np.array(solver.dual_values()), np.array(solver.reduced_costs())
            return Outcome(Status.OPTIMAL, x, value, value, *duals)
        return Outcome(Status.OPTIMAL, x, value, solver.best_objective_bound())
    if status == "FEASIBLE" and integral:
        x, value = np.array(solver.variable_values()), solver.objective_value()
        return Outcome(Status.FEASIBLE, x, value, solver.best_objective_bound())
    if status in {"FEASIBLE", "NOT_SOLVED"}:
        return Outcome(Status.NOTHING, np.empty(0), INF, -INF)
    raise SolverError(f"{name} s'est arrêté dans l'état {status} {solver.status_string()}".rstrip())
