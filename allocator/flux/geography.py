"""Communes, EPCI and départements by number, and which commune lies in which."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.vocabulary import ECHELLES

PARTOUT: Final = 3
"""Scope kind of a cell that counts in every commune; lower kinds index ``ECHELLES``."""


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """Territories by number: for each scope kind, the number of the territory that each commune lies in.

    ``of_commune[kind]`` has one entry a commune of the instance; ``names[kind]`` maps a territory's code to its
    number.
    """

    of_commune: tuple[NDArray[np.int32], ...]
    names: tuple[dict[str, int], ...]

    def territory(self, text: str) -> tuple[int, int]:
        """Return the kind and number of a territory written as ``departement:93``."""
        echelle, code = text.split(":", 1)
        kind = ECHELLES.index(echelle)
        return kind, self.names[kind][code]

    def communes(self, kind: int, scope: int) -> NDArray[np.intp]:
        """Return the row numbers of the communes of a territory."""
        return np.flatnonzero(self.of_commune[kind] == scope)


def geography(instance: Instance) -> Geography:
    """Give the communes, EPCI and départements of an instance numbers, in the order of their first mention."""
    columns = (instance.territoires.commune, instance.territoires.epci, instance.territoires.departement)
    names = tuple({code: i for i, code in enumerate(dict.fromkeys(column))} for column in columns)
    of_commune = [
        np.array([known[code] for code in column], dtype=np.int32)
        for known, column in zip(names, columns, strict=True)
    ]
    of_commune.append(np.zeros(len(instance.territoires), dtype=np.int32))
    return Geography(tuple(of_commune), names)
