"""Years left of a right, exactly: whole years between anniversaries, then days of the year that runs.

Convention. From the first day counted to the last day of the right, both included. A right of twelve years to the day
has 12 years left; one day in a year of 365 days is 1/365, in one of 366 days 1/366. The anniversary of a 29 February is
the 1st of March.
"""

from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

QUANTUM: Final = 365 * 366
"""Years are counted in whole multiples of one over this, so that sums are exact in whole numbers."""

Days = NDArray[np.datetime64]


def years_left(debut: Days, fin: Days) -> NDArray[np.int64]:
    """Return the years from each first day to each last day, both included, in units of ``1/QUANTUM`` year.

    0 where the last day precedes the first, or either is not known.
    """
    known = ~(np.isnat(debut) | np.isnat(fin))
    first = np.where(known, debut, np.datetime64("2000-01-01"))
    after = np.where(known, fin + np.timedelta64(1, "D"), first)
    known &= after > first
    after = np.where(known, after, first)
    years = after.astype("datetime64[Y]").astype(np.int64) - first.astype("datetime64[Y]").astype(np.int64)
    years -= _anniversary(first, years) > after
    eve = _anniversary(first, years)
    length = (_anniversary(first, years + 1) - eve).astype(np.int64)
    days = (after - eve).astype(np.int64)
    return np.where(known, years * QUANTUM + days * (QUANTUM // length), 0)


def as_years(units: int) -> Fraction:
    """Return a number of years from its units."""
    return Fraction(units, QUANTUM)


def units_of(years: float) -> int:
    """Return the nearest whole number of units of a number of years."""
    return round(Fraction(repr(float(years))) * QUANTUM)


def first_year(day: date) -> int:
    """Return the first calendar year that begins on a day or after it."""
    return day.year + ((day.month, day.day) != (1, 1))


def _anniversary(day: Days, years: NDArray[np.int64]) -> Days:
    month = day.astype("datetime64[M]")
    later = (month + years * 12).astype("datetime64[D]")
    # a 29 February rolls over to the 1st of March where there is none
    anniversary: Days = later + (day - month.astype("datetime64[D]"))
    return anniversary
