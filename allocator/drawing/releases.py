"""The libérations of a year: where, what, when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, FLUX, STATUTS
from allocator.drawing.figures import PERIODES, PIECES, Figures, usages
from allocator.drawing.portfolio import Floats, Portfolio
from allocator.drawing.settings import DrawSettings

Ints = NDArray[np.int64]

HORS_ASSIETTE: Final = STATUTS.index("hors_assiette")
EN_STOCK: Final = STATUTS.index("stock")
NEUF: Final = STATUTS.index("neuf")
PLI: Final = FINANCEMENTS.index("PLI")

ANNEES: Final = ((1900, 1948), (1949, 1975), (1976, 1990), (1991, 2000), (2001, 2010), (2011, 2019))
"""First and last year of each period; the last one runs on to two years before the draw."""

RELOGEMENT: Final = 1.5
"""How much likelier a dwelling in QPV is kept out of the assiette than another (rénovation urbaine)."""

DISPERSION: Final = 0.1
"""Spread of surfaces around the mean of their size, and of rents around theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class Releases:
    """Libérations in the order of their days, one entry each.

    ``jour`` counts from 1 January; ``commune`` indexes the portfolio; ``surface`` is in m², ``loyer`` in
    euros a month without charges.
    """

    jour: Ints
    commune: Ints
    typologie: Ints
    financement: Ints
    qpv: Ints
    statut: Ints
    construction: Ints
    surface: Ints
    loyer: Floats

    def __len__(self) -> int:
        return len(self.jour)


def draw_releases(
    settings: DrawSettings,
    figures: Figures,
    portfolio: Portfolio,
    annee: int,
    rng: np.random.Generator,
) -> Releases:
    """Draw the libérations of one calendar year, ``portfolio.size`` of them."""
    size = portfolio.size
    first_lettings = round(settings.neuf * size)
    owned = portfolio.stock[:, None, None, None] * figures.structure[portfolio.rows]
    vacated = _cells(owned * portfolio.rotation[:, :, None, None], size - first_lettings, rng)
    built = _cells(_deliveries(figures, portfolio), first_lettings, rng)
    order = rng.permutation(size)
    commune, pieces, qpv, periode = (
        np.concatenate(columns)[order] for columns in zip(vacated, built, strict=True)
    )
    statut = _statuts(settings, qpv, periode, rng)
    typologie = pieces + ((pieces == PIECES - 1) & (rng.random(size) < usages()["typologies"]["t6"]))
    financement = _financements(periode, statut, rng)
    surface = _surfaces(typologie, rng)
    return Releases(
        jour=_days(annee, size, rng),
        commune=commune,
        typologie=typologie,
        financement=financement,
        qpv=qpv,
        statut=statut,
        construction=_years(periode, annee, rng),
        surface=surface,
        loyer=_rents(figures.loyer[portfolio.rows][commune], financement, surface, rng),
    )


def _cells(weights: Floats, size: int, rng: np.random.Generator) -> tuple[Ints, ...]:
    """Draw ``size`` cells of a table of weights; return one column an axis."""
    counts = rng.multinomial(size, weights.ravel() / weights.sum())
    drawn = np.repeat(np.arange(weights.size), counts)
    return tuple(np.unravel_index(drawn, weights.shape))


def _deliveries(figures: Figures, portfolio: Portfolio) -> Floats:
    """Weigh new dwellings by commune, size and side of the QPV; their period stands one past the last."""
    rows = portfolio.rows
    owned = portfolio.stock / figures.stock[rows]
    # One year says little of the next: every commune may build, at half the region's pace of 1 % a year.
    by_commune = owned * (figures.neuf[rows] + 0.005 * figures.stock[rows])
    # New dwellings are built inside the QPV half as often as the old stock stands there.
    inside = 0.5 * figures.structure[rows].sum(axis=(1, 3))[:, 1]
    by_size = np.array(list(usages()["typologies"]["neuf"].values()))
    by_side = np.stack([1.0 - inside, inside], axis=1)
    weights = np.zeros((len(rows), PIECES, 2, len(PERIODES) + 1))
    weights[..., -1] = by_commune[:, None, None] * by_size[None, :, None] * by_side[:, None, :]
    return weights


def _statuts(settings: DrawSettings, qpv: Ints, periode: Ints, rng: np.random.Generator) -> Ints:
    """Return statuts in the exact shares asked for; relogements fall in QPV more often than elsewhere."""
    size = len(qpv)
    new = periode == len(PERIODES)
    # Exponential clocks draw without replacement, by weight (Efraimidis and Spirakis, 2006).
    clock = rng.exponential(size=size) / np.where(qpv == 1, RELOGEMENT, 1.0)
    away, kept = round(settings.hors_assiette * size), round(settings.en_stock * size)
    order = np.argsort(np.where(new, np.inf, clock), kind="stable")
    statut: Ints = np.where(new, NEUF, FLUX)
    statut[order[:away]] = HORS_ASSIETTE
    others = order[away : size - int(new.sum())]
    statut[rng.permutation(others)[:kept]] = EN_STOCK
    return statut


def _financements(periode: Ints, statut: Ints, rng: np.random.Generator) -> Ints:
    table = np.array([usages()["financements"][name] for name in (*PERIODES, "neuf")])
    # PLI is no social housing for the assiette: it never stands in the flux.
    in_flux = table.copy()
    in_flux[:, PLI] = 0.0
    both = np.stack([table, in_flux / in_flux.sum(axis=1, keepdims=True)])
    bounds = both.cumsum(axis=2)[(statut == FLUX).astype(np.intp), periode]
    drawn = (rng.random(len(periode))[:, None] >= bounds).sum(axis=1)
    financement: Ints = np.minimum(drawn, len(FINANCEMENTS) - 1)
    return financement


def _days(annee: int, size: int, rng: np.random.Generator) -> Ints:
    """Return sorted days of the year, by month, day of the week and end of month."""
    seasons = usages()["saisons"]
    first = date(annee, 1, 1)
    days = [first + timedelta(days=step) for step in range((date(annee + 1, 1, 1) - first).days)]
    weights = np.array([seasons["mois"][day.month - 1] * seasons["semaine"][day.weekday()] for day in days])
    working = {day.month: index for index, day in enumerate(days) if day.weekday() < 5}
    weights[list(working.values())] *= seasons["fin_de_mois"]
    return np.repeat(np.arange(len(days)), rng.multinomial(size, weights / weights.sum()))


def _years(periode: Ints, annee: int, rng: np.random.Generator) -> Ints:
    last = (*ANNEES[:-1], (ANNEES[-1][0], annee - 2), (annee - 1, annee))
    low, high = np.array(last).T
    years: Ints = rng.integers(low[periode], high[periode], endpoint=True)
    return years


def _surfaces(typologie: Ints, rng: np.random.Generator) -> Ints:
    mean = np.array(list(usages()["typologies"]["surface"].values()))[typologie]
    noise = np.clip(rng.standard_normal(len(typologie)), -2.5, 2.5)
    surface: Ints = np.rint(mean * (1.0 + DISPERSION * noise)).astype(np.int64)
    return surface


def _rents(loyer: Floats, financement: Ints, surface: Ints, rng: np.random.Generator) -> Floats:
    relative = np.array([usages()["loyers"][name] for name in FINANCEMENTS])[financement]
    noise = np.clip(rng.standard_normal(len(loyer)), -2.5, 2.5)
    rents: Floats = np.rint(100.0 * loyer * relative * surface * (1.0 + DISPERSION * noise)) / 100.0
    return rents
