"""``assiette.toml`` to settings; every fault is noted with its line."""

from datetime import date
from fractions import Fraction
from math import isnan
from typing import Final

from allocator.assiette.dossier.reglages import (
    DENOMINATEURS,
    EFFETS,
    INTER_BAILLEURS,
    METHODES,
    ORGANISME,
    Etape,
    Plafond,
    Reglages,
    Regle,
    Suppleant,
)
from allocator.domain.vocabulary import ECHELLES
from allocator.formats.assiette_schema import CATEGORIES, TYPES_DE_DOCUMENT
from allocator.formats.cells import quote
from allocator.formats.keys import Keys

FORMAT: Final = 1


def read_reglages(keys: Keys) -> Reglages:
    """Return the settings; faults are noted."""
    keys.constant("format", FORMAT)
    nom, bailleur = keys.text("nom"), keys.text("bailleur")
    annee, source = whole(keys, "annee"), keys.text("source", "")
    agents = _agents(keys)
    methode, methodes, annees = _relocations(keys.table("relocations"))
    regles = _regles(keys)
    plafond = _plafond(keys.table("plafond"))
    inter = _inter(keys.table("inter_bailleurs"))
    tolerance, plancher = _controle(keys.table("controle"))
    masque = _masque(keys.table("bilan"))
    etapes = _etapes(keys)
    suppleants = tuple(_suppleant(table, etapes) for table in keys.tables("suppleant", required=False))
    revision = keys.table("revision")
    steps = None if revision is None else revision.words("etapes", [etape.nom for etape in etapes])
    if revision is not None:
        revision.refuse_others()
    keys.refuse_others()
    return Reglages(
        nom=nom,
        bailleur=bailleur,
        annee=annee,
        source=source,
        methode=methode,
        methodes=methodes,
        annees=annees,
        regles=regles,
        plafond=plafond,
        inter_bailleurs=inter,
        tolerance=tolerance,
        plancher=plancher,
        masque=masque,
        agents=agents,
        etapes=etapes,
        suppleants=suppleants,
        etapes_de_revision=steps,
    )


def whole(keys: Keys, key: str, default: int | None = None, *, least: int = 0) -> int:
    """Return a whole number of at least ``least``; what is wrong is noted, and ``least`` returned."""
    number = float(keys.number(key, default))
    if isnan(number):
        return least
    if not number.is_integer() or number < least:
        keys.fault(f"attendu un entier ≥ {least}", key)
        return least
    return int(number)


def exact(keys: Keys, key: str, default: float | None = None) -> Fraction:
    """Return a number as the decimal that was written; what is wrong is noted, and 0 returned."""
    number = float(keys.number(key, default))
    return Fraction(0) if isnan(number) else Fraction(repr(number))


def _agents(keys: Keys) -> tuple[str, ...]:
    value = keys.value("agents")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        keys.fault("attendu une liste d'identifiants de réservataires", "agents")
        return ()
    return tuple(value)


def _relocations(keys: Keys | None) -> tuple[str, dict[str, str], int]:
    if keys is None:
        return METHODES[0], {}, 3
    methode, annees = keys.choice("methode", METHODES, METHODES[0]), whole(keys, "annees", 3, least=1)
    methodes: dict[str, str] = {}
    for table in keys.tables("territoire", required=False):
        place, chosen = table.text("territoire"), table.choice("methode", METHODES)
        if place in methodes:
            table.fault(f"{quote(place)} donné deux fois", "territoire")
        methodes[place] = chosen
        table.refuse_others()
    keys.refuse_others()
    return methode, methodes, annees


def _regles(keys: Keys) -> dict[str, Regle]:
    regles: dict[str, Regle] = {}
    for table in keys.tables("categorie", required=False):
        nom = table.choice("nom", CATEGORIES)
        if nom in regles:
            table.fault(f"{quote(nom)} donné deux fois", "nom")
        regles[nom] = Regle(
            table.words("documents", TYPES_DE_DOCUMENT),
            table.flag("revoyure", False),
            whole(table, "horizon", 1, least=1),
        )
        table.refuse_others()
    return regles


def _plafond(keys: Keys | None) -> Plafond | None:
    if keys is None:
        return None
    part = exact(keys, "part")
    if part > 100:
        keys.fault("attendu un pourcentage, 100 au plus", "part")
    found = Plafond(
        part,
        keys.choice("denominateur", DENOMINATEURS, DENOMINATEURS[0]),
        whole(keys, "logements", least=1) if "logements" in keys else None,
        keys.choice("effet", EFFETS, EFFETS[0]),
        keys.words("proteges", CATEGORIES) or (),
    )
    keys.refuse_others()
    return found


def _inter(keys: Keys | None) -> str:
    if keys is None:
        return INTER_BAILLEURS[0]
    found = keys.choice("mutations", INTER_BAILLEURS, INTER_BAILLEURS[0])
    keys.refuse_others()
    return found


def _controle(keys: Keys | None) -> tuple[Fraction, Fraction]:
    if keys is None:
        return Fraction(10), Fraction(1)
    found = exact(keys, "tolerance", 10.0), exact(keys, "plancher", 1.0)
    keys.refuse_others()
    return found


def _masque(keys: Keys | None) -> int:
    if keys is None:
        return 5
    found = whole(keys, "masque", 5)
    keys.refuse_others()
    return found


def _etapes(keys: Keys) -> tuple[Etape, ...]:
    etapes: list[Etape] = []
    for table in keys.tables("etape"):
        nom = table.text("nom")
        if any(nom == other.nom for other in etapes):
            table.fault(f"{quote(nom)} donné deux fois", "nom")
        etapes.append(
            Etape(nom, table.choice("echelle", (ORGANISME, *ECHELLES), ORGANISME), table.text("organe"))
        )
        table.refuse_others()
    return tuple(etapes)


def _suppleant(keys: Keys, etapes: tuple[Etape, ...]) -> Suppleant:
    found = Suppleant(
        keys.choice("etape", [etape.nom for etape in etapes] or [""]),
        keys.text("territoire", ""),
        keys.text("organe"),
        keys.day("debut", required=False) or date.min,
        keys.day("fin", required=False) or date.max,
    )
    if found.debut > found.fin:
        keys.fault(f"{found.fin} précède debut, qui est le {found.debut}", "fin")
    keys.refuse_others()
    return found
