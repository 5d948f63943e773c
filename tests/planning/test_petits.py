"""Named years against every schedule that the rules allow, and what holds of any."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.planning.petits.dus import Du, Titulaire
from allocator.planning.petits.nommer import AnneesNommees, name_years
from allocator.planning.petits.reglages import (
    ATTENTE,
    CHARGE,
    OBJECTIFS,
    ReglagesPetits,
    is_small,
    small_among,
)
from allocator.planning.petits.rythme import Fixes
from allocator.planning.petits.tableaux import attente, attentes, charges
from allocator.solvers import load

HIGHS = load("highs")
FIRST = 2026
Schedule = tuple[tuple[tuple[int, ...], ...], ...]
"""Volumes by réservataire, territory and year."""


def one(name: str, annuel: str, territoire: str = "departement:93", **du: object) -> Titulaire:
    return Titulaire(name, None, (Du(territoire, Fraction(annuel), **du),))  # type: ignore[arg-type]


def years(count: int) -> range:
    return range(FIRST, FIRST + count)


def named(
    titulaires: Sequence[Titulaire],
    count: int,
    reglages: ReglagesPetits | None = None,
    fixes: Fixes | None = None,
) -> AnneesNommees:
    return name_years(titulaires, years(count), reglages or ReglagesPetits(), HIGHS, fixes)


def by_year(found: AnneesNommees) -> list[list[int]]:
    return [volumes.sum(axis=0).tolist() for volumes in found.volumes]


def due(titulaire: Titulaire, year: int) -> Fraction:
    """What is due by the end of a year, counted from 1, said once more and otherwise."""
    total = Fraction(0)
    for du in titulaire.dus:
        running = du.report
        for past in range(1, year + 1):
            if du.fin is None or FIRST + past - 1 <= du.fin:
                running += du.annuel
        total += running if du.droits is None else min(running, Fraction(du.droits))
    return total


def due_there(du: Du, year: int) -> Fraction:
    return due(Titulaire("", None, (du,)), year)


def schedules(titulaire: Titulaire, count: int, avance: Fraction) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every schedule of one réservataire that the rules allow."""
    last = max(0, floor(due(titulaire, count)))
    for flat in product(range(last + 1), repeat=len(titulaire.dus) * count):
        rows = tuple(flat[place * count : (place + 1) * count] for place in range(len(titulaire.dus)))
        if _allowed(titulaire, rows, count, avance, last):
            yield rows


def _allowed(
    titulaire: Titulaire, rows: Sequence[Sequence[int]], count: int, avance: Fraction, last: int
) -> bool:
    for year in range(1, count + 1):
        if sum(sum(row[:year]) for row in rows) > min(last, max(0, floor(due(titulaire, year) + avance))):
            return False
        for du, row in zip(titulaire.dus, rows, strict=True):
            most = ceil(max(Fraction(0), due_there(du, year) + avance))
            if sum(row[:year]) > (most if du.droits is None else min(most, du.droits)):
                return False
            if du.fin is not None and FIRST + year - 1 > du.fin and row[year - 1]:
                return False
    return True


def value(
    titulaires: Sequence[Titulaire], schedule: Schedule, count: int, ordre: Sequence[str]
) -> tuple[Fraction, ...]:
    """What a schedule is worth, objective by objective."""
    waits = [
        [
            max(0, floor(due(titulaire, year)) - sum(sum(row[:year]) for row in rows))
            for year in range(1, count + 1)
        ]
        for titulaire, rows in zip(titulaires, schedule, strict=True)
    ]
    whole = sum(max(0, floor(due(titulaire, count))) for titulaire in titulaires)
    loads: dict[str, list[int]] = {}
    means: dict[str, Fraction] = {}
    for titulaire, rows in zip(titulaires, schedule, strict=True):
        for du, row in zip(titulaire.dus, rows, strict=True):
            loads[du.territoire] = list(
                map(sum, zip(loads.get(du.territoire, [0] * count), row, strict=True))
            )
            means[du.territoire] = means.get(du.territoire, Fraction(0)) + du.annuel
    everywhere = [sum(load[year] for load in loads.values()) for year in range(count)]
    worth = {
        "attente": Fraction(sum(map(sum, waits))),
        "attente_max": Fraction(max(map(sum, waits))),
        "charge": sum(((load - Fraction(whole, count)) ** 2 for load in everywhere), start=Fraction(0)),
        "territoires": sum(
            ((load - means[place]) ** 2 for place, each in loads.items() for load in each), start=Fraction(0)
        ),
    }
    return (Fraction(sum(wait[-1] for wait in waits)), *(worth[name] for name in ordre))


def best(titulaires: Sequence[Titulaire], count: int, reglages: ReglagesPetits) -> Schedule:
    """The best of all schedules, the lexicographically largest of those that tie."""
    allowed = [
        schedule
        for schedule in product(*(schedules(each, count, reglages.avance) for each in titulaires))
        if reglages.charge_max is None
        or all(
            sum(row[year] for rows in schedule for row in rows) <= reglages.charge_max
            for year in range(count)
        )
    ]
    worths = {schedule: value(titulaires, schedule, count, reglages.ordre) for schedule in allowed}
    least = min(worths.values())
    return max(schedule for schedule, worth in worths.items() if worth == least)


places = st.sampled_from(("departement:93", "departement:95"))
dus = st.builds(
    Du,
    places,
    st.sampled_from([Fraction(n, 20) for n in (3, 5, 8, 10, 12, 15)]),
    st.sampled_from([Fraction(n, 10) for n in (-5, 0, 0, 4, 9)]),
    st.sampled_from((None, None, 1, 2)),
    st.sampled_from((None, None, FIRST + 1)),
)
holders = st.lists(
    st.lists(dus, min_size=1, max_size=2, unique_by=lambda du: du.territoire), min_size=1, max_size=3
).map(lambda found: [Titulaire(f"r{row}", None, tuple(each)) for row, each in enumerate(found)])
rules = st.builds(
    ReglagesPetits,
    avance=st.sampled_from((Fraction(0), Fraction(1, 2))),
    charge_max=st.sampled_from((None, None, 1)),
    ordre=st.sampled_from((OBJECTIFS, (CHARGE, ATTENTE), ("attente_max", "territoires"))),
)


@settings(max_examples=40, deadline=None)
@given(holders, rules)
def test_no_schedule_is_better_and_ties_go_to_the_first(
    titulaires: list[Titulaire], reglages: ReglagesPetits
) -> None:
    assume(prod(len(list(schedules(each, 3, reglages.avance))) for each in titulaires) <= 2_000)
    found = named(titulaires, 3, reglages)
    schedule = tuple(tuple(map(tuple, volumes.tolist())) for volumes in found.volumes)
    expected = best(titulaires, 3, reglages)
    assert value(titulaires, schedule, 3, reglages.ordre) == value(titulaires, expected, 3, reglages.ordre)
    assert schedule == expected
    assert [round(reached.valeur, 6) for reached in found.objectifs] == [
        pytest.approx(float(worth), abs=1e-5) for worth in value(titulaires, expected, 3, reglages.ordre)
    ]


lasting = holders.map(
    lambda found: [
        Titulaire(each.id, None, tuple(Du(du.territoire, du.annuel, du.report, du.droits) for du in each.dus))
        for each in found
    ]
)


@settings(max_examples=25, deadline=None)
@given(lasting, st.integers(1, 8), st.sampled_from((Fraction(0), Fraction(1, 2))))
def test_what_is_served_is_the_whole_part_of_what_accumulated_and_never_before_it(
    titulaires: list[Titulaire], count: int, avance: Fraction
) -> None:
    found = named(titulaires, count, ReglagesPetits(avance=avance))
    for titulaire, course, volumes in zip(titulaires, found.rythmes, found.volumes, strict=True):
        received = np.cumsum(volumes.sum(axis=0)).tolist()
        assert received[-1] == max(0, floor(due(titulaire, count)))
        assert all(got <= max(0, due(titulaire, year) + avance) for year, got in enumerate(received, start=1))
        assert attente(course, volumes).attente == 0


@settings(max_examples=25, deadline=None)
@given(lasting, st.lists(dus, min_size=1, max_size=1), st.integers(1, 6))
def test_one_more_never_costs_the_others_a_dwelling_nor_a_year(
    titulaires: list[Titulaire], more: list[Du], count: int
) -> None:
    before = named(titulaires, count)
    after = named([*titulaires, Titulaire("one more", None, tuple(more))], count)
    # without an advance nor a bound on the load, the years of each are those of its own due; territories may move
    assert by_year(after)[:-1] == by_year(before)


def test_a_due_of_four_tenths_is_served_in_the_third_and_the_fifth_year() -> None:
    assert by_year(named([one("emp", "0.4")], 5)) == [[0, 0, 1, 0, 1]]


def test_a_third_a_year_written_with_six_decimals_is_one_in_three_years() -> None:
    assert by_year(named([one("emp", "0.333333")], 6)) == [[0, 0, 1, 0, 0, 1]]


def test_an_advance_lets_the_load_be_even() -> None:
    twins = [one("a", "0.5"), one("b", "0.5")]
    assert by_year(named(twins, 4)) == [[0, 1, 0, 1], [0, 1, 0, 1]]
    assert by_year(named(twins, 4, ReglagesPetits(avance=Fraction(1, 2)))) == [[1, 0, 1, 0], [0, 1, 0, 1]]


def test_where_the_load_comes_first_someone_waits() -> None:
    twins = [one("a", "0.5"), one("b", "0.5")]
    found = named(twins, 5, ReglagesPetits(ordre=(CHARGE, ATTENTE)))
    assert by_year(found) == [[0, 1, 0, 1, 0], [0, 0, 1, 0, 1]]
    assert [row[6] for row in attentes(found).rows] == [0, 2]


def test_rights_bound_what_is_served_and_their_end_is_honoured() -> None:
    assert by_year(named([one("a", "0.5", droits=1)], 6)) == [[0, 1, 0, 0, 0, 0]]
    ending = Titulaire(
        "a",
        None,
        (Du("departement:93", Fraction("0.6"), fin=FIRST + 1), Du("departement:95", Fraction("0.3"))),
    )
    found = named([ending], 4)
    assert found.volumes[0][0, 2:].tolist() == [0, 0]
    assert by_year(found) == [[0, 1, 1, 0]]


def test_years_that_partners_fixed_hold_even_before_the_due() -> None:
    fixes = {("a", FIRST, "departement:93"): 1, ("a", FIRST + 3, "departement:93"): 0}
    found = named([one("a", "0.5"), one("b", "0.5")], 6, fixes=fixes)
    assert by_year(found)[0] == [1, 0, 0, 0, 1, 1]
    assert attentes(found).rows[0][8] == 0.5


def test_a_bound_on_the_load_makes_some_wait_and_tells_who() -> None:
    found = named([one("a", "1"), one("b", "1")], 3, ReglagesPetits(charge_max=1))
    assert [row[2] for row in charges(found).rows if row[1] == ""] == [1, 1, 1]
    assert found.objectifs[0].valeur == 3


def test_a_tie_between_territories_goes_to_the_first_even_where_load_comes_first() -> None:
    """HiGHS, given the point before as a start, answered with that point under the objective of the better one."""
    two = (
        Du("departement:93", Fraction("0.25"), Fraction("-0.5")),
        Du("departement:95", Fraction("0.6"), Fraction("-0.5")),
    )
    holders_ = [one("a", "0.4"), one("b", "0.4"), Titulaire("c", None, two)]
    found = named(holders_, 3, ReglagesPetits(ordre=(CHARGE, ATTENTE)))
    assert found.volumes[2].tolist() == [[0, 0, 1], [0, 0, 0]]


def test_who_is_small_is_settled() -> None:
    reglages = ReglagesPetits(seuil=Fraction(1), droits=10, nommes=("grand",))
    assert is_small(one("a", "0.9"), reglages)
    assert not is_small(one("a", "1", droits=10), reglages)
    assert is_small(one("a", "1", droits=9), reglages)
    assert is_small(one("grand", "40"), reglages)
    assert not is_small(Titulaire("a", False, one("a", "0.1").dus), reglages)
    assert is_small(Titulaire("a", True, one("a", "9").dus), ReglagesPetits())
    with pytest.raises(BadInput, match="n'a aucun dû"):
        small_among([one("a", "1")], reglages)


def test_nobody_small_is_no_fault() -> None:
    assert named([], 3).volumes == ()
