"""CP-SAT counts in whole numbers: what it proves holds for the true costs all the same."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.solvers import template
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.or_tools import sat
from allocator.solvers.program import INF, Limits, Program, Status
from tests.solvers.programs import asked, drawn_instance, random_program


def whole_program(seed: int) -> Program:
    return random_program(random.Random(f"sat{seed}"), "whole", fractions=False)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("room", [2.0**6, 2.0**12, sat.ROOM])
def test_the_bound_is_below_the_true_optimum_however_coarsely_costs_are_rounded(
    seed: int, room: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sat, "ROOM", room)
    program = whole_program(seed)
    truth = template.load().solve(program, Limits()).objective
    outcome = sat.solve(program, Limits())
    assert outcome.bound <= truth + 1e-12
    assert outcome.objective >= truth - 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_with_all_the_room_the_bound_is_the_optimum(seed: int) -> None:
    outcome = sat.solve(whole_program(seed), Limits())
    assert outcome.status is Status.OPTIMAL
    assert outcome.bound == pytest.approx(outcome.objective, abs=1e-9)


def test_without_time_no_bound_is_claimed() -> None:
    """CP-SAT then reports a bound of 0 that it has not proven."""
    program = max(
        (each for each in asked(drawn_instance(600)) if each.integer.any()), key=lambda p: p.columns
    )
    outcome = sat.solve(program, Limits(seconds=0.0))
    assert outcome.status is Status.NOTHING
    assert outcome.bound == -INF


def test_what_it_could_only_approximate_is_not_for_it() -> None:
    builder = ProgramBuilder()
    builder.add_columns(2, 0.0, 3.0, [0.1, -0.7])
    builder.add_entries(builder.add_rows(1, -INF, 2.5), [0, 1], [1.0, 3.0])
    program = builder.build()
    assert sat.fits(program)
    assert not sat.fits(program.relaxed())
    assert not sat.fits(replace(program, upper=np.array([3.0, INF])))
    assert not sat.fits(replace(program, matrix=replace(program.matrix, value=np.array([1.0, 0.3]))))
