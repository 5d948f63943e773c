"""A réservataire and one of its promises, before they become rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.drawing.portfolio import Floats
from allocator.drawing.supply import Supply


@dataclass(frozen=True, slots=True)
class Holder:
    """A réservataire; ``petit`` is ``None`` where the model decides."""

    id: str
    nom: str
    famille: str
    petit: bool | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A convention over one territory, by ``part`` (percent) or by ``volume`` (dwellings), never both."""

    holder: Holder
    territoire: str
    part: float | None = None
    volume: float | None = None
    report: float = 0.0
    solde: int | None = None

    @property
    def niveau(self) -> str:
        """The État's promises hold in each commune, the others over their territory (Th. 2-1)."""
        return "commune" if self.holder.famille == "etat" else "territoire"

    def due(self, assiette: float) -> float:
        """Return the dwellings owed where ``assiette`` are released."""
        owed = self.volume if self.volume is not None else (self.part or 0.0) / 100.0 * assiette
        return max(0.0, owed + self.report)


def promised(supply: Supply, promises: Iterable[Promise]) -> Floats:
    """Return the percent promised in each commune; a volume counts as its percent of the assiette."""
    total = np.zeros(len(supply.commune))
    for promise in promises:
        released = supply.released(promise.territoire)
        share = promise.part if promise.volume is None else 100.0 * promise.volume / max(1.0, released)
        total[supply.members(promise.territoire)] += share or 0.0
    return total
