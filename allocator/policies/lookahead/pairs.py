"""Who could receive each class of dwellings, and in which rows that counts: found once, used every morning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Liberations
from allocator.domain.vocabulary import FLUX
from allocator.policies.accounts import covering
from allocator.policies.lookahead.world import World

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Kinds of dwellings, one entry each: commune and attributes, as in :class:`Liberations`."""

    commune: NDArray[np.integer]
    typologie: NDArray[np.integer]
    financement: NDArray[np.integer]
    qpv: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.commune)

    def only(self, kept: NDArray[np.bool_] | Rows) -> "Classes":
        """Return some of them."""
        return Classes(self.commune[kept], self.typologie[kept], self.financement[kept], self.qpv[kept])

    def attributes(self) -> NDArray[np.int64]:
        """Return one number for each typologie, financement and side of a QPV together."""
        traits: NDArray[np.int64] = (self.typologie.astype(np.int64) * 16 + self.financement) * 2 + self.qpv
        return traits

    def liberations(self) -> Liberations:
        """Return them as libérations without a name or a date."""
        count = len(self)
        return Liberations(
            ("",) * count,
            np.full(count, np.datetime64("NaT"), dtype="datetime64[D]"),
            self.commune.astype(np.int32),
            self.typologie.astype(np.int8),
            self.financement.astype(np.int8),
            self.qpv.astype(np.int8),
            np.full(count, FLUX, dtype=np.int8),
            {},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every (class, réservataire) that eligibility allows, with the rows of the world in which it counts.

    The pairs of class ``k`` are ``first[k]:first[k + 1]``; ``row[start[p]:start[p + 1]]`` are the rows of pair
    ``p``.
    """

    classes: Classes
    first: Rows
    of_class: Rows
    holder: Rows
    start: Rows
    row: Rows


def build_pairs(world: World, classes: Classes, barred: NDArray[np.bool_] | None = None) -> Pairs:
    """List the pairs of some classes; ``barred`` (classes × réservataires) are left out."""
    allowed = world.frame.eligible[classes.commune]
    if barred is not None:
        allowed = allowed & ~barred
    of_class, holder = np.nonzero(allowed)
    entry, row = covering(world.scopes, world.frame, classes.liberations(), of_class, holder)
    return Pairs(
        classes,
        np.searchsorted(of_class, np.arange(len(classes) + 1)),
        of_class,
        holder,
        np.searchsorted(entry, np.arange(len(of_class) + 1)),
        row,
    )


def ranges(start: Rows, stop: Rows) -> tuple[Rows, Rows]:
    """Return all numbers of the ranges ``start[i]:stop[i]`` in a row, and the ``i`` of each."""
    length = stop - start
    which = np.repeat(np.arange(len(start)), length)
    offset = np.repeat(np.cumsum(length) - length, length)
    return np.arange(len(which)) - offset + np.repeat(start, length), which
