"""Pools: réservataires who see the same difference between dwellings draw from the same places.

Thirty employers of a département who only look at the typologie need not have a flow from each of a thousand
classes: the classes feed one pool a typologie, and the employers draw from the pools. A view is what a group of
réservataires tells apart; it is exact, because every cell of the group is constant on each of its pools.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.engine.classes import Classes
from allocator.engine.problem import Counted, Problem
from allocator.flux.geography import Geography
from allocator.flux.promises import ANY

Ints = NDArray[np.int32]

COMMUNE: Final = 0
"""The finest kind of scope: no two communes share a number of it."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a group of réservataires tells apart, and where they may receive.

    ``label`` numbers the communes that they may receive in (−1 elsewhere) so that only communes with different
    labels are told apart; ``mask`` has the bits of :attr:`Grain.mask`.
    """

    reservataires: Ints
    label: NDArray[np.intp]
    mask: int

    @property
    def merges_communes(self) -> bool:
        """Whether some communes are not told apart."""
        inside = self.label[self.label >= 0]
        return len(np.unique(inside)) < len(inside)

    def place(self, classes: Classes) -> NDArray[np.int64]:
        """Return a key of each class, equal where the group sees no difference; −1 where it may not receive."""
        key = self.label[classes.commune].astype(np.int64)
        for attribute, bit in ((classes.typologie, 4), (classes.financement, 2), (classes.qpv, 1)):
            key = key * 8 + (attribute if self.mask & bit else 0)
        return np.where(self.label[classes.commune] < 0, -1, key)


def views(problem: Problem, used: NDArray[np.bool_]) -> Iterator[View]:
    """Group the réservataires that tell the same dwellings apart through their ``used`` cells.

    Groups come in the order of their first réservataire.
    """
    eligible = problem.eligible
    masks, kinds = _looks(problem.counted, used, len(problem.places.of_commune))
    groups: dict[bytes, list[int]] = {}
    labels: dict[bytes, NDArray[np.intp]] = {}
    commune = eligible.commune()
    order = np.argsort(eligible.reservataire, kind="stable")
    holders, begin = np.unique(eligible.reservataire[order], return_index=True)
    end = np.append(begin, len(order))[1:]
    for holder, first, last in zip(holders.tolist(), begin.tolist(), end.tolist(), strict=True):
        communes = commune[order[first:last]]
        label = np.full(len(eligible.start) - 1, -1, dtype=np.intp)
        label[communes] = _labels(problem.places, communes, np.flatnonzero(kinds[holder]))
        key = label.tobytes() + bytes([int(masks[holder])])
        groups.setdefault(key, []).append(holder)
        labels[key] = label
    for key, members in groups.items():
        yield View(np.array(members, dtype=np.int32), labels[key], key[-1])


def _looks(what: Counted, used: NDArray[np.bool_], kinds: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return, for each réservataire, the attributes that its cells look at, as bits, and a mask over scope kinds."""
    attributes = (what.typologie != ANY) * 4 + (what.financement != ANY) * 2 + (what.qpv != ANY) * 1
    count = int(what.reservataire.max(initial=-1)) + 1
    masks, scopes = np.zeros(count, dtype=np.int64), np.zeros((count, kinds), dtype=bool)
    np.bitwise_or.at(masks, what.reservataire[used], attributes[used])
    scopes[what.reservataire[used], what.kind[used]] = True
    return masks, scopes


def _labels(places: Geography, communes: NDArray[np.intp], kinds: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return a number for each commune, shared by those of equal territories of the given kinds."""
    if COMMUNE in kinds:
        return communes
    key = np.zeros(len(communes), dtype=np.int64)
    for kind in kinds.tolist():
        numbers = places.of_commune[kind][communes]
        key = key * (int(numbers.max(initial=0)) + 1) + numbers
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return communes[first][inverse]
