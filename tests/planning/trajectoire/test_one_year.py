"""The trajectory of one year is what ``solve`` finds for the same libérations, tier by tier."""

import random
from pathlib import Path

import numpy as np
import pytest

from allocator.domain import Instance, Model
from allocator.drawing import DrawSettings, draw
from allocator.engine import solve
from allocator.formats import read_instance, read_model
from allocator.planning.projet import projet_of
from allocator.planning.trajectoire import trajectory
from tests.tiny import random_model, random_tiny_instance

ROOT = Path(__file__).parents[3]
TOLERANCE = 1e-9


def agree(instance: Instance, model: Model) -> None:
    """Assert that both prove the same values for the same cells."""
    alone, plan = solve(instance, model), trajectory(projet_of(instance), model)
    assert plan.status == alone.status == "optimal"
    assert [tier.value for tier in plan.tiers] == pytest.approx(
        [tier.value for tier in alone.tiers], rel=TOLERANCE, abs=TOLERANCE
    )
    assert (plan.ecarts.sur, plan.ecarts.territoire) == (alone.ecarts.sur, alone.ecarts.territoire)
    np.testing.assert_array_equal(plan.ecarts.cible, alone.ecarts.cible)


@pytest.mark.parametrize("seed", range(150))
def test_tiny_instances_agree(seed: int) -> None:
    rng = random.Random(seed)
    agree(random_tiny_instance(rng), random_model(rng))


@pytest.mark.parametrize("seed", range(4))
def test_drawn_instances_agree(seed: int) -> None:
    settings = DrawSettings(
        seed=seed, size=150, departements=("92", "93"), communes=8, tension=0.8 + 0.2 * seed
    )
    agree(draw(settings), read_model(ROOT / "models" / "reference.toml"))


@pytest.mark.parametrize("name", ["demo", "oph-dept"])
def test_shipped_instances_agree(name: str) -> None:
    agree(read_instance(ROOT / "instances" / name), read_model(ROOT / "models" / "reference.toml"))
