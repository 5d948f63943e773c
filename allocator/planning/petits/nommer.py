"""The naming of years, solved: one objective after the other, each proven, and ties broken in a told order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.planning.petits.dus import Titulaire
from allocator.planning.petits.programme import SERVIS, Programme, build
from allocator.planning.petits.reglages import ATTENTE, ReglagesPetits
from allocator.planning.petits.rythme import Fixes, Rythme, rythme
from allocator.solvers.program import Limits, Program, Solver, SolverError, Status

TOLERANCE: Final = 1e-6
"""Rounding of arithmetic that a proof may leave; objectives differ by far more."""

LARGEST_WEIGHT: Final = 1e5
"""Ties are broken for as many columns at once as weights up to this can rank exactly …"""

AT_ONCE: Final = 20
"""… which are never more, since each has two counts at least."""


@dataclass(frozen=True, slots=True)
class Objectif:
    """What was reached of an objective; it is proven that nothing better was left by those before it."""

    nom: str
    valeur: float


@dataclass(frozen=True, slots=True, eq=False)
class AnneesNommees:
    """The named years of small réservataires.

    ``volumes[holder][territory, year]`` are dwellings (int64), in the order of the promises and of ``annees``.
    """

    annees: tuple[int, ...]
    titulaires: tuple[Titulaire, ...]
    rythmes: tuple[Rythme, ...]
    volumes: tuple[NDArray[np.int64], ...]
    objectifs: tuple[Objectif, ...]


def name_years(
    titulaires: Sequence[Titulaire],
    annees: Sequence[int],
    reglages: ReglagesPetits,
    solver: Solver,
    fixes: Fixes | None = None,
) -> AnneesNommees:
    """Name the years and territories in which small réservataires are served.

    First, all that is due by the last year is served as far as it can be; then the objectives of the settings, in their
    order; then, what is still tied goes to the first réservataire of the list, in its earliest years, in the first of
    its territories.

    Raises
    ------
    SolverError
        If the solver does not prove an optimum.
    """
    courses = tuple(rythme(titulaire, annees, reglages.avance, fixes or {}) for titulaire in titulaires)
    if not titulaires:
        return AnneesNommees(tuple(annees), (), (), (), ())
    programme = build(titulaires, courses, len(annees), reglages.charge_max)
    program, found = programme.program, []
    for name in (SERVIS, *reglages.ordre):
        value, _ = _best(solver, replace(program, cost=programme.cost(name)))
        found.append(Objectif(name, round(value + programme.constantes[name], 6) + 0.0))
        program = _closed(program, programme.objectifs[name], value)
    program = replace(program, upper=_tightened(programme, courses, found))
    counts = _untied(solver, program, len(programme.cases))
    volumes = _by_holder(titulaires, len(annees), programme, counts)
    return AnneesNommees(tuple(annees), tuple(titulaires), courses, volumes, tuple(found))


def _best(solver: Solver, program: Program) -> tuple[float, NDArray[np.float64]]:
    # HiGHS 1.16 given a starting point may return that point with the objective of a better one: none is given,
    # and the objective is compared with the point
    outcome = solver.solve(program, Limits())
    proven = outcome.status is Status.OPTIMAL and _near(outcome.objective, outcome.bound)
    if not proven or not _near(outcome.objective, float(program.cost @ outcome.x) + program.offset):
        raise SolverError(f"{solver.name} : pas d'optimum prouvé ({outcome.status.value})")
    return outcome.objective, outcome.x


def _near(value: float, other: float) -> bool:
    return abs(value - other) <= TOLERANCE * max(1.0, abs(value))


def _closed(program: Program, row: int, value: float) -> Program:
    upper = program.row_upper.copy()
    upper[row] = value + TOLERANCE
    return replace(program, row_upper=upper)


def _tightened(
    programme: Programme, courses: Sequence[Rythme], found: Sequence[Objectif]
) -> NDArray[np.float64]:
    """Return the upper bounds of columns, given how long all wait together: whoever waits less was served before."""
    waiting = next((objectif.valeur for objectif in found if objectif.nom == ATTENTE), np.inf)
    upper = programme.program.upper.copy()
    for column, case in enumerate(programme.cases):
        course, eve = courses[case.titulaire], case.annee - 1
        before = max(0.0, course.entier[eve] - round(waiting, 6)) if eve >= 0 else 0.0
        upper[column] = min(upper[column], course.plafond[case.annee] - before)
    return np.maximum(upper, programme.program.lower)


def _untied(solver: Solver, program: Program, cases: int) -> NDArray[np.int64]:
    """Return the counts of the optimum that is lexicographically largest over the cases."""
    lower, upper = program.lower.copy(), program.upper.copy()
    for columns, weights in _ranked(lower[:cases], upper[:cases]):
        cost = np.zeros(program.columns)
        cost[columns] = -weights
        _, x = _best(solver, replace(program, cost=cost, lower=lower, upper=upper))
        lower[columns] = upper[columns] = np.round(x[columns])
    return lower[:cases].astype(np.int64)


def _ranked(
    lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Yield open columns in their order, each with a weight that exceeds the most that those after it can add."""
    choices = upper - lower + 1
    open_ = np.flatnonzero(choices > 1)
    while len(open_):
        several = int(np.sum(np.cumprod(choices[open_[:AT_ONCE]]) <= LARGEST_WEIGHT))
        taken, open_ = np.split(open_, [max(1, several)])
        after = np.cumprod(choices[taken][:0:-1])[::-1]
        yield taken, np.append(after, 1.0)


def _by_holder(
    titulaires: Sequence[Titulaire], annees: int, programme: Programme, counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ...]:
    volumes = tuple(np.zeros((len(titulaire.dus), annees), np.int64) for titulaire in titulaires)
    for case, count in zip(programme.cases, counts.tolist(), strict=True):
        volumes[case.titulaire][case.territoire, case.annee] = count
    return volumes
