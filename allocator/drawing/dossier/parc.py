"""The dwellings: which communes, which résidences, what sizes, loans and rents."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.drawing.dwellings import (
    Ints,
    draw_cells,
    draw_financements,
    draw_rents,
    draw_surfaces,
    draw_typologies,
    draw_years,
)
from allocator.drawing.figures import Figures, usages
from allocator.drawing.portfolio import Floats, Portfolio

MIXTE: Final = 4
"""Period, of those of the table of figures, from which one résidence has several loans."""


@dataclass(frozen=True, slots=True, eq=False)
class Parc:
    """Dwellings, one entry each, résidence by résidence.

    ``commune`` indexes the portfolio, ``residence`` counts from 0 through the whole stock; ``rotation`` is in
    vacated dwellings a year; ``surface`` is in m², ``loyer`` in euros a month and m².
    """

    commune: Ints
    residence: Ints
    typologie: Ints
    financement: Ints
    qpv: Ints
    construction: Ints
    surface: Ints
    loyer: Floats
    rotation: Floats
    en_location: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.commune)


def draw_parc(
    figures: Figures, portfolio: Portfolio, size: int, annee: int, rng: np.random.Generator
) -> Parc:
    """Draw exactly ``size`` dwellings that stood before ``annee``; none is PLI, which is no social housing."""
    owned = portfolio.stock[:, None, None, None] * figures.structure[portfolio.rows]
    commune, pieces, qpv, periode = draw_cells(owned, size, rng)
    residence = _residences(np.stack([commune, periode, qpv]), rng)
    order = np.argsort(residence, kind="stable")
    commune, pieces, qpv, periode, residence = (
        column[order] for column in (commune, pieces, qpv, periode, residence)
    )
    first = np.flatnonzero(np.diff(residence, prepend=-1))
    typologie = draw_typologies(pieces, rng)
    financement = _financements(periode, residence, first, rng)
    surface = draw_surfaces(typologie, rng)
    rents = draw_rents(figures.loyer[portfolio.rows][commune], financement, surface, rng)
    return Parc(
        commune=commune,
        residence=residence,
        typologie=typologie,
        financement=financement,
        qpv=qpv,
        construction=draw_years(periode[first], annee, rng)[residence],
        surface=surface,
        loyer=np.round(rents / surface, 2),
        rotation=_at_published_rate(figures, portfolio.rows[commune], portfolio.rotation[commune, pieces]),
        en_location=rng.random(size) >= usages()["parc"]["hors_location"],
    )


def _at_published_rate(figures: Figures, commune: NDArray[np.intp], rotation: Floats) -> Floats:
    """Scale the rates of each département's dwellings so that their mean is the one published for it."""
    scaled = rotation.copy()
    departement = figures.departement[commune]
    for code in np.unique(departement):
        inside, everywhere = departement == code, figures.departement == code
        published = np.average(figures.rotation[everywhere], weights=figures.stock[everywhere])
        scaled[inside] *= published / rotation[inside].mean()
    return scaled


def _residences(place: Ints, rng: np.random.Generator) -> Ints:
    """Return the résidence of each dwelling: those of one commune, period and side of the QPV, in unequal lots."""
    usual = usages()["parc"]["residence"]
    found, group = np.unique(place, axis=1, return_inverse=True)
    residence = np.zeros(place.shape[1], np.int64)
    for row in range(found.shape[1]):
        inside = np.flatnonzero(group.ravel() == row)
        number = max(1, round(len(inside) / usual))
        residence[inside] = row * place.shape[1] + rng.choice(
            number, len(inside), p=rng.dirichlet(np.full(number, 4.0))
        )
    return np.unique(residence, return_inverse=True)[1].astype(np.int64)


def _financements(periode: Ints, residence: Ints, first: Ints, rng: np.random.Generator) -> Ints:
    """Return loans: one a résidence in the old stock, several in the recent one."""
    social = np.ones(len(periode), bool)
    each = draw_financements(periode, social, rng)
    whole = draw_financements(periode[first], social[first], rng)[residence]
    financement: Ints = np.where(periode >= MIXTE, each, whole)
    return financement
