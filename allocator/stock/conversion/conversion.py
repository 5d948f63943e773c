"""Droits de suite to droits uniques: ``DU = Σ rate × years left``, in exact fractions (Th. 3-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.stock.conversion.arrondi import close, nearest
from allocator.stock.conversion.choix import POINT, UNIT, Choix
from allocator.stock.conversion.durees import QUANTUM, units_of
from allocator.stock.conversion.flux import grouped
from allocator.stock.conversion.lots import Lots

TAUX: Final = "taux"
DUREE: Final = "duree"


@dataclass(frozen=True, slots=True, eq=False)
class Conversion:
    """Droits uniques of one choice, one entry a line of the lots: exact, and whole numbers that close."""

    choix: Choix
    exact: tuple[Fraction, ...]
    droits: tuple[int, ...]


def convert(lots: Lots, choix: Choix) -> Conversion:
    """Convert the rights kept at a choice of rates; an unused droit simple is one droit unique."""
    exact = droits_uniques(lots, choix.rates, lots.left)
    droits = tuple(number for group in close(grouped(lots, exact)) for number in group)
    return Conversion(choix, exact, droits)


def droits_uniques(lots: Lots, rates: NDArray[np.int64], left: NDArray[np.int64]) -> tuple[Fraction, ...]:
    """Return the exact droits uniques by line, at rates and years left of each droit de suite.

    Years are summed in whole numbers for each (line, rate), of which there are few whatever the number of rights.
    """
    exact = [Fraction(count) for count in lots.simples.tolist()]
    pairs, group = np.unique(np.stack([lots.ligne, rates]), axis=1, return_inverse=True)
    years = np.zeros(pairs.shape[1], np.int64)
    np.add.at(years, group, left * lots.nombre)
    for line, rate, units in zip(*pairs.tolist(), years.tolist(), strict=True):
        exact[line] += Fraction(rate * units, UNIT * QUANTUM)
    return tuple(exact)


def moved(lots: Lots, choix: Choix, variante: str, pas: float) -> tuple[Fraction, ...]:
    """Return the exact droits uniques where every rate (points) or every duration (years) is other by a step.

    Neither falls below 0.
    """
    if variante == TAUX:
        return droits_uniques(lots, np.maximum(0, choix.rates + round(pas * POINT)), lots.left)
    return droits_uniques(lots, choix.rates, np.maximum(0, lots.left + units_of(pas)))


def years_to_exhaust(droits: Fraction, annuel: Fraction) -> Fraction | None:
    """Return ``DU ÷ F``; ``None`` where nothing is due, and rights never end by being used."""
    return droits / annuel if annuel else None


def exhaustion(droits: Fraction, annuel: Fraction, premiere: int) -> int | None:
    """Return the year in which the last right is used, ``None`` where there is none or it never comes."""
    years = years_to_exhaust(droits, annuel)
    return premiere + ceil(years) - 1 if years else None


def course(droits: int, annuel: Fraction, annees: int) -> Sequence[tuple[int, int, int]]:
    """Return the rights at the beginning of each year, those used in it at the yearly due, and those left.

    What is used by the end of a year is the due accumulated, to the nearest right.
    """
    rows = []
    left = droits
    for year in range(1, annees + 1):
        after = max(0, droits - nearest(annuel * year))
        rows.append((left, left - after, after))
        left = after
    return rows
