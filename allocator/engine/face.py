"""The optimal face: what the tiers solved so far leave open for the next.

A tier's dual proves ``D <= value`` and prices every move away from its relaxation's optimum. Where the tier
reached ``V`` with whole dwellings, ``V − D`` is all that moves may cost: whatever one unit of costs more is fixed
where it stands. With ``V = D`` this is exactly the relaxation's optimal face, with no big weight and no dense row.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.classes import Classes, parents
from allocator.engine.costs import TierCost
from allocator.engine.level import Level
from allocator.engine.problem import Problem

ROUNDING: Final = 1e-9
"""Prices below this are rounding errors of the solver: what they price is left open."""

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """The dual of a tier: a price for each counted cell and for each class of the level where it was solved.

    One dwelling from class ``c`` to réservataire ``r`` costs ``− Σ cell (over the cells in whose own scope it falls)
    − classe[c]``: the price of a cell is that of one dwelling more in it and in those that continue it;
    a dwelling of class ``c`` left unused costs ``− classe[c]``. What costs more than ``budget`` is excluded.
    """

    cell: Floats
    classe: Floats
    classes: Classes
    budget: float


@dataclass(frozen=True, slots=True, eq=False)
class Lock:
    """A tier that may not become worse than ``value``, kept as a row of the next programs.

    Needed only where prices do not say as much: integrality bit, or largest terms are added to others.
    """

    cost: TierCost
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """What is still allowed: counts between ``low`` and ``high``, moves that ``prices`` do not exclude, ``locks``."""

    low: Counts
    high: Counts
    prices: tuple[Prices, ...] = ()
    locks: tuple[Lock, ...] = ()


class NothingLeftError(Exception):
    """A face holds no point at all."""


def everything(problem: Problem) -> Face:
    """Return the face of a problem before any tier: bounded by the soldes alone."""
    return Face(np.zeros(len(problem.counted), dtype=np.int64), problem.counted.limit)


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """A face seen at a level: the pairs and feeds still open, and the classes to be used whole."""

    pair: Mask
    feed: Mask
    exhausted: Mask


def openings(level: Level, face: Face) -> Openings:
    """Return what the prices of a face leave open at a level.

    A tier's dual speaks only of the moves that the tiers before it left open, so prices are applied in order.
    """
    pair = np.ones(len(level.pair_node), dtype=bool)
    feed = np.ones(len(level.feed_node), dtype=bool)
    exhausted = np.zeros(len(level.classes), dtype=bool)
    for prices in face.prices:
        supply = prices.classe[parents(level.classes, prices.classes)]
        exhausted |= -supply > prices.budget
        pair, feed = _affordable(level, prices, supply, (pair, feed))
    return Openings(pair, feed, exhausted)


def _affordable(level: Level, prices: Prices, supply: Floats, opened: tuple[Mask, Mask]) -> tuple[Mask, Mask]:
    """Return which of the open pairs and feeds some path within the budget takes.

    The price of a path from a class to a réservataire is that of its receipt less that of its class: an arc is
    closed if it is too much even on its best path, which is exact where the budget is 0.
    """
    pair, feed = opened
    receipt = np.bincount(level.entry_pair, weights=-prices.cell[level.entry_cell], minlength=len(pair))
    best_class = np.concatenate([supply, np.full(level.pools, -np.inf)])
    best_receipt = np.full(len(level.like), np.inf)
    np.minimum.at(best_receipt, level.pair_node[pair], receipt[pair])
    source, target = level.feed_source, level.feed_node
    arcs = [np.arange(stage.start, stage.stop)[feed[stage]] for stage in level.stages]
    for arc in arcs:
        np.maximum.at(best_class, target[arc], best_class[source[arc]])
    for arc in reversed(arcs):
        np.minimum.at(best_receipt, source[arc], best_receipt[target[arc]])
    with np.errstate(invalid="ignore"):
        affordable = best_receipt[target] - best_class[source] <= prices.budget
    return pair & (receipt - best_class[level.pair_node] <= prices.budget), feed & affordable
