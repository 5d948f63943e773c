"""The season is learned from the days of earlier years, and weighs any period."""

from datetime import date

import numpy as np
import pytest

from allocator.forecast import DEFAULTS
from allocator.forecast.season import flat_profile, learn_profile, season
from tests.forecast.years import year

SUMMER = np.array([0.9, 0.9, 0.95, 0.95, 1.0, 1.1, 1.3, 1.2, 1.1, 1.0, 0.85, 0.75])


def months(days):
    return days.astype("datetime64[M]").astype(int) % 12


def test_a_mean_year_weighs_one_and_a_leap_year_a_day_more():
    flat = flat_profile(DEFAULTS)
    ordinary = season(flat, np.datetime64("2025-01-01"), 365).gone[-1]
    leap = season(flat, np.datetime64("2024-01-01"), 366).gone[-1]
    assert ordinary == pytest.approx(1.0, abs=0.005)
    assert leap == pytest.approx(1.0, abs=0.01)
    assert season(flat, np.datetime64("2025-04-01"), 91).gone[-1] == pytest.approx(0.25, abs=0.01)


def test_weights_add_up_over_the_days():
    weights = season(flat_profile(DEFAULTS), np.datetime64("2025-03-10"), 200)
    assert weights.between(0, 80) + weights.between(80, 200) == pytest.approx(weights.between(0, 200))
    assert weights.between(50, 50) == 0.0
    assert weights.variance(50, 50) == 0.0


def test_a_long_history_shows_its_season():
    days = np.concatenate([year(2023), year(2024)])
    profile = learn_profile(days, 20.0 * SUMMER[months(days)] * np.is_busday(days), DEFAULTS)
    assert profile.month == pytest.approx(SUMMER / SUMMER.mean(), abs=0.03)
    assert (profile.weekday[5:] < 0.01).all()


def test_a_short_history_is_pulled_towards_the_flat_year():
    rng = np.random.default_rng(0)
    working = year(2024)[np.is_busday(year(2024))]
    counts = np.zeros(len(year(2024)))
    np.add.at(counts, (rng.choice(working, 40) - year(2024)[0]).astype(int), 1.0)
    profile = learn_profile(year(2024), counts, DEFAULTS)
    raw = np.bincount(months(year(2024)), counts, 12) / (40 / 12)
    assert np.abs(profile.month - 1).max() < 0.15 < np.abs(raw - 1).max()
    assert (profile.doubt > 0.01).all()


def test_leases_that_end_with_the_month_are_seen_to():
    days = year(2024)
    working = np.is_busday(days)
    following = np.busday_offset(days, 1, roll="backward")
    last = working & (months(following) != months(days))
    profile = learn_profile(days, 4.0 * working + 6.0 * last, DEFAULTS)
    assert last.sum() == 12
    assert profile.closing[1] / profile.closing[0] == pytest.approx(2.5, rel=0.1)


def test_months_never_seen_keep_the_flat_factor():
    days = np.arange(np.datetime64("2024-07-01"), np.datetime64("2025-01-01"))
    profile = learn_profile(days, 3.0 * np.is_busday(days), DEFAULTS)
    assert profile.month[:6] == pytest.approx(np.ones(6))
    assert profile.month[6:] == pytest.approx(np.ones(6), abs=0.06)


def test_a_period_that_is_no_calendar_year_gets_the_months_it_has():
    days = year(2024)
    profile = learn_profile(days, 20.0 * SUMMER[months(days)] * np.is_busday(days), DEFAULTS)
    weights = season(profile, np.datetime64(date(2025, 7, 1)), 62)
    assert weights.gone[-1] == pytest.approx(2.5 / SUMMER.sum(), rel=0.05)
