"""The settings of an assiette: what partners agree once, as data (Th. 1-1 to 1-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

METHODES: Final = ("rotation", "moyenne")
"""Expected re-lettings: agreed rates times the stock, or the mean of the last years."""

DENOMINATEURS: Final = ("parc", "relocations")
"""What a cap is a share of: the organisme's stock, or the re-lettings expected."""

EFFETS: Final = ("avertir", "refuser", "ecreter")
"""What a cap does when it is passed."""

INTER_BAILLEURS: Final = ("suivies", "deduites")
"""Mutations from another bailleur's stock: followed apart, or also taken out of the assiette."""

ORGANISME: Final = "organisme"


@dataclass(frozen=True, slots=True)
class Regle:
    """What a category asks of its lines: types of document, a clause de revoyure, years of a plan counted in one."""

    documents: tuple[str, ...] | None = None
    revoyure: bool = False
    horizon: int = 1


@dataclass(frozen=True, slots=True)
class Plafond:
    """A cap on what is excluded: ``part`` percent of the denominator; ``logements`` stands for the stock if given.

    ``proteges`` are the categories that are not cut where the effect is to cut.
    """

    part: Fraction
    denominateur: str = DENOMINATEURS[0]
    logements: int | None = None
    effet: str = EFFETS[0]
    proteges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Etape:
    """A step of validation: one decision of ``organe`` for each territory of the scale, or for the organisme."""

    nom: str
    echelle: str
    organe: str


@dataclass(frozen=True, slots=True)
class Suppleant:
    """Who stands for the body of a step from ``debut`` to ``fin`` (included), in a territory (empty: everywhere)."""

    etape: str
    territoire: str
    organe: str
    debut: date
    fin: date


@dataclass(frozen=True, slots=True)
class Reglages:
    """All settings. ``methodes`` gives the method by territory; ``tolerance`` is in percent, ``plancher`` in dwellings.

    ``agents`` are the réservataires that are the État's agents, whose due is never rounded above their legal points.
    ``masque`` is the number below which counts of households are not published.
    """

    nom: str
    bailleur: str
    annee: int
    source: str
    methode: str
    methodes: Mapping[str, str]
    annees: int
    regles: Mapping[str, Regle]
    plafond: Plafond | None
    inter_bailleurs: str
    tolerance: Fraction
    plancher: Fraction
    masque: int
    agents: tuple[str, ...]
    etapes: tuple[Etape, ...]
    suppleants: tuple[Suppleant, ...]
    etapes_de_revision: tuple[str, ...] | None
