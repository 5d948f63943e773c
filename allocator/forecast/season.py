"""When in the year dwellings come free: the weight of each day, learned from earlier years."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.forecast.arrays import Days, Floats, Ints, tally
from allocator.forecast.settings import Settings

YEAR: Final = 365.25
"""Days of a mean year."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Factors of a day: by weekday (Monday first), by whether it ends a month's work, by month."""

    weekday: Floats
    closing: Floats
    month: Floats
    doubt: Floats
    """Relative variance of each month's factor, shape (12,)."""

    def weights(self, days: Days) -> Floats:
        """Return the weight of each day; only ratios between days matter."""
        weekday, closing, month = _labels(days)
        product: Floats = self.weekday[weekday] * self.closing[closing] * self.month[month]
        return product


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """The days of a period, each weighted as a part of a mean year of 365.25 days.

    ``gone`` has one entry more than the period has days: the weight of those before each; ``months`` splits it
    by month of the year, shape (days + 1, 12); ``doubt`` is the relative variance of each month's weight.
    """

    gone: Floats
    months: Floats
    doubt: Floats

    def between(self, first: int, last: int) -> float:
        """Return the weight of the days from ``first`` (included) to ``last`` (excluded), counted from 0."""
        return float(self.gone[last] - self.gone[first])

    def variance(self, first: int, last: int) -> float:
        """Return the relative variance of that weight: months are learned apart, so their errors average out."""
        parts = self.months[last] - self.months[first]
        whole = parts.sum()
        return float((parts**2) @ self.doubt / whole**2) if whole > 0 else 0.0


def flat_profile(settings: Settings) -> Profile:
    """Return the profile that nothing was learned for: uniform over working days."""
    weekday = np.where(np.arange(7) < 5, 1.0, settings.weekend)
    return Profile(weekday, np.ones(2), np.ones(12), np.full(12, 12.0 / settings.season_strength))


def learn_profile(days: Days, counts: Floats, settings: Settings) -> Profile:
    """Return the profile of earlier years.

    Parameters
    ----------
    days, counts
        Each day of the years looked at, and how many libérations it had (whole years or not: a month never seen
        keeps a factor of 1).
    settings
        How much the flat profile weighs.

    Returns
    -------
    Profile
        Observed over expected for each weekday, closing day and month in turn, each given the factors before,
        and each shrunk: a month towards its neighbours, and those towards 1.
    """
    flat = flat_profile(settings)
    weekdays, closings, months = _labels(days)
    weight = flat.weekday[weekdays]
    weekday = _factors(weekdays, 7, counts, weight, settings.days_strength)
    weight = weight * weekday[weekdays]
    closing = _factors(closings, 2, counts, weight, settings.days_strength)
    weight = weight * closing[closings]
    share = tally(months, weight, 12) / weight.sum()
    seen, strength = tally(months, counts, 12), settings.season_strength
    around = _shrunk(_smooth(seen), _smooth(share), 1.0, strength)
    month = _shrunk(seen, share, around, strength)
    return Profile(flat.weekday * weekday, closing, month, 1.0 / (seen + strength / 12.0))


def season(profile: Profile, debut: np.datetime64, jours: int) -> Season:
    """Return the weights of the ``jours`` days from ``debut``."""
    four_years = debut + np.arange(1461)
    year = profile.weights(four_years).sum() * YEAR / len(four_years)
    days = debut + np.arange(jours)
    month = _labels(days)[2]
    by_month = np.zeros((jours + 1, 12))
    by_month[np.arange(1, jours + 1), month] = profile.weights(days) / year
    months = by_month.cumsum(axis=0)
    return Season(months.sum(axis=1), months, profile.doubt)


def _factors(labels: Ints, size: int, counts: Floats, weight: Floats, strength: float) -> Floats:
    share = tally(labels, weight, size) / weight.sum()
    return _shrunk(tally(labels, counts, size), share, 1.0, strength)


def _shrunk(seen: Floats, share: Floats, prior: Floats | float, strength: float) -> Floats:
    """Return observed over expected, as if ``strength`` more libérations had followed ``prior``."""
    total = seen.sum()
    pulled = seen + strength * share * prior
    ratio: Floats = np.divide(pulled, share * (total + strength), out=np.ones_like(share), where=share > 0)
    return ratio


def _smooth(values: Floats) -> Floats:
    """Return values averaged with their neighbours around the year, weights ¼, ½, ¼."""
    smoothed: Floats = values / 2 + (np.roll(values, 1) + np.roll(values, -1)) / 4
    return smoothed


def _labels(days: Days) -> tuple[Ints, Ints, Ints]:
    """Return each day's weekday (0 is Monday), whether it is the last working day of its month, and its month."""
    # 1 January 1970 was a Thursday.
    weekday = (days.astype(np.int64) + 3) % 7
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    following = days + np.where(weekday == 4, 3, 1)
    closing = (weekday < 5) & (following.astype("datetime64[M]").astype(np.int64) % 12 != month)
    return weekday, closing.astype(np.int64), month
