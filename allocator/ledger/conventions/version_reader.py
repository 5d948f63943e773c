"""The contents of a ``convention`` event to a :class:`Version`, and back: every fault at once."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from math import isnan
from typing import Any, Final

from allocator.domain.vocabulary import NIVEAUX
from allocator.formats.cells import CellError, read_date
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys
from allocator.ledger.accounts.regle_reader import contenu_of_regle, keys_of_contenu, regle_of_keys
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.version import ACTES, ECARTS, GESTIONS, Derogation, Ligne, Version

LONGEST: Final = 366
"""Days of the longest delay."""

_DATES: Final = ("signature", "limite", "fin", "revoyure")


def version_of_contenu(contenu: Mapping[str, Any], effet: date, defaut: Regle, place: str) -> Version:
    """Return the version in the contents of an event that took effect on a day.

    ``defaut`` completes a counting rule that does not say all; ``place`` names the event in messages.

    Raises
    ------
    BadInput
        With every fault: what is out of range, misspelt, unknown, missing, or given beside what excludes it.
    """
    log = FaultLog()
    keys = keys_of_contenu(contenu, place, log)
    version = version_of_keys(keys, effet, defaut)
    keys.refuse_others()
    log.raise_if_any()
    return version


def contenu_of_version(version: Version) -> dict[str, Any]:
    """Return a version as the contents of an event, which reads back as the same version; defaults are left out."""
    contenu: dict[str, Any] = {"reservataire": version.reservataire, "territoire": version.territoire}
    contenu["lignes"] = [
        {key: value for key, value in asdict(ligne).items() if value not in (None, "")}
        for ligne in version.lignes
    ]
    for field in fields(Version):
        value = getattr(version, field.name)
        if field.name not in {*contenu, "effet", "regle", "derogation"} and value != field.default:
            contenu[field.name] = value.isoformat() if isinstance(value, date) else value
    if version.derogation is not None:
        days = (version.derogation.debut.isoformat(), version.derogation.fin.isoformat())
        contenu["derogation"] = {"debut": days[0], "fin": days[1], "reference": version.derogation.reference}
    if version.regle is not None:
        contenu["regle"] = contenu_of_regle(version.regle)
    return contenu


def version_of_keys(keys: Keys, effet: date, defaut: Regle) -> Version:
    """Return the version in a table of clauses; faults are noted, those of unknown keys apart."""
    regle = keys.table("regle")
    dates = {name: _day(keys, name) for name in _DATES}
    version = Version(
        reservataire=keys.text("reservataire"),
        territoire=keys.text("territoire"),
        effet=effet,
        lignes=tuple(_ligne(table) for table in keys.tables("lignes")),
        acte=keys.choice("acte", ACTES, ACTES[0]),
        delai=_delai(keys),
        gestion=keys.choice("gestion", GESTIONS, GESTIONS[0]),
        delegataire=keys.text("delegataire", ""),
        agents=_percent(keys, "agents"),
        garantie=_percent(keys, "garantie"),
        ecart=keys.choice("ecart", ECARTS, ECARTS[0]),
        derogation=_derogation(keys.table("derogation")),
        regle=None if regle is None else regle_of_keys(regle, defaut),
        **dates,
    )
    if regle is not None:
        regle.refuse_others()
    if (version.gestion == GESTIONS[1]) != bool(version.delegataire):
        keys.fault("gestion = « deleguee » et delegataire vont ensemble", "gestion")
    if version.fin is not None and version.fin < effet:
        keys.fault(f"{version.fin} précède la prise d'effet, qui est le {effet}", "fin")
    return version


def _derogation(keys: Keys | None) -> Derogation | None:
    if keys is None:
        return None
    days = [_day(keys, name, required=True) for name in ("debut", "fin")]
    reference = keys.text("reference")
    keys.refuse_others()
    if days[0] is None or days[1] is None:
        return None
    if days[1] < days[0]:
        keys.fault(f"{days[1]} précède debut, qui est le {days[0]}", "fin")
    return Derogation(days[0], days[1], reference)


def _ligne(keys: Keys) -> Ligne:
    part, volume = _percent(keys, "part", None), keys.number("volume", float("nan"))
    if ("part" in keys) == ("volume" in keys):
        keys.fault("part ou volume était attendu, et un seul des deux")
    ligne = Ligne(
        keys.text("territoire"),
        keys.choice("niveau", NIVEAUX, ""),
        part,
        None if isnan(volume) else volume,
    )
    keys.refuse_others()
    return ligne


def _percent(keys: Keys, key: str, default: float | None = 0.0) -> Any:
    number = keys.number(key, float("nan"))
    if number > 100:
        keys.fault(f"{number:g} hors limites, attendu un nombre de 0 à 100", key)
    return default if isnan(number) else number


def _delai(keys: Keys) -> int | None:
    number = keys.number("delai", float("nan"))
    if isnan(number):
        return None
    if not number.is_integer() or not 1 <= number <= LONGEST:
        keys.fault(f"{number:g} hors limites, attendu un entier de 1 à {LONGEST}", "delai")
        return None
    return int(number)


def _day(keys: Keys, key: str, required: bool = False) -> date | None:
    text = keys.text(key, None if required else "")
    try:
        return read_date(text) if text else None
    except CellError as error:
        keys.fault(str(error), key)
        return None
