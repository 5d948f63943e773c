"""What dwellings are like, and on which days they come free: shared by a year's libérations and a whole stock."""

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS
from allocator.drawing.figures import PERIODES, PIECES, usages
from allocator.drawing.portfolio import Floats

Ints = NDArray[np.int64]

PLI: Final = FINANCEMENTS.index("PLI")

ANNEES: Final = ((1900, 1948), (1949, 1975), (1976, 1990), (1991, 2000), (2001, 2010), (2011, 2019))
"""First and last year of each period; the last one runs on to two years before the draw."""

DISPERSION: Final = 0.1
"""Spread of surfaces around the mean of their size, and of rents around theirs."""


def draw_cells(weights: Floats, size: int, rng: np.random.Generator) -> tuple[Ints, ...]:
    """Draw ``size`` cells of a table of weights; return one column an axis."""
    counts = rng.multinomial(size, weights.ravel() / weights.sum())
    drawn = np.repeat(np.arange(weights.size), counts)
    return tuple(np.unravel_index(drawn, weights.shape))


def draw_typologies(pieces: Ints, rng: np.random.Generator) -> Ints:
    """Return typologies of sizes: some of those of five rooms and more are T6."""
    six = rng.random(len(pieces)) < usages()["typologies"]["t6"]
    typologies: Ints = pieces + ((pieces == PIECES - 1) & six)
    return typologies


def draw_financements(periode: Ints, in_flux: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Return financements by period of construction.

    Where ``in_flux`` there is no PLI, which is no social housing for the assiette.
    """
    table = np.array([usages()["financements"][name] for name in (*PERIODES, "neuf")])
    social = table.copy()
    social[:, PLI] = 0.0
    both = np.stack([table, social / social.sum(axis=1, keepdims=True)])
    bounds = both.cumsum(axis=2)[in_flux.astype(np.intp), periode]
    drawn = (rng.random(len(periode))[:, None] >= bounds).sum(axis=1)
    financements: Ints = np.minimum(drawn, len(FINANCEMENTS) - 1)
    return financements


def draw_days(annee: int, size: int, rng: np.random.Generator) -> Ints:
    """Return sorted days of the year, from 0, by month, day of the week and end of month."""
    seasons = usages()["saisons"]
    first = date(annee, 1, 1)
    days = [first + timedelta(days=step) for step in range((date(annee + 1, 1, 1) - first).days)]
    weights = np.array([seasons["mois"][day.month - 1] * seasons["semaine"][day.weekday()] for day in days])
    working = {day.month: index for index, day in enumerate(days) if day.weekday() < 5}
    weights[list(working.values())] *= seasons["fin_de_mois"]
    return np.repeat(np.arange(len(days)), rng.multinomial(size, weights / weights.sum()))


def draw_years(periode: Ints, annee: int, rng: np.random.Generator) -> Ints:
    """Return years of construction within each period; one past the last is the year before, or ``annee``."""
    last = (*ANNEES[:-1], (ANNEES[-1][0], annee - 2), (annee - 1, annee))
    low, high = np.array(last).T
    years: Ints = rng.integers(low[periode], high[periode], endpoint=True)
    return years


def draw_surfaces(typologie: Ints, rng: np.random.Generator) -> Ints:
    """Return surfaces in m²."""
    mean = np.array(list(usages()["typologies"]["surface"].values()))[typologie]
    noise = np.clip(rng.standard_normal(len(typologie)), -2.5, 2.5)
    surface: Ints = np.rint(mean * (1.0 + DISPERSION * noise)).astype(np.int64)
    return surface


def draw_rents(loyer: Floats, financement: Ints, surface: Ints, rng: np.random.Generator) -> Floats:
    """Return rents in euros a month; ``loyer`` is the commune's, in euros a month and m²."""
    relative = np.array([usages()["loyers"][name] for name in FINANCEMENTS])[financement]
    noise = np.clip(rng.standard_normal(len(loyer)), -2.5, 2.5)
    rents: Floats = np.rint(100.0 * loyer * relative * surface * (1.0 + DISPERSION * noise)) / 100.0
    return rents
