"""The benchmark asks its peers the allocator's question: on tiny instances they all give its answer."""

import random
from importlib import import_module

import numpy as np
import pytest

from allocator.checking import evaluate
from allocator.engine import solve
from benchmarks.peers import highs
from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.lexicographic import run_peer
from benchmarks.plain_model import FORMS, write_model
from benchmarks.relaxation import relaxations
from tests.oracle import feasible
from tests.tiny import random_model, random_tiny_instance

TOLERANCE = 1e-6


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS has one pool of threads a process: here the allocator, which asks for one, is in the same."""
    monkeypatch.setattr(highs, "THREADS", 1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the CBC that PuLP 3 brings
@pytest.mark.parametrize("name", list(PEERS))
@pytest.mark.parametrize("seed", range(12))
def test_every_peer_reaches_the_tier_values_of_the_allocator(name: str, seed: int) -> None:
    entry = PEERS[name]
    if entry.module == "scip":
        pytest.importorskip("pyscipopt", reason="extra bench")
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    tiered = write_model(instance, model, entry.form)
    peer = import_module(f"benchmarks.peers.{entry.module}").build(tiered)
    *_, reached = run_peer(tiered, peer, limit=30)
    orientation = tiered.orientation(reached.flow, len(instance.liberations))
    assert feasible(instance, orientation.tolist())
    _, values = evaluate(instance, model, orientation)
    ours = [tier.value for tier in solve(instance, model).tiers]
    assert values == pytest.approx(ours, rel=TOLERANCE, abs=TOLERANCE)
    assert reached.bounds == pytest.approx(ours, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(60))
def test_every_form_of_the_model_values_an_allocation_as_the_checker_does(form: str, seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    tiered = write_model(instance, model, form)
    # Any flows within the supplies will do: each source gives all that it has to one of its réservataires.
    first = np.unique(tiered.source, return_index=True)[1]
    flow = np.zeros(tiered.flows, dtype=np.int64)
    flow[first] = tiered.program.upper[first]
    valued = tiered.costs @ tiered.point(flow) + tiered.offsets
    _, values = evaluate(instance, model, tiered.orientation(flow, len(instance.liberations)))
    assert valued == pytest.approx(values, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_no_tier_is_below_its_relaxation(seed: int) -> None:
    rng = random.Random(seed)
    instance, model = random_tiny_instance(rng), random_model(rng)
    values = [tier.value for tier in solve(instance, model).tiers]
    lowest = relaxations(write_model(instance, model, "classes, hull"), values)
    assert all(low <= value + TOLERANCE for low, value in zip(lowest, values, strict=True))
