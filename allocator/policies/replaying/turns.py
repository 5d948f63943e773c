"""The journal of a replay: each time that a dwelling was put to somebody, and how that ended."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Liberations
from allocator.policies.replaying.aleas import BAIL, EN_COURS
from allocator.policies.situation import Ints

Rows = NDArray[np.intp]
Days = NDArray[np.datetime64]


class Turn(NamedTuple):
    """One turn of one dwelling: the fields are those of :class:`Turns`."""

    row: int
    tour: int
    date: np.datetime64
    proposed: int
    reservataire: int
    issue: int
    until: np.datetime64


class Moves(NamedTuple):
    """Dwellings that went to a réservataire (+1) and came back (−1), one entry a movement."""

    row: Rows
    reservataire: Ints
    date: Days
    amount: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Every turn of a replay, one entry each, in the order in which they were decided.

    ``row`` numbers the flux libérations in the order of ``liberations.csv``; ``tour`` counts from 1 the
    réservataires that this one was proposed to; ``date`` is the day. ``proposed`` is what the rule said and
    ``reservataire`` what was decided (or ``BAILLEUR``). ``issue`` is how it ended, an index of ``ISSUES``, on the
    day ``until``; ``EN_COURS`` and NaT where that is not known within the period, or not drawn.
    """

    row: Rows
    tour: Ints
    date: Days
    proposed: Ints
    reservataire: Ints
    issue: NDArray[np.int8]
    until: Days

    def __len__(self) -> int:
        return len(self.row)

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Mark the turns after which the dwelling came back."""
        failed: NDArray[np.bool_] = (self.issue != EN_COURS) & (self.issue != BAIL)
        return failed

    def moves(self) -> Moves:
        """Return the dwellings that réservataires received and gave back, in no order."""
        given = np.flatnonzero(self.reservataire != BAILLEUR)
        back = np.flatnonzero(self.failed)
        both = np.concatenate([given, back])
        return Moves(
            self.row[both],
            self.reservataire[both],
            np.concatenate([self.date[given], self.until[back]]),
            np.repeat(np.array([1, -1], dtype=np.int64), (len(given), len(back))),
        )


def turns(entries: list[Turn]) -> Turns:
    """Return a list of turns in columns."""
    row, tour, date, proposed, reservataire, issue, until = (
        zip(*entries, strict=True) if entries else ((),) * 7
    )
    return Turns(
        np.array(row, dtype=np.intp),
        np.array(tour, dtype=np.int32),
        np.array(date, dtype="datetime64[D]"),
        np.array(proposed, dtype=np.int32),
        np.array(reservataire, dtype=np.int32),
        np.array(issue, dtype=np.int8),
        np.array(until, dtype="datetime64[D]"),
    )


def at_release(liberations: Liberations, decided: Ints) -> Turns:
    """Return the turns where each flux libération was decided once, on the day it was released."""
    number = len(decided)
    return Turns(
        np.arange(number),
        np.ones(number, dtype=np.int32),
        liberations.date[liberations.en_flux],
        decided,
        decided,
        np.full(number, EN_COURS, dtype=np.int8),
        np.full(number, np.datetime64("NaT"), dtype="datetime64[D]"),
    )
