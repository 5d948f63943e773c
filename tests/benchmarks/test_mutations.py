"""The hard instances are valid ones, and hard in the way that their name says."""

from pathlib import Path

import numpy as np
import pytest

from allocator.domain import SANS_SOLDE, Instance
from allocator.drawing import DrawSettings, draw
from allocator.flux.cells import build_cells
from allocator.flux.geography import geography
from allocator.formats import read_instance, write_instance
from benchmarks.mutations import MUTATIONS, crossed, exhausted, overlapping, oversold, perturbed
from tests.builders import same


@pytest.fixture(scope="module")
def drawn() -> Instance:
    return draw(DrawSettings(seed=3, size=120, departements=("93",), tension=1.3, historique=False))


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_a_changed_instance_can_be_written_and_read_again(name: str, drawn: Instance, tmp_path: Path) -> None:
    instance, stream = drawn, rng()
    for mutation in MUTATIONS[name]:
        instance = mutation(instance, stream)
    write_instance(instance, tmp_path / name)
    assert same(read_instance(tmp_path / name), instance)


def test_the_same_seed_makes_the_same_change(drawn: Instance) -> None:
    assert same(overlapping(drawn, rng()), overlapping(drawn, rng()))


def test_perturbed_moves_every_promise(drawn: Instance) -> None:
    before, after = drawn.conventions, perturbed(drawn, rng()).conventions
    assert (after.report != before.report).all()
    shares = np.isfinite(before.part)
    assert (after.part[shares] != before.part[shares]).all()


def test_overlapping_covers_a_commune_twice_for_one_reservataire(drawn: Instance) -> None:
    rows = overlapping(drawn, rng()).conventions
    assert len(rows) > len(drawn.conventions)
    holders = rows.reservataire[len(drawn.conventions) :]
    assert len(np.unique(holders)) == len(drawn.reservataires)


def test_oversold_promises_more_than_there_is(drawn: Instance) -> None:
    def promised(instance: Instance) -> float:
        cells = build_cells(instance, geography(instance), None)
        return float(cells.cible[[sur == "contractuel" for sur in cells.sur]].sum())

    assert promised(oversold(drawn, rng())) > 1.15 * promised(drawn)
    assert promised(oversold(drawn, rng())) > len(drawn.liberations.en_flux)


def test_exhausted_leaves_some_rows_fewer_rights_than_they_are_promised(drawn: Instance) -> None:
    rows = exhausted(drawn, rng()).conventions
    assert 0 < np.sum(rows.solde != SANS_SOLDE) < len(rows)


def test_crossed_adds_wishes_of_two_dimensions(drawn: Instance) -> None:
    wishes = crossed(drawn, rng()).indicatifs
    assert sum("+" in dimension for dimension in wishes.dimension) > len(drawn.reservataires)
