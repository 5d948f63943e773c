"""The independent parts of a problem: what shares neither a dwelling, nor a cell, nor a largest term."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocator.engine.incidence import join
from allocator.engine.problem import Problem, Rows

Mask = NDArray[np.bool_]


def split(problem: Problem) -> Iterator[Problem]:
    """Yield the parts in the order of their first eligibility; the last one has no dwelling.

    A right to receive (commune, réservataire) is tied to the others of its commune, and to those that some counted
    entry of its réservataire counts too. A goal of norm ``max`` ties the cells that it bears on.
    """
    of_entry, of_counted = _components(problem)
    of_commune = np.full(len(problem.eligible.start) - 1, -1, dtype=np.intp)
    of_commune[problem.eligible.commune()] = of_entry
    of_dwelling = of_commune[problem.dwellings.commune]
    served = np.intersect1d(of_dwelling, of_entry)
    for part in served.tolist():
        yield _part(problem, of_dwelling == part, of_entry == part, np.flatnonzero(of_counted == part))
    nothing = np.zeros(len(problem.dwellings), dtype=bool)
    rest = np.flatnonzero(~np.isin(of_counted, served))
    yield _part(problem, nothing, np.zeros(len(of_entry), dtype=bool), rest)


def _part(problem: Problem, dwellings: Mask, entries: Mask, counted: Rows) -> Problem:
    cells = counted[counted < problem.cells]
    return replace(
        problem,
        dwellings=problem.dwellings.only(dwellings),
        counted=problem.counted.only(counted),
        eligible=problem.eligible.only(entries),
        floor=problem.floor[cells],
        costs=tuple(cost.only(cells) for cost in problem.costs),
    )


def _components(problem: Problem) -> tuple[Rows, Rows]:
    """Return a number for each eligibility and for each counted entry, by propagating the smallest."""
    entry, counted = _counting(problem)
    commune, after = problem.eligible.commune(), problem.counted.after
    linked = np.flatnonzero(after >= 0)
    largest = [np.flatnonzero(maximum.used()) for cost in problem.costs for maximum in cost.maxima]
    of_entry = np.arange(len(commune))
    of_commune = np.full(len(problem.eligible.start) - 1, len(commune))
    of_counted = np.full(len(problem.counted), len(commune))
    while True:
        before = of_entry.copy(), of_counted.copy()
        np.minimum.at(of_commune, commune, of_entry)
        np.minimum.at(of_counted, counted, of_commune[commune[entry]])
        for cells in largest:
            of_counted[cells] = of_counted[cells].min(initial=len(commune))
        np.minimum.at(of_counted, linked, of_counted[after[linked]])
        np.minimum.at(of_counted, after[linked], of_counted[linked])
        of_entry = of_commune[commune]
        np.minimum.at(of_entry, entry, of_counted[counted])
        if np.array_equal(before[0], of_entry) and np.array_equal(before[1], of_counted):
            return of_entry, of_counted


def _counting(problem: Problem) -> tuple[Rows, Rows]:
    """Return the pairs (eligibility, counted entry) where the entry's scope holds the commune."""
    eligible, what = problem.eligible, problem.counted
    commune = eligible.commune()
    entries, counted = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for kind, numbers in enumerate(problem.places.of_commune):
        member = np.flatnonzero(what.kind == kind)
        size = int(numbers.max(initial=0)) + 3
        # Scopes start at 2 so that an entry that counts nowhere (−2) matches nothing.
        scope = what.reservataire[member] * np.int64(size) + what.scope[member] + 2
        place = eligible.reservataire * np.int64(size) + numbers[commune] + 2
        row, column = join(scope, place)
        counted.append(member[row])
        entries.append(column)
    return np.concatenate(entries), np.concatenate(counted)
