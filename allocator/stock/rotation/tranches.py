"""Bands of surfaces and rents, as people write them: « moins de 30 », « 30 à 45 », « 90 et plus »."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_NUMBER: Final = r"([0-9]+(?:[.,][0-9]+)?)"
_FORMS: Final = tuple(
    re.compile(form) for form in (rf"moins de {_NUMBER}", rf"{_NUMBER} à {_NUMBER}", rf"{_NUMBER} et plus")
)

FORMES: Final = "« moins de 30 », « 30 à 45 » ou « 90 et plus »"


@dataclass(frozen=True, slots=True, order=True)
class Tranche:
    """The numbers from ``bas``, included, to ``haut``, excluded; infinite where there is no bound."""

    bas: float
    haut: float

    def __str__(self) -> str:
        if self.bas == -inf:
            return f"moins de {self.haut:.10g}"
        return f"{self.bas:.10g} et plus" if self.haut == inf else f"{self.bas:.10g} à {self.haut:.10g}"

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell the values in the band; NaN is in none."""
        return (values >= self.bas) & (values < self.haut)


def parse_tranche(text: str) -> Tranche | None:
    """Return the band that a text writes, ``None`` where it writes none."""
    below, between, above = (form.fullmatch(" ".join(text.split())) for form in _FORMS)
    if below:
        return Tranche(-inf, _number(below[1]))
    if above:
        return Tranche(_number(above[1]), inf)
    if between and _number(between[1]) < _number(between[2]):
        return Tranche(_number(between[1]), _number(between[2]))
    return None


def tranches(seuils: Sequence[float]) -> tuple[Tranche, ...]:
    """Return the bands that thresholds, ascending, cut; one more than there are thresholds."""
    return tuple(Tranche(low, high) for low, high in pairwise((-inf, *seuils, inf)))


def banded(values: NDArray[np.float64], bands: Sequence[Tranche]) -> NDArray[np.str_]:
    """Return the band of each value, empty where the value is not known."""
    names: NDArray[Any] = np.array([*map(str, bands), ""])
    uppers = np.array([band.haut for band in bands])
    place = np.where(np.isnan(values), len(bands), np.searchsorted(uppers, values, side="right"))
    named: NDArray[np.str_] = names[place]
    return named


def _number(text: str) -> float:
    return float(text.replace(",", "."))
