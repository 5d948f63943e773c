"""A level: a network from classes, some through pools, to réservataires, at the grain that a tier needs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.chains import Links, running
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
    from where; ``feed_source`` and ``feed_node`` which node feeds which pool, classes first. Entry ``k`` says that
    the flow of pair ``entry_pair[k]`` falls in the own scope of ``entry_cell[k]``. ``after`` links the counted cells
    (:mod:`allocator.engine.chains`).
    """

    classes: Classes
    like: Nodes
    stock: NDArray[np.int64]
    pair_node: Nodes
    pair_reservataire: Ints
    feed_source: Nodes
    feed_node: Nodes
    entry_cell: Ints
    entry_pair: Ints
    after: Links

    @property
    def cells(self) -> int:
        """Number of counted cells."""
        return len(self.after)

    @property
    def pools(self) -> int:
        """Number of pools."""
        return len(self.like) - len(self.classes)

    @property
    def stages(self) -> tuple[slice, slice]:
        """The feeds that come from classes, then those that come from pools."""
        direct = int(np.searchsorted(self.feed_source, len(self.classes)))
        return slice(0, direct), slice(direct, len(self.feed_source))

    def counts(self, flow: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the count of every cell where pair ``j`` receives ``flow[j]`` dwellings."""
        weights = flow[self.entry_pair].astype(np.float64)
        own = np.rint(np.bincount(self.entry_cell, weights=weights, minlength=self.cells))
        return running(self.after, own.astype(np.int64))


POOL_BELOW: Final = 1.0
"""Pools are made where they take fewer flows than this share of the direct ones (tests make them everywhere)."""


class _Network:
    """Nodes, pairs and feeds under construction."""

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.like = np.arange(len(classes))
        self.stock = classes.supply
        self.pairs: list[tuple[Nodes, Ints]] = []
        self.feeds: list[tuple[Nodes, Nodes]] = []

    def draw(self, view: View, layer: Nodes) -> None:
        """Let a group draw from the nodes of a layer, or from pools of them where that takes fewer flows."""
        key = view.place(self.classes)[self.like[layer]]
        source, key = layer[key >= 0], key[key >= 0]
        pools = len(np.unique(key))
        holders = len(view.reservataires)
        if len(source) + pools * (holders + 1) < POOL_BELOW * len(source) * holders:
            source = self.pool(source, key)
        self.pairs.append((np.repeat(source, holders), np.tile(view.reservataires, len(source))))

    def pool(self, source: Nodes, key: NDArray[np.int64]) -> Nodes:
        """Add a pool for each distinct key, fed by the sources of that key; return the pools."""
        _, first, pool = np.unique(key, return_index=True, return_inverse=True)
        node = len(self.like) + np.arange(len(first))
        self.feeds.append((source, node[pool]))
        self.like = np.concatenate([self.like, self.like[source[first]]])
        stock = np.bincount(pool, weights=self.stock[source].astype(np.float64), minlength=len(first))
        self.stock = np.concatenate([self.stock, stock.astype(np.int64)])
        return node


def build_level(problem: Problem, used: NDArray[np.bool_]) -> Level:
    """Build the network in which the ``used`` cells (a mask over those counted) can be counted.

    The groups that tell no two communes of some territory apart draw from a common layer of pools, which is as
    fine as all their views together.
    """
    network = _Network(classify(problem.dwellings, Grain.of(problem.counted, used)))
    fine: list[View] = []
    coarse: list[View] = []
    for view in views(problem, used):
        (coarse if view.merges_communes else fine).append(view)
    classes = np.arange(len(network.classes))
    for view in fine:
        network.draw(view, classes)
    layer = _common_layer(network, coarse, classes)
    for view in coarse:
        network.draw(view, layer)
    return _finished(problem, used, network)


def _common_layer(network: _Network, coarse: list[View], classes: Nodes) -> Nodes:
    """Pool the classes that no coarse view tells apart, where that takes fewer flows; return the layer."""
    key = np.zeros(len(classes), dtype=np.int64)
    seen = np.zeros(len(classes), dtype=bool)
    for view in coarse:
        place = view.place(network.classes)
        seen |= place >= 0
        _, key = np.unique(np.stack([key, place]), axis=1, return_inverse=True)
        key = key.astype(np.int64)
    source = classes[seen]
    pools = len(np.unique(key[seen]))
    direct = sum(int((view.label[network.classes.commune] >= 0).sum()) for view in coarse)
    if len(source) + pools * direct / max(1, len(source)) >= POOL_BELOW * direct:
        return classes
    return network.pool(source, key[seen])


def _finished(problem: Problem, used: NDArray[np.bool_], network: _Network) -> Level:
    empty = np.empty(0, dtype=np.intp)
    node = np.concatenate([empty, *(pair[0] for pair in network.pairs)])
    holder = np.concatenate([empty, *(pair[1] for pair in network.pairs)]).astype(np.int32)
    order = np.lexsort((holder, node))
    node, holder = node[order], holder[order]
    source = np.concatenate([empty, *(feed[0] for feed in network.feeds)])
    target = np.concatenate([empty, *(feed[1] for feed in network.feeds)])
    order = np.lexsort((target, source))
    entry_cell, entry_pair = incidence(problem, used, network.classes, (network.like[node], holder))
    return Level(
        network.classes,
        network.like,
        network.stock,
        node,
        holder,
        source[order],
        target[order],
        entry_cell,
        entry_pair,
        problem.counted.after,
    )
