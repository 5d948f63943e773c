"""What partners settle about small réservataires (Th. 3-2, « quelle définition de petit réservataire ? »)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isnan
from pathlib import Path
from typing import Any, Final

from allocator.formats.cells import quote
from allocator.formats.faults import BadInput, Fault, FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT
from allocator.planning.petits.dus import Titulaire, exact

ATTENTE: Final = "attente"
ATTENTE_MAX: Final = "attente_max"
CHARGE: Final = "charge"
TERRITOIRES: Final = "territoires"

OBJECTIFS: Final = (ATTENTE, ATTENTE_MAX, CHARGE, TERRITOIRES)
"""What the naming of years may look at, in the order in which it does by default."""

SLACK: Final = Fraction(1, 100_000)
"""What a due may lack of a whole number, or of a threshold, and still reach it: files have six decimals a year."""


_WRONG: Final = {True: "est dit « non » dans la colonne petit", False: "n'a aucun dû"}


@dataclass(frozen=True, slots=True)
class ReglagesPetits:
    """Who is small, and how their years are named.

    A réservataire is small where the file says so; where it does not, if its yearly due is below ``seuil``
    (dwellings), or the rights that it has left below ``droits``, or if it is one of ``nommes``. ``avance`` is how far,
    in dwellings, a service may precede the due; ``charge_max`` bounds what all of them receive in a year
    (``None``: no bound); ``ordre`` lists the objectives, the first before all others.
    """

    seuil: Fraction | None = None
    droits: int | None = None
    nommes: tuple[str, ...] = ()
    avance: Fraction = Fraction(0)
    charge_max: int | None = None
    ordre: tuple[str, ...] = OBJECTIFS


def read_petits(path: Path) -> ReglagesPetits:
    """Return the settings in the ``[petits]`` table of a TOML file; its other tables are not looked at.

    Raises
    ------
    BadInput
        With every fault.
    """
    log = FaultLog()
    table = open_keys(path, LIMIT, log).table("petits")
    reglages = petits_of_keys(table)
    log.raise_if_any()
    return reglages


def petits_of_keys(keys: Keys | None) -> ReglagesPetits:
    """Return the settings in a ``[petits]`` table; without one, nobody is small but who is said to be."""
    if keys is None:
        return ReglagesPetits()
    reglages = ReglagesPetits(
        seuil=exact(keys.number("seuil")) if "seuil" in keys else None,
        droits=_whole(keys, "droits"),
        nommes=_names(keys),
        avance=exact(keys.number("avance", 0.0)),
        charge_max=_whole(keys, "charge_max"),
        ordre=keys.words("ordre", OBJECTIFS) or OBJECTIFS,
    )
    keys.refuse_others()
    return reglages


def with_seuil(reglages: ReglagesPetits, seuil: float | None) -> ReglagesPetits:
    """Return settings with a model's threshold, where they have none of their own."""
    given = reglages.seuil is not None or seuil is None
    return reglages if given else replace(reglages, seuil=exact(seuil or 0.0))


def small_among(titulaires: Sequence[Titulaire], reglages: ReglagesPetits) -> tuple[Titulaire, ...]:
    """Return the small réservataires, in their order.

    Raises
    ------
    BadInput
        If the settings name one that is not there, or that is said not to be small.
    """
    said = {titulaire.id: titulaire.petit for titulaire in titulaires}
    faults = [
        Fault("petits.nommes", None, None, f"{quote(name)} {_WRONG[name in said]}")
        for name in reglages.nommes
        if said.get(name, False) is False
    ]
    if faults:
        raise BadInput(faults)
    return tuple(titulaire for titulaire in titulaires if is_small(titulaire, reglages))


def is_small(titulaire: Titulaire, reglages: ReglagesPetits) -> bool:
    """Tell whether a réservataire is small."""
    if titulaire.petit is not None:
        return titulaire.petit
    droits = titulaire.droits
    return (
        titulaire.id in reglages.nommes
        or (reglages.seuil is not None and titulaire.annuel < reglages.seuil - SLACK)
        or (reglages.droits is not None and droits is not None and droits < reglages.droits)
    )


def _whole(keys: Keys, key: str) -> int | None:
    number = keys.number(key, 0.0)
    if key not in keys or isnan(number):
        return None
    if not number.is_integer():
        keys.fault("attendu un nombre entier", key)
    return int(number)


def _names(keys: Keys) -> tuple[str, ...]:
    values: Any = keys.value("nommes")
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        keys.fault("attendu une liste d'identifiants de réservataires", "nommes")
        return ()
    return tuple(values)
