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
    if tiered.flows == 0:
        nothing = np.zeros(0, dtype=np.int64)
        values = tiered.costs @ tiered.point(nothing) + tiered.offsets
        yield Reached(nothing, tuple(values.tolist()), (0.0,) * len(values))
        return
    flow: Flow | None = None
    bounds: list[float] = []
    seconds: list[float] = []
    for tier in range(len(tiered.costs)):
        answer = peer.minimize(tier, max(0.1, limit - sum(seconds)), flow)
        seconds.append(answer.seconds)
        bounds.append(answer.bound + float(tiered.offsets[tier]))
        found = answer.flow if answer.flow is not None else flow
        if found is None:
            found = np.zeros(tiered.flows, dtype=np.int64)
        yield Reached(found, tuple(bounds), tuple(seconds))
        value = float(tiered.costs[tier] @ tiered.point(found) + tiered.offsets[tier])
        if answer.flow is None or not proven(value, bounds[-1]):
            return
        flow = answer.flow
        peer.lock(tier, flow)


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
