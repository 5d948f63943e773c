"""Whatever the multipliers, what they prove is a bound: no solver's word is taken for it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.solvers.bound import prove
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Program


def random_program(rng: np.random.Generator) -> tuple[Program, np.ndarray]:
    """Return a program with a point that it allows."""
    columns, rows = int(rng.integers(1, 7)), int(rng.integers(1, 6))
    dense = rng.integers(-2, 3, size=(rows, columns)).astype(float)
    lower = rng.integers(-3, 1, size=columns).astype(float)
    upper = lower + rng.integers(0, 5, size=columns)
    point = lower + (upper - lower) * rng.random(columns)
    activity = dense @ point
    builder = ProgramBuilder()
    builder.add_columns(columns, lower, upper, rng.normal(size=columns))
    builder.add_rows(
        rows,
        np.where(rng.random(rows) < 0.3, -INF, activity - rng.integers(0, 2, size=rows)),
        np.where(rng.random(rows) < 0.3, INF, activity + rng.integers(0, 2, size=rows)),
    )
    row, column = np.nonzero(dense)
    builder.add_entries(row, column, dense[row, column])
    return builder.build(offset=float(rng.normal())), point


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_any_multipliers_prove_a_bound_below_every_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    program, point = random_program(rng)
    proof = prove(program, rng.normal(size=program.rows))
    assert proof.bound <= program.cost @ point + program.offset + 1e-9


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_moving_away_from_rest_costs_the_price(seed: int) -> None:
    """value = bound + Σ |price| · distance of each column + Σ |multiplier| · slack of each row, exactly."""
    rng = np.random.default_rng(seed)
    program, point = random_program(rng)
    proof = prove(program, rng.normal(size=program.rows))
    activity = program.matrix.times(point, program.rows)
    distance = np.where(proof.price > 0, point - program.lower, program.upper - point)
    pressed = np.where(proof.multiplier > 0, program.row_lower, program.row_upper)
    slack = np.where(
        proof.multiplier == 0, 0.0, np.abs(activity - np.where(np.isfinite(pressed), pressed, 0))
    )
    paid = np.abs(proof.price) @ distance + np.abs(proof.multiplier) @ slack
    assert np.isclose(program.cost @ point + program.offset, proof.bound + paid)
