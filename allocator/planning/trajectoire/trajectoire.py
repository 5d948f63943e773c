"""A trajectory: who receives how many dwellings of each class in each year, proven tier by tier."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Ecarts, Model, TierValue
from allocator.engine.clock import Clock
from allocator.engine.solve import Listener, Options, Standing, allocate, conclude
from allocator.planning.projet import Counts, Projet, whole
from allocator.planning.trajectoire.cibles import Cases
from allocator.planning.trajectoire.task import Prepared, prepare
from allocator.solvers import load


@dataclass(frozen=True, slots=True, eq=False)
class Flux:
    """What is received, one row a (year, class, réservataire) that receives something, in that order.

    ``annee`` counts from 0, ``classe`` indexes the supply, ``nombre`` is in dwellings.
    """

    annee: NDArray[np.int16]
    classe: NDArray[np.int32]
    reservataire: NDArray[np.int32]
    nombre: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.annee)


@dataclass(frozen=True, slots=True, eq=False)
class Trajectoire:
    """A plan of years with what is claimed of it.

    ``ecarts`` has one entry a cell and year, ``annee`` their years and ``cases`` their numbers among all
    :class:`~allocator.planning.trajectoire.cibles.Cases`; ``status``, ``tiers`` and ``seconds`` are as in a
    :class:`~allocator.domain.result.Solution`.
    """

    offre: Counts
    flux: Flux
    cases: Cases
    cellules: NDArray[np.intp]
    annee: NDArray[np.int16]
    ecarts: Ecarts
    tiers: tuple[TierValue, ...]
    status: str
    solver: str
    seconds: Mapping[str, float]


def trajectory(
    projet: Projet, model: Model, options: Options | None = None, listener: Listener | None = None
) -> Trajectoire:
    """Solve all years of a projet as one, and prove it, in this process.

    Raises ``SolverError`` where the solver fails. When ``options.seconds`` runs out the plan is feasible, with the
    bounds proven so far.
    """
    return planned(projet, whole(projet), model, options, listener)


def planned(
    projet: Projet,
    supply: Counts,
    model: Model,
    options: Options | None = None,
    listener: Listener | None = None,
) -> Trajectoire:
    """Do the same with a supply that is whole already."""
    options = options or Options()
    clock = Clock()
    prepared = prepare(projet, supply, model)
    built = clock.elapsed()
    standing = allocate(prepared.task, options, listener)
    seconds = {"build": built, "solve": clock.elapsed() - built}
    return concluded(prepared, standing, load(options.solver).name, seconds)


def concluded(
    prepared: Prepared, standing: Standing, solver: str, seconds: Mapping[str, float]
) -> Trajectoire:
    """Recount a plan from who receives what, and say what is proven."""
    solution = conclude(prepared.task, standing, solver, dict(seconds))
    known = prepared.cases
    rows = np.flatnonzero(known.exists)
    return Trajectoire(
        prepared.offre,
        _flux(prepared, standing),
        known,
        rows,
        known.annee[rows],
        _only(solution.ecarts, rows),
        solution.tiers,
        solution.status,
        solver,
        seconds,
    )


def _only(ecarts: Ecarts, rows: NDArray[np.intp]) -> Ecarts:
    sur, territoire, modalite = (
        tuple(texts[row] for row in rows.tolist())
        for texts in (ecarts.sur, ecarts.territoire, ecarts.modalite)
    )
    return Ecarts(
        ecarts.reservataire[rows], sur, territoire, modalite, ecarts.cible[rows], ecarts.valeur[rows]
    )


def _flux(prepared: Prepared, standing: Standing) -> Flux:
    given = np.flatnonzero(standing.holder >= 0)
    keys = np.stack([prepared.annee[given], prepared.classe[given], standing.holder[given]])
    (year, classe, holder), number = np.unique(keys, axis=1, return_counts=True)
    return Flux(
        year.astype(np.int16), classe.astype(np.int32), holder.astype(np.int32), number.astype(np.int64)
    )
