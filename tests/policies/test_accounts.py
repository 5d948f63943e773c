"""The accounts of a morning against plain loops: what each cell has received, and in which ones a dwelling counts."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Liberations
from allocator.flux.geography import PARTOUT
from allocator.flux.promises import ANY, Scopes
from allocator.policies.accounts import accounts, convention_scopes, covering, received
from allocator.policies.situation import Frame, Mouvements
from tests.policies.mornings import communes_of, random_morning

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=60, deadline=None, derandomize=True)


def counts_in(known: Frame, scopes: Scopes, cell: int, libs: Liberations, given: tuple[int, int]) -> bool:
    """Say whether a libération (by row) given to a réservataire counts in a cell."""
    row, holder = given
    commune = int(libs.commune[row])
    kind = int(scopes.kind[cell])
    here = 0 if kind == PARTOUT else int(known.places.of_commune[kind][commune])
    traits = (
        (scopes.typologie[cell], libs.typologie[row]),
        (scopes.financement[cell], libs.financement[row]),
        (scopes.qpv[cell], libs.qpv[row]),
    )
    return (
        int(scopes.reservataire[cell]) == holder
        and int(scopes.scope[cell]) == here
        and all(wanted in (ANY, has) for wanted, has in traits)
    )


def some_moves(rng: random.Random, dwellings: int, holders: int) -> Mouvements:
    """Draw movements of any amount: points, dwellings given back, several of one dwelling."""
    count = rng.randint(0, 2 * dwellings) if dwellings else 0
    return Mouvements(
        np.array([rng.randrange(dwellings) for _ in range(count)], dtype=np.intp),
        np.array([rng.randrange(holders) for _ in range(count)], dtype=np.int32),
        np.array([rng.choice((1.0, -1.0, 0.25, 1.75)) for _ in range(count)], dtype=np.float64),
    )


@given(seeds)
@on_random_cases
def test_what_each_cell_and_row_has_received_is_the_sum_over_movements(rng: random.Random) -> None:
    morning = random_morning(rng)
    known, past = morning.known, morning.situation.past
    moves = some_moves(rng, len(past), len(known.instance.reservataires))
    for scopes in (known.promises.scopes, convention_scopes(known)):
        expected = [
            sum(
                amount
                for row, holder, amount in zip(moves.row, moves.reservataire, moves.amount, strict=True)
                if counts_in(known, scopes, cell, past, (int(row), int(holder)))
            )
            for cell in range(len(scopes))
        ]
        assert received(scopes, known, past, moves).tolist() == pytest.approx(expected)


@given(seeds)
@on_random_cases
def test_a_dwelling_counts_in_every_cell_of_its_holder_that_looks_at_it(rng: random.Random) -> None:
    morning = random_morning(rng)
    known, libs = morning.known, morning.situation.today
    rows = np.array([rng.randrange(len(libs)) for _ in range(6)], dtype=np.intp)
    holders = np.array([rng.randrange(len(known.instance.reservataires)) for _ in range(6)], dtype=np.int32)
    scopes = known.promises.scopes
    entry, cell = covering(scopes, known, libs, rows, holders)
    assert (np.diff(entry) >= 0).all()
    assert sorted(zip(entry.tolist(), cell.tolist(), strict=True)) == [
        (number, one)
        for number in range(6)
        for one in range(len(scopes))
        if counts_in(known, scopes, one, libs, (int(rows[number]), int(holders[number])))
    ]


@given(seeds)
@on_random_cases
def test_what_is_released_today_is_in_the_assiette_and_counts_for_nobody(rng: random.Random) -> None:
    morning = random_morning(rng)
    situation, known = morning.situation, morning.known
    account = accounts(known, situation)
    new = situation.today.commune[~situation.again].tolist()
    assert account.assiette.tolist() == [
        situation.past.commune.tolist().count(commune) + new.count(commune)
        for commune in range(len(known.instance.territoires))
    ]
    conventions = known.instance.conventions
    assert account.used.tolist() == [
        sum(
            int(situation.past.commune[row]) in communes_of(known.instance, conventions.territoire[number])
            for row, holder in enumerate(morning.held)
            if holder == conventions.reservataire[number]
        )
        for number in range(len(conventions))
    ]
