"""A program with most columns held is the whole one around a point."""

import random

import numpy as np
import pytest

from allocator.solvers import load
from allocator.solvers.program import Limits
from allocator.solvers.restriction import restrict
from tests.solvers.programs import random_program


@pytest.mark.parametrize("seed", range(40))
def test_held_at_the_optimum_the_free_columns_reach_it_again(seed: int) -> None:
    rng = random.Random(seed)
    program, solver = random_program(rng, "whole"), load("highs")
    best = solver.solve(program, Limits())
    free = np.array([rng.random() < 0.6 for _ in range(program.columns)])
    part = restrict(program, free, best.x)
    outcome = solver.solve(part.program, Limits())
    whole = part.expand(outcome.x)
    assert outcome.objective == pytest.approx(best.objective, abs=1e-9)
    assert program.cost @ whole + program.offset == pytest.approx(best.objective, abs=1e-9)
    assert np.array_equal(whole[~free], best.x[~free])


@pytest.mark.parametrize("seed", range(40))
def test_what_is_allowed_in_the_part_is_allowed_in_the_whole(seed: int) -> None:
    rng = random.Random(seed)
    program, solver = random_program(rng, "whole"), load("highs")
    point = solver.solve(program, Limits()).x
    free = np.array([rng.random() < 0.6 for _ in range(program.columns)])
    part = restrict(program, free, point)
    x = part.expand(solver.solve(part.program, Limits()).x)
    activity = program.matrix.times(x, program.rows)
    assert (activity >= program.row_lower - 1e-6).all()
    assert (activity <= program.row_upper + 1e-6).all()
