"""From flows to dwellings, by a fixed rule that spreads each réservataire over the year."""

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.engine.level import Level
from allocator.engine.problem import Problem

Flow = NDArray[np.int64]


def deal(
    problem: Problem, level: Level, flows: tuple[Flow, Flow], date: NDArray[np.datetime64]
) -> NDArray[np.int32]:
    """Return who receives each dwelling of a problem, given the flows of pairs and feeds.

    Within a class the dwellings are interchangeable. They are taken by date (then file order), and the ``n`` that a
    réservataire receives stand at the fractions ``(i + 1/2) / n`` of the class, ties in the order of
    ``reservataires.csv``, the bailleur last.
    """
    classe, holder, number = _kept(level, *_through_pools(level, *flows))
    begin = np.cumsum(number) - number
    rank = np.arange(number.sum()) - np.repeat(begin, number)
    place = (rank + 0.5) / np.repeat(number, number)
    token_class, token_holder = np.repeat(classe, number), np.repeat(holder, number)
    tokens = np.lexsort((token_holder, place, token_class))
    dwellings = np.lexsort((problem.dwellings.row, date, level.classes.of_dwelling))
    dealt = np.empty(len(problem.dwellings), dtype=np.int32)
    dealt[dwellings] = token_holder[tokens]
    return np.where(dealt == _LAST, BAILLEUR, dealt).astype(np.int32)


_LAST = np.iinfo(np.int32).max


def _through_pools(level: Level, pair_flow: Flow, feed_flow: Flow) -> tuple[Flow, Flow, Flow]:
    """Return flows (class, réservataire, number) with the pools resolved.

    What reaches a pool is taken in the order of its sources, and given first to those who draw, then to further
    pools.
    """
    first, second = level.stages
    stage = np.zeros(len(level.like), dtype=np.int8)
    stage[level.feed_node[first]], stage[level.feed_node[second]] = 1, 2
    direct, near, far = (np.flatnonzero(stage[level.pair_node] == number) for number in range(3))

    node = np.repeat(level.feed_node[first], feed_flow[first])
    classe = np.repeat(level.feed_source[first], feed_flow[first])
    leaving = np.concatenate([pair_flow[near], feed_flow[second]])
    arc = np.repeat(np.arange(len(leaving)), leaving)
    source = np.concatenate([level.pair_node[near], level.feed_source[second]])[arc]
    classe = classe[np.argsort(node, kind="stable")]
    arc = arc[np.argsort(source, kind="stable")]
    served = arc < len(near)

    node = level.feed_node[second][arc[~served] - len(near)]
    last = classe[~served][np.argsort(node, kind="stable")]
    drawn = np.repeat(far, pair_flow[far])

    pooled = np.stack(
        [
            np.concatenate([classe[served], last]),
            level.pair_reservataire[np.concatenate([near[arc[served]], drawn])],
        ]
    )
    pooled, number = np.unique(pooled, axis=1, return_counts=True)
    return (
        np.concatenate([level.pair_node[direct], pooled[0]]),
        np.concatenate([level.pair_reservataire[direct], pooled[1]]),
        np.concatenate([pair_flow[direct], number]),
    )


def _kept(level: Level, classe: Flow, holder: Flow, number: Flow) -> tuple[Flow, Flow, Flow]:
    """Add what stays with the bailleur, so that the numbers of each class sum to its supply."""
    served = np.bincount(classe, weights=number, minlength=len(level.classes)).astype(np.int64)
    return (
        np.concatenate([classe, np.arange(len(level.classes))]),
        np.concatenate([holder, np.full(len(level.classes), _LAST)]),
        np.concatenate([number, level.classes.supply - served]),
    )
