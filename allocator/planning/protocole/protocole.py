"""A protocole and a bailleur's settings, read whole: what holds for the bailleur on a day, and where it departs."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from allocator.planning.protocole.chemins import put
from allocator.planning.protocole.clauses import Clause, Derogation
from allocator.planning.protocole.parametres import Parametres


@dataclass(frozen=True, slots=True)
class Protocole:
    """A region's settings; ``values`` are its tables as TOML has them, by section.

    ``locales`` are the settings that it leaves to each bailleur, without a reason. ``sha256`` is the digest of the
    file.
    """

    nom: str
    jour: date
    source: str
    values: Mapping[str, Any]
    clauses: tuple[Clause, ...]
    locales: tuple[str, ...]
    fichier: FilePath
    sha256: str

    def clause(self, cle: str) -> Clause | None:
        """Return what is said of a setting, or else of the smallest table around it."""
        around = [each for each in self.clauses if cle == each.cle or cle.startswith(f"{each.cle}.")]
        return max(around, key=lambda each: len(each.cle), default=None)


@dataclass(frozen=True, slots=True)
class Reglages:
    """What a bailleur works by.

    ``locales`` are its own settings, of which the protocole says nothing; ``derogations`` those that depart from it, on
    some days or all.
    """

    protocole: Protocole
    nom: str
    bailleur: str
    annee: int
    source: str
    locales: Mapping[str, Any]
    derogations: tuple[Derogation, ...]
    fichier: FilePath

    def on(self, day: date) -> dict[str, Any]:
        """Return the settings of a day: the protocole's, the bailleur's own, and the derogations in force."""
        values = _merged(self.protocole.values, self.locales)
        for each in self.derogations:
            if each.holds(day):
                values = put(values, each.place, each.valeur)
        return values

    @property
    def debut(self) -> date:
        """First day of the year that these settings are for, or that of the protocole where it is later."""
        return max(date(self.annee, 1, 1), self.protocole.jour)

    @property
    def identite(self) -> dict[str, Any]:
        """Whose settings these are, as the files of other commands say it."""
        return {"nom": self.nom, "bailleur": self.bailleur, "annee": self.annee, "source": self.source}


@dataclass(frozen=True, slots=True)
class Resolu:
    """The settings of a bailleur on a day: as TOML has them, and as those who use them do."""

    reglages: Reglages
    jour: date
    values: Mapping[str, Any]
    parametres: Parametres


def _merged(values: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables that have what both have; the entries of a list that is in both follow those of the first."""
    whole = deepcopy(dict(values))
    for key, value in others.items():
        inner = whole.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            whole[key] = _merged(inner, value)
        else:
            whole[key] = [*inner, *value] if isinstance(inner, list) and isinstance(value, list) else value
    return whole
