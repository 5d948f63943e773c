"""The daily course of every cell: what it was owed and what it had, at the end of each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.engine.incidence import incidence
from allocator.engine.problem import build_problem
from allocator.flux.cells import Cells, assiette_by_commune
from allocator.flux.promises import Promises
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.daily_schema import COURS
from allocator.policies.replaying.replay import Replay

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where each cell of ``ecarts.csv`` stood at the end of each day: ``cible`` and ``valeur``, days × cells.

    ``days`` are those on which something was released, given or came back. ``cible`` is the target at the assiette
    so far, ``valeur`` the dwellings with the réservataire by then; on the last day both are the cell's own.
    """

    days: NDArray[np.datetime64]
    cells: Cells
    cible: Floats
    valeur: NDArray[np.int64]


def course(instance: Instance, result: Replay) -> Course:
    """Compute the course of every cell of an instance through a replay."""
    promises = result.frame.promises
    kept = cells_of(instance, promises)
    _, cells = build_problem(instance, result.frame.model)
    days = np.unique(np.concatenate([result.days, result.turns.moves().date]))
    cible = np.zeros((len(days), len(kept)))
    for day, assiette in enumerate(assiette_by_day(instance, days)):
        cible[day] = promises.cibles(assiette)[0][kept]
    return Course(days, cells, cible, counted_by_day(instance, result, days, np.ones(len(kept), dtype=bool)))


def cells_of(instance: Instance, promises: Promises) -> NDArray[np.intp]:
    """Return the promises that are cells of the instance, in the order of ``ecarts.csv``."""
    return np.flatnonzero(promises.cibles(assiette_by_commune(instance))[1])


def assiette_by_day(instance: Instance, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Count the flux libérations of each commune up to the end of each day, days × communes."""
    liberations, rows = instance.liberations, instance.liberations.en_flux
    released = np.zeros((len(days), len(instance.territoires)), dtype=np.int64)
    np.add.at(released, (np.searchsorted(days, liberations.date[rows]), liberations.commune[rows]), 1)
    return np.cumsum(released, axis=0)


def counted_by_day(
    instance: Instance, result: Replay, days: NDArray[np.datetime64], chosen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Count what each cell of ``ecarts.csv`` had at the end of each day, days × cells, in dwellings.

    Only the ``chosen`` cells are counted; the others stay at 0.
    """
    problem, _ = build_problem(instance, result.frame.model)
    used = np.zeros(len(problem.counted), dtype=bool)
    used[: problem.cells] = chosen
    moves = result.turns.moves()
    cell, entry = incidence(problem, used, problem.dwellings, (moves.row, moves.reservataire))
    # What moves after the last of the days shows on none of them.
    day = np.searchsorted(days, moves.date[entry])
    had = np.zeros((len(days) + 1, problem.cells), dtype=np.int64)
    np.add.at(had, (day, cell), moves.amount[entry])
    return np.cumsum(had[:-1], axis=0)


def write_course(file: TextIO, instance: Instance, known: Course) -> None:
    """Write ``cours.csv``: by day, then in the order of ``ecarts.csv``.

    A cell has a row on each day on which its count changed, and on the last of the days of each month: a target
    moves with each libération of its territory, which would be a row a cell and a day.
    """
    write_rows(file, COURS, _rows(instance, known))


def _rows(instance: Instance, known: Course) -> Iterator[tuple[str, ...]]:
    month = known.days.astype("datetime64[M]")
    last_of_month = np.append(month[1:] != month[:-1], True)[: len(month)]
    changed = np.diff(known.valeur, axis=0, prepend=0) != 0
    names, cells = instance.reservataires.id, known.cells
    for day, cell in np.argwhere(changed | last_of_month[:, None]).tolist():
        yield (
            str(known.days[day]),
            names[cells.reservataire[cell]],
            cells.sur[cell],
            cells.territoire[cell],
            cells.modalite[cell],
            six_decimals(known.cible[day, cell]),
            str(known.valeur[day, cell]),
        )
