"""``protocole.toml`` and a bailleur's file to their values: every fault at once, with its line."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any, Final

from allocator.formats.cells import quote
from allocator.formats.faults import BadInput, FaultLog
from allocator.formats.keys import Keys
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import LIMIT, TomlDocument, load_toml
from allocator.planning.protocole.chemins import at, leaves, locate, within
from allocator.planning.protocole.clauses import Clause, Derogation
from allocator.planning.protocole.parametres import SECTIONS, Parametres, complete, parametres_of_keys
from allocator.planning.protocole.protocole import Protocole, Reglages, Resolu
from allocator.planning.protocole.reports import Origines

FORMAT: Final = 1
HERITE: Final = "herite"


def read_settings(path: Path) -> Reglages:
    """Return a bailleur's settings; of a protocole alone, those of a bailleur that keeps to it.

    Raises
    ------
    BadInput
        With every fault and its line: an unknown key, a value that its reader refuses, a setting of the protocole that
        is given again without a ``[[derogation]]``, or a derogation from what the protocole lets nobody depart from.
    """
    document, sha256 = _open(path)
    if HERITE not in document.values:
        protocole = _protocole(document, sha256, path)
        return Reglages(protocole, protocole.nom, protocole.nom, protocole.jour.year, "", {}, (), path)
    return _reglages(document, path)


def resolve(reglages: Reglages, day: date) -> Resolu:
    """Return the settings in force on a day.

    Raises
    ------
    BadInput
        Where those of the protocole and the derogations of that day do not go together.
    """
    log = FaultLog()
    values = reglages.on(day)
    whole = complete(values, reglages.identite)
    places = Origines(reglages.fichier.name, tuple((each.place, each.ligne) for each in reglages.derogations))
    parametres = _parametres(Keys(places, (), whole, log))
    log.raise_if_any()
    return Resolu(reglages, day, values, parametres)


def _parametres(keys: Keys) -> Parametres:
    found = parametres_of_keys(keys)
    keys.refuse_others()
    return found


def _open(path: Path) -> tuple[TomlDocument, str]:
    log = FaultLog()
    data = read_bytes(path, LIMIT, log)
    document = None if data is None else load_toml(data, path.name, log)
    if data is None or document is None:
        raise log.bad_input()
    return document, hashlib.sha256(data).hexdigest()


def _protocole(document: TomlDocument, sha256: str, path: Path) -> Protocole:
    log = FaultLog()
    values: dict[str, Any] = {name: document.values[name] for name in SECTIONS if name in document.values}
    identite = {"nom": "protocole", "bailleur": "chacun", "annee": 2000}
    keys = Keys(document, (), {**document.values, **complete(values, identite)}, log)
    keys.constant("format", FORMAT)
    nom, source = keys.text("nom"), keys.text("source", "")
    jour = keys.day("date") or date.min
    locales = _locales(keys)
    clauses = tuple(_clauses(keys, values))
    _parametres(keys)
    log.raise_if_any()
    return Protocole(nom, jour, source, values, clauses, locales, path, sha256)


def _locales(keys: Keys) -> tuple[str, ...]:
    given = keys.value("locales") or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        keys.fault("attendu une liste de clés, comme « assiette.agents »", "locales")
        return ()
    for row, each in enumerate(given):
        if each.partition(".")[0] not in SECTIONS:
            keys.fault(f"{quote(each)} n'est le réglage d'aucune table", "locales", row)
    return tuple(given)


def _clauses(keys: Keys, values: Mapping[str, Any]) -> Iterator[Clause]:
    known: set[str] = set()
    for table in keys.tables("clause", required=False):
        cle = table.text("cle")
        place = locate(values, cle)
        clause = Clause(
            cle,
            place or (),
            table.text("titre"),
            table.text("source", ""),
            table.flag("derogeable", True),
            table.flag("sans_valeur", False),
        )
        missing = at(values, clause.place) is None
        if cle in known:
            table.fault(f"{quote(cle)} donné deux fois", "cle")
        elif place is None or place[0] not in SECTIONS or (missing and not clause.sans_valeur):
            table.fault(f"{quote(cle)} n'est pas un réglage du protocole", "cle")
        elif clause.sans_valeur and not missing:
            table.fault(f"le protocole donne une valeur à {quote(cle)}", "sans_valeur")
        known.add(cle)
        table.refuse_others()
        yield clause


def _reglages(document: TomlDocument, path: Path) -> Reglages:
    log = FaultLog()
    keys = Keys(document, (), document.values, log)
    keys.constant("format", FORMAT)
    file = path.parent / keys.text(HERITE)
    try:
        protocole = _protocole(*_open(file), file)
    except BadInput as bad:
        # what the region has to mend comes first, and says what the bailleur's file cannot
        raise BadInput(bad.faults, bad.total) from None
    nom, bailleur = keys.text("nom"), keys.text("bailleur")
    annee, source = keys.number("annee"), keys.text("source", "")
    derogations = tuple(_derogations(keys, document, protocole))
    locales = {name: document.values[name] for name in SECTIONS if keys.value(name) is not None}
    _refuse_silent(keys, protocole, locales)
    keys.refuse_others()
    if not isnan(annee) and not (annee.is_integer() and 1900 <= annee <= 2200):
        keys.fault("attendu une année, de 1900 à 2200", "annee")
    log.raise_if_any()
    return Reglages(protocole, nom, bailleur, int(annee), source, locales, derogations, path)


def _refuse_silent(keys: Keys, protocole: Protocole, locales: Mapping[str, Any]) -> None:
    """Note what a bailleur gives beside the derogations that the protocole does not leave to it."""
    for cle, place, _ in leaves(locales):
        if any(cle == free or cle.startswith(f"{free}.") for free in protocole.locales):
            continue
        told = "a" if at(protocole.values, place) is not None else "n'a pas"
        keys.fault(
            f"le protocole {told} ce réglage : une [[derogation]], avec son motif, était attendue", *place
        )


def _derogations(keys: Keys, document: TomlDocument, protocole: Protocole) -> Iterator[Derogation]:
    before: list[Derogation] = []
    for row, table in enumerate(keys.tables("derogation", required=False)):
        cle, valeur, motif = table.text("cle"), table.value("valeur"), table.text("motif")
        debut, fin = table.day("debut"), table.day("fin", required=False)
        table.refuse_others()
        place = locate(protocole.values, cle)
        if "valeur" not in table:
            table.fault("clé obligatoire absente", "valeur")
        if place is None or place[0] not in SECTIONS:
            table.fault(f"{quote(cle)} n'est un réglage d'aucune table du protocole", "cle")
            continue
        fixed = next((each for each in protocole.clauses if _forbids(each, place)), None)
        if fixed is not None:
            why = f", {fixed.source}" if fixed.source else ""
            table.fault(f"le protocole ne permet pas d'y déroger ({fixed.titre}{why})", "cle")
        if debut and fin and fin < debut:
            table.fault(f"{fin} précède debut, qui est le {debut}", "fin")
        line = document.line(("derogation", row, "valeur"))
        regional = at(protocole.values, place)
        found = Derogation(cle, place, regional, valeur, motif, debut or date.min, fin, line)
        if valeur is not None and valeur == regional:
            table.fault("c'est déjà la valeur du protocole", "valeur")
        if any(_clash(found, other) for other in before):
            table.fault("une autre dérogation porte sur ce réglage les mêmes jours", "cle")
        before.append(found)
        yield found


def _forbids(clause: Clause, place: tuple[str | int, ...]) -> bool:
    return not clause.derogeable and bool(clause.place) and within(clause.place, place)


def _clash(one: Derogation, other: Derogation) -> bool:
    return within(one.place, other.place) and (one.holds(other.debut) or other.holds(one.debut))
