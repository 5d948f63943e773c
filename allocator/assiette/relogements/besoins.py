"""A folder of needs for relogements: operations, bailleurs, arbitrations, and the rules agreed."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from allocator.assiette.dossier.fichiers import Folder, open_folder
from allocator.assiette.dossier.reglages_reader import exact, whole
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.formats.relogements_schema import ARBITRAGES, BAILLEURS, BESOINS

TOML: Final = "partage.toml"
FORMAT: Final = 1
MODES: Final = ("jamais", "en_dernier", "ensemble")
"""Whether a need may be met in another département: never, once its own is full, or like any other."""


@dataclass(frozen=True, slots=True)
class Regles:
    """Percentages: ``propre`` of its need is met first by a démolisseur, ``ailleurs`` of it may leave its département.

    ``plafond`` is the percentage of its re-lettings that a bailleur never passes in a département.
    """

    nom: str
    annee: int
    propre: Fraction
    mode: str
    ailleurs: Fraction
    plafond: Fraction


@dataclass(frozen=True, slots=True)
class Besoin:
    """Households to rehouse: how many whole dwellings an operation of ``demolisseur`` needs in a département."""

    operation: str
    demolisseur: str
    departement: str
    logements: int
    document: str


@dataclass(frozen=True, slots=True)
class Bailleur:
    """A bailleur in a département; its burden is measured against ``relocations × coefficient``."""

    bailleur: str
    departement: str
    relocations: Fraction
    coefficient: Fraction = Fraction(1)
    participe: bool = True

    @property
    def base(self) -> Fraction:
        """What its burden is measured against."""
        return self.relocations * self.coefficient


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """Dwellings that the préfet has fixed, by positions of the need and of the bailleur."""

    besoin: int
    bailleur: int
    logements: int
    par: str
    le: date
    reference: str

    @property
    def cite(self) -> str:
        """How the arbitration is quoted."""
        more = f", {self.reference}" if self.reference else ""
        return f"{self.par}, {self.le:%d/%m/%Y}{more}"


@dataclass(frozen=True, slots=True)
class Besoins:
    """All that a sharing looks at."""

    regles: Regles
    besoins: tuple[Besoin, ...]
    bailleurs: tuple[Bailleur, ...]
    arbitrages: tuple[Arbitrage, ...] = ()


def read_besoins(path: Path) -> Besoins:
    """Return the needs in a folder.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    log = FaultLog()
    folder = open_folder(path, TOML, (BESOINS, BAILLEURS, ARBITRAGES), log)
    regles = None if folder.keys is None else regles_of_keys(folder.keys)
    besoins, bailleurs = _besoins(folder, log), _bailleurs(folder, log)
    arbitrages = _arbitrages(folder, besoins, bailleurs, log)
    if log or regles is None:
        raise log.bad_input()
    return Besoins(regles, besoins, bailleurs, arbitrages)


def regles_of_keys(keys: Keys) -> Regles:
    """Return what was agreed of the sharing, the keys of ``partage.toml``; faults are noted."""
    keys.constant("format", FORMAT)
    nom, annee = keys.text("nom"), whole(keys, "annee")
    propre = _percent(keys.table("demolisseur"), "part", 0.0)
    mode, ailleurs = MODES[0], Fraction(100)
    table = keys.table("interdepartemental")
    if table is not None:
        mode = table.choice("mode", MODES)
        ailleurs = _percent(table, "part_max", 100.0)
    plafond = _percent(keys.table("plafond"), "part", 100.0)
    keys.refuse_others()
    return Regles(nom, annee, propre, mode, ailleurs, plafond)


def _percent(keys: Keys | None, key: str, default: float) -> Fraction:
    if keys is None:
        return Fraction(default)
    found = exact(keys, key, default)
    if found > 100:
        keys.fault("attendu un pourcentage, 100 au plus", key)
    keys.refuse_others()
    return found


def _besoins(folder: Folder, log: FaultLog) -> tuple[Besoin, ...]:
    names = [column.name for column in BESOINS.columns]
    return tuple(Besoin(*(cells[name] for name in names)) for _, cells in folder.rows(BESOINS, log))


def _bailleurs(folder: Folder, log: FaultLog) -> tuple[Bailleur, ...]:
    return tuple(
        Bailleur(
            cells["bailleur"],
            cells["departement"],
            cells["relocations"] or Fraction(0),
            Fraction(1) if cells["coefficient"] is None else cells["coefficient"],
            cells["participe"] != "non",
        )
        for _, cells in folder.rows(BAILLEURS, log)
    )


def _arbitrages(
    folder: Folder, besoins: tuple[Besoin, ...], bailleurs: tuple[Bailleur, ...], log: FaultLog
) -> tuple[Arbitrage, ...]:
    needs = {need.operation: place for place, need in enumerate(besoins)}
    units = {(unit.bailleur, unit.departement): place for place, unit in enumerate(bailleurs)}
    rows = folder.rows(ARBITRAGES, log)
    left = [need.logements for need in besoins]
    found = []
    for row, cells in rows:
        need, unit = needs.get(cells["operation"]), units.get((cells["bailleur"], cells["departement"]))
        if need is None:
            rows.fault(row, "operation", f"{quote(cells['operation'])} absente de {BESOINS.file}", log)
        if unit is None:
            who = f"{cells['bailleur']}, {cells['departement']}"
            rows.fault(row, "bailleur", f"({who}) absent de {BAILLEURS.file}", log)
        if need is None or unit is None:
            continue
        number = cells["logements"] or 0
        if left[need] is not None and number > left[need]:
            what = f"les arbitrages de {besoins[need].operation} dépassent son besoin de {besoins[need].logements}"
            rows.fault(row, "logements", what, log)
        elif left[need] is not None:
            left[need] -= number
        found.append(Arbitrage(need, unit, number, cells["par"], cells["le"], cells["reference"]))
    return tuple(found)
