"""The naming of years as a mixed-integer program: one column a (réservataire, territory, year), and what they cost.

Every objective is a row of the program, so that the value that it reached is kept by closing the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.planning.petits.dus import Titulaire
from allocator.planning.petits.reglages import ATTENTE, ATTENTE_MAX, CHARGE, TERRITOIRES
from allocator.planning.petits.rythme import Rythme
from allocator.solvers.builder import ProgramBuilder
from allocator.solvers.program import INF, Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SERVIS: Final = "servis"
"""The objective before all others: dwellings due by the last year, and never named."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one column counts: dwellings of a réservataire in a territory and a year, all by number."""

    titulaire: int
    territoire: int
    annee: int


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """The program; its first columns are the ``cases``. ``objectifs`` gives the row of each objective."""

    program: Program
    cases: tuple[Case, ...]
    objectifs: dict[str, int]
    constantes: dict[str, float]

    def cost(self, objectif: str) -> Floats:
        """Return an objective by column."""
        matrix = self.program.matrix
        own = matrix.index == self.objectifs[objectif]
        cost = np.zeros(self.program.columns)
        cost[matrix.column_of_entries()[own]] = matrix.value[own]
        return cost


class _Charge(NamedTuple):
    """What some cases load each year: their columns, their years, the most of each, the mean of a year."""

    cases: Ints
    annee: Ints
    most: Floats
    moyenne: float


def build(
    titulaires: Sequence[Titulaire], rythmes: Sequence[Rythme], annees: int, charge_max: int | None
) -> Programme:
    """Return the program of small réservataires over a number of years."""
    cases = tuple(
        Case(holder, place, year)
        for holder, titulaire in enumerate(titulaires)
        for place in range(len(titulaire.dus))
        for year in range(annees)
    )
    bornes = np.array([rythmes[case.titulaire].bornes[case.territoire][case.annee] for case in cases], float)
    builder = ProgramBuilder()
    builder.add_columns(len(cases), bornes[:, 0], bornes[:, 1], 0.0)
    objectifs = {
        name: builder.add_rows(1, -INF, INF) for name in (SERVIS, ATTENTE, ATTENTE_MAX, CHARGE, TERRITOIRES)
    }
    _count_waiting(builder, objectifs, rythmes, _bound_holders(builder, cases, rythmes))
    _bound_territories(builder, cases, rythmes)
    whole = sum(rythme.entier[-1] for rythme in rythmes)
    year = np.array([case.annee for case in cases])
    everywhere = _Charge(np.arange(len(cases)), year, bornes[:, 1], whole / annees)
    _even(builder, objectifs[CHARGE], everywhere)
    territoires = np.array([titulaires[case.titulaire].dus[case.territoire].territoire for case in cases])
    due = yearly_dues(titulaires)
    for territoire, mean in due.items():
        here = np.flatnonzero(territoires == territoire)
        _even(builder, objectifs[TERRITOIRES], _Charge(here, year[here], bornes[here, 1], mean))
    if charge_max is not None:
        agreed = np.bincount(year, bornes[:, 0], annees)
        rows = builder.add_rows(annees, -INF, np.maximum(agreed, charge_max))
        builder.add_entries(rows + year, np.arange(len(cases)), 1.0)
    constantes = dict.fromkeys(objectifs, 0.0)
    constantes[CHARGE] = whole**2 / annees
    constantes[TERRITOIRES] = annees * sum(mean**2 for mean in due.values())
    return Programme(builder.build(), cases, objectifs, constantes)


def yearly_dues(titulaires: Sequence[Titulaire]) -> dict[str, float]:
    """Return what is due to all of them in a year, by territory in the order of their promises."""
    dues: dict[str, float] = {}
    for titulaire in titulaires:
        for du in titulaire.dus:
            dues[du.territoire] = dues.get(du.territoire, 0.0) + float(du.annuel)
    return dues


def _bound_holders(builder: ProgramBuilder, cases: Sequence[Case], rythmes: Sequence[Rythme]) -> Ints:
    """Bound what each receives by each year, and return the columns that count what it then waits for.

    The columns are numbered by réservataire, then year.
    """
    annees = len(rythmes[0].entier)
    upper = [cap for rythme in rythmes for cap in rythme.plafond]
    whole = np.array([due for rythme in rythmes for due in rythme.entier], float)
    waits = builder.add_columns(len(whole), 0.0, whole, 0.0) + np.arange(len(whole))
    caps, dues = builder.add_rows(len(whole), -INF, upper), builder.add_rows(len(whole), whole, INF)
    builder.add_entries(dues + np.arange(len(whole)), waits, 1.0)
    for column, case in enumerate(cases):
        later = case.titulaire * annees + np.arange(case.annee, annees)
        builder.add_entries(caps + later, column, 1.0)
        builder.add_entries(dues + later, column, 1.0)
    return waits


def _bound_territories(builder: ProgramBuilder, cases: Sequence[Case], rythmes: Sequence[Rythme]) -> None:
    """Bound what each receives by each year in each of its territories, where it has several."""
    annees = len(rythmes[0].entier)
    rows = builder.add_rows(
        len(cases), -INF, [rythmes[case.titulaire].plafonds[case.territoire][case.annee] for case in cases]
    )
    for column, case in enumerate(cases):
        builder.add_entries(rows + column + np.arange(annees - case.annee), column, 1.0)


def _count_waiting(
    builder: ProgramBuilder, objectifs: Mapping[str, int], rythmes: Sequence[Rythme], waits: Ints
) -> None:
    by_holder = waits.reshape(len(rythmes), -1)
    builder.add_entries(objectifs[SERVIS], by_holder[:, -1], 1.0)
    builder.add_entries(objectifs[ATTENTE], waits, 1.0)
    longest = builder.add_columns(1, 0.0, INF, 0.0, integer=False)
    builder.add_entries(objectifs[ATTENTE_MAX], longest, 1.0)
    rows = builder.add_rows(len(rythmes), -INF, 0.0) + np.arange(len(rythmes))
    builder.add_entries(np.repeat(rows, by_holder.shape[1]), waits, 1.0)
    builder.add_entries(rows, longest, -1.0)


def _even(builder: ProgramBuilder, objectif: int, charge: _Charge) -> None:
    """Add to an objective, over the years, the squared deviation of a load from its mean.

    The load is a sum of unit steps; the one from ``k − 1`` to ``k`` costs ``2·k − 1 − 2·mean``, which grows, so that
    steps are taken in their order and the relaxation is the convex hull.
    """
    annees = int(charge.annee.max(initial=-1)) + 1
    rows = builder.add_rows(annees, 0.0, 0.0)
    builder.add_entries(rows + charge.annee, charge.cases, 1.0)
    for year, load in enumerate(np.bincount(charge.annee, charge.most, annees).astype(int).tolist()):
        steps = builder.add_columns(load, 0.0, 1.0, 0.0, integer=False) + np.arange(load)
        builder.add_entries(rows + year, steps, -1.0)
        builder.add_entries(objectif, steps, 2.0 * np.arange(1, load + 1) - 1.0 - 2.0 * charge.moyenne)
