"""The situation of a given day, from an instance and what was decided before."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Instance
from allocator.policies.situation import Ints, Mouvements, Situation, by_day, take

WAITING: Final = -2
"""Decision of a libération on which nothing was decided yet, or not again since it came back."""


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """Pre-orientations that have ended, one entry each.

    ``row`` is the libération's in the instance, ``amount`` the dwellings that the pre-orientation stands for
    (:mod:`~allocator.policies.replaying.counting`), ``failed`` whether the dwelling came back.
    """

    row: NDArray[np.integer]
    reservataire: Ints
    amount: NDArray[np.float64]
    failed: NDArray[np.bool_]


NOTHING: Final = Ended(
    np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int32), np.empty(0), np.empty(0, dtype=bool)
)
"""What has ended where outcomes are not followed: each pre-orientation counts for one dwelling."""


@dataclass(frozen=True, slots=True, eq=False)
class Morning:
    """A situation, with the libérations before it on which nothing was decided yet (they count for nobody)."""

    situation: Situation
    waiting: tuple[str, ...]


def morning(instance: Instance, day: np.datetime64, decided: Ints, ended: Ended = NOTHING) -> Morning:
    """Return the situation of a day.

    Parameters
    ----------
    instance
        What came free after ``day`` is not looked at.
    decided
        One entry a libération of the instance: who was given it last, ``BAILLEUR`` or :data:`WAITING`. Libérations of
        the day that are decided already count, and are not proposed again.
    ended
        How earlier pre-orientations ended. A dwelling that failed and is waiting is proposed again, but to nobody who
        had it, on whichever day is asked for.
    """
    liberations, rows = instance.liberations, by_day(instance.liberations)
    waits, back = decided == WAITING, np.zeros(len(decided), dtype=bool)
    back[ended.row[ended.failed]] = True
    dates, announced = liberations.date[rows], back | ~waits
    past = np.concatenate([rows[dates < day], rows[(dates == day) & announced[rows]]])
    again, first = past[(back & waits)[past]], rows[(dates == day) & ~announced[rows]]
    today = np.concatenate([again, first])
    unseen = past[~announced[past]]
    return Morning(
        Situation(
            day,
            take(liberations, past),
            _moves(past, decided, ended),
            take(liberations, today),
            np.arange(len(today)) < len(again),
            _barred(today, ended, len(instance.reservataires)) if len(again) else None,
        ),
        tuple(liberations.id[row] for row in unseen.tolist()),
    )


def _moves(past: NDArray[np.intp], decided: Ints, ended: Ended) -> Mouvements:
    """Return what counts for whom: a dwelling each that is given, until it is known what it stands for."""
    place = np.full(len(decided), -1)
    place[past] = np.arange(len(past))
    held = Mouvements.orientations(
        np.where(decided[past] == WAITING, BAILLEUR, decided[past]).astype(np.int32)
    )
    # A lease is held as well, and counts once.
    amount = ended.amount - ~ended.failed
    counts = np.flatnonzero(amount)
    return Mouvements(
        np.concatenate([held.row, place[ended.row[counts]]]),
        np.concatenate([held.reservataire, ended.reservataire[counts]]),
        np.concatenate([held.amount, amount[counts]]),
    )


def _barred(today: NDArray[np.intp], ended: Ended, holders: int) -> NDArray[np.bool_]:
    """Mark who had each of today's dwellings and gave it back."""
    tried = ended.row[ended.failed] == today[:, None]
    barred = np.zeros((len(today), holders), dtype=bool)
    entry, turn = np.nonzero(tried)
    barred[entry, ended.reservataire[ended.failed][turn]] = True
    return barred
