"""A program that grew says at each step what a fresh solve of the same program says."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.policies.lookahead.plan import restriction
from allocator.solvers import load
from allocator.solvers.growing import GrowingProgram
from allocator.solvers.program import INF, Limits, Matrix, Outcome, Program, Status
from tests.solvers.programs import random_program

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)


def from_zero(program: Program) -> Program:
    """Return the same program with columns that start at 0: what a growing program may add."""
    least = program.matrix.times(program.lower, program.rows)
    return replace(
        program,
        lower=np.zeros(program.columns),
        upper=program.upper - program.lower,
        row_lower=program.row_lower - least,
        row_upper=program.row_upper - least,
        offset=0.0,
    )


def beside(program: Program, column: Program) -> Program:
    """Return a program with the columns of another (of the same rows) after its own."""
    first = program.matrix
    matrix = Matrix(
        np.concatenate([first.start, column.matrix.start[1:] + first.start[-1]]),
        np.concatenate([first.index, column.matrix.index]),
        np.concatenate([first.value, column.matrix.value]),
    )
    return replace(
        program,
        matrix=matrix,
        cost=np.concatenate([program.cost, column.cost]),
        lower=np.concatenate([program.lower, column.lower]),
        upper=np.concatenate([program.upper, column.upper]),
        integer=np.concatenate([program.integer, column.integer]),
    )


def moved(program: Program, where: str, at: int, lower: float, upper: float) -> Program:
    """Return a program with other bounds of a column or (``where`` is ``row_``) a row."""
    low, high = getattr(program, f"{where}lower").copy(), getattr(program, f"{where}upper").copy()
    low[at], high[at] = lower, upper
    return replace(program, **{f"{where}lower": low, f"{where}upper": high})


def agree(grown: Outcome, program: Program) -> None:
    fresh = load("highs").solve(program, Limits())
    assert grown.status is fresh.status
    if fresh.status is not Status.OPTIMAL:
        return
    assert grown.objective == pytest.approx(fresh.objective, abs=1e-7)
    assert float(program.cost @ grown.x) == pytest.approx(fresh.objective, abs=1e-6)
    gain = np.bincount(
        program.matrix.column_of_entries(),
        program.matrix.value * grown.row_dual[program.matrix.index],
        program.columns,
    )
    assert grown.reduced_cost == pytest.approx(program.cost - gain, abs=1e-6)


@given(seeds)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_whatever_was_added_and_moved_it_is_the_program_as_it_stands(rng: random.Random) -> None:
    whole = from_zero(random_program(rng, "linear"))
    first = rng.randint(0, whole.columns)
    now = restriction(whole, np.arange(first))
    grown = GrowingProgram(now)
    agree(grown.solve(), now)
    for _ in range(6):
        step = rng.choice(("add", "bound", "limit", "solve"))
        if step == "add" and now.columns < whole.columns:
            part = restriction(whole, np.arange(now.columns, rng.randint(now.columns, whole.columns - 1) + 1))
            grown.add(part.cost, part.upper, part.matrix)
            now = beside(now, part)
        elif step == "bound" and now.columns:
            column = rng.randrange(now.columns)
            lower, upper = sorted(rng.uniform(0, whole.upper[column] + 0.01) for _ in range(2))
            grown.bound(column, lower, upper)
            now = moved(now, "", column, lower, upper)
        elif step == "limit" and now.rows:
            row = rng.randrange(now.rows)
            lower, upper = sorted((rng.uniform(-4, 4), rng.choice((INF, rng.uniform(-4, 4)))))
            grown.limit(row, lower, upper)
            now = moved(now, "row_", row, lower, upper)
        agree(grown.solve(), now)
    assert grown.columns == now.columns


def test_a_bound_that_is_moved_there_and_back_leaves_the_same_value() -> None:
    program = Program(
        np.array([-1.0, -2.0]),
        np.zeros(2),
        np.full(2, 3.0),
        np.array([-INF]),
        np.array([4.0]),
        Matrix(np.array([0, 1, 2], dtype=np.int32), np.array([0, 0], dtype=np.int32), np.ones(2)),
        np.zeros(2, dtype=bool),
    )
    grown = GrowingProgram(program)
    assert grown.solve().objective == pytest.approx(-7.0)
    grown.bound(1, 0.0, 1.0)
    assert grown.solve().objective == pytest.approx(-5.0)
    grown.bound(1, 5.0, 5.0)
    assert grown.solve().status is Status.INFEASIBLE
    grown.bound(1, 0.0, 3.0)
    assert grown.solve().objective == pytest.approx(-7.0)
