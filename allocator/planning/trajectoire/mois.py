"""From years to months: an exact second step that keeps both margins.

What each réservataire receives of each class in the year is kept, and so is what is released of each class in each
month. Among the splits that do, the promises stay as near as possible to their course: at the end of each month, the
share of the year's plan that what is released so far in the territory makes of the year.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.domain.french import fixed
from allocator.domain.vocabulary import CONTRACTUEL, TOTAL
from allocator.engine.solve import Options
from allocator.flux.geography import geography
from allocator.planning.projet import Counts, Projet
from allocator.planning.projet.projet import MONTHS
from allocator.planning.projet.rounding import apportion
from allocator.planning.trajectoire.partage import Course, Partage, share_out
from allocator.planning.trajectoire.places import year_of
from allocator.planning.trajectoire.trajectoire import Trajectoire
from allocator.solvers import load
from allocator.solvers.program import Limits

Ints = NDArray[np.int64]

SIDE_BY_SIDE: Final = 2_000
"""Rows of a plan from which years are worth the start of other processes."""


@dataclass(frozen=True, slots=True, eq=False)
class Mensuel:
    """A plan by month, one row a (year, month, class, réservataire) that receives something, in that order.

    ``annee`` and ``mois`` count from 0; the bailleur's part has the réservataire ``BAILLEUR``. ``ecart`` is the sum
    over promises and months of the distance to the course, in dwellings, and ``borne`` a proven lower bound on it,
    one entry a year.
    """

    annee: NDArray[np.int16]
    mois: NDArray[np.int8]
    classe: NDArray[np.int32]
    reservataire: NDArray[np.int32]
    nombre: Ints
    ecart: tuple[float, ...]
    borne: tuple[float, ...]


def released(offre: Counts, saison: NDArray[np.float64]) -> Ints:
    """Return what is released in each month, years × classes × months, from the supply of the years.

    The months of a year share its dwellings as the season says (largest remainder), and come up in turn along the
    classes: any run of them, so any commune and any département, follows the season within one dwelling a month.
    """
    months = np.zeros((*offre.nombre.shape, MONTHS), dtype=np.int64)
    for year, number in enumerate(offre.nombre):
        total = int(number.sum())
        each = apportion(saison[None, :] * total, np.array([total]))[0]
        month = np.repeat(np.arange(MONTHS), each)
        rank = np.arange(total) - np.repeat(np.cumsum(each) - each, each)
        turn = month[np.lexsort((month, (rank + 0.5) / np.repeat(np.maximum(each, 1), each)))]
        np.add.at(months[year], (np.repeat(np.arange(len(number)), number), turn), 1)
    return months


def by_month(
    projet: Projet,
    plan: Trajectoire,
    options: Options | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Mensuel:
    """Split the plan of each year by month, years side by side; ``options.gap`` may be left between value and bound.

    The result does not depend on ``options.processes``. There is no time limit: ``options.seconds`` is not looked at.
    """
    options = options or Options()
    months = released(plan.offre, projet.saison)
    courses = [_course(projet, plan, year, months[year]) for year in range(projet.annees)]
    share = partial(_share, options.solver, options.gap)
    processes = min(options.processes, len(courses))
    beside = processes > 1 and hasattr(os, "fork") and len(plan.flux) >= SIDE_BY_SIDE
    rows: list[Ints] = []
    found: list[Partage] = []
    with ProcessPoolExecutor(processes, get_context("fork")) if beside else nullcontext() as pool:
        for year, one in enumerate((pool.map if pool else map)(share, courses)):
            tell(_told(projet.premiere + year, one))
            found.append(one)
            rows.append(_rows(year, courses[year], one))
    columns = np.concatenate(rows, axis=1)
    columns = columns[:, np.lexsort(columns[3::-1])]
    return Mensuel(
        columns[0].astype(np.int16),
        columns[1].astype(np.int8),
        columns[2].astype(np.int32),
        columns[3].astype(np.int32),
        columns[4],
        tuple(one.value for one in found),
        tuple(one.bound for one in found),
    )


def _share(solver: str, gap: float, course: Course) -> Partage:
    return share_out(course, load(solver).solve, Limits(gap=gap))


def _rows(year: int, course: Course, one: Partage) -> Ints:
    """Return the columns year, month, class, réservataire and number of a year's split."""
    pair, month = np.nonzero(one.nombre)
    years = np.full(len(pair), year)
    return np.stack([years, month, course.classe[pair], course.reservataire[pair], one.nombre[pair, month]])


def _course(projet: Projet, plan: Trajectoire, year: int, months: Ints) -> Course:
    """Return the year's plan with what stays with the bailleur, and the promises whose course counts."""
    mine = plan.flux.annee == year
    classe, holder, number = (
        column[mine].astype(np.int64)
        for column in (plan.flux.classe, plan.flux.reservataire, plan.flux.nombre)
    )
    left = months.sum(axis=1) - np.bincount(classe, number, len(months)).astype(np.int64)
    kept = np.flatnonzero(left)
    classe = np.concatenate([classe, kept])
    holder = np.concatenate([holder, np.full(len(kept), BAILLEUR)])
    places = geography(year_of(projet, year))
    promises = dict.fromkeys(
        (int(plan.ecarts.reservataire[row]), plan.ecarts.territoire[row])
        for row in np.flatnonzero(plan.annee == year).tolist()
        if plan.ecarts.sur[row] in (CONTRACTUEL, TOTAL)
    )
    inside: dict[tuple[int, int], NDArray[np.bool_]] = {}
    members, released_there = [], []
    for reservataire, territoire in promises:
        kind, scope = where = places.territory(territoire)
        if where not in inside:
            inside[where] = places.of_commune[kind][plan.offre.commune] == scope
        members.append(np.flatnonzero(inside[where][classe] & (holder == reservataire)))
        released_there.append(months[inside[where]].sum(axis=0))
    return Course(
        classe, holder, np.concatenate([number, left[kept]]), months, tuple(members), tuple(released_there)
    )


def _told(calendar: int, found: Partage) -> str:
    value, bound = (fixed(figure, 1) for figure in (found.value, found.bound))
    return f"{calendar} par mois : {value} logements d'écart au cours, borne {bound}"
