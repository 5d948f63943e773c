"""The split by month keeps both margins, and is as near to the course as brute force gets."""

import random
from itertools import product

import numpy as np
import pytest

from allocator.drawing import DrawSettings, draw
from allocator.formats import read_model
from allocator.planning.projet import Counts, projet_of
from allocator.planning.trajectoire import by_month, trajectory
from allocator.planning.trajectoire.mois import released
from allocator.planning.trajectoire.partage import Course, share_out
from allocator.solvers import load
from allocator.solvers.program import Limits
from tests.planning.trajectoire.test_one_year import ROOT

SEASON = np.array([5, 6, 7, 8, 9, 11, 12, 9, 10, 9, 8, 6]) / 100


@pytest.mark.parametrize("seed", range(20))
def test_months_close_and_follow_the_season_in_any_run_of_classes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nombre = rng.integers(0, 5, size=(2, 60))
    column = np.zeros(60, dtype=np.int8)
    offre = Counts(np.arange(60, dtype=np.int32), column, column, column, nombre)
    months = released(offre, SEASON)
    np.testing.assert_array_equal(months.sum(axis=2), nombre)
    totals = months.sum(axis=1)
    assert np.abs(totals - nombre.sum(axis=1)[:, None] * SEASON).max() < 1
    first, last = sorted(rng.integers(0, 61, size=2))
    run = months[:, first:last].sum(axis=1)
    assert np.abs(run - nombre[:, first:last].sum(axis=1)[:, None] * SEASON).max() < 2


def test_both_margins_are_exact_and_the_bound_is_near() -> None:
    projet = projet_of(draw(DrawSettings(seed=5, size=200, departements=("93",), communes=6)))
    plan = trajectory(projet, read_model(ROOT / "models" / "reference.toml"))
    monthly = by_month(projet, plan)
    given = np.zeros((len(plan.offre), len(projet.reservataires) + 1), dtype=np.int64)
    np.add.at(given, (monthly.classe, monthly.reservataire), monthly.nombre)
    wanted = np.zeros_like(given)
    np.add.at(wanted, (plan.flux.classe, plan.flux.reservataire), plan.flux.nombre)
    np.testing.assert_array_equal(given[:, :-1], wanted[:, :-1])
    months = np.zeros((len(plan.offre), 12), dtype=np.int64)
    np.add.at(months, (monthly.classe, monthly.mois), monthly.nombre)
    np.testing.assert_array_equal(months, released(plan.offre, projet.saison)[0])
    assert monthly.borne[0] <= monthly.ecart[0] <= monthly.borne[0] * 1.001


@pytest.mark.parametrize("seed", range(30))
def test_the_split_is_the_best_of_all(seed: int) -> None:
    rng = random.Random(seed)
    months = np.array([[rng.randint(0, 2) for _ in range(3)] for _ in range(2)])
    pairs = [(classe, holder) for classe in range(2) for holder in range(3)]
    number, left = {}, dict(enumerate(months.sum(axis=1).tolist()))
    for classe, holder in pairs:
        number[classe, holder] = left[classe] if holder == 2 else rng.randint(0, left[classe])
        left[classe] -= number[classe, holder]
    course = Course(
        np.array([classe for classe, _ in pairs]),
        np.array([holder for _, holder in pairs]),
        np.array([number[pair] for pair in pairs]),
        months,
        (np.array([0, 3]), np.array([0]), np.array([1, 4]), np.array([4])),
        (months.sum(axis=0), months[0], months.sum(axis=0), months[1]),
    )
    found = share_out(course, load("auto").solve, Limits())
    assert found.value == pytest.approx(_least(course), abs=1e-9)
    assert found.bound <= found.value + 1e-9


def _least(course: Course) -> float:
    """Return the least distance to the course, all splits of each class tried."""
    splits = [list(_splits(course.nombre[3 * c : 3 * c + 3], course.months[c])) for c in range(2)]
    target = course.targets()
    best = float("inf")
    for first, second in product(*splits):
        number = np.concatenate([first, second])
        counts = np.array([number[pairs].sum(axis=0).cumsum() for pairs in course.members])
        best = min(best, float(np.abs(counts - target).sum()))
    return best


def _splits(rows: np.ndarray, columns: np.ndarray) -> list[np.ndarray]:
    """Return the whole tables with these margins, three by three."""
    found = []
    for a, b, c, d in product(range(3 * 2 + 1), repeat=4):
        table = np.zeros((3, 3), dtype=np.int64)
        table[0, :2], table[1, :2] = (a, b), (c, d)
        table[:2, 2] = rows[:2] - table[:2, :2].sum(axis=1)
        table[2] = columns - table[:2].sum(axis=0)
        if (table >= 0).all() and table[2].sum() == rows[2]:
            found.append(table)
    return found
