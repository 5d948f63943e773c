"""What is asked of every solver: the same optimum, true bounds, true features, silence."""

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from allocator.solvers import load, template
from allocator.solvers.bound import prove
from allocator.solvers.program import Feature, Limits, Matrix, Program, Solver, Status
from tests.solvers.programs import KINDS, infeasible_program, random_program

NAMES = ("highs", "ortools", "pulp")
PROGRAMS = 20
DIGITS = {"pulp": 1e-6}
"""Relative precision of what goes through CBC's text files; the others keep all of it."""


@pytest.fixture(scope="module", params=NAMES)
def solver(request: pytest.FixtureRequest) -> Solver:
    return load(request.param)


def tolerance(solver: Solver) -> float:
    return DIGITS["pulp"] if solver.name.startswith("PuLP") else 1e-9


def drawn(kind: str, count: int = PROGRAMS) -> Iterator[Program]:
    for seed in range(count):
        yield random_program(random.Random(f"{kind}{seed}"), kind)


def allows(program: Program, x: np.ndarray) -> bool:
    activity = program.matrix.times(x, program.rows)
    return bool(
        (x >= program.lower - 1e-6).all()
        and (x <= program.upper + 1e-6).all()
        and (activity >= program.row_lower - 1e-6).all()
        and (activity <= program.row_upper + 1e-6).all()
        and (np.abs(x - np.rint(x))[program.integer] <= 1e-6).all()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_all_solvers_find_the_same_optimum(solver: Solver, kind: str) -> None:
    other = load("highs" if "HiGHS" not in solver.name else "ortools")
    for program in drawn(kind):
        mine, theirs = solver.solve(program, Limits()), other.solve(program, Limits())
        assert mine.status is theirs.status is Status.OPTIMAL
        assert mine.objective == pytest.approx(theirs.objective, abs=10 * tolerance(solver))
        assert allows(program, mine.x)
        assert program.cost @ mine.x + program.offset == pytest.approx(mine.objective, abs=1e-6)


def test_whole_optima_are_those_of_trying_every_point(solver: Solver) -> None:
    for program in drawn("whole"):
        truth = template.load().solve(program, Limits())
        found = solver.solve(program, Limits())
        assert found.objective == pytest.approx(truth.objective, abs=1e-9)
        assert found.bound <= truth.objective + 1e-9
        assert found.bound == pytest.approx(truth.objective, abs=1e-6)


def test_duals_are_given_exactly_where_they_are_declared_and_prove_the_optimum(solver: Solver) -> None:
    for program in drawn("linear"):
        outcome = solver.solve(program, Limits())
        if Feature.DUALS not in solver.features:
            assert len(outcome.row_dual) == 0
            continue
        slack = 10 * tolerance(solver)
        assert prove(program, outcome.row_dual).bound == pytest.approx(outcome.objective, abs=slack)
        assert outcome.bound == pytest.approx(outcome.objective, abs=slack)
        assert len(outcome.reduced_cost) == program.columns


@pytest.mark.parametrize("kind", ["linear", "whole"])
def test_what_has_no_point_is_infeasible(solver: Solver, kind: str) -> None:
    outcome = solver.solve(infeasible_program(kind), Limits())
    assert outcome.status is Status.INFEASIBLE
    assert outcome.bound == np.inf
    assert len(outcome.x) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_no_time_at_all_claims_nothing_that_is_not_so(solver: Solver, kind: str) -> None:
    for program in drawn(kind, 5):
        truth = solver.solve(program, Limits())
        outcome = solver.solve(program, Limits(seconds=0.0))
        assert outcome.bound <= truth.objective + 10 * tolerance(solver)
        if len(outcome.x):
            assert allows(program, outcome.x)
            assert outcome.objective >= truth.objective - 10 * tolerance(solver)


def test_the_same_program_has_the_same_answer(solver: Solver) -> None:
    for program in drawn("mixed", 5):
        first, second = (solver.solve(program, Limits()).x for _ in range(2))
        assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("name", (*NAMES, "pulp:HiGHS"))
def test_nothing_is_printed_on_standard_output(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    solver = load(name)
    for kind in KINDS:
        solver.solve(next(drawn(kind)), Limits())
    assert capfd.readouterr().out == ""


def test_crossed_bounds_leave_no_point(solver: Solver) -> None:
    program = next(drawn("whole"))
    crossed = replace(program, lower=program.upper + 1)
    assert solver.solve(crossed, Limits()).status is Status.INFEASIBLE


@pytest.mark.parametrize(("side", "status"), [(0.0, Status.OPTIMAL), (1.0, Status.INFEASIBLE)])
def test_a_program_without_columns_is_judged_by_its_rows(solver: Solver, side: float, status: Status) -> None:
    none = np.empty(0)
    matrix = Matrix(np.zeros(1, np.int32), np.empty(0, np.int32), none)
    row = np.array([side])
    program = Program(none, none, none, row, row + 1, matrix, np.empty(0, bool), offset=2.0)
    outcome = solver.solve(program, Limits())
    assert outcome.status is status
    if status is Status.OPTIMAL:
        assert outcome.objective == outcome.bound == 2.0
