"""The arithmetic of largest terms: which counts keep them small, and which values they can take at whole counts."""

from dataclasses import replace

import numpy as np

from allocator.engine.costs import Floats, Slopes
from allocator.engine.face import ROUNDING, Counts, Face, NothingLeftError


def at_most(face: Face, floor: Counts, cost: Slopes, value: float) -> Face:
    """Return the part of a face where no cell costs more than ``value``.

    Costs are convex with their least at the floor or one above, so the counts that are cheap enough are an
    interval; raises :class:`NothingLeftError` where a cell has none.
    """
    reserve = value + ROUNDING * max(1.0, abs(value)) - cost.base
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.where(cost.under > 0, np.floor(reserve / cost.under), np.inf)
        above = np.where(cost.over > 0, np.floor((reserve - cost.step) / cost.over), np.inf)
    cells = len(floor)
    low, high = face.low.copy(), face.high.copy()
    least = np.where(reserve >= 0, floor - below, floor + 1)
    most = np.where(reserve >= cost.step, floor + 1 + above, floor)
    low[:cells] = np.maximum(low[:cells], least).astype(np.int64)
    high[:cells] = np.minimum(high[:cells], most).astype(np.int64)
    if (low > high).any() or ((reserve < 0) & (reserve < cost.step)).any():
        raise NothingLeftError
    return replace(face, low=low, high=high)


def next_cost(cost: Slopes, floor: Counts, value: float) -> float:
    """Return the least cost of any cell at any whole count that is at least ``value`` (infinite: none)."""
    used = cost.used()
    base, under, step, over = cost.base[used], cost.under[used], cost.step[used], cost.over[used]
    target = floor[used]
    candidates = [np.zeros(1), base, base + step]
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.where(under > 0, np.ceil((value - base) / under - ROUNDING), 0.0)
        up = np.where(over > 0, np.ceil((value - base - step) / over - ROUNDING), 0.0)
    candidates.append(base + under * np.clip(down, 0, target))
    candidates.append(base + step + over * np.maximum(up, 0))
    costs = np.concatenate(candidates)
    return float(np.min(costs[costs >= value - ROUNDING * max(1.0, abs(value))], initial=np.inf))


def attainable(cost: Slopes, floor: Counts, most: Counts, limit: float) -> Floats:
    """Return in ascending order every cost up to ``limit`` that a cell has at some whole count, and 0.

    ``most`` is the largest count of each cell.
    """
    used = cost.used()
    base, under, step, over = cost.base[used], cost.under[used], cost.step[used], cost.over[used]
    reserve = limit + ROUNDING * max(1.0, abs(limit)) - base
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.where(under > 0, np.clip(np.floor(reserve / under), -1, floor[used]), np.sign(reserve) - 1)
        up = np.where(
            over > 0, np.maximum(np.floor((reserve - step) / over), -1), np.sign(reserve - step) - 1
        )
    up = np.minimum(up, most[used] - floor[used] - 1)
    return np.unique(
        np.concatenate([np.zeros(1), _ladder(base, under, down), _ladder(base + step, over, up)])
    )


def _ladder(start: Floats, rise: Floats, last: Floats) -> Floats:
    """Return ``start + k · rise`` for ``k`` from 0 to ``last`` (none where that is negative), all entries in one."""
    number = np.maximum(0, last + 1).astype(np.int64)
    begin = np.cumsum(number) - number
    rung = np.arange(number.sum()) - np.repeat(begin, number)
    ladder: Floats = np.repeat(start, number) + rung * np.repeat(rise, number)
    return ladder


def splits(first: Floats, second: Floats, total: float) -> list[float]:
    """Return the values of ``first`` that some value of ``second`` completes to ``total``, each once."""
    tolerance = ROUNDING * max(1.0, abs(total))
    near = np.searchsorted(second, total - first - tolerance)
    reached = np.append(second, np.inf)[near] <= total - first + tolerance
    found: list[float] = []
    for value in first[reached].tolist():
        if not found or value - found[-1] > 2 * tolerance:
            found.append(value)
    return found
