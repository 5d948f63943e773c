"""The plain model in whole numbers, for solvers that know no others.

Deviations are in millionths of a dwelling, targets rounded to that. Weights that are not whole are rounded *down* on
a scale as fine as 64 bits allow: the scaled objective is never above the true one but for the rounding of targets,
which :meth:`Scaled.lost` bounds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain_model import PlainProgram, Weights

UNITS: Final = 1_000_000
"""Units of a deviation in one dwelling."""

LARGEST: Final = 2.0**59
"""What no objective may come near: sums of 64-bit integers must not overflow."""

DIGITS: Final = 8
"""Decimal digits kept of the weights that are not whole, if the sums allow."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A plain program in whole numbers, with the same columns.

    ``cost`` has one row a tier; its objective is the true one times ``unit`` of the tier. ``maxima`` has, for each
    largest term, the scaled weights below and above, one entry a cell. ``target`` is in units, ``upper`` one bound a
    column.
    """

    plain: PlainProgram
    cost: Ints
    unit: Ints
    maxima: tuple[tuple[Ints, Ints], ...]
    target: Ints
    upper: Ints

    def point(self, flow: Ints) -> Ints:
        """Return the point with these flows and the exact deviations that they make."""
        plain = self.plain
        count = np.bincount(plain.entry_cell, weights=flow[plain.entry_flow], minlength=len(self.target))
        above = np.rint(count).astype(np.int64) * UNITS - self.target
        manque, exces = np.maximum(0, -above), np.maximum(0, above)
        largest = [(below * manque + over * exces).max(initial=0) for below, over in self.maxima]
        return np.concatenate([flow, manque, exces, np.array(largest, dtype=np.int64)])

    def lost(self, tier: int) -> float:
        """Return the most that the rounding of targets may have added to a tier's value."""
        plain = self.plain
        off = np.abs(self.target / UNITS - plain.target)
        manque, exces, largest = np.split(plain.costs[tier, plain.flows :], [len(off), 2 * len(off)])
        lost = float(np.maximum(manque, exces) @ off)
        for priced, weights in zip(largest.tolist(), plain.maxima, strict=True):
            lost += priced * float((np.maximum(weights.manque, weights.exces) * off).max(initial=0.0))
        return lost


def scale(plain: PlainProgram) -> Scaled:
    """Write a plain program in whole numbers."""
    flows, cells = plain.flows, len(plain.target)
    target = np.rint(plain.target * UNITS).astype(np.int64)
    supply = plain.program.upper[:flows]
    reach = np.bincount(plain.entry_cell, weights=supply[plain.entry_flow], minlength=cells)
    exces = np.rint(reach).astype(np.int64) * UNITS
    tier_of_maximum = plain.costs[:, flows + 2 * cells :].argmax(axis=0)
    scales = [_scale(plain, tier, target, exces) for tier in range(len(plain.costs))]
    maxima = tuple(
        (_whole(weights.manque, scales[tier]), _whole(weights.exces, scales[tier]))
        for tier, weights in zip(tier_of_maximum.tolist(), plain.maxima, strict=True)
    )
    cost = np.array([_whole(row, each) for row, each in zip(plain.costs, scales, strict=True)])
    # A largest term carries the scale of its weights in itself.
    cost[:, flows + 2 * cells :] = plain.costs[:, flows + 2 * cells :]
    largest = [np.maximum(below * target, above * exces).max(initial=0) for below, above in maxima]
    upper = np.concatenate([np.rint(supply).astype(np.int64), target, exces, np.array(largest, dtype=np.int64)])
    return Scaled(plain, cost, np.array(scales, dtype=np.int64) * UNITS, maxima, target, upper)


def _scale(plain: PlainProgram, tier: int, target: Ints, exces: Ints) -> int:
    """Return the power of ten by which the weights of a tier are multiplied; 1 where they are whole."""
    cells = len(target)
    manque, over, largest = np.split(plain.costs[tier, plain.flows :], [cells, 2 * cells])
    goals = [Weights(manque, over), *(w for w, priced in zip(plain.maxima, largest, strict=True) if priced)]
    if all((each == np.rint(each)).all() for goal in goals for each in (goal.manque, goal.exces)):
        return 1
    most = sum(float(goal.manque @ target + goal.exces @ exces) for goal in goals)
    return int(10 ** min(DIGITS, int(np.log10(LARGEST / most))))


def _whole(weights: NDArray[np.float64], unit: int) -> Ints:
    # A weight such as 0.3 stands a hair below what its decimals say.
    return np.floor(weights * unit * (1 + 1e-15)).astype(np.int64)
