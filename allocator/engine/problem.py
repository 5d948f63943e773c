"""A problem: an instance and a model in numbers."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Instance, Model
from allocator.engine.chains import continued
from allocator.engine.costs import TierCost, floors, tier_cost
from allocator.flux.cells import Cells, build_cells
from allocator.flux.geography import Geography, geography
from allocator.flux.promises import ANY

Ints = NDArray[np.int32]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Dwellings:
    """The flux libérations, one entry each: their row in the instance and what cells look at."""

    row: Rows
    commune: Ints
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.row)

    def only(self, kept: NDArray[np.bool_]) -> "Dwellings":
        """Return some of them, by a mask."""
        return Dwellings(
            self.row[kept], self.commune[kept], self.typologie[kept], self.financement[kept], self.qpv[kept]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What is counted, one entry a cell and then one a ``solde``: whose dwellings, where, of which kind.

    ``limit`` is the largest count allowed (the ``solde``; a number beyond reach for a cell). ``after`` says which
    entry each continues (:mod:`allocator.engine.chains`): all −1 over a single period.
    """

    reservataire: Ints
    kind: Ints
    scope: Ints
    typologie: Ints
    financement: Ints
    qpv: Ints
    limit: NDArray[np.int64]
    after: Ints

    def __len__(self) -> int:
        return len(self.reservataire)

    def only(self, kept: Rows) -> "Counted":
        """Return some of the entries, by number in ascending order; whole chains are kept or left."""
        renumbered = np.full(len(self) + 1, -1, dtype=np.int32)
        renumbered[kept] = np.arange(len(kept))
        return Counted(
            self.reservataire[kept],
            self.kind[kept],
            self.scope[kept],
            self.typologie[kept],
            self.financement[kept],
            self.qpv[kept],
            self.limit[kept],
            renumbered[self.after[kept]],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """Who may receive where: the réservataires of commune ``c`` are ``reservataire[start[c]:start[c + 1]]``."""

    start: Rows
    reservataire: Ints

    def commune(self) -> Rows:
        """Return the commune of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def only(self, kept: NDArray[np.bool_]) -> "Eligibility":
        """Return some of the entries, by a mask."""
        return eligibility(self.commune()[kept], self.reservataire[kept], len(self.start) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """An instance and a model in numbers.

    ``cells`` are numbered from 0, soldes after them (see :class:`Counted`); ``floor`` has one entry a cell and
    ``costs`` one a tier. ``places`` keeps the numbering of the whole instance, in parts too.
    """

    places: Geography
    dwellings: Dwellings
    counted: Counted
    eligible: Eligibility
    floor: NDArray[np.int64]
    costs: tuple[TierCost, ...]

    @property
    def cells(self) -> int:
        """Number of cells (the counted entries that are not soldes)."""
        return len(self.floor)

    def normalized(self) -> "Problem":
        """Return the same problem with each tier in a unit of its own."""
        return replace(self, costs=tuple(cost.normalized() for cost in self.costs))

    def used(self, tiers: int) -> NDArray[np.bool_]:
        """Mark what the first ``tiers`` look at, and what that continues; soldes always are."""
        used = np.ones(len(self.counted), dtype=bool)
        used[: self.cells] = False
        for cost in self.costs[:tiers]:
            used[: self.cells] |= cost.used()
        return used | continued(self.counted.after, used)


def build_problem(instance: Instance, model: Model) -> tuple[Problem, Cells]:
    """Translate an instance and a model; the cells come with their targets, in the order of ``ecarts.csv``."""
    places = geography(instance)
    cells = build_cells(instance, places, model.seuil)
    costs = tuple(tier_cost(tier, cells, instance) for tier in model.tiers)
    liberations, rows = instance.liberations, instance.liberations.en_flux
    dwellings = Dwellings(
        rows,
        liberations.commune[rows],
        liberations.typologie[rows],
        liberations.financement[rows],
        liberations.qpv[rows],
    )
    wanted = np.zeros(len(instance.reservataires), dtype=bool)
    for cost in costs:
        wanted[cells.reservataire[cost.used()]] = True
    eligible = eligibility(*receivers(instance, places, wanted), len(instance.territoires))
    problem = Problem(places, dwellings, _counted(instance, cells, places), eligible, floors(cells), costs)
    return problem, cells


def _counted(instance: Instance, cells: Cells, places: Geography) -> Counted:
    """List the cells, then the soldes of the conventions."""
    conventions = instance.conventions
    bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
    where = [places.territory(conventions.territoire[row]) for row in bounded]
    free = np.full(len(bounded), ANY, dtype=np.int32)
    beyond = np.full(len(cells), len(instance.liberations), dtype=np.int64)
    return Counted(
        np.concatenate([cells.reservataire, conventions.reservataire[bounded]]).astype(np.int32),
        np.concatenate([cells.kind, np.array([kind for kind, _ in where], dtype=np.int32)]),
        np.concatenate([cells.scope, np.array([scope for _, scope in where], dtype=np.int32)]),
        np.concatenate([cells.typologie, free]),
        np.concatenate([cells.financement, free]),
        np.concatenate([cells.qpv, free]),
        np.concatenate([beyond, conventions.solde[bounded]]),
        np.full(len(cells) + len(bounded), -1, dtype=np.int32),
    )


def receivers(
    instance: Instance, places: Geography, wanted: NDArray[np.bool_]
) -> tuple[Rows, NDArray[np.int64]]:
    """Return the pairs (commune, réservataire) of who may receive where, among the ``wanted``, in order."""
    conventions = instance.conventions
    codes = [np.empty(0, dtype=np.int64)]
    count = max(1, len(instance.reservataires))
    for row, territoire in enumerate(conventions.territoire):
        reservataire = int(conventions.reservataire[row])
        if wanted[reservataire]:
            communes = places.communes(*places.territory(territoire))
            codes.append(communes.astype(np.int64) * count + reservataire)
    commune, reservataires = np.divmod(np.unique(np.concatenate(codes)), count)
    return commune, reservataires


def eligibility(commune: Rows, reservataire: NDArray[np.integer], communes: int) -> Eligibility:
    """Return who may receive where, from pairs in the order of the communes."""
    start = np.searchsorted(commune, np.arange(communes + 1))
    return Eligibility(start, reservataire.astype(np.int32))
