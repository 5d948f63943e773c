"""The years on which daily rules are compared are valid, and differ in what their names say and no more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import Instance, Liberations, Model
from allocator.formats import read_instance, write_instance
from allocator.policies.pratique import pratique
from allocator.policies.replaying.replay import replay
from benchmarks.policies_years import DISTURBED, VARIANTS, WRONG, plain, year
from tests.builders import same

MODEL = Model("", "", "", ())
DRAWN = [variant for variant in VARIANTS if variant != "esh-idf"]


def instance_of(variant: str) -> Instance:
    return year(variant, 60, 3).instance


@pytest.mark.parametrize("variant", DRAWN)
def test_every_year_can_be_written_and_read_again(variant: str, tmp_path: Path) -> None:
    instance = instance_of(variant)
    write_instance(instance, tmp_path / "year")
    assert same(read_instance(tmp_path / "year"), instance)


@pytest.mark.parametrize("variant", DRAWN)
def test_the_same_seed_gives_the_same_year_and_another_seed_another(variant: str) -> None:
    assert same(instance_of(variant), instance_of(variant))
    assert not same(instance_of(variant), year(variant, 60, 4).instance)


@pytest.mark.parametrize("variant", [name for name in WRONG if name not in ("emptied", "late")])
def test_a_wrong_history_leaves_the_year_alone(variant: str) -> None:
    wrong, honest = instance_of(variant), instance_of("plain")
    assert same(replace(wrong, historique=honest.historique), honest)
    assert not same(wrong.historique, honest.historique)


def historique(variant: str) -> Liberations:
    found = instance_of(variant).historique
    assert found is not None
    return found


def test_a_history_has_the_volume_asked_for() -> None:
    honest = len(historique("plain"))
    assert len(historique("volume-30")) == round(0.7 * honest)
    assert len(historique("volume+30")) == honest + round(0.3 * honest)
    assert len(set(historique("volume+30").id)) == len(historique("volume+30"))


def test_another_territory_s_mix_changes_traits_only() -> None:
    mixed, honest = historique("mix"), historique("plain")
    assert np.array_equal(mixed.commune, honest.commune)
    assert np.array_equal(mixed.date, honest.date)
    assert (mixed.typologie != honest.typologie).any()


def test_a_building_is_emptied_in_one_commune_and_one_week_of_mid_year() -> None:
    liberations = instance_of("emptied").liberations
    added = [row for row, name in enumerate(liberations.id) if name.startswith("immeuble")]
    assert len(liberations) == len(instance_of("plain").liberations) + len(added)
    assert len(added) >= 10
    assert len(np.unique(liberations.commune[added])) == 1
    assert len(np.unique(liberations.financement[added])) == 1
    days = liberations.date[added]
    assert np.datetime64("2025-07-01") <= days.min() <= days.max() < days.min() + 7
    assert (np.diff(liberations.date) >= np.timedelta64(0)).all()


def test_a_late_delivery_moves_dwellings_of_one_commune_a_quarter_on() -> None:
    honest, late = instance_of("plain").liberations, instance_of("late").liberations
    before = dict(zip(honest.id, honest.date, strict=True))
    moved = [row for row, name in enumerate(late.id) if late.date[row] != before[name]]
    assert moved
    assert sorted(late.id) == sorted(honest.id)
    assert len(np.unique(late.commune[moved])) == 1
    assert all(late.date[row] - before[late.id[row]] == np.timedelta64(92, "D") for row in moved)
    assert late.date.max() <= np.datetime64("2025-12-31")


def test_years_that_only_grow_longer_have_the_same_promises() -> None:
    small, large = year("longer", 500, 3).instance, year("longer", 2000, 3).instance
    assert len(small.liberations) == 500
    assert np.array_equal(small.conventions.part, large.conventions.part, equal_nan=True)
    assert np.allclose(4 * small.conventions.volume, large.conventions.volume, equal_nan=True)
    assert same(small.indicatifs, large.indicatifs)


@pytest.mark.parametrize("variant", list(DISTURBED))
def test_what_disturbs_changes_what_is_decided_on_the_same_year(variant: str) -> None:
    disturbed, instance = year(variant, 60, 3), plain(60, 3)
    assert same(disturbed.instance, instance)
    calm = replay(instance, MODEL, pratique, 3)
    stirred = replay(instance, MODEL, pratique, 3, override=disturbed.override, aleas=disturbed.aleas)
    assert (stirred.decided != calm.decided).any()
