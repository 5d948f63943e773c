"""Rounding that closes: shares of a total over the years, and a table of two margins."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.solvers import highs
from allocator.solvers.program import INF, Limits, Matrix, Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK: Final = 1e-9
"""Distance from a whole number within which an expected number is whole."""

MISSED: Final = 5.0
"""Price of a unit that a column misses: more than the distances that moving a dwelling between four cells adds."""


def apportion(expected: Floats, total: Ints) -> Ints:
    """Return whole numbers, years × parts, that sum to ``total`` each year and follow what is expected.

    Each part's *j*-th dwelling may come up from the year in which more than *j* − 1 were expected of it, and is
    due in the year in which *j* were: those due soonest come first (earliest deadline), then those nearest to
    being due. Where ``total`` is the rounded sum of what is expected, the cumulated numbers of each part are
    within one of what was expected.

    Parameters
    ----------
    expected
        Dwellings, years × parts.
    total
        Dwellings of each year; nothing is expected of no part.
    """
    cumulated = expected.cumsum(axis=0)
    given = np.zeros(expected.shape[1], dtype=np.int64)
    numbers = np.zeros(expected.shape, dtype=np.int64)
    for year, left in enumerate(total.tolist()):
        overdue = cumulated[year] - given
        certain = np.maximum(0, np.floor(overdue + SLACK)).astype(np.int64)
        short = int(certain.sum()) - left
        if short > 0:
            certain -= _first(certain, overdue - certain, short)
        rest = left - int(certain.sum())
        reached = cumulated[year:] >= given + certain + 1 - SLACK
        due = np.where(reached.any(axis=0), reached.argmax(axis=0), len(reached))
        order = np.lexsort((-(overdue - certain), due, overdue - certain <= SLACK))
        extra = np.bincount(np.resize(order, rest), minlength=len(given)) if rest else 0
        numbers[year] = certain + extra
        given += numbers[year]
    return numbers


def _first(certain: Ints, remainder: Floats, number: int) -> Ints:
    """Return ``number`` units to take back, from the parts that are least overdue first."""
    order = np.argsort(remainder, kind="stable")
    return np.bincount(np.repeat(order, certain[order])[:number], minlength=len(certain))


def transport(overdue: Floats, row: Ints, column: Ints, rows: Ints, columns: Ints) -> Ints:
    """Return whole numbers, one a cell, that leave the least overdue or in advance.

    The sums of the rows are kept, and those of the columns as near as the cells allow. Among such tables the sum of
    the distances between what is given and what is overdue is least. A transportation program: its vertices are
    whole.

    Parameters
    ----------
    overdue
        What is expected of each cell by now and has not come; may be negative.
    row, column
        Of each cell.
    rows, columns
        The margins; they have the same sum, and every row has a cell.

    Notes
    -----
    Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987), has the same table of margins
    and makes it by chance; this one takes the nearest, so that the same input gives the same table.
    """
    size, kinds = len(overdue), len(columns)
    certain = np.maximum(0.0, np.floor(overdue + SLACK))
    rest = np.clip(overdue - certain, 0.0, 1.0)
    cells = np.tile(np.arange(size, dtype=np.int32), 3)
    ways = 3 * size + 2 * kinds
    # Each cell enters its row and its column; a column may miss its sum, or pass it, at a price.
    place = np.concatenate([row[cells], len(rows) + column[cells], len(rows) + np.tile(np.arange(kinds), 2)])
    at = np.concatenate([np.tile(np.arange(3 * size), 2), np.arange(3 * size, ways)])
    value = np.concatenate([np.ones(6 * size + kinds), np.full(kinds, -1.0)])
    margins = np.concatenate([rows, columns]).astype(np.float64)
    program = Program(
        np.concatenate([np.full(size, -1.0), 1.0 - 2.0 * rest, np.ones(size), np.full(2 * kinds, MISSED)]),
        np.zeros(ways),
        np.concatenate([certain, np.ones(size), np.full(size + 2 * kinds, INF)]),
        margins,
        margins,
        Matrix.from_entries(place.astype(np.int32), at.astype(np.int32), value, ways),
        np.zeros(ways, dtype=bool),
    )
    found = np.round(highs.solve(program, Limits()).x[: 3 * size])
    return np.bincount(cells, found, size).astype(np.int64)
