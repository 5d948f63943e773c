"""Which segment a line has: of those that hold it, the one that is more specific than all the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats.rotation_schema import DIMENSIONS
from allocator.stock.rotation.tranches import parse_tranche

Segments = Mapping[str, Sequence[str]]
"""One text a segment and dimension, empty for any."""

_PLUS_LARGE: Final = {"commune": "departement"}
"""A commune says its département too: a segment of the one is more specific than one of the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Lignes:
    """Lines to find the segments of: words by dimension, and the numbers that bands hold."""

    mots: Mapping[str, NDArray[np.str_]]
    valeurs: Mapping[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(next(iter(self.mots.values())))

    def at(self, row: int) -> "Lignes":
        """Return one line alone."""
        return Lignes(
            {name: column[row : row + 1] for name, column in self.mots.items()},
            {name: column[row : row + 1] for name, column in self.valeurs.items()},
        )


def most_specific(segments: Segments, lignes: Lignes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the segment of each line, -1 where none holds it, and tell the lines torn between several.

    A segment is more specific than another where it narrows all that the other narrows, and more. A line is torn
    where none of those that hold it is more specific than all the others.
    """
    sets = np.array([_set(segments, row) for row in range(len(segments[DIMENSIONS[0]]))], np.int64)
    best = np.full(len(lignes), -1, np.int64)
    tied = np.zeros(len(lignes), bool)
    union = np.zeros(len(lignes), np.int64)
    for row in sorted(range(len(sets)), key=lambda row: (int(sets[row]).bit_count(), row)):
        hit = holds(segments, row, lignes)
        tied[hit] = (best[hit] >= 0) & (sets[best[hit]] == sets[row])
        union[hit] |= sets[row]
        best[hit] = row
    torn: NDArray[np.bool_] = (best >= 0) & (tied | (union != sets[best]))
    return best, torn


def holds(segments: Segments, row: int, lignes: Lignes) -> NDArray[np.bool_]:
    """Tell the lines that a segment holds; what is not known is in the segments of any only."""
    hit = np.ones(len(lignes), bool)
    for name in DIMENSIONS:
        text = segments[name][row]
        band = parse_tranche(text) if name in lignes.valeurs else None
        if band is not None:
            hit &= band.holds(lignes.valeurs[name])
        elif text:
            hit &= lignes.mots[name] == text
    return hit


def _set(segments: Segments, row: int) -> int:
    """Return the dimensions that a segment narrows, with those that they imply, as a set of bits."""
    names = {name for name in DIMENSIONS if segments[name][row]}
    names |= {_PLUS_LARGE[name] for name in names if name in _PLUS_LARGE}
    return sum(1 << rank for rank, name in enumerate(DIMENSIONS) if name in names)
