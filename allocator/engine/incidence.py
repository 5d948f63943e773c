"""Which cells count what: a join on keys, one shape of cell at a time."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.engine.chains import running
from allocator.engine.problem import Ints, Problem, Rows
from allocator.flux.promises import ANY


class Described(Protocol):
    """Columns that say where dwellings are and what they are like: classes, or dwellings themselves."""

    @property
    def commune(self) -> NDArray[np.int32]:
        """Row of ``territoires.csv``."""

    @property
    def typologie(self) -> NDArray[np.integer]:
        """Index of the vocabulary."""

    @property
    def financement(self) -> NDArray[np.integer]:
        """Index of the vocabulary."""

    @property
    def qpv(self) -> NDArray[np.integer]:
        """Index of the vocabulary."""


def incidence(
    problem: Problem, used: NDArray[np.bool_], described: Described, receipts: tuple[Rows, Ints]
) -> tuple[Ints, Ints]:
    """Return the entries (counted cell, receipt): what the receipt gives falls in the cell's own scope.

    Cells that continue such a cell count it too (:mod:`allocator.engine.chains`). A receipt is a row of
    ``described`` with the réservataire that it goes to; only ``used`` cells count. A shape of cell is the kind of
    scope and the attributes that it looks at.
    """
    like, holder = receipts
    what, places = problem.counted, problem.places
    widest = max(int(numbers.max(initial=0)) for numbers in places.of_commune) + 3
    looks = (what.typologie != ANY) * 4 + (what.financement != ANY) * 2 + (what.qpv != ANY) * 1
    shape = np.where(used, what.kind.astype(np.int64) * 8 + looks, -1)
    cells, rows = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for code in np.unique(shape[used]).tolist():
        kind, mask = divmod(code, 8)
        member = np.flatnonzero(shape == code)
        # Scopes start at 2 so that a cell that counts nowhere (−2) matches nothing.
        cell_key = what.reservataire[member] * np.int64(widest) + what.scope[member] + 2
        row_key = holder * np.int64(widest) + places.of_commune[kind][described.commune[like]] + 2
        for column, attribute, size, bit in (
            (what.typologie, described.typologie, len(TYPOLOGIES), 4),
            (what.financement, described.financement, len(FINANCEMENTS), 2),
            (what.qpv, described.qpv, len(QPV), 1),
        ):
            if mask & bit:
                cell_key = cell_key * size + column[member]
                row_key = row_key * size + attribute[like]
        cell, row = join(cell_key, row_key)
        cells.append(member[cell])
        rows.append(row)
    return np.concatenate(cells).astype(np.int32), np.concatenate(rows).astype(np.int32)


def count(problem: Problem, holder: Ints) -> NDArray[np.int64]:
    """Return the count of every cell and solde, given who receives each dwelling (negative: nobody)."""
    given = np.flatnonzero(holder >= 0)
    everything = np.ones(len(problem.counted), dtype=bool)
    cell, _ = incidence(problem, everything, problem.dwellings, (given, holder[given]))
    own = np.bincount(cell, minlength=len(problem.counted)).astype(np.int64)
    return running(problem.counted.after, own)


def join(cell_key: NDArray[np.int64], row_key: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Return the positions (cell, row) of equal keys; several cells may share one."""
    order = np.argsort(cell_key, kind="stable")
    ranked = cell_key[order]
    first = np.searchsorted(ranked, row_key, side="left")
    width = np.searchsorted(ranked, row_key, side="right") - first
    row = np.repeat(np.arange(len(row_key)), width)
    begin = np.cumsum(width) - width
    return order[np.arange(len(row)) - begin[row] + first[row]], row
