"""Identical dwellings are dealt so that each réservataire is served all along the year."""

from datetime import date, timedelta

import numpy as np
import pytest

from allocator.domain import Goal, Model, Tier
from allocator.engine import solve
from tests.builders import Holder, Promise, Release, make_instance

MODEL = Model("m", "", "", (Tier("contractuel", (Goal("contractuel", 1.0, 1.0),)),))
MONTHLY = [Release(day=date(2025, 1, 1) + timedelta(days=30 * month)) for month in range(12)]


def orientation(releases: list[Release], **parts: float) -> list[int]:
    instance = make_instance(
        releases=releases,
        holders=[Holder(name) for name in parts],
        promises=[Promise(name, part=part) for name, part in parts.items()],
    )
    return [int(holder) for holder in solve(instance, MODEL).orientation]


def test_halves_alternate_beginning_with_the_first_reservataire() -> None:
    assert orientation(MONTHLY, a=50, b=50) == [0, 1] * 6


def test_a_quarter_comes_once_in_four_and_the_bailleur_keeps_the_rest() -> None:
    dealt = orientation(MONTHLY, a=25)
    assert dealt.count(0) == 3
    for quarter in range(3):
        assert dealt[4 * quarter : 4 * quarter + 4].count(0) == 1


def test_dates_rule_whatever_the_order_of_the_file() -> None:
    assert orientation(MONTHLY[::-1], a=50, b=50) == [1, 0] * 6


@pytest.mark.parametrize("seed", range(20))
def test_no_reservataire_strays_by_a_dwelling_or_more_from_its_pace_within_a_class(seed: int) -> None:
    """Its k-th of n dwellings stands at the fraction (k − 1/2)/n among tokens so placed: the count of any prefix
    of t tokens differs from t·n/N by less than the number of holders (each contributes less than one)."""
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.choice(np.arange(1, 60), size=3, replace=False))
    shares = np.diff([0, *cuts, 60])
    releases = [Release(day=date(2025, 1, 1) + timedelta(days=6 * day)) for day in range(60)]
    dealt = np.array(orientation(releases, **{f"r{i}": 100 * n / 60 for i, n in enumerate(shares)}))
    for holder, number in enumerate(shares):
        got = np.cumsum(dealt == holder)
        pace = np.arange(1, 61) * number / 60
        assert got[-1] == number
        assert np.abs(got - pace).max() < len(shares)
