"""What a historique says of the years of a projet: supply by class, and season."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.domain import (
    Conventions,
    Indicatifs,
    Instance,
    Liberations,
    Reservataires,
    Territoires,
)
from allocator.forecast import Outlook, Prior, learn, outlook
from allocator.planning.projet.projet import MONTHS, Offre


def foretold(territoires: Territoires, historique: Liberations | None, year: int) -> Outlook:
    """Return what comes in a calendar year, foretold on its first day from the years before it."""
    return outlook(_learn(territoires, historique, year), no_liberations(), np.datetime64(date(year, 1, 1)))


def _learn(territoires: Territoires, historique: Liberations | None, year: int) -> Prior:
    calendar = Instance(
        nom="",
        description="",
        debut=date(year, 1, 1),
        fin=date(year, 12, 31),
        source="",
        territoires=territoires,
        reservataires=Reservataires((), (), (), ()),
        conventions=no_conventions(),
        indicatifs=no_indicatifs(),
        liberations=no_liberations(),
        historique=historique,
    )
    return learn(calendar)


def offre_foretold(
    territoires: Territoires, historique: Liberations | None, premiere: int, annees: int
) -> Offre:
    """Return the supply that a historique makes one expect, the same in each year."""
    seen = foretold(territoires, historique, premiere)
    classes = np.flatnonzero(seen.expected > 0)
    rows = np.tile(classes, annees)
    return Offre(
        seen.commune[rows].astype(np.int32),
        seen.typologie[rows].astype(np.int8),
        seen.financement[rows].astype(np.int8),
        seen.qpv[rows].astype(np.int8),
        np.repeat(np.arange(annees, dtype=np.int16), len(classes)),
        seen.expected[rows],
    )


def saison_of(territoires: Territoires, historique: Liberations | None, premiere: int) -> NDArray[np.float64]:
    """Return the share of each month in the first year, as the historique has it; uniform without one."""
    if historique is None:
        return np.full(MONTHS, 1.0 / MONTHS)
    by_month = _learn(territoires, historique, premiere).season.months[-1]
    share: NDArray[np.float64] = by_month / by_month.sum()
    return share


def no_liberations() -> Liberations:
    """Return a table of libérations without a row."""
    nothing = np.empty(0, dtype=np.int8)
    return Liberations(
        (),
        np.empty(0, dtype="datetime64[D]"),
        np.empty(0, dtype=np.int32),
        nothing,
        nothing,
        nothing,
        nothing,
        {},
    )


def no_conventions() -> Conventions:
    """Return a table of promises without a row."""
    number = np.empty(0, dtype=np.float64)
    return Conventions(
        np.empty(0, dtype=np.int32), (), (), number, number, number, np.empty(0, dtype=np.int64)
    )


def no_indicatifs() -> Indicatifs:
    """Return a table of indicative objectives without a row."""
    return Indicatifs(np.empty(0, dtype=np.int32), (), (), np.empty(0, dtype=np.float64))
