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
    """Return flows (class, réservataire, number) with the pools resolved: first class to first réservataire."""
    direct = level.pair_node < len(level.classes)
    drawn = np.flatnonzero(~direct)
    order = np.argsort(level.feed_node, kind="stable")
    fed = np.repeat(level.feed_class[order], feed_flow[order])
    received = np.repeat(level.pair_reservataire[drawn], pair_flow[drawn])
    pooled, number = np.unique(np.stack([fed, received]), axis=1, return_counts=True)
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
