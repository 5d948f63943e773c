"""Scenarios are plausible years that change from one morning to the next by what was learned only."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.forecast import learn, outlook
from tests.forecast.years import DEBUT, thinned

EVE = np.datetime64(DEBUT) - 1


@pytest.fixture(scope="module")
def drawn():
    return thinned(3, 500)


@pytest.fixture(scope="module")
def spring(drawn):
    return outlook(learn(drawn), drawn.liberations, np.datetime64("2025-04-10"))


@pytest.mark.parametrize("today", [EVE, np.datetime64("2025-04-10"), np.datetime64("2025-11-20")])
def test_draws_have_the_mean_and_spread_of_the_forecast(drawn, today):
    ahead = outlook(learn(drawn), drawn.liberations, today)
    totals = ahead.draw(2000, 5).sum(axis=1)
    assert totals.mean() == pytest.approx(ahead.volume, rel=0.01)
    assert totals.std() == pytest.approx(ahead.spread, rel=0.06)
    low, high = ahead.interval()
    assert ((totals >= low) & (totals <= high)).mean() == pytest.approx(0.8, abs=0.05)


def test_a_commune_varies_by_more_than_its_counts(spring):
    draws = spring.draw(2000, 5)
    for commune in range(len(spring.commune_doubt)):
        counts = draws[:, spring.commune == commune].sum(axis=1)
        mean = spring.by_commune()[commune]
        assert counts.mean() == pytest.approx(mean, rel=0.05)
        assert counts.var() > mean


@pytest.mark.parametrize("scenarios", [8, 16, 64])
def test_few_scenarios_have_the_mean_of_each_class_with_little_noise(spring, scenarios):
    error = spring.draw(scenarios, 1).mean(axis=0) - spring.expected
    independent = spring.draw(2000, 1).var(axis=0).mean() / scenarios
    assert (error**2).mean() < 0.4 * independent


def test_a_rare_class_comes_in_as_many_scenarios_as_it_should(spring):
    none = {"commune_doubt": 0 * spring.commune_doubt, "mode_doubt": 0 * spring.mode_doubt}
    rare = replace(spring, expected=np.full(len(spring), 0.1), **none)
    mean = rare.draw(16, 2).mean(axis=0)
    # Of 16 scenarios 1.6 draw it: one, two or three; independent draws would spread from 0 to 6.
    assert mean.mean() == pytest.approx(0.1, abs=0.01)
    assert mean.std() < 0.6 * np.sqrt(0.1 / 16)
    assert mean.max() <= 4 / 16


def test_less_to_come_never_draws_more(spring):
    more = spring.draw(16, 4)
    less = replace(spring, expected=0.97 * spring.expected).draw(16, 4)
    assert (less <= more).all()
    assert 0 < (more - less).sum() < 0.06 * more.sum()


def test_from_one_day_to_the_next_scenarios_hardly_move(drawn):
    prior = learn(drawn)
    days = [np.datetime64("2025-04-10") + step for step in (0, 1)]
    before, after = (outlook(prior, drawn.liberations, today).draw(16, 4) for today in days)
    fresh = outlook(prior, drawn.liberations, days[1]).draw(16, 5)
    assert np.abs(after - before).sum() < 0.1 * np.abs(fresh - before).sum()


def test_a_class_keeps_its_numbers_wherever_it_stands(spring):
    kept = np.flatnonzero(spring.expected > np.median(spring.expected))[::-1]
    names = ("commune", "typologie", "financement", "qpv", "expected")
    some = replace(spring, **{name: getattr(spring, name)[kept] for name in names})
    assert np.array_equal(some.draw(16, 9), spring.draw(16, 9)[:, kept])


def test_a_seed_says_all(spring):
    assert np.array_equal(spring.draw(8, 1), spring.draw(8, 1))
    assert not np.array_equal(spring.draw(8, 1), spring.draw(8, 2))
