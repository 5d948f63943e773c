"""Tier after tier with a lock row, as most people would write it; the answer as a result to check."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allocator.checking import evaluate
from allocator.domain import Instance, Model, Solution, TierValue
from allocator.formats import write_solution
from allocator.solvers.program import INF
from benchmarks.peers.interface import GAP, Peer
from benchmarks.plain_model import Flow, Tiered


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """Where a peer stands after some tiers: its flows, the bounds of those tiers, its seconds in each."""

    flow: Flow
    bounds: tuple[float, ...]
    seconds: tuple[float, ...]


def run_peer(tiered: Tiered, peer: Peer, limit: float) -> Iterator[Reached]:
    """Yield where a peer stands after each tier; ends after the tier that it could not prove.

    ``limit`` bounds the seconds in the solver, all tiers together.
    """
    flow, started = np.zeros(tiered.flows, dtype=np.int64), False
    bounds: list[float] = []
    seconds: list[float] = []
    for tier, offset in enumerate(tiered.offsets.tolist()):
        if _constant(tiered, tier):
            seconds.append(0.0)
            bounds.append(float(tiered.costs[tier] @ tiered.point(flow)) + offset)
            yield Reached(flow, tuple(bounds), tuple(seconds))
            continue
        answer = peer.minimize(tier, max(0.1, limit - sum(seconds)), flow if started else None)
        seconds.append(answer.seconds)
        bounds.append(answer.bound + offset)
        if answer.flow is not None:
            flow, started = answer.flow, True
        yield Reached(flow, tuple(bounds), tuple(seconds))
        value = float(tiered.costs[tier] @ tiered.point(flow)) + offset
        if answer.flow is None or not proven(value, bounds[-1]):
            return
        peer.lock(tier, flow)


def _constant(tiered: Tiered, tier: int) -> bool:
    """Tell whether there is nothing to decide: nobody may receive, or nothing is weighed."""
    return tiered.flows == 0 or not tiered.costs[tier].any()


def write_reached(
    folder: Path,
    read: tuple[Instance, Model],
    tiered: Tiered,
    reached: Reached,
    named: tuple[str, float],
) -> None:
    """Write where a peer stands as the three files of a result, so that ``allocator check`` reads them.

    ``named`` is the solver's name and its seconds to build; a tier not reached has no bound.
    """
    instance, model = read
    orientation: NDArray[np.int32] = tiered.orientation(reached.flow, len(instance.liberations))
    ecarts, values = evaluate(instance, model, orientation)
    bounds = [*reached.bounds, *[-INF] * (len(values) - len(reached.bounds))]
    tiers = tuple(
        TierValue(name, value, min(bound, value) if bound > -INF else None)
        for name, value, bound in zip(tiered.names, values, bounds, strict=True)
    )
    solver, build = named
    seconds = {"build": build, "solve": sum(reached.seconds)}
    done = all(tier.bound is not None and proven(tier.value, tier.bound) for tier in tiers)
    status = "optimal" if done else "feasible"
    write_solution(folder, instance, model, Solution(orientation, ecarts, tiers, status, solver, seconds))


def proven(value: float, bound: float) -> bool:
    """Tell whether a bound proves a value as the contract judges it."""
    return value - bound <= GAP * max(1.0, abs(value))
