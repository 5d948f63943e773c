"""What a protocole says of its own settings: what each is, where it comes from, and who may depart from it."""

from dataclasses import dataclass
from datetime import date

from allocator.formats.toml_lines import Path


@dataclass(frozen=True, slots=True)
class Clause:
    """A setting, or a table of them, that partners agreed.

    ``place`` is where it stands in the protocole; ``source`` the article or the theme ("Th. 1-1") and ``derogeable``
    whether a bailleur may depart from it. ``sans_valeur``: the protocole sets nothing there, on purpose.
    """

    cle: str
    place: Path
    titre: str
    source: str = ""
    derogeable: bool = True
    sans_valeur: bool = False


@dataclass(frozen=True, slots=True)
class Derogation:
    """Where a bailleur departs from the protocole, from ``debut`` to ``fin`` (included; ``None``: still), and why."""

    cle: str
    place: Path
    regional: object
    valeur: object
    motif: str
    debut: date
    fin: date | None
    ligne: int

    def holds(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.debut <= day and (self.fin is None or day <= self.fin)
