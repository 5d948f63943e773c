"""Classes of identical dwellings.

Libérations of one commune that no cell in use tells apart are interchangeable over a period: one whole number
per (class, réservataire) instead of one binary per (dwelling, réservataire).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.engine.problem import Counted, Dwellings
from allocator.flux.promises import ANY

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Grain:
    """Which attributes tell two dwellings of a commune apart."""

    typologie: bool
    financement: bool
    qpv: bool

    @staticmethod
    def of(cells: Counted, used: NDArray[np.bool_]) -> "Grain":
        """Return the attributes that the ``used`` cells look at."""
        return Grain(
            bool((cells.typologie[used] != ANY).any()),
            bool((cells.financement[used] != ANY).any()),
            bool((cells.qpv[used] != ANY).any()),
        )

    @property
    def mask(self) -> int:
        """The same as three bits: 4 for typologie, 2 for financement, 1 for QPV."""
        return self.typologie * 4 + self.financement * 2 + self.qpv * 1


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Classes in ascending order of commune, typologie, financement and QPV, one entry each.

    An attribute outside the grain is 0 throughout. ``supply`` is the number of dwellings; ``of_dwelling`` is the
    class of each dwelling of the problem.
    """

    grain: Grain
    commune: Ints
    typologie: Ints
    financement: Ints
    qpv: Ints
    supply: NDArray[np.int64]
    of_dwelling: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.commune)


def classify(dwellings: Dwellings, grain: Grain) -> Classes:
    """Group the dwellings of a problem."""
    zero = np.zeros(len(dwellings), dtype=np.int64)
    key = dwellings.commune.astype(np.int64)
    key = key * len(TYPOLOGIES) + (dwellings.typologie if grain.typologie else zero)
    key = key * len(FINANCEMENTS) + (dwellings.financement if grain.financement else zero)
    key = key * len(QPV) + (dwellings.qpv if grain.qpv else zero)
    keys, of_dwelling, supply = np.unique(key, return_inverse=True, return_counts=True)
    keys, qpv = np.divmod(keys, len(QPV))
    keys, financement = np.divmod(keys, len(FINANCEMENTS))
    commune, typologie = np.divmod(keys, len(TYPOLOGIES))
    return Classes(
        grain,
        commune.astype(np.int32),
        typologie.astype(np.int32),
        financement.astype(np.int32),
        qpv.astype(np.int32),
        supply.astype(np.int64),
        of_dwelling,
    )


def parents(fine: Classes, coarse: Classes) -> NDArray[np.intp]:
    """Return the class of ``coarse`` that each class of the finer partition lies in."""
    parent = np.empty(len(fine), dtype=np.intp)
    parent[fine.of_dwelling] = coarse.of_dwelling
    return parent
