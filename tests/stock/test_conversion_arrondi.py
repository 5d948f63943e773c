"""Rounding closes, and nobody loses by another's rounding.

Claims, for :func:`largest_remainder` with any attainable total, and :func:`close` at both of its levels.

Quota. Everyone gets the floor of its own exact value or its ceiling. *Proof.* It gets the floor, plus one if it is
among the ``total − Σ floors`` largest remainders; the total is at most ``Σ ceilings``, so that these are at most as
many as there are remainders above zero, and those come first: whoever is rounded up is not whole. ∎ So whatever the
others' values and however they are rounded, a réservataire loses less than one right, and none where its value is
whole: that is what "no réservataire loses by another's rounding" means here. (That the last fraction should not
depend on others at all is impossible for any rounding whose total closes: three values of 1/3 close on 1.)

Own monotonicity. Where one value grows and the others stand, and the total does not fall, its whole number does not
fall. *Proof.* If its floor grows, the new floor is at least the old floor plus one, hence the old number. If not, its
remainder grew, it comes no later in the order, and there are at least as many to round up. ∎ In :func:`close` the grand
total is the nearest to the sum, which does not fall; so neither does its group's total, nor its own number: more years
left never give fewer rights.
"""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.stock.conversion.arrondi import close, largest_remainder, nearest

values = st.fractions(min_value=0, max_value=50, max_denominator=60)
groups = st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=4)


@given(st.lists(values, min_size=1, max_size=8), st.data())
def test_the_total_closes_and_everyone_is_within_its_own_quota(
    found: list[Fraction], data: st.DataObject
) -> None:
    total = data.draw(st.integers(sum(map(floor, found)), sum(map(ceil, found))))
    rounded = largest_remainder(found, total)
    assert sum(rounded) == total
    assert all(number in {floor(value), ceil(value)} for number, value in zip(rounded, found, strict=True))


@given(groups)
def test_every_level_closes_on_the_one_above(found: list[list[Fraction]]) -> None:
    rounded = close(found)
    sums = [sum(group, start=Fraction(0)) for group in found]
    assert sum(map(sum, rounded)) == nearest(sum(sums, start=Fraction(0)))
    for group, exact, whole in zip(found, sums, rounded, strict=True):
        assert sum(whole) in {floor(exact), ceil(exact)}
        assert all(number in {floor(value), ceil(value)} for number, value in zip(whole, group, strict=True))


@given(groups, st.data(), st.fractions(min_value=0, max_value=3, max_denominator=60))
def test_who_has_more_never_gets_less(
    found: list[list[Fraction]], data: st.DataObject, more: Fraction
) -> None:
    group = data.draw(st.integers(0, len(found) - 1))
    place = data.draw(st.integers(0, len(found[group]) - 1))
    before = close(found)
    found[group][place] += more
    after = close(found)
    assert after[group][place] >= before[group][place]
    assert sum(after[group]) >= sum(before[group])


def test_equal_remainders_go_to_the_first() -> None:
    assert largest_remainder([Fraction(1, 3)] * 3, 1) == (1, 0, 0)
    assert largest_remainder([Fraction(5, 2), Fraction(1, 2)], 3) == (3, 0)


def test_thirty_communes_of_three_tenths_do_not_all_round_to_nothing() -> None:
    ((*communes,),) = close([[Fraction(3, 10)] * 30])
    assert sum(communes) == 9


def test_a_total_out_of_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        largest_remainder([Fraction(1, 2)], 2)
