"""A level: a network from classes, some through pools, to réservataires, at the grain that a tier needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.engine.classes import Classes, Grain, classify
from allocator.engine.incidence import incidence
from allocator.engine.pools import View, views
from allocator.engine.problem import Problem

Ints = NDArray[np.int32]
Nodes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The network of a level.

    Nodes are the classes, then the pools; ``like`` is a class of each node (a pool's members are alike for all who
    draw from it) and ``stock`` the most that it can give. ``pair_node`` and ``pair_reservataire`` say who draws
    from where; ``feed_class`` and ``feed_node`` which class feeds which pool. Entry ``k`` says that what
    ``entry_cell[k]`` counts includes the flow of pair ``entry_pair[k]``. ``cells`` is the number of counted cells.
    """

    classes: Classes
    like: Nodes
    stock: NDArray[np.int64]
    pair_node: Nodes
    pair_reservataire: Ints
    feed_class: Nodes
    feed_node: Nodes
    entry_cell: Ints
    entry_pair: Ints
    cells: int

    @property
    def pools(self) -> int:
        """Number of pools."""
        return len(self.like) - len(self.classes)

    def counts(self, flow: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the count of every cell where pair ``j`` receives ``flow[j]`` dwellings."""
        weights = flow[self.entry_pair].astype(np.float64)
        return np.rint(np.bincount(self.entry_cell, weights=weights, minlength=self.cells)).astype(np.int64)


class _Network:
    """Nodes, pairs and feeds under construction."""

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.like = [np.arange(len(classes))]
        self.stock = [classes.supply]
        self.pairs: list[tuple[Nodes, Ints]] = []
        self.feeds: list[tuple[Nodes, Nodes]] = []
        self.nodes = len(classes)

    def add(self, view: View) -> None:
        """Let a group draw from the classes, or from pools where that takes fewer flows."""
        key = view.place(self.classes)
        member = np.flatnonzero(key >= 0)
        if len(member) == 0:
            return
        _, first, pool = np.unique(key[member], return_index=True, return_inverse=True)
        holders, pools = len(view.reservataires), len(first)
        if len(member) * holders <= len(member) + pools * (holders + 1):
            self._draw(member, view.reservataires)
            return
        node = self.nodes + np.arange(pools)
        self.feeds.append((member, node[pool]))
        self.like.append(member[first])
        supply = self.classes.supply[member].astype(np.float64)
        self.stock.append(np.bincount(pool, weights=supply).astype(np.int64))
        self.nodes += pools
        self._draw(node, view.reservataires)

    def _draw(self, node: Nodes, reservataires: Ints) -> None:
        self.pairs.append((np.repeat(node, len(reservataires)), np.tile(reservataires, len(node))))


def build_level(problem: Problem, used: NDArray[np.bool_]) -> Level:
    """Build the network in which the ``used`` cells (a mask over those counted) can be counted."""
    network = _Network(classify(problem.dwellings, Grain.of(problem.counted, used)))
    for view in views(problem, used):
        network.add(view)
    empty = np.empty(0, dtype=np.intp)
    node = np.concatenate([empty, *(pair[0] for pair in network.pairs)])
    holder = np.concatenate([empty, *(pair[1] for pair in network.pairs)]).astype(np.int32)
    order = np.lexsort((holder, node))
    node, holder = node[order], holder[order]
    like = np.concatenate(network.like)
    entry_cell, entry_pair = incidence(problem, used, network.classes, (like[node], holder))
    return Level(
        network.classes,
        like,
        np.concatenate(network.stock),
        node,
        holder,
        np.concatenate([empty, *(feed[0] for feed in network.feeds)]),
        np.concatenate([empty, *(feed[1] for feed in network.feeds)]),
        entry_cell,
        entry_pair,
        len(problem.counted),
    )
