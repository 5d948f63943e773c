"""Cells and their targets: what each promise comes to in dwellings (file contract, section 3).

A cell counts what one réservataire receives in a scope (everywhere, a département, an EPCI or a commune) with
given attributes (or any). The independent checker has its own arithmetic of the same sentences and must not
import this module.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.vocabulary import (
    CONTRACTUEL,
    CROISE,
    ECHELLES,
    FINANCEMENTS,
    PETIT,
    QPV,
    TOTAL,
    TYPOLOGIES,
)

PARTOUT: Final = 3
"""Scope kind of a cell that counts in every commune; lower kinds index ``ECHELLES``."""

ANY: Final = -1
"""Attribute of a cell that counts dwellings of any typologie (financement, QPV)."""

NOWHERE: Final = -2
"""Scope of a cell that no dwelling can count in (an EPCI crossed with a commune outside it)."""

SLACK: Final = 1e-9
"""What sums of shares may lack of a whole number, or of the threshold, and still reach it (section 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One entry a cell, in the order of ``ecarts.csv``: contractuel, total, petit, then indicative.

    ``kind`` is an index of ``ECHELLES`` or :data:`PARTOUT`, ``scope`` the number of the territory within its
    kind (see :class:`Geography`; 0 for :data:`PARTOUT`); ``typologie``, ``financement`` and ``qpv`` are indices
    of the vocabulary or :data:`ANY`. ``cible`` is in dwellings, at least 0.
    """

    reservataire: NDArray[np.int32]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: NDArray[np.float64]
    kind: NDArray[np.int8]
    scope: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.sur)


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """Territories by number: for each scope kind, the number of the territory that each commune lies in.

    ``of_commune[kind]`` has one entry a commune of the instance; ``names[kind]`` maps a territory's code to its
    number.
    """

    of_commune: tuple[NDArray[np.int32], ...]
    names: tuple[dict[str, int], ...]

    def territory(self, text: str) -> tuple[int, int]:
        """Return the kind and number of a territory written as ``departement:93``."""
        echelle, code = text.split(":", 1)
        kind = ECHELLES.index(echelle)
        return kind, self.names[kind][code]

    def communes(self, kind: int, scope: int) -> NDArray[np.intp]:
        """Return the row numbers of the communes of a territory."""
        return np.flatnonzero(self.of_commune[kind] == scope)


def geography(instance: Instance) -> Geography:
    """Give the communes, EPCI and départements of an instance numbers, in the order of their first mention."""
    columns = (instance.territoires.commune, instance.territoires.epci, instance.territoires.departement)
    names = tuple({code: i for i, code in enumerate(dict.fromkeys(column))} for column in columns)
    of_commune = [
        np.array([known[code] for code in column], dtype=np.int32)
        for known, column in zip(names, columns, strict=True)
    ]
    of_commune.append(np.zeros(len(instance.territoires), dtype=np.int32))
    return Geography(tuple(of_commune), names)


def assiette_by_commune(instance: Instance) -> NDArray[np.int64]:
    """Count the flux libérations of each commune, in the order of ``territoires.csv``."""
    liberations = instance.liberations
    return np.bincount(liberations.commune[liberations.en_flux], minlength=len(instance.territoires)).astype(
        np.int64
    )


class _Builder:
    """Columns of :class:`Cells` under construction."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, str, float, int, int, int, int, int]] = []

    def add(  # noqa: PLR0913 - a cell has that many columns
        self,
        reservataire: int,
        sur: str,
        cible: float,
        *,
        territoire: str = "",
        modalite: str = "",
        where: tuple[int, int] = (PARTOUT, 0),
        what: tuple[int, int, int] = (ANY, ANY, ANY),
    ) -> None:
        self.rows.append((reservataire, sur, territoire, modalite, max(0.0, cible), *where, *what))

    def cells(self) -> Cells:
        columns = list(zip(*self.rows, strict=True)) or [()] * 10
        return Cells(
            np.array(columns[0], dtype=np.int32),
            tuple(columns[1]),
            tuple(columns[2]),
            tuple(columns[3]),
            np.array(columns[4], dtype=np.float64),
            np.array(columns[5], dtype=np.int8),
            np.array(columns[6], dtype=np.int32),
            np.array(columns[7], dtype=np.int8),
            np.array(columns[8], dtype=np.int8),
            np.array(columns[9], dtype=np.int8),
        )


def build_cells(instance: Instance, places: Geography, seuil: float | None) -> Cells:
    """Return every cell of an instance with its target.

    ``seuil`` is the model's definition of a small réservataire, in dwellings over the period (``None``: only
    those that ``reservataires.csv`` names).
    """
    builder = _Builder()
    totals = _contractuels(builder, instance, places)
    due = np.zeros(len(instance.reservataires))
    for row in builder.rows:
        due[row[0]] += row[4]
    for reservataire, cible, territoire in totals:
        builder.add(reservataire, TOTAL, cible, territoire=territoire, where=places.territory(territoire))
    for reservataire in petits(instance, due, seuil):
        builder.add(reservataire, PETIT, float(np.floor(due[reservataire] + SLACK)))
    _indicatifs(builder, instance, places, due)
    return builder.cells()


def petits(instance: Instance, due: NDArray[np.float64], seuil: float | None) -> list[int]:
    """Return the small réservataires, given what each is owed over the period in dwellings (Th. 3-2)."""
    return [
        i
        for i, petit in enumerate(instance.reservataires.petit)
        if petit or (petit is None and seuil is not None and due[i] < seuil - SLACK)
    ]


def _contractuels(builder: _Builder, instance: Instance, places: Geography) -> list[tuple[int, float, str]]:
    """Add the contractuel cells; return the total cells as (réservataire, target, territory)."""
    conventions = instance.conventions
    assiette = assiette_by_commune(instance)
    members: dict[str, NDArray[np.intp]] = {}
    totals: list[tuple[int, float, str]] = []
    for row, territoire in enumerate(conventions.territoire):
        if territoire not in members:
            members[territoire] = places.communes(*places.territory(territoire))
        communes = members[territoire]
        base = assiette[communes]
        reservataire = int(conventions.reservataire[row])
        part, report = float(conventions.part[row]), float(conventions.report[row])
        fixed = report if np.isfinite(part) else float(conventions.volume[row]) + report
        rate = part / 100 if np.isfinite(part) else 0.0
        whole = int(base.sum())
        if conventions.niveau[row] == "territoire":
            builder.add(
                reservataire,
                CONTRACTUEL,
                rate * whole + fixed,
                territoire=territoire,
                where=places.territory(territoire),
            )
            continue
        total = 0.0
        for commune, count in zip(communes.tolist(), base.tolist(), strict=True):
            if count == 0:
                continue
            cible = max(0.0, rate * count + fixed * (count / whole))
            total += cible
            builder.add(
                reservataire,
                CONTRACTUEL,
                cible,
                territoire=f"commune:{instance.territoires.commune[commune]}",
                where=(0, commune),
            )
        totals.append((reservataire, total, territoire))
    return totals


def _indicatifs(builder: _Builder, instance: Instance, places: Geography, due: NDArray[np.float64]) -> None:
    indicatifs = instance.indicatifs
    for row, dimension in enumerate(indicatifs.dimension):
        reservataire = int(indicatifs.reservataire[row])
        modalite = indicatifs.modalite[row]
        where, what = _criteria(places, dimension, modalite)
        builder.add(
            reservataire,
            CROISE if "+" in dimension else dimension,
            float(indicatifs.part[row]) / 100 * due[reservataire],
            modalite=modalite,
            where=where,
            what=what,
        )


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
