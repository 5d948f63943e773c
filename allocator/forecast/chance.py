"""Random numbers that stay the same while a forecast changes, and quantiles of the laws that it uses."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.forecast.arrays import Floats, Ints

EXACT: Final = 64.0
"""Mean beyond which a Poisson quantile is taken from its expansion, which is exact to one."""

_STEP: Final = 0x9E3779B97F4A7C15
_GOLDEN: Final = np.uint64(_STEP)


def strata(scenarios: int, identity: Ints, seed: int, purpose: int) -> Floats:
    """Return one uniform for each scenario and identity, shape (scenarios, identities).

    Those of one identity are ``(rank + shift) / scenarios``, its ranks a random permutation of the scenarios: a
    mean over scenarios has the low noise of a lattice, and scenarios are as independent as ever from one identity
    to another. A pure function of its arguments, identity by identity: neither the place of an identity in the
    list nor the date matters. ``purpose`` keeps the numbers of different uses apart.
    """
    key = np.uint64((seed * _STEP + purpose) % 2**64)
    own = _mix(identity.astype(np.uint64) * _GOLDEN + _mix(np.full(1, key)))
    each = _mix(own[:, None] + np.arange(1, scenarios + 1, dtype=np.uint64) * _GOLDEN)
    ranks = np.argsort(each, axis=1)
    shift = ((_mix(own ^ _GOLDEN) >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    uniform: Floats = ((ranks + shift[:, None]) / scenarios).T
    return uniform


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the output of SplitMix64 at each state (Steele, Lea and Flood, OOPSLA 2014)."""
    word = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def normal_quantile(uniform: Floats) -> Floats:
    """Return standard normal quantiles to 0.01 (Tukey's lambda; Joiner and Rosenblatt, JASA 66, 1971)."""
    z: Floats = (uniform**0.135 - (1.0 - uniform) ** 0.135) / 0.1975
    return z


def gamma_quantile(variance: Floats | float, z: Floats | float) -> Floats:
    """Return quantiles of gamma distributions of mean 1, at those of a standard normal.

    Wilson and Hilferty (PNAS 17, 1931): the cube root is all but normal. Good to a percent up to a variance of
    0.5, and to a few percent up to 1.
    """
    root = 1.0 - np.asarray(variance) / 9.0 + z * np.sqrt(variance) / 3.0
    quantile: Floats = np.maximum(root, 0.0) ** 3
    return quantile


def poisson_quantile(mean: Floats, uniform: Floats) -> Ints:
    """Return the least counts whose Poisson distribution function reaches ``uniform``.

    Never less for a larger mean: by inversion up to :data:`EXACT`; beyond, by the Cornish–Fisher expansion, or the
    count at :data:`EXACT` where that is more.
    """
    counts = _inverted(np.minimum(mean, EXACT), uniform)
    large = mean > EXACT
    if large.any():
        z = normal_quantile(uniform[large])
        expansion = mean[large] + z * np.sqrt(mean[large]) + (z**2 - 1.0) / 6.0
        counts[large] = np.maximum(counts[large], np.ceil(expansion - 0.5).astype(np.int64))
    return counts


def _inverted(mean: Floats, uniform: Floats) -> Ints:
    counts = np.zeros(mean.shape, dtype=np.int64)
    term = np.exp(-mean)
    rows = np.flatnonzero(uniform > term)
    average, level, term = mean.ravel()[rows], uniform.ravel()[rows], term.ravel()[rows]
    reached, count = term.copy(), 0
    while len(rows):
        count += 1
        term *= average / count
        reached += term
        # Far in the tail a term no longer moves the sum: the count stands.
        more = (level > reached) & (reached + term > reached)
        counts.ravel()[rows[~more]] = count
        rows = rows[more]
        average, level, term, reached = (part[more] for part in (average, level, term, reached))
    return counts
