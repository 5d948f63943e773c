"""What was promised, before anyone knows what will be released: cells whose targets follow from an assiette.

A year's targets are known on its last day only; a daily rule needs them at any assumed assiette. Cells of
communes where nothing is released yet are listed too (section 3 of the file contract drops them at the end).
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.vocabulary import (
    CONTRACTUEL,
    CROISE,
    FINANCEMENTS,
    PETIT,
    QPV,
    TOTAL,
    TYPOLOGIES,
)
from allocator.flux.geography import PARTOUT, Geography

ANY: Final = -1
"""Attribute of a cell that counts dwellings of any typologie (financement, QPV)."""

NOWHERE: Final = -2
"""Scope of a cell that no dwelling can count in (an EPCI crossed with a commune outside it)."""

SLACK: Final = 1e-9
"""What sums of shares may lack of a whole number, or of the threshold, and still reach it (section 3)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """What each cell counts: one entry a cell.

    ``kind`` is an index of ``ECHELLES`` or :data:`PARTOUT`, ``scope`` the number of the territory within its
    kind (see :class:`Geography`; 0 for :data:`PARTOUT`, or :data:`NOWHERE`); ``typologie``, ``financement`` and
    ``qpv`` are indices of the vocabulary or :data:`ANY`.
    """

    reservataire: NDArray[np.int32]
    kind: NDArray[np.int8]
    scope: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.reservataire)


@dataclass(frozen=True, slots=True, eq=False)
class Promises:
    """Every cell that the promises can give rise to: contractuel, total, petit, then indicative.

    ``row`` is the row of ``conventions.csv`` of a contractuel or total cell, of ``indicatifs.csv`` of an
    indicative one, -1 for a petit one. ``rate`` is the share (0–1) of what the cell's target is taken from: of
    its territory's assiette (contractuel), of what the réservataire is owed (indicative). ``fixed`` is what a
    contractuel cell is owed whatever is released, in dwellings, and ``spread`` the number of the territory (by
    ``spread_kind``) over which that is spread in proportion to the assiette, or -1. ``seuil`` is the model's
    definition of a small réservataire; ``petit`` has one entry a réservataire.
    """

    places: Geography
    scopes: Scopes
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    row: NDArray[np.int32]
    rate: Floats
    fixed: Floats
    spread_kind: NDArray[np.int8]
    spread: NDArray[np.int32]
    starts: tuple[int, int, int]
    petit: tuple[bool | None, ...]
    seuil: float | None

    def __len__(self) -> int:
        return len(self.sur)

    @property
    def contractuels(self) -> slice:
        """The contractuel cells."""
        return slice(0, self.starts[0])

    @property
    def totaux(self) -> slice:
        """The total cells."""
        return slice(self.starts[0], self.starts[1])

    @property
    def petits(self) -> slice:
        """The petit cells, one for each réservataire that may be small."""
        return slice(self.starts[1], self.starts[2])

    @property
    def indicatifs(self) -> slice:
        """The indicative cells."""
        return slice(self.starts[2], len(self.sur))

    def cibles(
        self, assiette: NDArray[np.integer] | Floats, elapsed: float = 1.0
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return each cell's target at an assiette, and whether the cell exists there.

        Parameters
        ----------
        assiette
            Flux libérations of each commune, in the order of ``territoires.csv``; may be an expectation.
        elapsed
            Share of the period gone, for targets pro rata: volumes and reports are due as time goes.

        Returns
        -------
        tuple
            Targets in dwellings, at least 0 (one a cell; 0 where it does not exist), and a mask: a contractuel
            cell of a commune does not exist where nothing is released, a petit one where its réservataire is
            not small.
        """
        owed, there = self.owed(assiette, elapsed)
        cible = self.following(np.maximum(0.0, owed))
        exists = np.ones(len(self), dtype=bool)
        exists[self.contractuels] = there
        small = self._small(self._due(cible))
        exists[self.petits] = small[self.scopes.reservataire[self.petits]]
        cible[self.petits] = np.floor(cible[self.petits] + SLACK)
        return cible, exists

    def owed(
        self, assiette: NDArray[np.integer] | Floats, elapsed: float = 1.0
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return what each contractuel cell is owed, in dwellings, and whether it exists (see :meth:`cibles`).

        Unlike a target it is below 0 where more than the share was received in earlier years.
        """
        contractuels = self.contractuels
        within = _assiettes(self.places, assiette)
        scopes = self.scopes
        own = within[scopes.kind[contractuels], scopes.scope[contractuels]]
        spread = self.spread[contractuels]
        alone = spread < 0
        whole = np.where(alone, 1.0, within[self.spread_kind[contractuels], np.maximum(spread, 0)])
        share = np.where(alone, 1.0, np.divide(own, whole, out=np.zeros(len(own)), where=whole > 0))
        owed = self.rate[contractuels] * own + elapsed * self.fixed[contractuels] * share
        there = alone | (own > 0)
        return np.where(there, owed, 0.0), there

    def following(self, contractuels: Floats) -> Floats:
        """Return what every cell is owed where the contractuel ones are owed so much; linear.

        A petit cell is owed the sum, whole or not.
        """
        cible = np.zeros(len(self))
        cible[self.contractuels] = contractuels
        by_row = np.bincount(self.row[self.contractuels], weights=contractuels, minlength=_rows(self))
        cible[self.totaux] = by_row[self.row[self.totaux]]
        due, holder = self._due(cible), self.scopes.reservataire
        cible[self.petits] = due[holder[self.petits]]
        cible[self.indicatifs] = self.rate[self.indicatifs] * due[holder[self.indicatifs]]
        return cible

    def due(self, assiette: NDArray[np.integer] | Floats) -> Floats:
        """Return what each réservataire is owed at an assiette: the sum of its contractuel targets."""
        return self._due(self.cibles(assiette)[0])

    def _due(self, cible: Floats) -> Floats:
        contractuels = self.contractuels
        holders = self.scopes.reservataire[contractuels]
        due: Floats = np.bincount(holders, weights=cible[contractuels], minlength=len(self.petit)).astype(
            float
        )
        return due

    def _small(self, due: Floats) -> NDArray[np.bool_]:
        """Mark the small réservataires, given what each is owed over the period in dwellings (Th. 3-2)."""
        limit = -np.inf if self.seuil is None else self.seuil - SLACK
        return np.array(
            [
                bool(petit) or (petit is None and bool(owed < limit))
                for petit, owed in zip(self.petit, due, strict=True)
            ],
            dtype=bool,
        )


def _rows(promises: Promises) -> int:
    return int(promises.row.max(initial=-1)) + 1


def _assiettes(places: Geography, assiette: NDArray[np.integer] | Floats) -> Floats:
    """Return the assiette of each territory, kinds by numbers (padded with 0)."""
    widest = max((len(names) for names in places.names), default=0)
    table = np.zeros((PARTOUT + 1, max(1, widest)))
    for kind, of_commune in enumerate(places.of_commune):
        counts = np.bincount(of_commune, weights=assiette, minlength=1)
        table[kind, : len(counts)] = counts
    return table


@dataclass(slots=True)
class _Row:
    """One cell under construction; the fields are those of :class:`Promises` and :class:`Scopes`."""

    reservataire: int
    sur: str
    row: int
    territoire: str = ""
    modalite: str = ""
    where: tuple[int, int] = (PARTOUT, 0)
    what: tuple[int, int, int] = (ANY, ANY, ANY)
    rate: float = 0.0
    fixed: float = 0.0
    spread: tuple[int, int] = (0, -1)


def build_promises(instance: Instance, places: Geography, seuil: float | None) -> Promises:
    """Return every cell that the conventions and wishes of an instance can give rise to.

    ``seuil`` is the model's definition of a small réservataire, in dwellings over the period (``None``: only
    those that ``reservataires.csv`` names). Libérations are not looked at.
    """
    contractuels, totaux = _contractuels(instance, places)
    petits = [
        _Row(holder, PETIT, -1)
        for holder, petit in enumerate(instance.reservataires.petit)
        if petit is not False
    ]
    groups = (contractuels, totaux, petits, _indicatifs(instance, places))
    rows = [row for group in groups for row in group]
    starts = np.cumsum([len(group) for group in groups])[:3].tolist()
    scopes = Scopes(
        np.array([row.reservataire for row in rows], dtype=np.int32),
        np.array([row.where[0] for row in rows], dtype=np.int8),
        np.array([row.where[1] for row in rows], dtype=np.int32),
        *(np.array([row.what[axis] for row in rows], dtype=np.int8) for axis in range(3)),
    )
    return Promises(
        places,
        scopes,
        tuple(row.sur for row in rows),
        tuple(row.territoire for row in rows),
        tuple(row.modalite for row in rows),
        np.array([row.row for row in rows], dtype=np.int32),
        np.array([row.rate for row in rows], dtype=np.float64),
        np.array([row.fixed for row in rows], dtype=np.float64),
        np.array([row.spread[0] for row in rows], dtype=np.int8),
        np.array([row.spread[1] for row in rows], dtype=np.int32),
        (starts[0], starts[1], starts[2]),
        instance.reservataires.petit,
        seuil,
    )


def _contractuels(instance: Instance, places: Geography) -> tuple[list[_Row], list[_Row]]:
    """Return the contractuel cells, and the total ones."""
    conventions = instance.conventions
    cells: list[_Row] = []
    totals: list[_Row] = []
    for row, territoire in enumerate(conventions.territoire):
        where = places.territory(territoire)
        holder = int(conventions.reservataire[row])
        part, report = float(conventions.part[row]), float(conventions.report[row])
        fixed = report if np.isfinite(part) else float(conventions.volume[row]) + report
        rate = part / 100 if np.isfinite(part) else 0.0
        if conventions.niveau[row] == "territoire":
            cells.append(_Row(holder, CONTRACTUEL, row, territoire, where=where, rate=rate, fixed=fixed))
            continue
        for commune in places.communes(*where).tolist():
            name = f"commune:{instance.territoires.commune[commune]}"
            cells.append(
                _Row(holder, CONTRACTUEL, row, name, where=(0, commune), rate=rate, fixed=fixed, spread=where)
            )
        totals.append(_Row(holder, TOTAL, row, territoire, where=where))
    return cells, totals


def _indicatifs(instance: Instance, places: Geography) -> list[_Row]:
    indicatifs = instance.indicatifs
    cells = []
    criteria = cache(partial(_criteria, places))
    for row, dimension in enumerate(indicatifs.dimension):
        modalite = indicatifs.modalite[row]
        where, what = criteria(dimension, modalite)
        sur = CROISE if "+" in dimension else dimension
        rate = float(indicatifs.part[row]) / 100
        cells.append(
            _Row(int(indicatifs.reservataire[row]), sur, row, "", modalite, where=where, what=what, rate=rate)
        )
    return cells


def _criteria(
    places: Geography, dimension: str, modalite: str
) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """Return where and what an indicative row counts, from its text (crossed or not)."""
    values = dict(zip(dimension.split("+"), modalite.split("+"), strict=True))
    what = (
        TYPOLOGIES.index(values["typologie"]) if "typologie" in values else ANY,
        FINANCEMENTS.index(values["financement"]) if "financement" in values else ANY,
        QPV.index(values["qpv"]) if "qpv" in values else ANY,
    )
    if "commune" in values:
        commune = places.names[0][values["commune"]]
        inside = "epci" not in values or places.of_commune[1][commune] == places.names[1][values["epci"]]
        return (0, commune if inside else NOWHERE), what
    if "epci" in values:
        return (1, places.names[1][values["epci"]]), what
    return (PARTOUT, 0), what
