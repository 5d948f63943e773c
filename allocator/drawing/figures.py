"""The table of public figures, in arrays (sources: ``figures/README.md``)."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.drawing.settings import DEPARTEMENTS

PIECES: Final = 5
PERIODES: Final = ("<=1948", "1949-1975", "1976-1990", "1991-2000", "2001-2010", "2011-2019")
PARIS: Final = "75056"
"""Commune whose structure stands for each arrondissement's, moved to its own share of QPV."""

LISSAGE: Final = 300.0
"""Dwellings at the département's rate that steady a small commune's rotation."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """One entry a commune (Paris by arrondissement), in the order of ``communes.csv``.

    ``stock`` is in dwellings, ``rotation`` in vacated dwellings a year per dwelling, ``neuf`` in first
    lettings a year, ``loyer`` in euros a month and m², ``tension`` in demands per attribution.
    ``structure`` is the stock's joint distribution in the commune, of shape (communes, 5 sizes, 2 sides of
    the QPV, 6 periods); each commune sums to 1.
    """

    commune: tuple[str, ...]
    nom: tuple[str, ...]
    departement: NDArray[np.str_]
    epci: NDArray[np.str_]
    nom_epci: Mapping[str, str]
    zone: tuple[str, ...]
    stock: Floats
    rotation: Floats
    neuf: Floats
    loyer: Floats
    tension: Floats
    structure: Floats


def _rows(name: str) -> list[dict[str, str]]:
    text = files("allocator.drawing").joinpath("figures", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def usages() -> Mapping[str, Any]:
    """Return the orders of magnitude of ``usages.toml``."""
    text = files("allocator.drawing").joinpath("figures", "usages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def figures() -> Figures:
    """Return the table, read once."""
    rows = _rows("communes.csv")
    departement = np.array([row["departement"] for row in rows])
    stock = _column(rows, "stock")
    return Figures(
        commune=tuple(row["commune"] for row in rows),
        nom=tuple(row["nom"] for row in rows),
        departement=departement,
        epci=np.array([row["epci"] for row in rows]),
        nom_epci={row["siren"]: row["nom"] for row in _rows("epci.csv")},
        zone=tuple(row["zone"] for row in rows),
        stock=stock,
        rotation=_steadied(_column(rows, "rotation") / 100.0, stock, departement),
        neuf=_column(rows, "neuf"),
        loyer=_filled(_column(rows, "loyer_m2"), stock, departement),
        tension=_column(rows, "tension"),
        structure=_structure(rows),
    )


def _column(rows: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name] or "nan") for row in rows])


def _mean(values: Floats, stock: Floats, where: NDArray[np.bool_]) -> float:
    known = where & ~np.isnan(values)
    return float(np.average(values[known], weights=stock[known]))


def _filled(values: Floats, stock: Floats, departement: NDArray[np.str_]) -> Floats:
    """Give the département's mean, weighted by stock, to communes without a figure."""
    filled = values.copy()
    for code in DEPARTEMENTS:
        inside = departement == code
        filled[inside & np.isnan(values)] = _mean(values, stock, inside)
    return filled


def _steadied(rotation: Floats, stock: Floats, departement: NDArray[np.str_]) -> Floats:
    """Draw small communes' noisy rates towards the département's, which keeps its published mean."""
    filled = _filled(rotation, stock, departement)
    steadied = np.empty_like(filled)
    for code in DEPARTEMENTS:
        inside = departement == code
        mean, owned = _mean(rotation, stock, inside), stock[inside]
        drawn = (owned * filled[inside] + LISSAGE * mean) / (owned + LISSAGE)
        steadied[inside] = drawn * mean / np.average(drawn, weights=owned)
    return steadied


def _structure(rows: list[dict[str, str]]) -> Floats:
    """Return each commune's structure, from its own counts, those of Paris or those of its département."""
    counts: dict[str, Floats] = {}
    for row in _rows("structure.csv"):
        table = counts.setdefault(row["commune"], np.zeros((PIECES, 2, len(PERIODES))))
        table[int(row["pieces"]) - 1, int(row["qpv"] == "oui")] = [float(row[name] or 0) for name in PERIODES]
    by_departement = {
        code: np.sum([table for commune, table in counts.items() if commune.startswith(code)], axis=0)
        for code in DEPARTEMENTS
    }
    structure = np.stack([counts.get(row["commune"], by_departement[row["departement"]]) for row in rows])
    inside = _column(rows, "part_qpv")
    for side, share in ((0, 1.0 - inside), (1, inside)):
        total = structure[:, :, side].sum(axis=(1, 2))
        # A commune that has no counts on a side has no share there either.
        factor = np.divide(share, total, out=np.zeros_like(total), where=total > 0)
        structure[:, :, side] *= factor[:, None, None]
    return structure
