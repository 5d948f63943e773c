"""Nobody waits: Tijdeman's bound after every dwelling, for all shares of one territory."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, Instance, Model
from allocator.policies.prorata import prorata
from allocator.policies.replaying.replay import replay
from tests.builders import Commune, Holder, Promise, Release, make_instance

MODEL = Model("vide", "", "", ())
DEBUT = date(2025, 1, 1)
COMMUNES = tuple(Commune(f"930{number:02}") for number in range(4))


def bound(holders: int) -> Fraction:
    """Return what Tijdeman's theorem allows: nothing where one holder has everything."""
    return Fraction(0) if holders == 1 else 1 - Fraction(1, 2 * holders - 2)


def one_territory(weights: list[int], kept: int, days: list[int], territoire: str) -> Instance:
    """Return pure quotas in proportion to weights, the bailleur keeping its own, and libérations on days."""
    whole = sum(weights) + kept
    return make_instance(
        communes=COMMUNES,
        holders=[Holder(f"r{number}") for number in range(len(weights))],
        promises=[
            Promise(f"r{number}", territoire, part=100 * weight / whole, niveau="territoire")
            for number, weight in enumerate(weights)
        ],
        releases=[
            Release(COMMUNES[number % len(COMMUNES)].code, day=DEBUT + timedelta(day))
            for number, day in enumerate(sorted(days))
        ],
    )


def worst(shares: dict[int, Fraction], received: list[int]) -> Fraction:
    """Return the largest deviation from pro-rata of any holder after any dwelling."""
    largest, counts = Fraction(0), dict.fromkeys(shares, 0)
    for number, holder in enumerate(received, start=1):
        counts[holder] += 1
        largest = max(largest, *(abs(counts[h] - share * number) for h, share in shares.items()))
    return largest


@given(
    weights=st.one_of(
        st.lists(st.integers(0, 60), min_size=1, max_size=12),
        st.lists(st.sampled_from([1, 1, 59]), min_size=4, max_size=12),
    ),
    kept=st.one_of(st.just(0), st.integers(1, 200)),
    days=st.lists(st.integers(0, 364), min_size=1, max_size=400),
    territoire=st.sampled_from(["departement:93", "epci:200057875"]),
)
@example(weights=[1] * 8 + [59] * 4, kept=0, days=[0] * 244, territoire="departement:93")
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_holder_stays_within_the_bound_after_every_dwelling(
    weights: list[int], kept: int, days: list[int], territoire: str
) -> None:
    """The example is one where the largest lag first, as people do, lets the small ones wait for 1.38."""
    whole = sum(weights) + kept
    if not whole:
        return
    instance = one_territory(weights, kept, days, territoire)
    shares = {holder: Fraction(weight, whole) for holder, weight in enumerate(weights)} | {
        BAILLEUR: Fraction(kept, whole)
    }
    holders = sum(share > 0 for share in shares.values())
    received = replay(instance, MODEL, prorata).decided.tolist()
    assert worst(shares, received) <= bound(holders) + Fraction(1, 10**9)


@given(
    parts=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    others=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    where=st.lists(st.booleans(), min_size=1, max_size=200),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_territories_side_by_side_keep_a_bound_each(
    parts: list[int], others: list[int], where: list[bool]
) -> None:
    """The first réservataires hold shares of both: what they receive in one place is not set against the other."""
    places = {"93": parts, "94": others}
    instance = make_instance(
        communes=[Commune("93048"), Commune("94028", epci="200058006", departement="94")],
        holders=[Holder(f"r{number}") for number in range(max(len(parts), len(others)))],
        promises=[
            Promise(f"r{number}", f"departement:{place}", part=part, niveau="territoire")
            for place, promised in places.items()
            for number, part in enumerate(promised)
        ],
        releases=[Release("93048" if first else "94028") for first in where],
    )
    decided = replay(instance, MODEL, prorata).decided.tolist()
    for first, promised in ((True, parts), (False, others)):
        shares = {holder: Fraction(part, 100) for holder, part in enumerate(promised)}
        shares[BAILLEUR] = 1 - sum(shares.values(), Fraction(0))
        holders = sum(share > 0 for share in shares.values())
        received = [to for to, there in zip(decided, where, strict=True) if there == first]
        assert worst(shares, received) <= bound(holders) + Fraction(1, 10**9)


def test_a_volume_is_served_evenly_through_the_year() -> None:
    year = range(365)
    instance = make_instance(
        holders=[Holder("a")],
        promises=[Promise("a", volume=10, report=2)],
        releases=[Release(day=DEBUT + timedelta(day)) for day in year],
    )
    received = np.cumsum(replay(instance, MODEL, prorata).decided == 0)
    due = 12 * (np.arange(365) + 1) / 365
    assert received[-1] == 12
    assert np.abs(received - due).max() <= 0.5 + 12 / 365


def test_two_equal_holders_take_turns() -> None:
    instance = one_territory([1, 1], 0, list(range(6)), "departement:93")
    assert replay(instance, MODEL, prorata).decided.tolist() == [0, 1, 0, 1, 0, 1]


def test_the_bailleur_keeps_what_is_not_promised() -> None:
    instance = one_territory([3], 1, list(range(8)), "departement:93")
    assert replay(instance, MODEL, prorata).decided.tolist().count(BAILLEUR) == 2


def test_who_has_no_right_left_is_passed_over() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=50, solde=1), Promise("b", part=50)],
        releases=[Release() for _ in range(6)],
    )
    decided = replay(instance, MODEL, prorata).decided.tolist()
    assert decided.count(0) == 1
    assert decided.count(1) >= 3
