"""Promises before a year is known: the contract's targets at any assiette, and no cell where nothing is released."""

import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allocator.checking.cells import assiette_by_commune, list_cells
from allocator.domain import Instance, Model
from allocator.flux.geography import geography
from allocator.flux.promises import Promises, build_promises
from allocator.policies.situation import frame
from tests.builders import Commune, Holder, Promise, Wish, make_instance
from tests.tiny import random_model, random_tiny_instance

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)
on_random_cases = settings(max_examples=100, deadline=None, derandomize=True)

Key = tuple[int, str, str]


def promises_of(instance: Instance, seuil: float | None) -> Promises:
    return build_promises(instance, geography(instance), seuil)


def existing(promises: Promises, assiette: NDArray[np.int64] | NDArray[np.float64]) -> dict[Key, list[float]]:
    """Return the targets of the cells that exist at an assiette, by what they are about."""
    cible, exists = promises.cibles(assiette)
    found: dict[Key, list[float]] = defaultdict(list)
    for cell in np.flatnonzero(exists).tolist():
        about = promises.territoire[cell] or promises.modalite[cell]
        key = (int(promises.scopes.reservataire[cell]), promises.sur[cell], about)
        found[key].append(round(float(cible[cell]), 9))
    return {key: sorted(several) for key, several in found.items()}


def checked(instance: Instance, model: Model) -> dict[Key, list[float]]:
    """Return the same by the checker's own arithmetic."""
    cells = list_cells(instance, model)
    found: dict[Key, list[float]] = defaultdict(list)
    columns = (cells.reservataire, cells.sur, cells.dimension, cells.modalite, cells.cible)
    for holder, sur, dimension, modalite, cible in zip(*columns, strict=True):
        about = f"{dimension}:{modalite}" if sur in ("contractuel", "total") else modalite
        found[holder, sur, about].append(round(cible, 9))
    return {key: sorted(several) for key, several in found.items()}


@given(seeds)
@on_random_cases
def test_at_the_final_assiette_cells_and_targets_are_the_checker_s(rng: random.Random) -> None:
    instance, model = random_tiny_instance(rng), random_model(rng)
    promises = promises_of(instance, model.seuil)
    assert existing(promises, assiette_by_commune(instance)) == checked(instance, model)


@given(seeds)
@on_random_cases
def test_the_liberations_of_the_instance_are_not_looked_at(rng: random.Random) -> None:
    instance, model = random_tiny_instance(rng), random_model(rng)
    blind, at = frame(instance, model).promises, assiette_by_commune(instance)
    assert existing(blind, at) == existing(promises_of(instance, model.seuil), at)


def target_of(
    instance: Instance, row: int, communes: list[int], assiette: NDArray[np.float64]
) -> list[float]:
    """Return the targets of a convention row's contractuel cells at any assiette, from the contract's sentences."""
    conventions = instance.conventions
    whole = sum(assiette[commune] for commune in communes)
    volume = conventions.volume[row]
    fixed = conventions.report[row] + (0.0 if np.isnan(volume) else volume)
    rate = conventions.part[row] / 100 if np.isnan(volume) else 0.0
    if conventions.niveau[row] == "territoire":
        return [max(0.0, rate * whole + fixed)]
    return [
        max(0.0, rate * assiette[commune] + fixed * assiette[commune] / whole)
        for commune in communes
        if assiette[commune] > 0
    ]


@given(seeds)
@on_random_cases
def test_at_any_assiette_even_an_expectation_targets_follow_the_contract(rng: random.Random) -> None:
    instance, model = random_tiny_instance(rng), random_model(rng)
    promises = promises_of(instance, model.seuil)
    assiette = np.array([rng.choice((0.0, rng.uniform(0, 30))) for _ in range(len(instance.territoires))])
    cible, exists = promises.cibles(assiette)
    due, declared = np.zeros(len(instance.reservataires)), instance.reservataires.petit
    kinds = ("commune", "epci", "departement")
    for row, territoire in enumerate(instance.conventions.territoire):
        kind, code = territoire.split(":")
        columns = instance.territoires
        column = (columns.commune, columns.epci, columns.departement)[kinds.index(kind)]
        expected = target_of(instance, row, [c for c, value in enumerate(column) if value == code], assiette)
        of_row = np.flatnonzero(promises.row[promises.contractuels] == row)
        assert cible[of_row[exists[of_row]]] == pytest.approx(expected)
        total = np.flatnonzero(promises.row[promises.totaux] == row) + promises.totaux.start
        assert cible[total] == pytest.approx([sum(expected)] * len(total))
        due[instance.conventions.reservataire[row]] += sum(expected)
    assert promises.due(assiette) == pytest.approx(due)
    wishes = slice(promises.indicatifs.start, promises.indicatifs.stop)
    parts, holders = instance.indicatifs.part, instance.indicatifs.reservataire
    assert cible[wishes] == pytest.approx(parts / 100 * due[holders])
    limit = -1.0 if model.seuil is None else model.seuil - 1e-9
    small = [due[holder] < limit if petit is None else petit for holder, petit in enumerate(declared)]
    of_petits = promises.scopes.reservataire[promises.petits]
    assert exists[promises.petits].tolist() == [small[holder] for holder in of_petits]
    assert cible[promises.petits] == pytest.approx(np.floor(due[of_petits] + 1e-9))


def test_a_cell_of_a_commune_exists_from_its_first_liberation_on() -> None:
    instance = make_instance(
        communes=[Commune("93048"), Commune("93001")],
        holders=[Holder("etat", "etat")],
        promises=[Promise("etat", part=30, report=-1)],
        wishes=[Wish("etat", "typologie", "T3", 50)],
        releases=[],
    )
    promises = promises_of(instance, None)
    assert existing(promises, np.array([10, 0])) == {
        (0, "contractuel", "commune:93048"): [2.0],
        (0, "total", "departement:93"): [2.0],
        (0, "typologie", "T3"): [1.0],
    }
    assert existing(promises, np.array([0, 0])) == {
        (0, "total", "departement:93"): [0.0],
        (0, "typologie", "T3"): [0.0],
    }


@given(seeds, st.floats(min_value=1.0, max_value=50.0))
@on_random_cases
def test_where_nothing_is_clipped_targets_are_linear_along_a_ray(rng: random.Random, scale: float) -> None:
    """Twice the assiette in every commune: each target moves by as much as from none, and volumes stay."""
    instance = random_tiny_instance(rng)
    promises = promises_of(instance, None)
    ray = np.array([rng.uniform(0.1, 10) for _ in range(len(instance.territoires))])
    one, two, three = (promises.cibles(factor * ray)[0] for factor in (scale, 2 * scale, 3 * scale))
    contractuels = promises.contractuels
    inside = one[contractuels] > 0
    assert (one + three)[contractuels][inside] == pytest.approx(2 * two[contractuels][inside])
    assert ((one + three)[contractuels] >= 2 * two[contractuels] - 1e-9).all()
