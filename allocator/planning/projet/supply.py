"""From a stock and its rates to the supply of each year: rotation, deliveries, demolitions, hors assiette."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Territoires
from allocator.planning.projet.projet import Offre

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """Dwellings of one class each, that enter or leave the stock on a day; one entry a row.

    ``commune`` (int32), ``typologie``, ``financement`` and ``qpv`` (int8) as in ``Offre``; ``logements`` (int64);
    ``date`` is ``datetime64[D]``, NaT for those that are there from the first day; ``taux`` is the rate of rotation,
    in percent a year.
    """

    programme: tuple[str, ...]
    commune: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    logements: NDArray[np.int64]
    date: NDArray[np.datetime64]
    taux: Floats

    def __len__(self) -> int:
        return len(self.commune)

    @property
    def classes(self) -> tuple[NDArray[np.generic], ...]:
        """The columns of the class."""
        return self.commune, self.typologie, self.financement, self.qpv


@dataclass(frozen=True, slots=True, eq=False)
class Retrait:
    """Dwellings kept out of the flux in one year (0 is the first), somewhere: ``volume`` of them."""

    annee: int
    communes: Rows
    volume: float


def present(lots: Lots, premiere: int, annees: int) -> Floats:
    """Return the share of each year in which each lot is there, years × lots, from its date on."""
    first = np.array([f"{premiere + year}-01-01" for year in range(annees + 1)], dtype="datetime64[D]")
    days = np.diff(first).astype(np.float64)
    since = np.where(np.isnat(lots.date), first[0], lots.date)
    left = (first[1:, None] - since).astype(np.float64) / days[:, None]
    share: Floats = np.clip(left, 0.0, 1.0)
    return share


def released(lots: Lots, premiere: int, annees: int, sign: float = 1.0) -> Offre:
    """Return what lots bring to the supply of each year, or take from it (``sign`` −1), one row a lot and year.

    A delivered dwelling is first let en stock; from then on it turns over as the rate says (Th. 3-3).
    """
    expected = sign * present(lots, premiere, annees) * lots.logements * lots.taux / 100.0
    rows = np.tile(np.arange(len(lots)), annees)
    return Offre(
        lots.commune[rows],
        lots.typologie[rows],
        lots.financement[rows],
        lots.qpv[rows],
        np.repeat(np.arange(annees, dtype=np.int16), len(lots)),
        expected.ravel(),
    )


def together(*parts: Offre) -> Offre:
    """Return the sum of several supplies, one row a class and year, ascending; none is below zero."""
    keys = np.concatenate(
        [
            np.stack(
                [
                    column.astype(np.int64)
                    for column in (p.annee, p.commune, p.typologie, p.financement, p.qpv)
                ]
            )
            for p in parts
        ],
        axis=1,
    )
    classes, of_row = np.unique(keys, axis=1, return_inverse=True)
    sums = np.bincount(of_row.ravel(), np.concatenate([p.attendu for p in parts]), classes.shape[1])
    annee, commune, typologie, financement, qpv = classes
    return Offre(
        commune.astype(np.int32),
        typologie.astype(np.int8),
        financement.astype(np.int8),
        qpv.astype(np.int8),
        annee.astype(np.int16),
        np.maximum(0.0, sums.astype(np.float64)),
    )


def without(offre: Offre, retraits: list[Retrait]) -> tuple[Offre, list[float]]:
    """Return a supply from which some is kept out, and what each retrait lacked there (0 where there was enough).

    A retrait takes from the classes of its territory in proportion to what the retraits before it left.
    """
    left = offre.attendu.copy()
    missing = []
    for retrait in retraits:
        rows = np.flatnonzero((offre.annee == retrait.annee) & np.isin(offre.commune, retrait.communes))
        there = float(left[rows].sum())
        taken = min(retrait.volume, there)
        left[rows] *= 1.0 - taken / there if there > 0 else 1.0
        missing.append(retrait.volume - taken)
    return Offre(offre.commune, offre.typologie, offre.financement, offre.qpv, offre.annee, left), missing


def communes_of(territoires: Territoires, territoire: str) -> Rows:
    """Return the rows of the communes of a territory, written as ``departement:93``."""
    scale, _, code = territoire.partition(":")
    return np.flatnonzero([each == code for each in getattr(territoires, scale)])
