"""What partners settle to convert rights into flux (Th. 3-1, 3-2), beside the rates of rotation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Jour  # noqa: N812 (a field has the name of the class)
from math import isnan
from pathlib import Path
from typing import Final

from allocator.domain.vocabulary import ECHELLES, FAMILLES
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT

PARC: Final = "parc"
EN_LOCATION: Final = "en_location"

ETAT_MAX: Final = 30.0
"""Percent of the flux that the préfet may have at most (R.441-5-2 I)."""

AGENTS_MAX: Final = 5.0
"""Percent of the flux that may be for agents civils et militaires at most, within the préfet's share (R.441-5-2 I)."""

ECHELLE: Final[Mapping[str, str]] = {"commune": "commune", "epci": "epci"}
"""Scale of a family's conventions: a commune's and an EPCI's cover its territory (R.441-5-3), others a département."""


@dataclass(frozen=True, slots=True)
class ReglagesConversion:
    """The settings of a conversion.

    ``date`` is the first day of what is left (``None``: the dossier's), ``premiere`` the first year of the flux
    (``None``: the first that begins then or after). ``denominateur`` of shares: ``parc`` or ``en_location``.
    ``fin_inconnue``: years left of a droit de suite whose end is not known (``None``: it gives nothing, and is told).
    ``etat``: the préfet's contractual share in percent (``None``: by its rights, as the others); ``agents`` the most
    of the flux for agents, in percent. ``taux_assiette`` (percent a year of the dwellings in letting; ``None``: as
    observed) less ``hors_assiette`` dwellings a year is what is due on. ``echelles``: scale by family, where it is not
    that of the law. ``annees``: years of the course. ``pas_taux`` (points) and ``pas_duree`` (years): sensitivity.
    """

    date: Jour | None = None
    premiere: int | None = None
    denominateur: str = PARC
    fin_inconnue: float | None = None
    etat: float | None = None
    agents: float = AGENTS_MAX
    taux_assiette: float | None = None
    hors_assiette: float = 0.0
    echelles: Mapping[str, str] = field(default_factory=dict)
    annees: int = 20
    pas_taux: tuple[float, ...] = (-1.0, -0.5, 0.5, 1.0)
    pas_duree: tuple[float, ...] = (-1.0, 1.0)

    def echelle(self, famille: str) -> str:
        """Return the scale of a family's conventions."""
        return self.echelles.get(famille) or ECHELLE.get(famille, "departement")


def read_conversion(path: Path) -> ReglagesConversion:
    """Return the settings in the ``[conversion]`` table of a TOML file; its other tables are not looked at.

    Raises
    ------
    BadInput
        With every fault.
    """
    log = FaultLog()
    reglages = conversion_of_keys(open_keys(path, LIMIT, log).table("conversion"))
    log.raise_if_any()
    return reglages


def conversion_of_keys(keys: Keys | None) -> ReglagesConversion:
    """Return the settings in a ``[conversion]`` table; faults go to the log of ``keys``."""
    if keys is None:
        return ReglagesConversion()
    reglages = ReglagesConversion(
        date=keys.day("date", required=False),
        premiere=_whole(keys, "premiere"),
        denominateur=keys.choice("denominateur", (PARC, EN_LOCATION), PARC),
        fin_inconnue=_at_most(keys, "fin_inconnue", 99.0),
        etat=_at_most(keys, "etat", ETAT_MAX),
        agents=_at_most(keys, "agents", AGENTS_MAX, AGENTS_MAX) or 0.0,
        taux_assiette=_at_most(keys, "taux_assiette", 100.0),
        hors_assiette=keys.number("hors_assiette", 0.0),
        echelles=_echelles(keys.table("echelles")),
        annees=_whole(keys, "annees") or 20,
        pas_taux=_steps(keys, "pas_taux", (-1.0, -0.5, 0.5, 1.0)),
        pas_duree=_steps(keys, "pas_duree", (-1.0, 1.0)),
    )
    keys.refuse_others()
    return reglages


def _echelles(keys: Keys | None) -> Mapping[str, str]:
    if keys is None:
        return {}
    found = {famille: keys.choice(famille, ECHELLES, "") for famille in FAMILLES}
    keys.refuse_others()
    return {famille: echelle for famille, echelle in found.items() if echelle}


def _at_most(keys: Keys, key: str, most: float, default: float | None = None) -> float | None:
    """Return a number from 0 to ``most``, or the default."""
    number = keys.number(key, 0.0)
    if key not in keys or isnan(number):
        return default
    if number > most:
        keys.fault(f"{number:g} hors limites, attendu {most:g} au plus", key)
    return number


def _whole(keys: Keys, key: str) -> int | None:
    number = keys.number(key, 0.0)
    if key not in keys or isnan(number):
        return None
    if not number.is_integer():
        keys.fault("attendu un nombre entier", key)
    return int(number)


def _steps(keys: Keys, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
    values = keys.value(key)
    if values is None:
        return default
    numbers = isinstance(values, list) and all(
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 100
        for value in values
    )
    if not numbers:
        keys.fault("attendu une liste de nombres de -100 à 100", key)
        return default
    return tuple(map(float, values))
