"""What a command decides and claims: an orientation, its cells and its tier values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BAILLEUR: Final = -1
"""Orientation of a libération that stays with the bailleur."""


@dataclass(frozen=True, slots=True, eq=False)
class Ecarts:
    """One row a cell: its target ``cible`` and its count ``valeur`` (float64), in a stable order.

    ``sur`` is a word of ``vocabulary.SUR``; ``territoire`` and ``modalite`` are empty where they do not apply.
    """

    reservataire: NDArray[np.int32]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: NDArray[np.float64]
    valeur: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.sur)

    @property
    def manque(self) -> NDArray[np.float64]:
        """Dwellings below the target."""
        return np.maximum(0.0, self.cible - self.valeur)

    @property
    def exces(self) -> NDArray[np.float64]:
        """Dwellings above the target."""
        return np.maximum(0.0, self.valeur - self.cible)


@dataclass(frozen=True, slots=True)
class TierValue:
    """A tier's value and a proven lower bound on it, given the values of the tiers before (``None``: no claim)."""

    name: str
    value: float
    bound: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An orientation with what is claimed of it.

    ``orientation`` has one entry a libération of the instance, flux or not: the index of its réservataire or
    :data:`BAILLEUR`. ``status`` is ``optimal`` or ``feasible``. ``seconds`` are wall-clock, by phase.
    """

    orientation: NDArray[np.int32]
    ecarts: Ecarts
    tiers: tuple[TierValue, ...]
    status: str
    solver: str
    seconds: Mapping[str, float]
