"""The indicative objectives: the supply's own mix, pulled towards what everybody asks for."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.drawing.figures import usages
from allocator.drawing.portfolio import Floats
from allocator.drawing.rights import Holder, Promise
from allocator.drawing.settings import DrawSettings
from allocator.drawing.supply import Supply

SEUIL: Final = 3.0
"""Due, in dwellings, from which a réservataire states its wishes on every dimension."""

SEUIL_CROISE: Final = 12.0
"""Due from which some cross two dimensions."""

SEUIL_EPCI: Final = 1.0
"""Dwellings that an EPCI must be worth to a réservataire for an objective of its own."""

PETITS: Final = 0.4
"""Share of those below the first threshold that state sizes all the same."""

CROISES: Final = 0.4
"""Share of those above the second that cross size and QPV."""

DIVERSITE: Final = 0.7
"""Spread (log) between réservataires of what everybody asks for."""

LOCAUX: Final = frozenset({"commune", "epci", "employeur"})
"""Families that hold rights in one place: they have no objective by EPCI."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An indicative objective of a réservataire; ``part`` is the percent of what it is owed."""

    holder: Holder
    dimension: str
    modalite: str
    part: float


def draw_wishes(
    settings: DrawSettings, supply: Supply, promises: list[Promise], rng: np.random.Generator
) -> list[Wish]:
    """Return the wishes of each réservataire, in the order of the promises."""
    weights: dict[Holder, Floats] = {}
    for promise in promises:
        weight = weights.setdefault(promise.holder, np.zeros(len(supply.commune)))
        if released := supply.released(promise.territoire):
            weight[supply.members(promise.territoire)] += promise.due(released) / released
    return [wish for holder, weight in weights.items() for wish in _of(settings, supply, holder, weight, rng)]


def _of(
    settings: DrawSettings, supply: Supply, holder: Holder, weight: Floats, rng: np.random.Generator
) -> list[Wish]:
    """Return one réservataire's wishes; ``weight`` is the share of each commune's flux that it is owed."""
    owed = np.tensordot(weight, supply.counts, axes=1)
    due = float(owed.sum())
    speaks, crosses = rng.random(2)
    if due <= 0.0 or (due < SEUIL and speaks >= PETITS):
        return []
    tastes = {name: _taste(name, rng) for name in ("typologie", "financement", "qpv")}

    def state(dimension: str, modalites: tuple[str, ...], mix: Floats, taste: Floats) -> list[Wish]:
        parts = _percents((1.0 - settings.conflict) * mix / mix.sum() + settings.conflict * taste)
        rows = zip(modalites, parts, strict=True)
        return [Wish(holder, dimension, modalite, part) for modalite, part in rows if part > 0.0]

    wishes = state("typologie", TYPOLOGIES, owed.sum(axis=(1, 2)), tastes["typologie"])
    if due < SEUIL:
        return wishes
    wishes += state("financement", FINANCEMENTS, owed.sum(axis=(0, 2)), tastes["financement"])
    wishes += state("qpv", QPV, owed.sum(axis=(0, 1)), tastes["qpv"])
    if holder.famille not in LOCAUX:
        sirens, which = np.unique(supply.epci, return_inverse=True)
        by_epci = np.bincount(which, weight * supply.assiette).astype(np.float64)
        taste = rng.dirichlet(1.0 + 10.0 * by_epci / by_epci.sum())
        named = dict(zip(sirens.tolist(), by_epci >= SEUIL_EPCI, strict=True))
        wishes += [
            wish for wish in state("epci", tuple(sirens.tolist()), by_epci, taste) if named[wish.modalite]
        ]
    if due >= SEUIL_CROISE and crosses < CROISES:
        modalites = tuple(f"{typologie}+{qpv}" for typologie in TYPOLOGIES for qpv in QPV)
        taste = np.outer(tastes["typologie"], tastes["qpv"]).ravel()
        wishes += state("typologie+qpv", modalites, owed.sum(axis=1).ravel(), taste)
    return wishes


def _taste(dimension: str, rng: np.random.Generator) -> Floats:
    """Return a réservataire's own version of what everybody asks for, summing to 1."""
    profile: Any = usages()["souhaits"][dimension]
    own = np.array(list(profile.values())) * np.exp(DIVERSITE * rng.standard_normal(len(profile)))
    taste: Floats = own / own.sum()
    return taste


def _percents(mix: Floats) -> list[float]:
    """Return percents with one decimal that sum to 100, by largest remainder."""
    # Rounded first, so that the last bit of a sum, which processors differ on, decides nothing.
    tenths = np.round(1000.0 * mix, 6)
    whole = np.floor(tenths)
    missing = round(1000.0 - float(whole.sum()))
    whole[np.argsort(whole - tenths, kind="stable")[:missing]] += 1.0
    return [float(value) / 10.0 for value in whole]
