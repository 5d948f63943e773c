"""How often pre-orientations end in which way: a file of rates, for ``simulate`` to draw from.

A pre-orientation ends with a lease (``bail``), or fails: nobody is proposed within the month (``sans_candidat``,
Th. 2-3), the candidates are refused or refuse (``refus``), or the réservataire hands the dwelling back for a turn
(``rendu``). The rates are policy, so they are data: ``aleas.toml`` beside this module holds the shipped ones, all
of them assumptions.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final

from allocator.domain.vocabulary import ECHECS, FAMILLES, FINANCEMENTS, ISSUES, QPV, TYPOLOGIES
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_suffix(".toml")
"""The shipped rates."""

BAIL: Final = ISSUES.index("bail")
EN_COURS: Final = -1
"""Outcome of what has not ended by the last day of the period, or of what nothing is drawn for."""

CHOIX: Final = {"famille": FAMILLES, "typologie": TYPOLOGIES, "financement": FINANCEMENTS, "qpv": QPV}
LONGEST: Final = 3660
"""Days of the longest delay."""


@dataclass(frozen=True, slots=True)
class Cas:
    """Some pre-orientations, and what multiplies their rate of each way to fail.

    An empty word leaves that trait open; ``reservataire`` is an identifier.
    """

    facteurs: tuple[float, float, float]
    reservataire: str
    famille: str
    typologie: str
    financement: str
    qpv: str


@dataclass(frozen=True, slots=True)
class Aleas:
    """How pre-orientations end.

    ``tours`` is how many réservataires a dwelling is proposed to before the bailleur keeps it; ``delais`` are the
    days from a pre-orientation to its end, by :data:`ISSUES`; ``taux`` is the share of an ordinary one's failures,
    by :data:`ECHECS`, which all ``cas`` that apply multiply.
    """

    tours: int
    delais: tuple[int, int, int, int]
    taux: tuple[float, float, float]
    cas: tuple[Cas, ...] = ()

    @property
    def bail(self) -> float:
        """Share of ordinary pre-orientations that end with a lease."""
        return max(0.0, 1.0 - sum(self.taux))


def read_aleas(path: Path, reservataires: Collection[str]) -> Aleas:
    """Return the rates in a TOML file, for an instance whose réservataires have these identifiers.

    Raises
    ------
    BadInput
        With every fault and its line.
    """
    log = FaultLog()
    aleas = _read(open_keys(path, LIMIT, log), reservataires)
    log.raise_if_any()
    return aleas


def _read(keys: Keys, reservataires: Collection[str]) -> Aleas:
    keys.constant("format", FORMAT)
    keys.text("titre", "")
    keys.text("description", "")
    aleas = Aleas(
        _whole(keys, "tours", 100),
        _delais(_table(keys, "delais")),
        _taux(_table(keys, "taux")),
        _cas(keys, reservataires),
    )
    keys.refuse_others()
    return aleas


def _delais(keys: Keys | None) -> tuple[int, int, int, int]:
    if keys is None:
        return 1, 1, 1, 1
    sans_candidat, refus, rendu, bail = (_whole(keys, issue, LONGEST) for issue in ISSUES)
    keys.refuse_others()
    return sans_candidat, refus, rendu, bail


def _taux(keys: Keys | None) -> tuple[float, float, float]:
    if keys is None:
        return 0.0, 0.0, 0.0
    sans_candidat, refus, rendu = (keys.number(echec, 0.0) for echec in ECHECS)
    whole = sans_candidat + refus + rendu
    if whole > 1.0 + 1e-9:
        keys.fault(f"les taux font {whole:g} en somme, 1 au plus était attendu")
    keys.refuse_others()
    return sans_candidat, refus, rendu


def _table(keys: Keys, key: str) -> Keys | None:
    """Return a table that must be there."""
    table = keys.table(key)
    if key not in keys:
        keys.fault(f"table [{key}] obligatoire absente", key)
    return table


def _cas(keys: Keys, reservataires: Collection[str]) -> tuple[Cas, ...]:
    found: dict[tuple[str, ...], Cas] = {}
    for table in keys.tables("cas", required=False):
        name = table.text("reservataire") if "reservataire" in table else ""
        if name and name not in reservataires:
            table.fault(f"{quote(name)} absent de reservataires.csv", "reservataire")
        traits = [table.choice(trait, choices, "") for trait, choices in CHOIX.items()]
        sans_candidat, refus, rendu = (table.number(echec, 1.0) for echec in ECHECS)
        if not any(trait in table for trait in ("reservataire", *CHOIX)):
            table.fault(f"un cas se désigne par reservataire, {', '.join(CHOIX)}")
        if not any(echec in table for echec in ECHECS):
            table.fault(f"un facteur était attendu : {', '.join(ECHECS)}")
        if (name, *traits) in found:
            table.fault("cas donné deux fois")
        found[name, *traits] = Cas((sans_candidat, refus, rendu), name, *traits)
        table.refuse_others()
    return tuple(found.values())


def _whole(keys: Keys, key: str, most: int) -> int:
    number = keys.number(key)
    if isnan(number):
        return 1
    if not number.is_integer() or not 1 <= number <= most:
        keys.fault(f"{number:g} hors limites, attendu un entier de 1 à {most}", key)
        return 1
    return int(number)
