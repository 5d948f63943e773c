"""On drawn years the intervals hold as often as they claim, and borrowing strength pays."""

from itertools import pairwise

import numpy as np
import pytest

from allocator.drawing import DrawSettings, draw
from allocator.forecast import learn, record
from allocator.forecast.evidence import seen
from allocator.forecast.outlook import look
from tests.forecast.years import thinned

SEEDS = range(20)
STARTS = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]


@pytest.fixture(scope="module")
def years():
    return [thinned(seed, 500) for seed in SEEDS]


def test_intervals_of_the_total_hold_eight_times_in_ten(years):
    coverage = [
        record(learn(drawn), drawn.liberations, np.datetime64("2026-01-01")).coverage for drawn in years
    ]
    assert 0.6 <= np.mean(coverage) <= 0.95


def test_intervals_of_the_month_to_come_hold_eight_times_in_ten(years):
    held = []
    for drawn in years:
        prior = learn(drawn)
        known = seen(drawn.liberations, prior.debut, 0, prior.jours)
        for first, last in pairwise(STARTS):
            low, high = look(prior, known.before(first), first, first, last).interval()
            came = ((known.day >= first) & (known.day < last)).sum()
            held.append(round(low) <= came <= round(high))
    assert 0.6 <= np.mean(held) <= 0.95


def test_nothing_leans_to_one_side(years):
    missed = []
    for drawn in years:
        prior = learn(drawn)
        known = seen(drawn.liberations, prior.debut, 0, prior.jours)
        ahead = look(prior, known.before(181), 181, 181, 365)
        missed.append(((known.day >= 181).sum() - ahead.volume) / ahead.spread)
    assert abs(np.mean(missed)) < 0.6
    assert 0.6 < np.std(missed) < 1.5


@pytest.mark.parametrize("elapsed", [0, 181])
def test_shrunk_rates_foretell_communes_better_than_last_year_does(elapsed):
    """Mean squared error of the counts still to come, by commune, where a bailleur has many small ones."""
    ours, raw = [], []
    for seed in SEEDS:
        drawn = draw(DrawSettings(seed=seed, size=300, communes=150))
        prior = learn(drawn)
        known = seen(drawn.liberations, prior.debut, 0, prior.jours)
        ahead = look(prior, known.before(elapsed), elapsed, elapsed, prior.jours)
        came = np.bincount(known.commune[known.day >= elapsed], minlength=150)
        before = np.bincount(drawn.historique.commune[drawn.historique.en_flux], minlength=150)
        ours.append(((ahead.by_commune() - came) ** 2).mean())
        raw.append(((before * ahead.volume / before.sum() - came) ** 2).mean())
    assert np.mean(ours) < 0.95 * np.mean(raw)


def test_shared_mixes_foretell_the_classes_better_than_each_commune_alone():
    """Mean log-probability of what came, against last year's own shares with one pseudo-count a mode."""
    ours, raw = [], []
    for seed in range(8):
        drawn = draw(DrawSettings(seed=seed, size=1000, communes=40))
        prior = learn(drawn)
        came = seen(drawn.liberations, prior.debut, 0, prior.jours)
        ahead = look(prior, came.before(0), 0, 0, prior.jours)
        table = np.zeros((40, 48))
        table[ahead.commune, ahead.mode] = ahead.expected
        before = seen(drawn.historique, prior.debut - 366, 0, 366)
        own = np.ones((40, 48))
        np.add.at(own, (before.commune, before.mode), 1.0)
        for shares, scores in ((table, ours), (own, raw)):
            scores.append(
                np.log((shares / shares.sum(axis=1, keepdims=True))[came.commune, came.mode]).mean()
            )
    assert np.mean(ours) > np.mean(raw) + 0.1
