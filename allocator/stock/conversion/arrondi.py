"""Rounding that closes: largest remainder within each level, on exact fractions.

What holds at every level, whatever the others' values (proofs in ``tests/stock/test_conversion_arrondi.py``):

- quota: everyone gets its own exact value rounded down or up, so that a whole value is kept as it is and nobody
  loses more than a fraction of one by anybody's rounding;
- closing: a level sums to the whole number of the level above it;
- own monotonicity: where one exact value grows and the others stand, its whole number does not fall.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor


def nearest(value: Fraction) -> int:
    """Return the nearest whole number, halves upwards."""
    return floor(value + Fraction(1, 2))


def largest_remainder(values: Sequence[Fraction], total: int) -> tuple[int, ...]:
    """Return whole numbers that sum to ``total``, each its value rounded down or up.

    The largest fractional parts are rounded up; of equal ones, the first in the sequence.

    Raises
    ------
    ValueError
        If no such numbers sum to ``total``.
    """
    whole = [floor(value) for value in values]
    extra = total - sum(whole)
    if not 0 <= extra <= sum(map(ceil, values)) - sum(whole):
        raise ValueError(f"{total} is not between the values rounded down and up")
    by_remainder = sorted(range(len(values)), key=lambda place: whole[place] - values[place])
    up = frozenset(by_remainder[:extra])
    return tuple(number + (place in up) for place, number in enumerate(whole))


def close(groups: Sequence[Sequence[Fraction]]) -> tuple[tuple[int, ...], ...]:
    """Round a two-level table: the grand total to the nearest, then the groups' totals, then within each group.

    Everything is rounded by :func:`largest_remainder`; the total that each level hands down is always one that the
    next can reach, because a value is only rounded up where it is not whole.
    """
    sums = [sum(group, start=Fraction(0)) for group in groups]
    totals = largest_remainder(sums, nearest(sum(sums, start=Fraction(0))))
    return tuple(largest_remainder(group, total) for group, total in zip(groups, totals, strict=True))
