"""Programs that are networks, recognized from their arrays alone.

A program is a network where every column has at most one +1 and one −1: rows are then places and columns arcs
between them. Counts of nested territories are not so as they stand, because a flow is counted by each of
them; but where all that row ``i`` counts is counted by row ``p`` too, ``p`` may be replaced by ``p`` less
``i``. Doing that once for each row, with the smallest row that holds it, makes a network of every laminar
family, whose deviations become arcs from a territory to the one around it. That the result *is* a network is
checked, so the condition is sufficient and never wrong; a program of another shape is refused.

Source: laminar families are network matrices, Schrijver, *Combinatorial Optimization* (2003), section 13.4.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.solvers.program import Floats, Program

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Arcs between the rows of a program and one outer place, numbered after them.

    Arcs are the columns, then the slacks of the rows that are not equalities; each goes from ``tail`` to
    ``head`` with a flow between ``lower`` and ``lower + capacity`` at ``cost`` a unit. Each place sends out
    ``supply`` more than it takes in, once the flows ``lower`` are there.
    """

    tail: Ints
    head: Ints
    lower: Ints
    capacity: Ints
    cost: Floats
    supply: Ints
    side: Ints
    nesting: "Nesting"

    def row_dual(self, potential: Ints) -> Ints:
        """Return the multipliers of the program's rows from what a unit is worth in each place."""
        place = self.side * (potential - potential[-1])[:-1]
        dual: Ints = place.copy()
        inner = self.nesting.inner
        dual[inner] -= self.nesting.sign[inner] * place[self.nesting.outer[inner]]
        return dual


@dataclass(frozen=True, slots=True, eq=False)
class Nesting:
    """Which row is taken out of which: row ``i`` times ``sign[i]`` out of ``outer[i]`` (−1: of none)."""

    outer: Ints
    sign: Ints

    @property
    def inner(self) -> NDArray[np.intp]:
        """Return the rows that are taken out of another."""
        return np.flatnonzero(self.outer >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """Entries of a matrix in whole numbers, in the order of their columns."""

    row: Ints
    column: Ints
    value: Ints


def recognize(program: Program) -> Network | None:
    """Return the network that a linear program is, or ``None`` where this does not see one.

    Bounds and sides must be whole or infinite, and every column bounded.
    """
    matrix = program.matrix
    whole = all(
        bool((side[np.isfinite(side)] % 1 == 0).all())
        for side in (program.lower, program.upper, program.row_lower, program.row_upper)
    )
    bounded = np.isfinite(program.lower).all() and np.isfinite(program.upper).all()
    if not (whole and bounded and (np.abs(matrix.value) == 1).all()):
        return None
    row, value = matrix.index.astype(np.int64), matrix.value.astype(np.int64)
    entries = _Entries(row, matrix.column_of_entries().astype(np.int64), value)
    nesting = _nest(entries, program.rows)
    ranged = np.flatnonzero(program.row_lower < program.row_upper)
    arcs = program.columns + len(ranged)
    reduced = _reduce(_with_slacks(entries, program.columns, ranged), nesting, program.rows)
    if np.bincount(reduced.column, minlength=arcs).max(initial=0) > 2 or (np.abs(reduced.value) != 1).any():
        return None
    side = _sides(reduced, program.rows)
    if side is None:
        return None
    return _network(program, ranged, reduced, nesting, side)


def _nest(entries: _Entries, rows: int) -> Nesting:
    """Find the smallest row with all of a row's columns of two entries and more, signs alike or opposite."""
    width = np.bincount(entries.column)[entries.column]
    several = width > 1
    row, value, width = entries.row[several], entries.value[several], width[several]
    size = np.bincount(row, minlength=rows)
    # All ordered pairs of entries of one column: entry k with each of the width[k] of its column.
    rank = np.arange(len(row))
    new = np.append(True, entries.column[several][1:] != entries.column[several][:-1])
    begin = np.maximum.accumulate(np.where(new[: len(row)], rank, 0))
    one = np.repeat(rank, width)
    other = begin[one] + np.arange(len(one)) - np.repeat(np.cumsum(width) - width, width)
    pairs, which = np.unique(row[one] * rows + row[other], return_inverse=True)
    common = np.bincount(which, weights=value[one] * value[other], minlength=len(pairs)).astype(np.int64)
    inner, outer = np.divmod(pairs, rows)
    larger = (size[inner] < size[outer]) | ((size[inner] == size[outer]) & (inner < outer))
    held = (np.abs(common) == size[inner]) & larger
    inner, outer, sign = inner[held], outer[held], np.sign(common[held])
    order = np.lexsort((outer, size[outer], inner))
    child, first = np.unique(inner[order], return_index=True)
    smallest = order[first]
    nesting = Nesting(np.full(rows, -1, dtype=np.int64), np.zeros(rows, dtype=np.int64))
    nesting.outer[child], nesting.sign[child] = outer[smallest], sign[smallest]
    return nesting


def _with_slacks(entries: _Entries, columns: int, ranged: NDArray[np.intp]) -> _Entries:
    """Add a column −1 for the slack of each row that is not an equality."""
    return _Entries(
        np.concatenate([entries.row, ranged]),
        np.concatenate([entries.column, columns + np.arange(len(ranged))]),
        np.concatenate([entries.value, np.full(len(ranged), -1)]),
    )


def _reduce(entries: _Entries, nesting: Nesting, rows: int) -> _Entries:
    """Take each row out of the one around it."""
    inner = np.flatnonzero(nesting.outer[entries.row] >= 0)
    row = np.concatenate([entries.row, nesting.outer[entries.row[inner]]])
    column = np.concatenate([entries.column, entries.column[inner]])
    value = np.concatenate([entries.value, -nesting.sign[entries.row[inner]] * entries.value[inner]])
    keys, which = np.unique(column * rows + row, return_inverse=True)
    total = np.rint(np.bincount(which, weights=value, minlength=len(keys))).astype(np.int64)
    column, row = np.divmod(keys[total != 0], rows)
    return _Entries(row, column, total[total != 0])


def _sides(entries: _Entries, rows: int) -> Ints | None:
    """Return signs of the rows that make the two entries of each column opposite; ``None``: there are none.

    Each row is two nodes, itself and its negative; a column ties the sides of its two rows that agree. Labels
    of what is tied are the smallest numbers, so a row's own node has the smaller label exactly where its sign
    is +1.
    """
    first = np.flatnonzero(entries.column[1:] == entries.column[:-1])
    one, other = entries.row[first], entries.row[first + 1]
    crossed = entries.value[first] * entries.value[first + 1] > 0
    left = np.concatenate([one, one + rows])
    right = np.concatenate([np.where(crossed, other + rows, other), np.where(crossed, other, other + rows)])
    label = np.arange(2 * rows)
    while True:
        least = np.minimum(label[left], label[right])
        lower = label.copy()
        np.minimum.at(lower, left, least)
        np.minimum.at(lower, right, least)
        lower = lower[lower]
        if np.array_equal(lower, label):
            break
        label = lower
    if (label[:rows] == label[rows:]).any():
        return None
    return np.where(label[:rows] < label[rows:], 1, -1)


def _network(
    program: Program, ranged: NDArray[np.intp], reduced: _Entries, nesting: Nesting, side: Ints
) -> Network:
    least, most = _activity(program)
    lower = np.concatenate([program.lower, np.maximum(program.row_lower, least)[ranged]])
    upper = np.concatenate([program.upper, np.minimum(program.row_upper, most)[ranged]])
    outside = program.rows
    tail, head = (np.full(len(lower), outside, dtype=np.int64) for _ in range(2))
    leaves = side[reduced.row] * reduced.value > 0
    tail[reduced.column[leaves]] = reduced.row[leaves]
    head[reduced.column[~leaves]] = reduced.row[~leaves]
    right = np.where(program.row_lower == program.row_upper, program.row_lower, 0.0)
    supply = right.copy()
    np.subtract.at(supply, nesting.outer[nesting.inner], (nesting.sign * right)[nesting.inner])
    supply = np.append(side * supply, 0.0)
    supply -= np.bincount(tail, weights=lower, minlength=outside + 1)
    supply += np.bincount(head, weights=lower, minlength=outside + 1)
    supply[outside] = -supply[:outside].sum()
    return Network(
        tail,
        head,
        lower.astype(np.int64),
        (upper - lower).astype(np.int64),
        np.concatenate([program.cost, np.zeros(len(ranged))]),
        supply.astype(np.int64),
        side,
        nesting,
    )


def _activity(program: Program) -> tuple[Floats, Floats]:
    """Return the least and the most that each row can come to within the bounds of its columns."""
    matrix, column = program.matrix, program.matrix.column_of_entries()
    low, high = matrix.value * program.lower[column], matrix.value * program.upper[column]
    least, most = (
        np.bincount(matrix.index, weights=extreme(low, high), minlength=program.rows).astype(np.float64)
        for extreme in (np.minimum, np.maximum)
    )
    return least, most
