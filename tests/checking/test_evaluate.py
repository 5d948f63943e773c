"""The checker's arithmetic of cells and tiers, against the oracle's and against cases worked by hand."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from allocator.checking import evaluate
from allocator.domain import Conventions, Instance, Model
from tests.oracle import cells_of, tier_values
from tests.tiny import random_model, random_tiny_instance
from tests.transform import take

NOTHING = Model("vide", "", "", ())


@pytest.mark.parametrize("seed", range(300))
def test_cells_and_tier_values_are_those_of_the_oracle(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    orientation = [rng.randint(-1, len(instance.reservataires) - 1) for _ in range(len(instance.liberations))]
    ecarts, values = evaluate(instance, model, np.array(orientation, dtype=np.int32))
    expected = Counter(
        (cell.reservataire, cell.sur, f"{float(cell.cible):.9f}", cell.count(orientation))
        for cell in cells_of(instance, model)
    )
    found = Counter(
        (int(r), sur, f"{cible:.9f}", int(valeur))
        for r, sur, cible, valeur in zip(
            ecarts.reservataire, ecarts.sur, ecarts.cible, ecarts.valeur, strict=True
        )
    )
    assert found == expected
    wanted = [float(value) for value in tier_values(instance, model, orientation)]
    assert values == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def promise(instance: Instance, territoire: str, niveau: str, **numbers: float) -> Instance:
    """Return the instance with one convention row, of its first réservataire."""
    row = {"part": np.nan, "volume": np.nan, "report": 0.0} | numbers
    conventions = Conventions(
        reservataire=np.zeros(1, dtype=np.int32),
        territoire=(territoire,),
        niveau=(niveau,),
        part=np.array([row["part"]]),
        volume=np.array([row["volume"]]),
        report=np.array([row["report"]]),
        solde=np.full(1, -1, dtype=np.int64),
    )
    return replace(instance, conventions=conventions, indicatifs=take(instance.indicatifs, ()))


def ten_dwellings(petit: bool | None = False) -> Instance:
    """Return one département: 7 flux dwellings in 93001, 3 in 93048, none in 93066, and one réservataire."""
    rng = random.Random(1)
    drawn = random_tiny_instance(rng)
    territoires = replace(
        take(drawn.territoires, [0, 0, 0]),
        commune=("93001", "93048", "93066"),
        epci=("200057867", "200057875", "200057867"),
        departement=("93", "93", "93"),
    )
    liberations = replace(
        take(drawn.liberations, [0] * 10),
        id=tuple(f"l{k}" for k in range(10)),
        commune=np.array([0] * 7 + [1] * 3, dtype=np.int32),
        statut=np.zeros(10, dtype=np.int8),
    )
    people = replace(take(drawn.reservataires, [0]), petit=(petit,))
    return replace(drawn, territoires=territoires, liberations=liberations, reservataires=people)


def targets(instance: Instance, model: Model = NOTHING) -> list[tuple[str, str, float]]:
    ecarts, _ = evaluate(instance, model, np.full(len(instance.liberations), -1, dtype=np.int32))
    return [
        (sur, place, pytest.approx(cible))
        for sur, place, cible in zip(ecarts.sur, ecarts.territoire, ecarts.cible, strict=True)
    ]


def test_a_part_of_a_territory_is_one_target_with_its_report() -> None:
    instance = promise(ten_dwellings(), "departement:93", "territoire", part=25.0, report=0.5)
    assert targets(instance) == [("contractuel", "departement:93", 3.0)]


def test_a_part_by_commune_spreads_its_report_and_leaves_out_communes_without_assiette() -> None:
    instance = promise(ten_dwellings(), "departement:93", "commune", part=30.0, report=-1.0)
    assert targets(instance) == [
        ("contractuel", "commune:93001", 1.4),
        ("contractuel", "commune:93048", 0.6),
        ("total", "departement:93", 2.0),
    ]


def test_a_volume_by_commune_is_spread_in_proportion_to_the_assiettes() -> None:
    instance = promise(ten_dwellings(), "departement:93", "commune", volume=2.0, report=0.0)
    assert targets(instance) == [
        ("contractuel", "commune:93001", 1.4),
        ("contractuel", "commune:93048", 0.6),
        ("total", "departement:93", 2.0),
    ]


def test_a_target_below_zero_counts_as_zero() -> None:
    instance = promise(ten_dwellings(), "epci:200057867", "territoire", part=10.0, report=-2.0)
    assert targets(instance) == [("contractuel", "epci:200057867", 0.0)]


def test_a_row_by_commune_where_nothing_was_released_has_a_total_of_zero() -> None:
    instance = promise(ten_dwellings(), "commune:93066", "commune", volume=2.0)
    assert targets(instance) == [("total", "commune:93066", 0.0)]


@pytest.mark.parametrize(("part", "floor"), [(29.0, 2.0), (30.0, 3.0), (29.9999999999, 3.0), (4.0, 0.0)])
def test_a_small_reservataire_is_owed_the_whole_dwellings_of_its_due(part: float, floor: float) -> None:
    instance = promise(ten_dwellings(petit=True), "departement:93", "territoire", part=part)
    assert targets(instance)[-1] == ("petit", "", floor)


@pytest.mark.parametrize(
    ("petit", "seuil", "small"),
    [(None, 3.0, False), (None, 3.1, True), (None, None, False), (True, None, True), (False, 9.0, False)],
)
def test_who_is_small_is_declared_or_due_strictly_less_than_the_seuil(
    petit: bool | None, seuil: float | None, small: bool
) -> None:
    instance = promise(ten_dwellings(petit), "departement:93", "territoire", part=30.0)
    kinds = [sur for sur, _, _ in targets(instance, replace(NOTHING, seuil=seuil))]
    assert ("petit" in kinds) == small
