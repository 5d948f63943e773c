"""The rotation of a park by segment: the whole, then narrower and narrower, each level leaning on the one above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, QPV, TYPOLOGIES
from allocator.stock.rotation.familles import AUCUNE
from allocator.stock.rotation.observations import Annee, Observations
from allocator.stock.rotation.rapprochement import Rates, lean, whole_rate
from allocator.stock.rotation.tranches import parse_tranche

Floats = NDArray[np.float64]

INCONNU: Final = "inconnu"
"""How a segment names what is not known of its dwellings."""

_ORDERS: Final = {
    "famille": (*FAMILLES, AUCUNE),
    "typologie": TYPOLOGIES,
    "financement": FINANCEMENTS,
    "qpv": QPV,
}


@dataclass(frozen=True, slots=True, eq=False)
class Niveau:
    """Segments of one level, which narrow the same ``dimensions``, one row each.

    ``modalites`` has one word a dimension; ``parent`` is the row of the segment around it in the level above;
    ``parc``, ``temps`` (dwelling-years) and ``relocations`` have one column a year.
    """

    dimensions: tuple[str, ...]
    modalites: tuple[tuple[str, ...], ...]
    parent: NDArray[np.int64]
    parc: Floats
    temps: Floats
    relocations: Floats
    rates: Rates

    def __len__(self) -> int:
        return len(self.modalites)


@dataclass(frozen=True, slots=True, eq=False)
class Diagnostic:
    """Levels from the whole park down, over ``annees``, the latest first; ``ecartees`` counts re-lettings left out."""

    annees: tuple[Annee, ...]
    niveaux: tuple[Niveau, ...]
    ecartees: int


def diagnose(seen: Observations, dimensions: Sequence[str]) -> Diagnostic:
    """Return the rates of the whole park, then by the first dimension, the first and second, and so on.

    ``seen`` must have some time in letting.
    """
    totals = (seen.parc.sum(axis=0), seen.temps.sum(axis=0), seen.relocations.sum(axis=0))
    parc, temps, relocations = (column[None] for column in totals)
    whole = whole_rate(float(relocations.sum()), float(temps.sum()))
    niveaux = [Niveau((), ((),), np.zeros(1, np.int64), parc, temps, relocations, whole)]
    for depth in range(1, len(dimensions) + 1):
        niveaux.append(_level(seen, tuple(dimensions[:depth]), niveaux[-1]))
    return Diagnostic(seen.annees, tuple(niveaux), seen.ecartees)


def _level(seen: Observations, dimensions: tuple[str, ...], above: Niveau) -> Niveau:
    row, part = _rows(seen, dimensions)
    words = [seen.familles.famille if name == "famille" else seen.mots[name][row] for name in dimensions]
    words = [np.where(column == "", INCONNU, column) for column in words]
    found, segment = _segments(dimensions, words)
    parc, temps, relocations = (
        _summed(segment, len(found), part, column[row])
        for column in (seen.parc, seen.temps, seen.relocations)
    )
    parents = {names: position for position, names in enumerate(above.modalites)}
    parent = np.array([parents[names[:-1]] for names in found], np.int64)
    around = Rates(above.rates.taux[parent], above.rates.poids[parent], above.rates.variance[parent])
    rates = lean(relocations.sum(axis=1), temps.sum(axis=1), around)
    return Niveau(dimensions, found, parent, parc, temps, relocations, rates)


def _rows(seen: Observations, dimensions: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
    """Return the dwellings that are in segments, and which part of each: a family has parts of them only."""
    if "famille" in dimensions:
        return seen.familles.logement, seen.familles.part
    return np.arange(len(seen)), np.ones(len(seen))


def _segments(
    dimensions: Sequence[str], words: Sequence[NDArray[np.str_]]
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.int64]]:
    """Return the segments that there are, in order, and the one of each row."""
    code = np.zeros(len(words[0]), np.int64)
    ordered: list[list[str]] = []
    for name, column in zip(dimensions, words, strict=True):
        values, number = np.unique(column, return_inverse=True)
        ranks = [_rank(name, str(value)) for value in values]
        order = sorted(range(len(values)), key=ranks.__getitem__)
        rank = np.empty(len(values), np.int64)
        rank[order] = np.arange(len(values))
        ordered.append([str(values[place]) for place in order])
        code = code * len(values) + rank[number]
    found, segment = np.unique(code, return_inverse=True)
    sizes = [len(names) for names in ordered]
    places = np.unravel_index(found, sizes)
    names = zip(
        *(map(of.__getitem__, place.tolist()) for of, place in zip(ordered, places, strict=True)), strict=True
    )
    return tuple(names), segment


def _rank(dimension: str, word: str) -> tuple[Any, ...]:
    """Return what sorts the words of a dimension; the unknown comes last."""
    if word == INCONNU:
        return (1,)
    band = parse_tranche(word)
    if band is not None:
        return (0, band.bas)
    order = _ORDERS.get(dimension)
    return (0, word if order is None else order.index(word))


def _summed(segment: NDArray[np.int64], count: int, part: Floats, values: Floats) -> Floats:
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, segment, part[:, None] * values)
    return total
