"""Raw tables whose rows are in force in some years only, and the promises of each year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Conventions, Indicatifs
from allocator.formats import Fault, columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog, Lines
from allocator.formats.promises import read_conventions, read_indicatifs
from allocator.formats.raw_table import RawColumn, RawTable

T = TypeVar("T")
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Span:
    """The calendar years of a projet."""

    premiere: int
    annees: int

    @property
    def years(self) -> range:
        """The calendar years, in order."""
        return range(self.premiere, self.premiere + self.annees)


def in_force(table: RawTable, span: Span, log: FaultLog) -> Mask:
    """Return which rows are in force in which years, years × rows, from ``de`` and ``a``; faults are noted."""
    first, last = columns.wholes(table, "de", log), columns.wholes(table, "a", log)
    wrong = np.flatnonzero((first >= 0) & (last >= 0) & (last < first)).tolist()
    log.add_rows(table.file, "a", wrong, table.lines, lambda row: f"{last[row]} précède « de », {first[row]}")
    years = np.array(span.years)[:, None]
    force: Mask = ((first < 0) | (first <= years)) & ((last < 0) | (last >= years))
    return force


def conventions_by_year(
    table: RawTable, span: Span, directory: Directory, log: FaultLog
) -> tuple[Conventions, ...]:
    """Return the promises of each year; a report is owed in the first year only."""
    force = in_force(table, span, log)
    late = ~force[0] & force.any(axis=0)
    report = np.nan_to_num(columns.numbers(table, "report", FaultLog()))
    wrong = np.flatnonzero(late & (report != 0.0)).tolist()
    reason = f"un report n'est dû qu'en {span.premiere}, première année du projet, où cette ligne ne vaut pas"
    log.add_rows(table.file, "report", wrong, table.lines, lambda _: reason)
    read = _by_year(table, force, lambda part, told: read_conventions(part, directory, told), log)
    return (read[0], *(replace(year, report=np.zeros(len(year))) for year in read[1:]))


def indicatifs_by_year(
    table: RawTable, span: Span, directory: Directory, log: FaultLog
) -> tuple[Indicatifs, ...]:
    """Return the indicative objectives of each year."""
    force = in_force(table, span, log)
    return _by_year(table, force, lambda part, told: read_indicatifs(part, directory, told), log)


def _by_year(
    table: RawTable, force: Mask, read: Callable[[RawTable, FaultLog], T], log: FaultLog
) -> tuple[T, ...]:
    """Read the rows of each year as the contract's reader does; a fault of several years is noted once."""
    faults: dict[Fault, None] = {}
    found = []
    for rows in force:
        own = FaultLog()
        found.append(read(_chosen(table, np.flatnonzero(rows)), own))
        faults.update(dict.fromkeys(own.listed()))
    for fault in faults:
        log.add(fault.file, fault.line, fault.column, fault.message)
    return tuple(found)


class _ChosenLines:
    """The lines of some rows."""

    def __init__(self, lines: Lines, rows: Sequence[int]) -> None:
        self._lines, self._rows = lines, rows

    def __getitem__(self, row: int, /) -> int:
        return self._lines[self._rows[row]]


def _chosen(table: RawTable, rows: NDArray[np.intp]) -> RawTable:
    """Return some rows of a raw table."""
    numbers = rows.tolist()
    chosen = {
        name: RawColumn([column.values[row] for row in numbers], None)
        if column.codes is None
        else RawColumn(column.values, column.codes[rows])
        for name, column in table.columns.items()
    }
    return table._replace(columns=chosen, length=len(numbers), lines=_ChosenLines(table.lines, numbers))


@dataclass(frozen=True, slots=True)
class Nommee:
    """Dwellings that a réservataire is due in a named year (0 is the first) and territory."""

    reservataire: int
    annee: int
    territoire: str
    volume: int


def with_named_years(conventions: Conventions, annee: int, nommees: Sequence[Nommee]) -> Conventions:
    """Return a year's promises where those who have named years are due what these name, and nothing else.

    Their rows stay, with a volume of 0 outside the named years; a territory that they have no row in gets one.
    """
    named = {(each.reservataire, each.territoire): each.volume for each in nommees if each.annee == annee}
    holders = {each.reservataire for each in nommees}
    rows = list(zip(conventions.reservataire.tolist(), conventions.territoire, strict=True))
    own = np.array([holder in holders for holder, _ in rows], dtype=bool)
    volumes = np.array([float(named.get(key, 0)) for key in rows])
    new = [
        (holder, place, volume) for (holder, place), volume in named.items() if (holder, place) not in rows
    ]
    more = len(new)
    return Conventions(
        np.concatenate([conventions.reservataire, np.array([row[0] for row in new], dtype=np.int32)]),
        (*conventions.territoire, *(row[1] for row in new)),
        (*conventions.niveau, *("territoire" for _ in new)),
        np.concatenate([np.where(own, np.nan, conventions.part), np.full(more, np.nan)]),
        np.concatenate([np.where(own, volumes, conventions.volume), [float(row[2]) for row in new]]),
        np.concatenate([conventions.report, np.zeros(more)]),
        np.concatenate([conventions.solde, np.full(more, SANS_SOLDE, dtype=np.int64)]),
    )


@dataclass(frozen=True, slots=True)
class Acquis:
    """Rights that a promise gains in a year (0 is the first)."""

    reservataire: int
    annee: int
    territoire: str
    nombre: int


def with_acquired(conventions: Conventions, annee: int, acquis: Sequence[Acquis]) -> Conventions:
    """Return a year's promises with the rights acquired up to that year; a row without a solde has no bound."""
    solde = conventions.solde.copy()
    for row, key in enumerate(zip(conventions.reservataire.tolist(), conventions.territoire, strict=True)):
        gained = sum(
            each.nombre
            for each in acquis
            if each.annee <= annee and (each.reservataire, each.territoire) == key
        )
        solde[row] += gained if solde[row] != SANS_SOLDE else 0
    return replace(conventions, solde=solde)
