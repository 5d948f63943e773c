"""What named years look like: the years themselves, each one's wait, each year's load, a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.formats.petits_schema import ANNEES_NOMMEES, ATTENTES, CHARGES
from allocator.formats.tableau import Tableau
from allocator.planning.petits.dus import Titulaire
from allocator.planning.petits.nommer import AnneesNommees
from allocator.planning.petits.programme import yearly_dues
from allocator.planning.petits.rythme import Rythme


@dataclass(frozen=True, slots=True)
class Attente:
    """How long one réservataire waits.

    ``attente`` are dwelling-years owed and not served, ``plus_longue`` the longest wait of one dwelling in years,
    ``avance`` the most that it ever has ahead of its due and ``reste`` what is due and not served at the end, both in
    dwellings.
    """

    attente: int
    plus_longue: int
    avance: float
    reste: float


def attente(course: Rythme, volumes: NDArray[np.int64]) -> Attente:
    """Return the wait of one réservataire, by its volumes (territories × years)."""
    received = np.cumsum(volumes.sum(axis=0))
    whole = np.array(course.entier)
    owed = np.array([float(due) for due in course.cumul])
    waits = [
        int(np.sum((whole >= dwelling) & (received < dwelling))) for dwelling in range(1, int(whole[-1]) + 1)
    ]
    return Attente(
        attente=int(np.maximum(0, whole - received).sum()),
        plus_longue=max(waits, default=0),
        avance=float(np.max(received - owed, initial=0.0)),
        reste=float(owed[-1] - received[-1]),
    )


def annees_nommees(named: AnneesNommees) -> Tableau:
    """Return the named years, by réservataire and year: what a projet reads."""
    rows = [
        (titulaire.id, annee, du.territoire, int(volumes[place, year]))
        for titulaire, volumes in zip(named.titulaires, named.volumes, strict=True)
        for year, annee in enumerate(named.annees)
        for place, du in enumerate(titulaire.dus)
        if volumes[place, year]
    ]
    return Tableau(ANNEES_NOMMEES, tuple(rows))


def attentes(named: AnneesNommees) -> Tableau:
    """Return each réservataire's wait."""
    return Tableau(
        ATTENTES,
        tuple(
            _wait(titulaire, course, volumes, named.annees)
            for titulaire, course, volumes in zip(named.titulaires, named.rythmes, named.volumes, strict=True)
        ),
    )


def charges(named: AnneesNommees) -> Tableau:
    """Return each year's load, everywhere and then by territory."""
    years = len(named.annees)
    total = sum((volumes.sum(axis=0) for volumes in named.volumes), start=np.zeros(years, np.int64))
    waiting = sum(
        (
            np.maximum(0, np.array(course.entier) - np.cumsum(volumes.sum(axis=0)))
            for course, volumes in zip(named.rythmes, named.volumes, strict=True)
        ),
        start=np.zeros(years, np.int64),
    )
    mean = float(total.sum()) / years
    rows: list[tuple[Any, ...]] = [
        (annee, "", int(load), mean, int(left))
        for annee, load, left in zip(named.annees, total, waiting, strict=True)
    ]
    for territoire, due in yearly_dues(named.titulaires).items():
        loads = _in_territory(named, territoire)
        rows += [
            (annee, territoire, load, due, None) for annee, load in zip(named.annees, loads, strict=True)
        ]
    return Tableau(CHARGES, tuple(rows))


def grid(named: AnneesNommees) -> NDArray[np.int64]:
    """Return the dwellings of each réservataire (rows) and year (columns)."""
    return np.array([volumes.sum(axis=0) for volumes in named.volumes]).reshape(-1, len(named.annees))


def _wait(
    titulaire: Titulaire, course: Rythme, volumes: NDArray[np.int64], annees: Sequence[int]
) -> tuple[Any, ...]:
    by_year = volumes.sum(axis=0)
    served = [annee for annee, volume in zip(annees, by_year.tolist(), strict=True) if volume]
    wait = attente(course, volumes)
    return (
        titulaire.id,
        float(titulaire.annuel),
        titulaire.droits,
        float(course.cumul[-1]),
        int(by_year.sum()),
        served[0] if served else None,
        wait.attente,
        wait.plus_longue,
        wait.avance,
        wait.reste,
        " ".join(map(str, served)),
    )


def _in_territory(named: AnneesNommees, territoire: str) -> list[int]:
    loads = np.zeros(len(named.annees), np.int64)
    for titulaire, volumes in zip(named.titulaires, named.volumes, strict=True):
        for place, du in enumerate(titulaire.dus):
            if du.territoire == territoire:
                loads += volumes[place]
    return loads.tolist()
