"""Quantiles are those of their laws, and random numbers stand still."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.forecast.chance import EXACT, gamma_quantile, normal_quantile, poisson_quantile, strata

GRID = (np.arange(20_000) + 0.5) / 20_000


@given(st.floats(1e-6, EXACT), st.floats(1e-6, 1 - 1e-6))
def test_a_poisson_quantile_is_the_least_count_that_reaches_the_level(mean, level):
    count = int(poisson_quantile(np.array([mean]), np.array([level]))[0])

    def reached(upto):
        return math.fsum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(upto + 1))

    assert reached(count) >= level - 1e-12
    assert count == 0 or reached(count - 1) <= level + 1e-12


@pytest.mark.parametrize("mean", [0.01, 0.4, 3.0, 63.9, 64.1, 500.0])
def test_poisson_quantiles_have_the_mean_and_variance_of_the_law(mean):
    counts = poisson_quantile(np.full(len(GRID), mean), GRID)
    assert counts.mean() == pytest.approx(mean, rel=0.002)
    assert counts.var() == pytest.approx(mean, rel=0.01)


@given(st.floats(0.0, 200.0), st.floats(0.0, 5.0), st.floats(1e-6, 1 - 1e-6))
def test_a_poisson_quantile_never_falls_as_its_mean_rises(mean, more, level):
    low, high = poisson_quantile(np.array([mean, mean + more]), np.array([level, level]))
    assert low <= high


@pytest.mark.parametrize("variance", [0.001, 0.02, 0.25, 1.0])
def test_gamma_quantiles_have_mean_one_and_their_variance(variance):
    values = gamma_quantile(variance, normal_quantile(GRID))
    assert values.mean() == pytest.approx(1.0, abs=0.005)
    assert values.var() == pytest.approx(variance, rel=0.03)
    assert (np.diff(values) >= 0).all()


@given(st.integers(1, 40), st.integers(0, 2**70), st.integers(0, 3))
def test_each_identity_has_one_number_in_each_stratum(scenarios, seed, purpose):
    uniform = strata(scenarios, np.arange(20), seed, purpose)
    assert uniform.shape == (scenarios, 20)
    assert ((uniform > 0) & (uniform < 1)).all()
    assert np.array_equal(
        np.sort((uniform * scenarios).astype(int), axis=0), np.tile(np.arange(scenarios)[:, None], 20)
    )


def test_numbers_belong_to_their_identity_seed_and_purpose():
    whole = strata(16, np.arange(50), 3, 1)
    assert np.array_equal(strata(16, np.array([40, 7]), 3, 1), whole[:, [40, 7]])
    assert not np.isclose(whole, strata(16, np.arange(50), 4, 1)).any(axis=0).all()
    assert not np.isclose(whole, strata(16, np.arange(50), 3, 2)).any(axis=0).all()


def test_scenarios_are_as_good_as_independent_from_one_identity_to_another():
    uniform = strata(16, np.arange(2000), 5, 0)
    assert np.abs(np.corrcoef(uniform.T[:300]) - np.eye(300)).mean() < 0.25
    # A scenario's mean over many identities is that of independent uniforms: none is a lucky one all year.
    assert np.abs(uniform.mean(axis=1) - 0.5).max() < 4 * math.sqrt(1 / 12 / 2000)
