"""Every shipped model, on instances of a real shape: proven, and what is claimed is what the orientation gives."""

import numpy as np
import pytest

from allocator.checking import evaluate
from allocator.cli.arguments import shipped
from allocator.domain import Instance
from allocator.drawing import DrawSettings, draw
from allocator.engine import level, solve
from allocator.formats import read_model

MODELS = sorted(path.stem for path in shipped("models").glob("*.toml"))
DRAWS = {
    "one département": DrawSettings(seed=1, size=300, departements=("94",), communes=9),
    "two tense and at odds": DrawSettings(
        seed=2, size=500, departements=("93", "95"), communes=14, tension=1.2, conflict=0.9
    ),
    "many small holders": DrawSettings(seed=3, size=400, departements=("92", "78"), communes=16, petits=3),
}


@pytest.fixture(scope="module", params=DRAWS)
def instance(request: pytest.FixtureRequest) -> Instance:
    return draw(DRAWS[request.param])


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_shipped_model_is_proven_optimal_and_claims_what_its_orientation_gives(
    instance: Instance, name: str
) -> None:
    model = read_model(shipped("models") / f"{name}.toml")
    solution = solve(instance, model)
    _, values = evaluate(instance, model, solution.orientation)
    assert solution.status == "optimal"
    assert [tier.value for tier in solution.tiers] == pytest.approx(values, rel=1e-9, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reference", "mixite-qpv"])
def test_pools_change_no_value(instance: Instance, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = read_model(shipped("models") / f"{name}.toml")
    pooled = solve(instance, model)
    monkeypatch.setattr(level, "POOL_BELOW", -np.inf)
    direct = solve(instance, model)
    assert [tier.value for tier in pooled.tiers] == pytest.approx(
        [tier.value for tier in direct.tiers], rel=1e-9
    )
