"""The test of a claim of optimality by moves of one dwelling."""

import random
from collections.abc import Iterator

import numpy as np
import pytest

from allocator.checking.moves import Move, better_move
from allocator.checking.values import recount
from allocator.domain import Instance, Model
from tests.oracle import assignments, best, feasible, tier_values
from tests.tiny import random_model, random_tiny_instance
from tests.transform import with_goals

Orientation = tuple[int, ...]


def moved(orientation: Orientation, row: int, winner: int) -> Orientation:
    return (*orientation[:row], winner, *orientation[row + 1 :])


def found(instance: Instance, model: Model, orientation: Orientation) -> Move | None:
    return better_move(instance, model, recount(instance, model, np.array(orientation, dtype=np.int32)))


def cases() -> Iterator[tuple[Instance, Model, Orientation]]:
    for seed in range(200):
        rng = random.Random(seed)
        instance, model = random_tiny_instance(rng), random_model(rng)
        yield instance, model, rng.choice(list(assignments(instance)))


def test_a_move_that_is_told_is_feasible_and_lowers_its_tier_by_its_gain_raising_none_before() -> None:
    told = 0
    for instance, model, orientation in cases():
        move = found(instance, model, orientation)
        if move is None:
            continue
        told += 1
        assert orientation[move.row] == move.loser
        after = moved(orientation, move.row, move.winner)
        assert feasible(instance, after)
        was, now = tier_values(instance, model, orientation), tier_values(instance, model, after)
        assert now[: move.tier] <= was[: move.tier]
        assert float(was[move.tier] - now[move.tier]) >= move.gain - 1e-7
    assert told > 50


def test_where_norms_are_sums_a_move_is_told_exactly_when_one_improves() -> None:
    answers = set()
    for instance, drawn, orientation in cases():
        model = with_goals(drawn, norme="somme")
        was = tier_values(instance, model, orientation)
        exists = any(
            feasible(instance, after) and tier_values(instance, model, after) < was
            for row in range(len(orientation))
            for winner in range(-1, len(instance.reservataires))
            for after in [moved(orientation, row, winner)]
        )
        assert (found(instance, model, orientation) is not None) == exists
        answers.add(exists)
    assert answers == {True, False}


@pytest.mark.parametrize("seed", range(200))
def test_no_move_is_told_of_an_optimum(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    assert found(instance, model, best(instance, model)[1]) is None
