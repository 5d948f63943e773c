"""What is due to each réservataire every year, territory by territory, read exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import isnan
from pathlib import Path
from typing import Final

from allocator.formats import columns
from allocator.formats.directory import ANYWHERE
from allocator.formats.faults import FaultLog
from allocator.formats.petits_schema import DUS
from allocator.formats.table_file import read_table

_PETIT: Final = (True, False, None)
"""By the position of ``oui`` and ``non`` in the column's choices; last for an empty cell, position -1."""


@dataclass(frozen=True, slots=True)
class Du:
    """A promise in one territory.

    ``annuel`` and ``report`` are in dwellings, ``report`` positive when owed; ``droits`` are the rights left
    (``None``: uncounted) and ``fin`` the last year in which they serve (``None``: no end).
    """

    territoire: str
    annuel: Fraction
    report: Fraction = Fraction(0)
    droits: int | None = None
    fin: int | None = None


@dataclass(frozen=True, slots=True)
class Titulaire:
    """A réservataire with its promises, in the order of the file; ``petit`` is ``None`` where settings decide."""

    id: str
    petit: bool | None
    dus: tuple[Du, ...]

    @property
    def annuel(self) -> Fraction:
        """Dwellings due in a year, over all territories."""
        return sum((du.annuel for du in self.dus), start=Fraction(0))

    @property
    def droits(self) -> int | None:
        """Rights left over all territories; ``None`` where some are not counted."""
        counted = [du.droits for du in self.dus if du.droits is not None]
        return sum(counted) if len(counted) == len(self.dus) else None


def read_dus(path: Path) -> tuple[Titulaire, ...]:
    """Return the réservataires of a ``dus.csv``, in the order in which they first stand there.

    Raises
    ------
    BadInput
        With every fault of the file: a réservataire that is small in one row and not in another among them.
    """
    log = FaultLog()
    table = read_table(path, DUS, log)
    holders, places = (columns.texts(table, name, log) for name in ("reservataire", "territoire"))
    petit = [_PETIT[position] for position in columns.choices(table, "petit", log)]
    annuel, report = (columns.numbers(table, name, log) for name in ("annuel", "report"))
    droits, fin = (columns.wholes(table, name, log).tolist() for name in ("droits", "fin"))
    for row, place in enumerate(places):
        wrong = ANYWHERE.place_fault(place) if place else None
        if wrong:
            log.add(table.file, table.lines[row], "territoire", wrong)
    said: dict[str, bool | None] = {}
    for row, holder in enumerate(holders):
        if said.setdefault(holder, petit[row]) != petit[row]:
            log.add(table.file, table.lines[row], "petit", "autre réponse que plus haut pour ce réservataire")
    log.raise_if_any()
    dus: dict[str, list[Du]] = {holder: [] for holder in said}
    for row, holder in enumerate(holders):
        dus[holder].append(
            Du(
                places[row],
                exact(annuel[row]),
                exact(report[row]),
                None if droits[row] < 0 else droits[row],
                None if fin[row] < 0 else fin[row],
            )
        )
    return tuple(Titulaire(holder, said[holder], tuple(rows)) for holder, rows in dus.items())


def exact(number: float) -> Fraction:
    """Return the decimal that a number was written as, exactly; NaN, an empty cell, is 0."""
    return Fraction(0) if isnan(number) else Fraction(repr(float(number)))
