"""The settings of a protocole, each understood by the very reader of the command that uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from allocator.assiette.dossier.reglages import Reglages
from allocator.assiette.dossier.reglages_reader import read_reglages
from allocator.assiette.livraison.programme import Regles, regles_of_keys
from allocator.assiette.relogements import besoins
from allocator.domain.vocabulary import REPORTS
from allocator.formats.keys import Keys
from allocator.ledger.accounts.regle_reader import read_regle, regle_of_keys
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.seuils import Seuil, seuils_of_keys
from allocator.ledger.conventions.version import Version
from allocator.ledger.conventions.version_reader import version_of_keys
from allocator.planning.petits.reglages import ReglagesPetits, petits_of_keys
from allocator.stock.conversion.reglages import ReglagesConversion, conversion_of_keys

SECTIONS: Final = (
    "modele",
    "comptage",
    "issues",
    "convention",
    "seuils",
    "rotation",
    "conversion",
    "petits",
    "trajectoire",
    "assiette",
    "partage",
    "livraison",
)
"""The tables of settings, in the order in which they are read, shown and written."""

EXIGEES: Final = ("assiette",)
"""Tables that have to be there: what they say has no default."""

NULLE_PART: Final = "departement:00"
"""Stands for a territory where only the general clauses of a convention are looked at."""


@dataclass(frozen=True, slots=True)
class Parametres:
    """All settings; ``convention`` is a version that has the general clauses and no promise that counts."""

    modele: str
    regle: Regle
    convention: Version
    seuils: tuple[Seuil, ...]
    taux: str
    conversion: ReglagesConversion
    petits: ReglagesPetits
    report: str
    assiette: Reglages | None
    partage: besoins.Regles | None
    livraison: Regles


def parametres_of_keys(keys: Keys) -> Parametres:
    """Return the settings in a document that :func:`complete` completed; faults are noted.

    The keys that are no settings are to be asked for before, and the others refused after.
    """
    convention = keys.table("convention")
    seuils, assiette, partage = (keys.table(name) for name in ("seuils", "assiette", "partage"))
    for name in EXIGEES:
        if name not in keys:
            keys.fault(f"table [{name}] obligatoire absente")
    found = Parametres(
        _one(keys.table("modele"), "base"),
        regle_of_keys(keys, read_regle()),
        _convention(convention),
        () if seuils is None else seuils_of_keys(seuils),
        _one(keys.table("rotation"), "taux"),
        conversion_of_keys(keys.table("conversion")),
        petits_of_keys(keys.table("petits")),
        _report(keys.table("trajectoire")),
        None if assiette is None else read_reglages(assiette),
        None if partage is None else besoins.regles_of_keys(partage),
        _livraison(keys.table("livraison")),
    )
    if seuils is not None:
        seuils.refuse_others()
    return found


def complete(values: Mapping[str, Any], identite: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with what their readers ask about whose they are.

    ``identite`` has the keys ``nom``, ``bailleur``, ``annee`` and ``source``.
    """
    whole = dict(values)
    if "assiette" in whole:
        whole["assiette"] = {"format": 1, **identite, **whole["assiette"]}
    if "partage" in whole:
        whole["partage"] = {**partage_of(identite), **whole["partage"]}
    whole["convention"] = {
        "reservataire": "chacun",
        "territoire": NULLE_PART,
        "lignes": [{"territoire": NULLE_PART, "part": 0}],
        **clauses_of(whole),
    }
    return whole


def partage_of(identite: Mapping[str, Any]) -> dict[str, Any]:
    """Return whose needs are shared, as the reader of ``partage.toml`` asks for it."""
    return {"format": 1, "nom": f"Partage des relogements {identite['annee']}", "annee": identite["annee"]}


def clauses_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the general clauses of conventions, with days as a journal has them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.get("convention", {}).items()
    }


def _one(keys: Keys | None, key: str) -> str:
    """Return the only key, a text, of a table that may not be given."""
    if keys is None:
        return ""
    text = keys.text(key)
    keys.refuse_others()
    return text


def _report(keys: Keys | None) -> str:
    if keys is None:
        return REPORTS[0]
    report = keys.choice("report", REPORTS)
    keys.refuse_others()
    return report


def _convention(keys: Keys | None) -> Version:
    assert keys is not None
    version = version_of_keys(keys, date.min, read_regle())
    keys.refuse_others()
    return version


def _livraison(keys: Keys | None) -> Regles:
    if keys is None:
        return Regles(0, "", "", Fraction(0), "")
    regles = regles_of_keys(keys)
    keys.refuse_others()
    return regles
