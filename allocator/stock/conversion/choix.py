"""The choices of rate that are laid side by side: an agreed table, one number, or what the dossier itself shows."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.formats import BadInput, Fault
from allocator.formats.cells import one_of, quote
from allocator.formats.rotation_schema import DIMENSIONS
from allocator.stock.conversion.lots import Lots
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.diagnostic import Diagnostic, diagnose
from allocator.stock.rotation.observations import BORNES, observe, pooled
from allocator.stock.rotation.tableaux import taux_tableau
from allocator.stock.rotation.taux import Taux, read_taux, taux_unique
from allocator.stock.rotation.tranches import tranches

UNIT: Final = 10**8
"""Rates are whole numbers of one over this a year: a percent with six decimals, exactly."""

POINT: Final = UNIT // 100
"""Units of a point of percent."""

TOUT: Final = "parc"
"""Name of the choice of one rate: the one observed over the whole park."""

SEGMENTS: Final = tuple(name for name in DIMENSIONS if name not in BORNES)
"""Dimensions of the choices that the dossier itself shows; bands need thresholds, and so a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Choix:
    """A choice: its name, and the rate of each droit de suite kept, in units of :data:`UNIT` a year."""

    nom: str
    rates: NDArray[np.int64]


def choose(text: str, dossier: Dossier, lots: Lots, years: int) -> Choix:
    """Return a choice by its text: a CSV file, a percent such as ``6`` or ``6,5``, ``parc``, or crossed dimensions.

    Raises
    ------
    BadInput
        If it is none of these, or the dossier does not show what it asks for.
    """
    table, name = _table(text, dossier, years)
    rates = table.rate(dossier, dossier.droits)[lots.suites]
    return Choix(name, np.round(rates * UNIT).astype(np.int64))


def observed(dossier: Dossier, years: int) -> Fraction:
    """Return the rate that the whole park showed over the last years, as a fraction a year."""
    relocations = _diagnosis(dossier, (), years).niveaux[0]
    return Fraction(round(float(relocations.rates.taux[0]) * UNIT), UNIT)


def _table(text: str, dossier: Dossier, years: int) -> tuple[Taux, str]:
    if Path(text).suffix.lower() == ".csv":
        return read_taux(Path(text)), Path(text).stem
    number = text.replace(",", ".").removesuffix("%").strip()
    if number.replace(".", "", 1).isdigit() and float(number) <= 100:
        return taux_unique(float(number)), f"{number} %".replace(".", ",")
    dimensions = () if text == TOUT else tuple(text.split("+"))
    unknown = [name for name in dimensions if name not in SEGMENTS]
    if unknown or len(set(dimensions)) < len(dimensions):
        expected = f"une table .csv, un taux comme 6,5, {TOUT}, ou {one_of(SEGMENTS)} croisés par « + »"
        raise BadInput([Fault("--rates", None, None, f"{quote(text)} inconnu, attendu {expected}")])
    return _as_table(_diagnosis(dossier, dimensions, years), text), text


def _diagnosis(dossier: Dossier, dimensions: tuple[str, ...], years: int) -> Diagnostic:
    bands = {name: tranches(()) for name in BORNES}
    return diagnose(pooled([observe(dossier, years, bands)]), dimensions)


def _as_table(found: Diagnostic, name: str) -> Taux:
    rows = taux_tableau(found).document()
    taux, parc, relocations, annees = (
        np.array([row[column] for row in rows], float) for column in ("taux", "parc", "relocations", "annees")
    )
    segments = {dimension: tuple(row[dimension] for row in rows) for dimension in DIMENSIONS}
    return Taux(segments, taux, parc, relocations, annees, name, tuple(range(1, len(rows) + 1)))
