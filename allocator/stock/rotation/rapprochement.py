"""Rates of segments, large and small: each leans on the rate of the segment around it, the more the less it was seen.

Re-lettings are Poisson around ``rate × dwelling-years``, and the rates of one level's segments follow gamma
distributions whose means are the rates of their parents and whose relative spread (coefficient of variation) is one for
all. Of that spread nothing is assumed but that it is between 0 and 1: it is summed over, with the weight that the data
of all segments give to each value (empirical Bayes, without pretending to know how different segments are). The rate is
``w × raw + (1 − w) × parent``, a weighted mean that anyone can redo.
"""

from dataclasses import dataclass
from math import lgamma
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.forecast.chance import gamma_quantile

Floats = NDArray[np.float64]

SPREADS: Final = np.linspace(0.02, 1.0, 50)
"""Relative spreads of segments' rates that are weighed against one another, evenly before the data (Gelman 2006)."""

Z: Final = 1.6448536269514722
"""Quantile of the normal distribution beyond which 5 % lies: 90 % is between, each side."""

_log_gamma: Final = np.vectorize(lgamma, otypes=[np.float64])


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Rates a year as fractions, one row a segment.

    ``poids`` weighs the raw rate against the parent's; ``variance`` is that of the rate, the parent's included.
    """

    taux: Floats
    poids: Floats
    variance: Floats

    @property
    def bas(self) -> Floats:
        """Below it the rate lies with a probability of 5 %."""
        return _quantile(self, -Z)

    @property
    def haut(self) -> Floats:
        """Above it the rate lies with a probability of 5 %."""
        return _quantile(self, Z)


def whole_rate(relocations: float, annees: float) -> Rates:
    """Return the rate of a whole park, which leans on nothing (Jeffreys' prior for its spread)."""
    return Rates(
        np.array([relocations / annees]),
        np.ones(1),
        np.array([(relocations + 0.5) / annees**2]),
    )


def lean(relocations: Floats, annees: Floats, parent: Rates) -> Rates:
    """Return the rates of one level's segments; ``parent`` has one row a segment, that of its parent."""
    mean = np.maximum(parent.taux, 1e-12)
    # one prior strength (dwelling-years) a spread and segment: shape 1/spread² over the mean
    shape = np.broadcast_to(1.0 / SPREADS[:, None] ** 2, (len(SPREADS), len(mean)))
    strength = shape / mean
    credit = _credit(relocations, annees, shape, strength)
    poids = annees / (annees + strength)
    raw = np.divide(relocations, annees, out=mean.copy(), where=annees > 0)
    each = poids * raw + (1.0 - poids) * mean
    weight = credit @ poids
    taux = weight * raw + (1.0 - weight) * mean
    within = credit @ (each / (annees + strength) + (1.0 - poids) ** 2 * parent.variance)
    between = credit @ (each - taux) ** 2
    return Rates(taux, weight, within + between)


def _credit(relocations: Floats, annees: Floats, shape: Floats, strength: Floats) -> Floats:
    """Return the probability of each spread given all segments, shape (spreads,)."""
    terms = (
        _log_gamma(relocations + shape)
        - _log_gamma(shape)
        + shape * np.log(strength / (strength + annees))
        - relocations * np.log(strength + annees)
    )
    likelihood = terms.sum(axis=1)
    credit = np.exp(likelihood - likelihood.max())
    normed: Floats = credit / credit.sum()
    return normed


def _quantile(rates: Rates, z: float) -> Floats:
    relative = rates.variance / np.maximum(rates.taux, 1e-12) ** 2
    # no re-letting seen: the distribution of a rate that is all but zero
    quantile: Floats = np.where(
        rates.taux > 0, rates.taux * gamma_quantile(relative, z), np.maximum(z, 0.0) * np.sqrt(rates.variance)
    )
    return quantile
