"""Relogements shared by least relative burden: exact against trying everything, arbitrations honoured."""

import random
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from allocator.assiette.relogements import Besoins, share
from allocator.assiette.relogements.besoins import Arbitrage, Bailleur, Besoin, Regles
from allocator.assiette.relogements.partage import elsewhere, room

RULES = Regles("essai", 2025, Fraction(0), "jamais", Fraction(100), Fraction(100))


def burdens(known: Besoins, taken: list[int]) -> list[Fraction]:
    """Return the burdens from the heaviest; a bailleur that measures nothing has none."""
    pairs = zip(taken, known.bailleurs, strict=True)
    return sorted((number / unit.base for number, unit in pairs if unit.base), reverse=True)


def draw(rng: random.Random, mode: str) -> Besoins:
    """Draw at most three needs and four bailleurs in two départements."""
    units = [
        Bailleur(
            f"b{number % 3}",
            rng.choice(("93", "94")) if number < 3 else "94",
            Fraction(rng.randint(0, 12)),
            rng.choice((Fraction(1), Fraction(1, 2), Fraction(2))),
            rng.random() < 0.9,
        )
        for number in range(rng.randint(2, 4))
    ]
    units = list({(unit.bailleur, unit.departement): unit for unit in units}.values())
    needs = [
        Besoin(f"o{number}", rng.choice(("b0", "b1", "b2")), rng.choice(("93", "94")), rng.randint(0, 4), "")
        for number in range(rng.randint(1, 3))
    ]
    fixed = []
    if rng.random() < 0.4:
        need, unit = rng.randrange(len(needs)), rng.randrange(len(units))
        number = rng.randint(0, needs[need].logements)
        fixed = [Arbitrage(need, unit, number, "Le préfet", date(2025, 1, 1), "")]
    rules = Regles(
        "essai",
        2025,
        Fraction(0),
        mode,
        Fraction(rng.choice((0, 50, 100))),
        Fraction(rng.choice((30, 60, 100))),
    )
    return Besoins(rules, tuple(needs), tuple(units), tuple(fixed))


def everything(known: Besoins, away: bool) -> Iterator[tuple[list[int], int, int]]:
    """Yield every sharing that the rules allow: what each takes, how much is placed, how much leaves."""
    fixed = {(each.besoin, each.bailleur): each.logements for each in known.arbitrages}
    choices = []
    for place, need in enumerate(known.besoins):
        ranges = [
            (fixed[place, unit],)
            if (place, unit) in fixed
            else range(need.logements + 1)
            if each.departement == need.departement or away
            else (0,)
            for unit, each in enumerate(known.bailleurs)
        ]
        gone_most = elsewhere(known, place)
        kept = []
        for row in product(*ranges):
            outside = sum(
                number
                for number, unit in zip(row, known.bailleurs, strict=True)
                if unit.departement != need.departement
            )
            forced = sum(
                number
                for (which, unit), number in fixed.items()
                if which == place and known.bailleurs[unit].departement != need.departement
            )
            if sum(row) <= need.logements and outside <= max(gone_most, forced):
                kept.append((row, outside))
        choices.append(kept)
    forced_on = [
        sum(each.logements for each in known.arbitrages if each.bailleur == unit)
        for unit in range(len(known.bailleurs))
    ]
    for rows in product(*choices):
        taken = [sum(row[unit] for row, _ in rows) for unit in range(len(known.bailleurs))]
        if all(number <= max(room(known, unit), forced_on[unit]) for unit, number in enumerate(taken)):
            yield taken, sum(taken), sum(outside for _, outside in rows)


@pytest.mark.parametrize("seed", range(120))
@pytest.mark.parametrize("mode", ["jamais", "ensemble"])
def test_no_sharing_that_the_rules_allow_has_lesser_burdens(seed: int, mode: str) -> None:
    known = draw(random.Random(seed), mode)
    found = share(known)
    taken = list(found.taken(len(known.bailleurs)))
    best = min((-placed, burdens(known, some)) for some, placed, _ in everything(known, mode == "ensemble"))
    assert (-sum(taken), burdens(known, taken)) == best


@pytest.mark.parametrize("seed", range(120))
def test_last_resort_sends_away_only_what_has_no_place_at_home(seed: int) -> None:
    known = draw(random.Random(seed), "en_dernier")
    found = share(known)
    options = list(everything(known, away=True))
    most = max(placed for _, placed, _ in options)
    away = sum(
        part.logements
        for part in found.parts
        if known.bailleurs[part.bailleur].departement != known.besoins[part.besoin].departement
    )
    assert sum(found.taken(len(known.bailleurs))) == most
    assert away == min(gone for _, placed, gone in options if placed == most)


@pytest.mark.parametrize("seed", range(60))
def test_parts_keep_the_rules_and_honour_the_prefet(seed: int) -> None:
    rng = random.Random(seed)
    known = draw(rng, rng.choice(("jamais", "en_dernier", "ensemble")))
    found = share(known)
    for place, need in enumerate(known.besoins):
        given = sum(part.logements for part in found.parts if part.besoin == place)
        assert given + found.restes[place] == need.logements
    for each in known.arbitrages:
        of_pair = [p for p in found.parts if (p.besoin, p.bailleur) == (each.besoin, each.bailleur)]
        assert sum(part.logements for part in of_pair) == each.logements
        assert {part.origine for part in of_pair} <= {"arbitrage"}


def test_two_bailleurs_of_one_size_share_alike_and_a_small_one_takes_its_measure() -> None:
    units = (
        Bailleur("a", "93", Fraction(100)),
        Bailleur("b", "93", Fraction(100)),
        Bailleur("c", "93", Fraction(50)),
    )
    known = Besoins(RULES, (Besoin("tours", "a", "93", 50, "convention"),), units)
    assert share(known).taken(3) == (20, 20, 10)


def test_a_coefficient_halves_what_a_bailleur_can_bear() -> None:
    units = (Bailleur("a", "93", Fraction(100)), Bailleur("b", "93", Fraction(100), Fraction(1, 2)))
    known = Besoins(RULES, (Besoin("tours", "a", "93", 30, "convention"),), units)
    assert share(known).taken(2) == (20, 10)


def test_the_demolisseur_meets_its_own_need_first_where_the_rules_say_so() -> None:
    units = (Bailleur("a", "93", Fraction(100)), Bailleur("b", "93", Fraction(100)))
    rules = Regles("essai", 2025, Fraction(60), "jamais", Fraction(100), Fraction(100))
    known = Besoins(rules, (Besoin("tours", "a", "93", 50, "convention"),), units)
    found = share(known)
    assert found.taken(2) == (30, 20)
    assert [part.logements for part in found.parts if part.origine == "demolisseur"] == [30]


def test_a_need_of_a_region_is_shared_in_no_time() -> None:
    rng = random.Random(1)
    codes = ("75", "77", "78", "91", "92", "93", "94", "95")
    units = tuple(
        Bailleur(f"b{number}", code, Fraction(rng.randint(20, 900))) for code in codes for number in range(20)
    )
    needs = tuple(
        Besoin(f"o{number}", f"b{rng.randrange(20)}", rng.choice(codes), rng.randint(10, 90), "")
        for number in range(40)
    )
    rules = Regles("région", 2025, Fraction(30), "en_dernier", Fraction(20), Fraction(8))
    known = Besoins(rules, needs, units)
    found = share(known)
    assert sum(found.taken(len(units))) + sum(found.restes) == sum(need.logements for need in needs)
