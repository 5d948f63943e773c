"""The libérations of a year: where, what, when."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FLUX, STATUTS
from allocator.drawing.dwellings import (
    Ints,
    draw_cells,
    draw_days,
    draw_financements,
    draw_rents,
    draw_surfaces,
    draw_typologies,
    draw_years,
)
from allocator.drawing.figures import PERIODES, PIECES, Figures, usages
from allocator.drawing.portfolio import Floats, Portfolio
from allocator.drawing.settings import DrawSettings

HORS_ASSIETTE: Final = STATUTS.index("hors_assiette")
EN_STOCK: Final = STATUTS.index("stock")
NEUF: Final = STATUTS.index("neuf")

RELOGEMENT: Final = 1.5
"""How much likelier a dwelling in QPV is kept out of the assiette than another (rénovation urbaine)."""


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
    vacated = draw_cells(owned * portfolio.rotation[:, :, None, None], size - first_lettings, rng)
    built = draw_cells(_deliveries(figures, portfolio), first_lettings, rng)
    order = rng.permutation(size)
    commune, pieces, qpv, periode = (
        np.concatenate(columns)[order] for columns in zip(vacated, built, strict=True)
    )
    away, kept = round(settings.hors_assiette * size), round(settings.en_stock * size)
    statut = draw_statuts(qpv, periode == len(PERIODES), away, kept, rng)
    typologie = draw_typologies(pieces, rng)
    financement = draw_financements(periode, statut == FLUX, rng)
    surface = draw_surfaces(typologie, rng)
    return Releases(
        jour=draw_days(annee, size, rng),
        commune=commune,
        typologie=typologie,
        financement=financement,
        qpv=qpv,
        statut=statut,
        construction=draw_years(periode, annee, rng),
        surface=surface,
        loyer=draw_rents(figures.loyer[portfolio.rows][commune], financement, surface, rng),
    )


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


def draw_statuts(
    qpv: Ints, new: NDArray[np.bool_], hors_assiette: int, en_stock: int, rng: np.random.Generator
) -> Ints:
    """Return statuts in the exact numbers asked for; relogements fall in QPV more often than elsewhere.

    ``new`` are the first lettings, which are neither hors assiette nor kept in stock.
    """
    size = len(qpv)
    # Exponential clocks draw without replacement, by weight (Efraimidis and Spirakis, 2006).
    clock = rng.exponential(size=size) / np.where(qpv == 1, RELOGEMENT, 1.0)
    order = np.argsort(np.where(new, np.inf, clock), kind="stable")
    statut: Ints = np.where(new, NEUF, FLUX)
    statut[order[:hors_assiette]] = HORS_ASSIETTE
    others = order[hors_assiette : size - int(new.sum())]
    statut[rng.permutation(others)[:en_stock]] = EN_STOCK
    return statut
