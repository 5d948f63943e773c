"""A mend of a promise, and what it changes."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from allocator.domain import SANS_SOLDE, Conventions, Indicatifs
from allocator.planning.projet import Counts, Projet

OFFRE: Final = "offre"
PART: Final = "part"
VOLUME: Final = "volume"
SOUHAIT: Final = "souhait"
DROITS: Final = "droits"

STEP: Final = 10
"""Steps in a percent point of a share."""

Inputs = tuple[Projet, Counts]


@dataclass(frozen=True, slots=True)
class Remede:
    """A mend: ``nombre`` dwellings more of a class in a year (``offre``), rights more, or a promise or wish lowered.

    ``nombre`` counts dwellings (``offre``, ``volume``), rights (``droits``, in every territory where they bound what
    is received) or tenths of a percent (``part``, ``souhait``). ``classe``
    and ``annee`` are those of the supply; ``avant`` and ``apres`` what the promise or the wish says, in percent or
    dwellings, of the réservataire in ``territoire`` (or of ``dimension`` and ``modalite``), in all years in force.
    """

    genre: str
    nombre: int
    classe: int = -1
    annee: int = -1
    reservataire: int = -1
    territoire: str = ""
    dimension: str = ""
    modalite: str = ""
    avant: float = float("nan")
    apres: float = float("nan")


def applied(inputs: Inputs, remede: Remede) -> Inputs:
    """Return the inputs with a mend applied."""
    projet, supply = inputs
    if remede.genre == OFFRE:
        nombre = supply.nombre.copy()
        nombre[remede.annee, remede.classe] += remede.nombre
        return projet, replace(supply, nombre=nombre)
    if remede.genre == SOUHAIT:
        wishes = tuple(_wished(table, remede) for table in projet.indicatifs)
        return replace(projet, indicatifs=wishes), supply
    changed = _granted if remede.genre == DROITS else _promised
    return replace(projet, conventions=tuple(changed(table, remede) for table in projet.conventions)), supply


def of_size(remede: Remede, nombre: int) -> Remede:
    """Return the same mend in another size."""
    unit = STEP if remede.genre in (PART, SOUHAIT) else 1
    return replace(remede, nombre=nombre, apres=round(remede.avant - nombre / unit, 6))


def _granted(table: Conventions, remede: Remede) -> Conventions:
    """Return a year's promises with the rights of the mend added wherever they bound its réservataire."""
    rows = (table.reservataire == remede.reservataire) & (table.solde != SANS_SOLDE)
    return replace(table, solde=np.where(rows, table.solde + remede.nombre, table.solde))


def _promised(table: Conventions, remede: Remede) -> Conventions:
    """Return a year's promises with that of the mend lowered, where it is in force and says the same."""
    territoire = np.array([text == remede.territoire for text in table.territoire], dtype=bool)
    figures = table.part if remede.genre == PART else table.volume
    rows = (table.reservataire == remede.reservataire) & territoire & (figures == remede.avant)
    figures = np.where(rows, remede.apres, figures)
    return replace(table, part=figures) if remede.genre == PART else replace(table, volume=figures)


def _wished(table: Indicatifs, remede: Remede) -> Indicatifs:
    """Return a year's wishes with that of the mend lowered, where it says the same."""
    words = np.array(
        [
            pair == (remede.dimension, remede.modalite)
            for pair in zip(table.dimension, table.modalite, strict=True)
        ],
        dtype=bool,
    )
    rows = (table.reservataire == remede.reservataire) & words & (table.part == remede.avant)
    return replace(table, part=np.where(rows, remede.apres, table.part))
