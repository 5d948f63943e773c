"""The trajectory against the oracle, which tries every plan of tiny projets in exact fractions."""

import random
from dataclasses import replace

import numpy as np
import pytest

from allocator.domain import SANS_SOLDE
from allocator.planning.projet import whole
from allocator.planning.trajectoire import planned
from tests.planning.oracle_years import optimum_years
from tests.planning.years import random_tiny_projet
from tests.tiny import random_model

TOLERANCE = 1e-9


@pytest.mark.parametrize(
    "seed", [*range(40), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(40, 150))]
)
@pytest.mark.parametrize("report", ["cumul", "annuel"])
def test_the_plan_is_the_lexicographic_optimum_of_brute_force(seed: int, report: str) -> None:
    rng = random.Random(seed)
    projet, model = random_tiny_projet(rng), replace(random_model(rng), report=report)
    supply = whole(projet)
    plan = planned(projet, supply, model)
    expected = [float(value) for value in optimum_years(projet, supply, model)]
    assert [tier.value for tier in plan.tiers] == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)
    assert plan.status == "optimal"


@pytest.mark.parametrize("seed", range(40))
def test_nobody_receives_beyond_the_rights_left_nor_the_supply(seed: int) -> None:
    rng = random.Random(1_000 + seed)
    projet, model = random_tiny_projet(rng), random_model(rng)
    supply = whole(projet)
    flux = planned(projet, supply, model).flux
    given = np.zeros((projet.annees, len(supply)), dtype=np.int64)
    np.add.at(given, (flux.annee, flux.classe), flux.nombre)
    assert (given <= supply.nombre).all()
    places = projet.territoires
    for year, conventions in enumerate(projet.conventions):
        for row in np.flatnonzero(conventions.solde != SANS_SOLDE):
            kind, _, code = conventions.territoire[row].partition(":")
            inside = np.array([word == code for word in getattr(places, kind)])[supply.commune[flux.classe]]
            mine = inside & (flux.reservataire == conventions.reservataire[row]) & (flux.annee <= year)
            assert flux.nombre[mine].sum() <= conventions.solde[row]
