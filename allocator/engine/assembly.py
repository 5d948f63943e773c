"""From a face and a tier's cost to a program in arrays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.chains import continued
from allocator.engine.costs import Slopes, TierCost
from allocator.engine.face import ROUNDING, Face, Lock, Openings, openings
from allocator.engine.level import Level
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Floats, Program

Ints = NDArray[np.intp]

NEGLIGIBLE: Final = 1e-9
"""Coefficients at or below this, beside a largest of 1, which solvers drop: we do, and recount what they find."""


@dataclass(frozen=True, slots=True, eq=False)
class Hull:
    """The deviation columns of some cells: ``count = floor − under + step + over``, with ``0 <= step <= 1``.

    ``cell[k]`` has its three columns at ``first[0] + k``, ``first[1] + k`` and ``first[2] + k``, with the upper
    bounds ``upper[:, k]``.
    """

    cell: Ints
    floor: NDArray[np.int64]
    first: tuple[int, int, int]
    upper: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """A program with the meaning of its columns and rows.

    Column ``j`` is the flow of ``pair[j]``, then that of ``feed[j − len(pair)]``, then come the deviations of
    ``hull``. Row ``i`` is the supply of ``classe[i]``, then the balance of the pool ``pool[i − len(classe)]``, then
    the count of ``cell[i − len(classe) − len(pool)]``, less ``base`` where that cell continues another: the row
    then only has what falls in the cell's own scope, and the deviations of the other.
    """

    program: Program
    pair: Ints
    feed: Ints
    classe: Ints
    pool: Ints
    cell: Ints
    base: NDArray[np.int64]
    hull: Hull


def assemble(level: Level, face: Face, floor: NDArray[np.int64], cost: TierCost) -> Assembled:
    """Build the program of one tier on a face.

    The columns are the open flows, the deviations of the cells that the tier or a lock looks at or that a counted
    one continues, and one largest term for each goal of norm ``max``.
    """
    builder = ProgramBuilder()
    allowed = openings(level, face)
    pair, feed = np.flatnonzero(allowed.pair), np.flatnonzero(allowed.feed)
    classe, pool = _flows(builder, level, allowed, (pair, feed))

    reach = _reach(level, pair)
    bent = _bent(face, cost, level.cells)
    looked = bent | (face.low > 0) | ((reach > 0) & (face.high < reach))
    earlier = continued(level.after, looked)
    bent, cell = bent | earlier, np.flatnonzero(looked | earlier)
    high = np.minimum(face.high, reach)
    target = np.zeros(level.cells, dtype=np.int64)
    target[: len(floor)] = floor
    before = level.after[cell]
    base = np.where(before < 0, 0, target[before])
    first = builder.add_rows(
        len(cell),
        np.where(bent[cell], target[cell], face.low[cell]) - base,
        np.where(bent[cell], target[cell], high[cell]) - base,
    )
    row = np.full(level.cells, -1, dtype=np.intp)
    row[cell] = first + np.arange(len(cell))
    column = np.full(len(level.pair_node), -1, dtype=np.intp)
    column[pair] = np.arange(len(pair))
    kept = (row[level.entry_cell] >= 0) & (column[level.entry_pair] >= 0)
    builder.add_entries(row[level.entry_cell[kept]], column[level.entry_pair[kept]], 1.0)

    bends = np.flatnonzero(bent)
    hull = _deviations(
        builder,
        bends,
        row[bends],
        (face.low[bends], high[bends], target[bends]),
        cost.additive.widened(level.cells),
    )
    _continue(builder, row[cell[before >= 0]], before[before >= 0], hull)
    for maximum in cost.maxima:
        _largest(builder, maximum, hull, price=1.0)
    for lock in face.locks:
        _lock(builder, lock, hull)
    offset = float(cost.additive.base.sum())
    return Assembled(builder.build(offset), pair, feed, classe, pool, cell, base, hull)


def _flows(
    builder: ProgramBuilder, level: Level, allowed: Openings, columns: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Add the flows with the supply of each class and the balance of each pool; return those with a row."""
    pair, feed = columns
    node, source, through = level.pair_node[pair], level.feed_source[feed], level.feed_node[feed]
    nodes = np.unique(np.concatenate([node, source, through]))
    classe, pool = nodes[nodes < len(level.classes)], nodes[nodes >= len(level.classes)]
    # An upper bound that the supply row makes unreachable: no price ever rests on it, and bounds stay finite.
    builder.add_columns(len(pair), 0.0, level.stock[node] + 1.0, 0.0)
    builder.add_columns(len(feed), 0.0, level.stock[source] + 1.0, 0.0)
    supply = level.classes.supply[classe].astype(np.float64)
    builder.add_rows(len(classe), np.where(allowed.exhausted[classe], supply, -INF), supply)
    builder.add_rows(len(pool), 0.0, 0.0)
    row = np.full(len(level.like), -1, dtype=np.intp)
    row[nodes] = np.arange(len(nodes))
    leaving = np.where(np.arange(len(level.like)) < len(level.classes), 1.0, -1.0)
    builder.add_entries(row[node], np.arange(len(pair)), leaving[node])
    feeding = len(pair) + np.arange(len(feed))
    builder.add_entries(row[source], feeding, leaving[source])
    builder.add_entries(row[through], feeding, 1.0)
    return classe, pool


def _reach(level: Level, pair: Ints) -> NDArray[np.int64]:
    """Return the largest count that each cell could have if all its open pairs were served first."""
    stock = np.zeros(len(level.pair_node), dtype=np.int64)
    stock[pair] = level.stock[level.pair_node[pair]]
    return level.counts(stock)


def _bent(face: Face, cost: TierCost, cells: int) -> NDArray[np.bool_]:
    """Mark the counted cells that need deviation columns."""
    used = cost.used()
    for lock in face.locks:
        used = used | lock.cost.used()
    return np.concatenate([used, np.zeros(cells - len(used), dtype=bool)])


def _deviations(
    builder: ProgramBuilder,
    cell: Ints,
    row: Ints,
    counts: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    price: Slopes,
) -> Hull:
    """Add the columns under, step and over of some cells, given the lowest and highest count and the floor."""
    low, high, floor = counts
    firsts, uppers = [], []
    for slope, sign, lower, upper in (
        (price.under, 1.0, np.maximum(0, floor - high), np.maximum(0, floor - low)),
        (price.step, -1.0, low > floor, high > floor),
        (price.over, -1.0, np.maximum(0, low - floor - 1), np.maximum(0, high - floor - 1)),
    ):
        first = builder.add_columns(len(cell), lower, upper, slope[cell])
        builder.add_entries(row, first + np.arange(len(cell)), sign)
        firsts.append(first)
        uppers.append(upper)
    return Hull(cell, floor, (firsts[0], firsts[1], firsts[2]), np.array(uppers, dtype=np.float64))


def _continue(builder: ProgramBuilder, row: Ints, before: NDArray[np.int32], hull: Hull) -> None:
    """Add to some rows the deviations of the cells that they continue: with ``base``, the count so far."""
    member = np.searchsorted(hull.cell, before)
    for first, sign in zip(hull.first, (-1.0, 1.0, 1.0), strict=True):
        builder.add_entries(row, first + member, sign)


def _weigh(builder: ProgramBuilder, row: Ints | int, member: Ints, hull: Hull, weights: Floats) -> None:
    """Add the entries of the deviations of some members of the hull, with three weights each."""
    for start, weight in zip(hull.first, weights, strict=True):
        heavy = np.abs(weight) > NEGLIGIBLE
        rows = np.broadcast_to(row, member.shape)
        builder.add_entries(rows[heavy], (start + member)[heavy], weight[heavy])


def _members(hull: Hull, cost: Slopes) -> Ints:
    """Return the members of the hull whose cost is not constant."""
    used = cost.used()
    return np.flatnonzero(np.append(used, False)[np.minimum(hull.cell, len(used))])


def _largest(builder: ProgramBuilder, maximum: Slopes, hull: Hull, *, price: float) -> tuple[int, float]:
    """Add a column that is at least the cost of every cell under ``maximum``; return its number and its unit.

    The unit is the dearest slope, so that no coefficient is large and none is small for its weight alone.
    """
    member = _members(hull, maximum)
    slopes = maximum.stacked()[:, hull.cell[member]]
    unit = float(np.abs(slopes).max(initial=0.0)) or NEGLIGIBLE
    base, slopes = maximum.base[hull.cell[member]] / unit, slopes / unit
    most = base + (slopes * hull.upper[:, member]).clip(0).sum(axis=0)
    column = builder.add_columns(1, 0.0, float(most.max(initial=0.0)), price * unit, integer=False)
    row = builder.add_rows(len(member), base, INF) + np.arange(len(member))
    builder.add_entries(row, column, 1.0)
    _weigh(builder, row, member, hull, -slopes)
    return column, unit


def _lock(builder: ProgramBuilder, lock: Lock, hull: Hull) -> None:
    """Add the row that keeps an earlier tier at its value."""
    additive = lock.cost.additive
    terms = [_largest(builder, maximum, hull, price=0.0) for maximum in lock.cost.maxima]
    member = _members(hull, additive)
    slopes = additive.stacked()[:, hull.cell[member]]
    unit = max([float(np.abs(slopes).max(initial=0.0)), *(size for _, size in terms)])
    slack = ROUNDING * max(1.0, abs(lock.value))
    row = builder.add_rows(1, -INF, (lock.value + slack - float(additive.base.sum())) / unit)
    for column, size in terms:
        if size / unit > NEGLIGIBLE:
            builder.add_entries(row, column, size / unit)
    _weigh(builder, row, member, hull, slopes / unit)
