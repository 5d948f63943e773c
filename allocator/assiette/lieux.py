"""Territories as sets of communes, and which of several lines a fact belongs to."""

from collections.abc import Sequence
from typing import Protocol

from allocator.domain import Territoires
from allocator.domain.vocabulary import ECHELLES


class Besoin(Protocol):
    """What an announced line and a fact have in common."""

    @property
    def territoire(self) -> str:
        """Where."""

    @property
    def categorie(self) -> str:
        """Which legal category."""

    @property
    def operation(self) -> str:
        """Which operation, or none in particular."""

    @property
    def mouvement(self) -> str:
        """From inside the bailleur's own stock, or not."""


class Lieux:
    """The communes of each territory, looked up once."""

    def __init__(self, territoires: Territoires) -> None:
        rows: dict[str, set[int]] = {}
        for echelle in ECHELLES:
            for row, code in enumerate(getattr(territoires, echelle)):
                rows.setdefault(f"{echelle}:{code}", set()).add(row)
        self._communes = {place: frozenset(inside) for place, inside in rows.items()}

    def communes(self, territoire: str) -> frozenset[int]:
        """Return the rows of the communes of a territory such as ``departement:93``."""
        return self._communes.get(territoire, frozenset())


class Rattachement:
    """Which of several lines a fact belongs to; lines are looked up by category, movement and commune."""

    def __init__(self, lieux: Lieux, lines: Sequence[Besoin]) -> None:
        self._lieux = lieux
        self._lines = lines
        self._covering: dict[tuple[str, str, int], list[int]] = {}
        for position, line in enumerate(lines):
            for commune in lieux.communes(line.territoire):
                key = (line.categorie, line.mouvement, commune)
                self._covering.setdefault(key, []).append(position)

    def narrowest(self, fact: Besoin) -> int | None:
        """Return the position of the line that a fact belongs to.

        It has the fact's category and movement, covers its communes, and names its operation or none; one that
        names it comes first, then the one of fewest communes, then the first. ``None`` where there is none.
        """
        place = self._lieux.communes(fact.territoire)
        somewhere = next(iter(place), -1)
        fitting = [
            (line.operation != fact.operation, len(self._lieux.communes(line.territoire)), position)
            for position in self._covering.get((fact.categorie, fact.mouvement, somewhere), ())
            if (line := self._lines[position]).operation in {"", fact.operation}
            and place <= self._lieux.communes(line.territoire)
        ]
        return min(fitting)[2] if fitting else None
