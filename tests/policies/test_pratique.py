"""The hand rule against the sentence of the file contract, section 5, in plain loops and exact fractions."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance, Liberations, Model
from allocator.domain.vocabulary import FLUX
from allocator.drawing import DrawSettings, draw
from allocator.policies.pratique import pratique
from allocator.policies.replaying.replay import replay
from allocator.policies.situation import Mouvements, Situation, frame, take
from tests.builders import Commune, Holder, Promise, Release, make_instance
from tests.tiny import random_tiny_instance

MODEL = Model("vide", "", "", ())


def exact(number: float) -> Fraction:
    return Fraction(repr(float(number)))


def communes_of(instance: Instance, territoire: str) -> set[int]:
    kind, code = territoire.split(":")
    columns = instance.territoires
    column = {"commune": columns.commune, "epci": columns.epci, "departement": columns.departement}[kind]
    return {row for row, value in enumerate(column) if value == code}


def in_flux(liberations: Liberations | None) -> list[int]:
    if liberations is None:
        return []
    return [row for row in range(len(liberations)) if liberations.statut[row] == FLUX]


def weight(instance: Instance, commune: int, inside: set[int]) -> Fraction:
    """Return the share of a row's volume and report that one of its communes has."""
    past = instance.historique
    seen = [int(past.commune[row]) for row in in_flux(past) if past is not None]
    whole = sum(place in inside for place in seen)
    return Fraction(seen.count(commune), whole) if whole else Fraction(1, len(inside))


def lag(
    instance: Instance, row: int, commune: int, so_far: list[tuple[int, int]], gone: Fraction
) -> Fraction:
    """Return ``due(t) − y(t)`` of the cell of a convention row that covers a commune.

    ``so_far`` has the commune and the réservataire of each libération up to this one, which has ``BAILLEUR``.
    """
    conventions = instance.conventions
    inside, share = communes_of(instance, conventions.territoire[row]), Fraction(1)
    if conventions.niveau[row] == "commune":
        share, inside = weight(instance, commune, inside), {commune}
    report = exact(conventions.report[row]) * share
    if np.isnan(conventions.volume[row]):
        assiette = sum(place in inside for place, _ in so_far)
        due = exact(conventions.part[row]) / 100 * assiette + report * gone
    else:
        due = (exact(conventions.volume[row]) * share + report) * gone
    holder = int(conventions.reservataire[row])
    return due - sum(place in inside and to == holder for place, to in so_far)


def by_hand(instance: Instance) -> dict[str, int]:
    """Return who receives each flux libération by the contract's rule."""
    liberations, conventions = instance.liberations, instance.conventions
    covered = [communes_of(instance, territoire) for territoire in conventions.territoire]
    period = (instance.fin - instance.debut).days + 1
    so_far: list[tuple[int, int]] = []
    decided = {}
    for entry in sorted(in_flux(liberations), key=lambda row: liberations.date[row]):
        commune = int(liberations.commune[entry])
        day: date = liberations.date[entry].astype(object)
        gone = Fraction((day - instance.debut).days + 1, period)
        so_far.append((commune, BAILLEUR))
        best, chosen = Fraction(1, 2), BAILLEUR
        for holder in range(len(instance.reservataires)):
            rows = [r for r in range(len(conventions)) if conventions.reservataire[r] == holder]
            rows = [r for r in rows if commune in covered[r]]
            received = [sum(p in covered[r] and to == holder for p, to in so_far) for r in rows]
            soldes = [int(conventions.solde[r]) for r in rows]
            spent = any(s != SANS_SOLDE and y >= s for s, y in zip(soldes, received, strict=True))
            if not rows or spent:
                continue
            behind = max(lag(instance, r, commune, so_far, gone) for r in rows)
            if behind > best or (behind == best and chosen == BAILLEUR):
                best, chosen = behind, holder
        so_far[-1] = (commune, chosen)
        decided[liberations.id[entry]] = chosen
    return decided


def replayed(instance: Instance) -> dict[str, int]:
    decided = replay(instance, MODEL, pratique).decided.tolist()
    rows = instance.liberations.en_flux.tolist()
    return {instance.liberations.id[row]: to for row, to in zip(rows, decided, strict=True)}


def busier(rng: random.Random, instance: Instance) -> Instance:
    """Return a tiny instance with more libérations, several a day, and now and then a historique."""
    libs, count = instance.liberations, rng.randint(1, 40)
    rows = np.array([rng.randrange(len(libs)) for _ in range(count)], dtype=np.intp)
    many = replace(
        take(libs, rows),
        id=tuple(f"l{number}" for number in range(count)),
        date=np.datetime64(instance.debut) + np.array([rng.randrange(0, 365, 13) for _ in range(count)]),
    )
    if rng.random() < 0.3:
        return replace(instance, liberations=many)
    past = replace(many, date=many.date - np.timedelta64(400, "D"))
    return replace(instance, liberations=many, historique=take(past, np.arange(rng.randint(0, count))))


@given(st.integers(min_value=0, max_value=10**6).map(random.Random))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_rule_is_the_contract_s_on_tiny_instances(rng: random.Random) -> None:
    instance = busier(rng, random_tiny_instance(rng))
    assert replayed(instance) == by_hand(instance)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rule_is_the_contract_s_on_drawn_instances(seed: int) -> None:
    instance = draw(DrawSettings(seed=seed, size=150, departements=("93", "94"), communes=6))
    assert replayed(instance) == by_hand(instance)


def test_a_lag_of_one_half_is_served_though_floating_point_falls_short_of_it() -> None:
    """29 % of 50 is 14.5, and 0.29 × 50 is a little less."""
    instance = make_instance(
        holders=[Holder("a")],
        promises=[Promise("a", part=29)],
        releases=[Release() for _ in range(50)],
    )
    decided = replay(instance, MODEL, pratique).decided
    assert (decided == 0).sum() == 15
    assert decided[49] == 0


def test_equal_lags_go_to_the_first_of_the_file_whatever_the_order_of_the_conventions() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("b", part=50), Promise("a", part=50)],
        releases=[Release(), Release()],
    )
    assert replay(instance, MODEL, pratique).decided.tolist() == [0, 1]


def test_lags_that_differ_by_a_rounding_error_only_are_equal() -> None:
    """At the fiftieth dwelling, 29 % with 14 received and 1 % with none are both half a dwelling behind."""
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=29), Promise("b", part=1)],
        releases=[Release() for _ in range(50)],
    )
    libs, received = instance.liberations, np.arange(14)
    situation = Situation(
        libs.date[49],
        past=take(libs, np.arange(49)),
        mouvements=Mouvements(received, np.zeros(14, dtype=np.int32), np.ones(14)),
        today=take(libs, np.array([49])),
        again=np.array([False]),
    )
    assert pratique(frame(instance, MODEL))(situation).tolist() == [0]


def test_a_volume_by_commune_follows_the_historique() -> None:
    instance = make_instance(
        communes=[Commune("93048"), Commune("93001")],
        holders=[Holder("etat", "etat")],
        promises=[Promise("etat", volume=2)],
        releases=[Release("93048", day=date(2025, 12, 31)), Release("93001", day=date(2025, 12, 31))],
        historique=[Release("93001")],
    )
    assert replay(instance, MODEL, pratique).decided.tolist() == [BAILLEUR, 0]
    without = replace(instance, historique=None)
    assert replay(without, MODEL, pratique).decided.tolist() == [0, 0]


def test_a_second_turn_adds_nothing_to_the_assiette_and_passes_over_who_is_barred() -> None:
    instance = make_instance(
        holders=[Holder("a"), Holder("b")],
        promises=[Promise("a", part=45), Promise("b", part=50)],
        releases=[Release(), Release()],
    )
    choose = pratique(frame(instance, MODEL))
    libs = instance.liberations
    situation = Situation(
        np.datetime64("2025-01-05"),
        past=libs,
        mouvements=Mouvements(np.array([0]), np.array([1], dtype=np.int32), np.ones(1)),
        today=take(libs, np.array([1])),
        again=np.array([True]),
    )
    # of two dwellings, a is owed 0.9 and b, which has one, nothing more
    assert choose(situation).tolist() == [0]
    assert choose(replace(situation, barred=np.array([[True, False]]))).tolist() == [BAILLEUR]
    # were the second turn a third dwelling, b would be owed 0.5 more
    fresh = replace(situation, again=np.array([False]), barred=np.array([[True, False]]))
    assert choose(fresh).tolist() == [1]
