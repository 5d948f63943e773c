"""The legal thresholds as data: their value, article, dates of validity, and how serious it is to break them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from allocator.formats.cells import CellError, read_date
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_suffix(".toml")
"""The shipped thresholds."""

ERREUR: Final = "erreur"
GRAVITES: Final = (ERREUR, "avertissement")
NOMS: Final = ("etat", "agents", "uniforme", "hors_qpv", "garantie", "total")
"""What is bounded (see the shipped file)."""

DENOMINATEURS: Final = ("prefet", "flux")
"""What the 30 % outside QPV are a share of: the préfet's dwellings, or the flux outside QPV."""


@dataclass(frozen=True, slots=True)
class Seuil:
    """A threshold, in percent, valid from ``debut`` to ``fin`` (included; ``None``: still)."""

    nom: str
    article: str
    valeur: float
    gravite: str
    debut: date
    fin: date | None = None
    denominateur: str = DENOMINATEURS[0]

    def holds(self, day: date) -> bool:
        """Tell whether it is valid on a day."""
        return self.debut <= day and (self.fin is None or day <= self.fin)


def at(seuils: Sequence[Seuil], nom: str, day: date) -> Seuil | None:
    """Return the threshold of a name that is valid on a day, if there is one."""
    return next((seuil for seuil in seuils if seuil.nom == nom and seuil.holds(day)), None)


def read_seuils(path: Path = SHIPPED) -> tuple[Seuil, ...]:
    """Return the thresholds in a TOML file.

    Raises
    ------
    BadInput
        With every fault and its line: two thresholds of one name on one day among them.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    seuils = seuils_of_keys(keys)
    keys.refuse_others()
    log.raise_if_any()
    return seuils


def seuils_of_keys(keys: Keys) -> tuple[Seuil, ...]:
    """Return the thresholds of a document, its ``[[seuil]]`` tables; faults are noted."""
    seuils: list[Seuil] = []
    for table in keys.tables("seuil"):
        seuil = _seuil(table)
        if any(_overlap(seuil, other) for other in seuils):
            table.fault(f"un autre seuil « {seuil.nom} » vaut les mêmes jours")
        seuils.append(seuil)
    return tuple(seuils)


def _seuil(keys: Keys) -> Seuil:
    seuil = Seuil(
        keys.choice("nom", NOMS),
        keys.text("article"),
        keys.number("valeur"),
        keys.choice("gravite", GRAVITES),
        _day(keys, "debut") or date.min,
        _day(keys, "fin") if "fin" in keys else None,
        keys.choice("denominateur", DENOMINATEURS, DENOMINATEURS[0]),
    )
    keys.refuse_others()
    return seuil


def _overlap(one: Seuil, other: Seuil) -> bool:
    return one.nom == other.nom and (one.holds(other.debut) or other.holds(one.debut))


def _day(keys: Keys, key: str) -> date | None:
    text = keys.text(key)
    try:
        return read_date(text) if text.strip() else None
    except CellError as error:
        keys.fault(str(error), key)
        return None
