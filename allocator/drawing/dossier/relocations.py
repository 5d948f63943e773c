"""Which dwellings come free in a year, and when."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.drawing.dossier.parc import Parc
from allocator.drawing.dwellings import Ints, draw_days

ANNEE_CREUSE: Final = 0.03
"""Spread (log) of what is released from one year to the next."""


class Relocations(NamedTuple):
    """Vacated dwellings in the order of their days: rows of the stock, and days (``datetime64[D]``)."""

    logement: Ints
    date: NDArray[np.datetime64]


def draw_relocations(parc: Parc, annee: int, rng: np.random.Generator) -> Relocations:
    """Draw those of a year; a dwelling is vacated once at most, and not before it stands.

    Rates are those of ``parc.rotation``, a little more one year and less the next.
    """
    pace = float(np.exp(ANNEE_CREUSE * rng.standard_normal()))
    chance = np.where(parc.en_location & (parc.construction < annee), parc.rotation * pace, 0.0)
    logement = rng.permutation(np.flatnonzero(rng.random(len(parc)) < chance))
    days = draw_days(annee, len(logement), rng)
    return Relocations(logement, np.datetime64(f"{annee}-01-01", "D") + days)
