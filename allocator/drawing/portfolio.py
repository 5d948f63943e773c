"""Where the bailleur works and how much it owns there."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.drawing.figures import Figures, usages
from allocator.drawing.settings import TAILLE, DrawSettings, SettingsError

Floats = NDArray[np.float64]

APPETIT: Final = 0.6
"""Exponent of a commune's stock in its chance of being chosen: big towns first, small ones too."""

GRAPPES: Final = 1.2
"""Spread (log) of the chance between EPCI: a bailleur's communes come in clusters."""

EMPRISE: Final = 0.7
"""Spread (log) of the bailleur's share of the stock between communes."""

PRESENCE: Final = 0.2
"""Share of the stock of its communes that a bailleur owns where their number is not given."""


@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """The communes (rows of the table of figures) and the dwellings owned in each.

    ``rotation`` is by commune and size, of shape (communes, 5); ``size`` is the number of libérations, all
    statuts, of a usual year.
    """

    rows: NDArray[np.intp]
    stock: Floats
    rotation: Floats
    size: int


def draw_portfolio(settings: DrawSettings, figures: Figures, rng: np.random.Generator) -> Portfolio:
    """Choose the communes, then own dwellings there until the size asked for is reached.

    Raises
    ------
    SettingsError
        Where the communes have less than that.
    """
    rotation = rotation_by_size(figures)
    vacated = (rotation * figures.structure.sum(axis=(2, 3))).sum(axis=1) / (1.0 - settings.neuf)
    # Dwellings count for what they release, or for themselves where it is the stock that is asked for.
    worth, target = (
        (vacated, settings.size or TAILLE)
        if settings.stock is None
        else (np.ones_like(vacated), settings.stock)
    )
    rows = _choose(settings, figures, figures.stock * worth / target, rng)
    owned = _own(figures.stock[rows], worth[rows], float(target), rng)
    size = target if settings.stock is None else max(1, round(float(owned @ vacated[rows])))
    return Portfolio(rows, owned, rotation[rows], size)


def rotation_by_size(figures: Figures) -> Floats:
    """Return the rotation by commune and size, shape (communes, 5); each commune keeps its own mean."""
    relative = np.array(list(usages()["typologies"]["rotation"].values()))
    mean = figures.structure.sum(axis=(2, 3)) @ relative
    rotation: Floats = figures.rotation[:, None] * relative / mean[:, None]
    return rotation


def _choose(
    settings: DrawSettings, figures: Figures, capacity: Floats, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return communes drawn without replacement; ``capacity`` is the share of the target each can bear."""
    pool = np.flatnonzero(np.isin(figures.departement, settings.departements))
    _, cluster = np.unique(figures.epci[pool], return_inverse=True)
    favour = np.exp(GRAPPES * rng.standard_normal(cluster.max() + 1))
    # Exponential clocks draw without replacement, by weight (Efraimidis and Spirakis, 2006).
    clock = rng.exponential(size=len(pool)) / (figures.stock[pool] ** APPETIT * favour[cluster])
    for code in settings.departements:
        inside = np.flatnonzero(figures.departement[pool] == code)
        clock[inside[np.argmin(clock[inside])]] = 0.0
    drawn = pool[np.argsort(clock, kind="stable")]
    enough = int(np.searchsorted(np.cumsum(capacity[drawn]), 1.0 / PRESENCE)) + 1
    return np.sort(
        drawn[: max(enough, len(settings.departements)) if settings.communes is None else settings.communes]
    )


def _own(stock: Floats, worth: Floats, target: float, rng: np.random.Generator) -> Floats:
    """Return owned dwellings, at most the stock, worth ``target`` in all."""
    coverage = target / float(stock @ worth)
    if coverage > 1.0:
        raise SettingsError(
            f"les {len(stock)} communes choisies n'ont en tout que {stock.sum():.0f} logements sociaux ; "
            f"il en faudrait {coverage:.2f} fois plus"
        )
    spread = np.exp(EMPRISE * (1.0 - coverage) * rng.standard_normal(len(stock)))
    low, high = 0.0, 1.0 / float(spread.min())
    for _ in range(60):
        middle = (low + high) / 2.0
        reached = float(np.minimum(stock, middle * stock * spread) @ worth)
        low, high = (middle, high) if reached < target else (low, middle)
    return np.minimum(stock, high * stock * spread)
