"""Programs that are networks: recognized from their arrays, solved as flows, with duals that prove it."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.solvers import load
from allocator.solvers.bound import prove
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.network import recognize
from allocator.solvers.or_tools import flow
from allocator.solvers.program import INF, Limits, Program, Status
from tests.solvers.programs import asked, drawn_instance


def laminar_program(rng: random.Random) -> Program:
    """Draw classes that feed holders, who count what they receive over nested runs of classes."""
    classes, holders = rng.randint(2, 6), rng.randint(1, 4)
    builder = ProgramBuilder()
    supply = np.array([rng.randint(0, 5) for _ in range(classes)], dtype=float)
    builder.add_columns(classes * holders, 0.0, np.repeat(supply + 1, holders), 0.0)
    column = np.arange(classes * holders).reshape(classes, holders)
    full = np.array([rng.random() < 0.2 for _ in range(classes)])
    offer = builder.add_rows(classes, np.where(full, supply, -INF), supply)
    for number in range(classes):
        builder.add_entries(offer + number, column[number], 1.0)
    for holder in range(holders):
        for low, high in nested(rng, 0, classes):
            target, most = rng.randint(0, 6), supply[low:high].sum()
            row = builder.add_rows(1, target, target)
            builder.add_entries(row, column[low:high, holder], 1.0)
            slopes = sorted(rng.uniform(-1, 2) for _ in range(3))
            for slope, sign, upper in zip(
                (slopes[0], *slopes[1:]), (1, -1, -1), (target, 1, most + 1), strict=True
            ):
                price = abs(slope) if sign > 0 else slope
                builder.add_entries(row, builder.add_columns(1, 0.0, upper, price), sign)
        if rng.random() < 0.3:
            builder.add_entries(builder.add_rows(1, -INF, rng.randint(0, 4)), column[:, holder], 1.0)
    return builder.build(rng.uniform(-2, 2)).relaxed()


def nested(rng: random.Random, low: int, high: int) -> list[tuple[int, int]]:
    """Return runs of which any two are apart or one in the other."""
    runs = [(low, high)] * (rng.random() < 0.7)
    if high - low > 1 and rng.random() < 0.8:
        middle = rng.randint(low + 1, high - 1)
        runs += nested(rng, low, middle) + nested(rng, middle, high)
    return runs


@pytest.mark.parametrize("seed", range(100))
def test_laminar_counts_are_a_network_with_the_optimum_of_the_linear_program(seed: int) -> None:
    program = laminar_program(random.Random(seed))
    network, truth = flow.solve(program), load("highs").solve(program, Limits())
    assert network is not None
    assert network.status is truth.status
    if truth.status is Status.OPTIMAL:
        assert network.objective == pytest.approx(truth.objective, abs=1e-9)
        assert prove(program, network.row_dual).bound == pytest.approx(truth.objective, abs=1e-8)
        assert np.array_equal(network.x, np.rint(network.x))


@pytest.mark.parametrize("seed", [5, 6])
def test_the_tiers_petits_and_contractuel_are_networks(seed: int) -> None:
    programs = asked(drawn_instance(700, seed), tiers=2)
    coarse = [program for program in programs if not program.integer.any()]
    assert len(coarse) >= 2
    for program in coarse:
        network, truth = flow.solve(program.relaxed()), load("highs").solve(program, Limits())
        assert network is not None
        assert network.objective == pytest.approx(truth.objective, abs=1e-9)
        assert network.bound == pytest.approx(truth.objective, rel=1e-9, abs=1e-9)


def test_wishes_over_typologie_and_financement_are_not_a_network() -> None:
    """Two ways of cutting the same dwellings, neither inside the other."""
    program = max(asked(drawn_instance(300)), key=lambda each: each.columns)
    assert recognize(program) is None
    assert flow.solve(program) is None


def simple(**changes: object) -> Program:
    builder = ProgramBuilder()
    builder.add_columns(3, 0.0, 2.0, [1.0, -2.0, 0.5], integer=False)
    builder.add_rows(2, [-INF, 1.0], [3.0, 1.0])
    builder.add_entries([0, 0, 1, 1], [0, 1, 1, 2], [1.0, 1.0, -1.0, 1.0])
    return replace(builder.build(), **changes)


def test_bounds_and_sides_must_be_whole_and_columns_bounded() -> None:
    assert recognize(simple()) is not None
    assert recognize(simple(upper=np.array([2.0, 1.5, 2.0]))) is None
    assert recognize(simple(row_upper=np.array([2.5, 1.0]))) is None
    assert recognize(simple(upper=np.array([2.0, INF, 2.0]))) is None


def test_entries_must_be_one_or_minus_one() -> None:
    program = simple()
    doubled = replace(program.matrix, value=program.matrix.value * 2)
    assert recognize(replace(program, matrix=doubled)) is None


def test_rows_that_no_signs_make_opposite_are_refused() -> None:
    """Three rows, each two sharing a column with entries alike: an odd cycle."""
    builder = ProgramBuilder()
    builder.add_columns(3, 0.0, 1.0, -1.0, integer=False)
    builder.add_rows(3, -INF, 1.0)
    builder.add_entries([0, 1, 1, 2, 2, 0], [0, 0, 1, 1, 2, 2], 1.0)
    assert recognize(builder.build()) is None


def test_an_answer_that_its_dual_does_not_prove_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room for digits, costs round to nothing: another solver is asked."""
    program = simple()
    assert flow.solve(program) is not None
    monkeypatch.setattr(flow, "ROOM", 2.0)
    assert flow.solve(program) is None
