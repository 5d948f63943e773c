"""PuLP: CBC, or any solver that PuLP knows and its user owns, by the name of its class (``pulp:GUROBI_CMD``).

Written in what PuLP 3.3 and 4 have in common. PuLP tells neither the bound of a search that it stopped nor,
for many solvers, any dual; whether this one gives duals is tried on a small program when it is loaded.
"""

import contextlib
import ctypes
import math
import os
import sys
from collections.abc import Iterator
from functools import partial
from inspect import signature
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from allocator.solvers.bound import prove
from allocator.solvers.builder import ProgramBuilder
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

OPTIMAL: Final = 1
WITHIN_GAP: Final = -7
INFEASIBLE: Final = -1

FEASIBLE: Final = 1e-6
"""What a point may miss a bound, a side or a whole number by: solvers' own tolerance."""


def load(class_name: str = "") -> Solver:
    """Import PuLP and return one of its solvers, CBC if none is named.

    Raises
    ------
    SolverUnavailable
        If PuLP is not installed, knows no such solver, or does not find it on this machine.
    """
    try:
        import pulp  # noqa: PLC0415 - imported only when used
    except ImportError:
        raise SolverUnavailable("PuLP n'est pas installé : pip install pulp") from None
    if class_name and class_name not in pulp.listSolvers():
        known = ", ".join(sorted(pulp.listSolvers()))
        raise SolverUnavailable(f"PuLP {pulp.__version__} ne connaît pas {class_name} (il connaît {known})")
    with _silence():
        available = _solver(pulp, class_name, Limits()).available()
    if not available:
        name = class_name or "CBC (sous PuLP 4 : pip install 'pulp[cbc]')"
        raise SolverUnavailable(f"PuLP ne trouve pas {name} sur cette machine")
    answer = partial(_solve, class_name)
    features = {Feature.LP, Feature.MIP}
    if _gives_duals(answer):
        features.add(Feature.DUALS)
    return Solver(f"PuLP {pulp.__version__} ({class_name or 'CBC'})", frozenset(features), answer)


def _solver(pulp: Any, class_name: str, limits: Limits) -> Any:
    """Make one of PuLP's solvers, silent, with those of the limits that it knows."""
    options: dict[str, Any] = {"msg": False, "gapRel": limits.gap, "threads": 1}
    if limits.seconds < INF:
        options["timeLimit"] = max(1, math.ceil(limits.seconds))
    if class_name:
        known = signature(type(pulp.getSolver(class_name, msg=False)).__init__).parameters
        return pulp.getSolver(class_name, **{name: options[name] for name in options if name in known})
    # PuLP 3 brings a CBC of its own, PuLP 4 finds that of the package cbcbox. CBC asks of a better point that
    # it be better by 1e-5 unless told otherwise.
    bundled = getattr(pulp, "PULP_CBC_CMD", None)
    return pulp.COIN_CMD(path=bundled and bundled.pulp_cbc_path, options=["increment 1e-9"], **options)


def _solve(class_name: str, program: Program, limits: Limits) -> Outcome:
    """Solve a program; raises :class:`SolverError` where the solver fails."""
    import pulp  # noqa: PLC0415

    if limits.seconds <= 0:
        return Outcome(Status.NOTHING, np.empty(0), INF, -INF)
    problem, columns, rows = _problem(pulp, program)
    solver = _solver(pulp, class_name, limits)
    try:
        with _silence(), TemporaryDirectory() as solver.tmpDir:
            ended = problem.solve(solver)
    except pulp.PulpSolverError as failure:
        raise SolverError(f"PuLP, {class_name or 'CBC'} : {failure}") from failure
    # PuLP 3 returns a code and keeps another that tells a proven optimum; PuLP 4 returns both in one value.
    status = int(getattr(ended, "status", ended))
    if status == INFEASIBLE:
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    x = np.array([_number(column.value()) for column in columns])
    if not _feasible(program, x):
        return Outcome(Status.NOTHING, np.empty(0), INF, -INF)
    x = np.where(program.integer, np.rint(x), x)
    value = float(program.cost @ x) + program.offset
    if status not in {OPTIMAL, WITHIN_GAP} or getattr(problem, "sol_status", OPTIMAL) != OPTIMAL:
        return Outcome(Status.FEASIBLE, x, value, -INF)
    if program.integer.any():
        return Outcome(Status.OPTIMAL, x, value, value - limits.gap * abs(value))
    return _linear(program, x, value, rows)


def _linear(program: Program, x: Floats, value: float, rows: list[tuple[int, Any]]) -> Outcome:
    """Return the outcome of a linear program, with its duals where the solver gives them."""
    row_dual = np.zeros(program.rows)
    for row, constraint in rows:
        row_dual[row] += _number(constraint.pi)
    if not np.isfinite(row_dual).all():
        return Outcome(Status.OPTIMAL, x, value, value)
    # Values that went through a text file have eight digits: the bound that holds is the one that the duals
    # prove.
    proof = prove(program, row_dual)
    return Outcome(Status.OPTIMAL, x, value, min(proof.bound, value), row_dual, proof.price)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Send to standard error what libraries print on standard output whatever they are told."""
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None if os.name == "posix" else "msvcrt").fflush(None)
        os.dup2(saved, 1)
        os.close(saved)


def _problem(pulp: Any, program: Program) -> tuple[Any, list[Any], list[tuple[int, Any]]]:
    """Build PuLP's problem; return it, its columns, and its constraints with the row that each is of."""
    problem = pulp.LpProblem("allocator")
    columns = [
        problem.add_variable(f"x{j}", _side(lower), _side(upper), "Integer" if whole else "Continuous")
        for j, (lower, upper, whole) in enumerate(
            zip(program.lower.tolist(), program.upper.tolist(), program.integer.tolist(), strict=True)
        )
    ]
    problem += pulp.lpSum(
        cost * column for cost, column in zip(program.cost.tolist(), columns, strict=True) if cost
    )
    sides = []
    for row, terms in enumerate(_by_row(program)):
        total = pulp.lpSum(value * columns[j] for j, value in terms)
        for side in _sides(total, float(program.row_lower[row]), float(program.row_upper[row])):
            problem += side
            sides.append(row)
    return problem, columns, list(zip(sides, problem.constraints(), strict=True))


def _by_row(program: Program) -> Iterator[list[tuple[int, float]]]:
    matrix = program.matrix
    order = np.argsort(matrix.index, kind="stable")
    entries = list(zip(matrix.column_of_entries()[order].tolist(), matrix.value[order].tolist(), strict=True))
    end = np.cumsum(np.bincount(matrix.index, minlength=program.rows)).tolist()
    for begin, stop in zip([0, *end], end, strict=False):
        yield entries[begin:stop]


def _sides(total: Any, lower: float, upper: float) -> Iterator[Any]:
    """Yield the constraints of a row: PuLP has no rows with two sides."""
    if lower == upper:
        yield total == lower
        return
    if lower > -INF:
        yield total >= lower
    if upper < INF:
        yield total <= upper


def _side(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _feasible(program: Program, x: Floats) -> bool:
    """Say whether a point respects a program: a stopped solver may leave anything."""
    activity = program.matrix.times(x, program.rows)
    over = [program.lower - x, x - program.upper]
    over += [program.row_lower - activity, activity - program.row_upper]
    over += [np.abs(x - np.rint(x))[program.integer]]
    return all(bool((each <= FEASIBLE * (1.0 + np.abs(x).max(initial=0.0))).all()) for each in over)


def _gives_duals(answer: Any) -> bool:
    """Minimize ``2 x − 3 y`` with ``x >= 1`` and ``y <= 1`` as rows: the duals are 2 and −3 only."""
    builder = ProgramBuilder()
    builder.add_columns(2, 0.0, 5.0, [2.0, -3.0], integer=False)
    builder.add_rows(2, [1.0, -INF], [INF, 1.0])
    builder.add_entries([0, 1], [0, 1], 1.0)
    row_dual = answer(builder.build(), Limits()).row_dual
    return len(row_dual) == 2 and bool(np.allclose(row_dual, [2.0, -3.0]))
