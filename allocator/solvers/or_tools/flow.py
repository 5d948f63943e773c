"""Least-cost flow, by OR-Tools: linear programs that are networks, with their duals, in whole numbers.

The solver wants whole costs. They are multiplied by the largest power of two that leaves room, which is exact
for most of what a model weighs; where it is not, the answer is given only if its own dual proves it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from allocator.solvers.bound import prove
from allocator.solvers.network import Network, recognize
from allocator.solvers.program import INF, Floats, Outcome, Program, Status

PROVEN: Final = 1e-9
"""Relative gap between a flow and what its dual proves, above which another solver is asked."""

ROOM: Final = 2.0**59
"""Largest cost times number of places that the solver can count with."""

Ints = NDArray[np.int64]


def solve(program: Program) -> Outcome | None:
    """Solve a linear program that is a network; ``None`` where it is not, or not proven."""
    network = recognize(program)
    if network is None:
        return None
    if (network.capacity < 0).any():
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    places, dearest = len(network.supply), float(np.abs(network.cost).max(initial=1.0))
    scale = 2.0 ** np.floor(np.log2(ROOM / (places * dearest)))
    cost = np.rint(network.cost * scale).astype(np.int64)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail.astype(np.int32), network.head.astype(np.int32), network.capacity, cost
    )
    solver.set_nodes_supplies(np.arange(places, dtype=np.int32), network.supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return Outcome(Status.INFEASIBLE, np.empty(0), INF, INF)
    if status != solver.OPTIMAL:
        return None
    flow = np.asarray(solver.flows(arcs))
    x = (network.lower + flow)[: program.columns].astype(np.float64)
    row_dual = network.row_dual(_potential(network, flow, cost)) / scale
    return _proven(program, x, row_dual)


def _potential(network: Network, flow: Ints, cost: Ints) -> Ints:
    """Return what a unit is worth in each place: shortest paths of the residual network (Bellman, Ford)."""
    forward, backward = flow < network.capacity, flow > 0
    start = np.concatenate([network.tail[forward], network.head[backward]])
    end = np.concatenate([network.head[forward], network.tail[backward]])
    length = np.concatenate([cost[forward], -cost[backward]])
    distance = np.zeros(len(network.supply), dtype=np.int64)
    while True:
        shorter = distance.copy()
        np.minimum.at(shorter, end, distance[start] + length)
        if np.array_equal(shorter, distance):
            return -distance
        distance = shorter


def _proven(program: Program, x: Floats, row_dual: Floats) -> Outcome | None:
    """Return an outcome with the bound that weak duality gives, if it closes."""
    proof = prove(program, row_dual)
    value = float(program.cost @ x) + program.offset
    if value - proof.bound > PROVEN * max(1.0, abs(value)):
        return None
    return Outcome(Status.OPTIMAL, x, value, proof.bound, row_dual, proof.price)
