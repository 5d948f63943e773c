"""The books of one replay: what came free, what is with whom, what comes back and when, and what counts for whom."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Liberations
from allocator.policies.replaying.aleas import BAIL, EN_COURS, Aleas
from allocator.policies.replaying.counting import Tally, build_counting
from allocator.policies.replaying.outcomes import build_outcomes
from allocator.policies.replaying.rights import Rights
from allocator.policies.replaying.turns import Turn
from allocator.policies.situation import Frame, Ints, Mouvements, Situation, take

Rows = NDArray[np.intp]

NEVER: Final = np.datetime64("NaT", "D")


class Books:
    """What a replay knows so far; rows number ``liberations``, the flux libérations of the period by date.

    With ``aleas``, pre-orientations end and count as those say and as the model's ``[comptage]`` says; without,
    each is final and counts for one dwelling.
    """

    def __init__(self, known: Frame, liberations: Liberations, aleas: Aleas | None) -> None:
        instance = known.instance
        self.liberations = liberations
        self.rights = Rights(known)
        self.decided = np.full(len(liberations), BAILLEUR, dtype=np.int32)
        self.moves = Mouvements.orientations(np.empty(0, dtype=np.int32))
        self.turns: list[Turn] = []
        self._aleas, self._fin = aleas, np.datetime64(instance.fin, "D")
        self._holders = len(instance.reservataires)
        if aleas is not None:
            self._outcomes = build_outcomes(aleas, instance, known.seed)
            counting = build_counting(known.model.comptage, instance.territoires, aleas.bail)
            self._tally = Tally(counting, self._holders)
        self._tried: dict[int, list[int]] = {}
        # Ends to come, by day and then by row: the day, the row, and the number of the turn that ends.
        self._ends: list[tuple[np.datetime64, int, int]] = []

    def mornings(self) -> Iterator[tuple[np.datetime64, Rows]]:
        """Yield each day on which something is to be decided, with the rows of its dwellings.

        What is recorded on one day may bring another: a refusal comes back on its own day, whatever is released.
        """
        dates, released = self.liberations.date, 0
        while released < len(dates) or self._ends:
            coming = [*dates[released : released + 1], *(day for day, _, _ in self._ends[:1])]
            day = min(coming)
            again = sorted(self._settle(day))
            first, released = released, int(np.searchsorted(dates, day, side="right"))
            if again or first < released:
                yield day, np.array([*again, *range(first, released)], dtype=np.intp)

    def situation(self, day: np.datetime64, rows: Rows) -> Situation:
        """Return what a rule may look at on a morning on which ``rows`` are to be decided."""
        released = int(np.searchsorted(self.liberations.date, day))
        again = rows < released
        barred = None
        if again.any():
            barred = np.zeros((len(rows), self._holders), dtype=bool)
            for entry in np.flatnonzero(again).tolist():
                barred[entry, self._tried[int(rows[entry])]] = True
        past = _first(self.liberations, released)
        return Situation(day, past, self.moves, take(self.liberations, rows), again, barred)

    def record(self, day: np.datetime64, rows: Rows, proposed: Ints, decided: Ints) -> None:
        """Note what was decided on a morning, and draw how it ends."""
        self.decided[rows] = decided
        self.rights.spend(self.liberations.commune[rows], decided)
        for row, said, holder in zip(rows.tolist(), proposed.tolist(), decided.tolist(), strict=True):
            tried = self._tried.setdefault(row, [])
            issue, until = self._end(day, row, len(tried) + 1, holder)
            if issue != EN_COURS:
                heappush(self._ends, (until, row, len(self.turns)))
            self.turns.append(Turn(row, len(tried) + 1, day, said, holder, issue, until))
            if holder != BAILLEUR:
                tried.append(holder)
        given = decided != BAILLEUR
        self._count(rows[given], decided[given], np.ones(int(given.sum())))

    def _end(self, day: np.datetime64, row: int, tour: int, holder: int) -> tuple[int, np.datetime64]:
        """Draw how a pre-orientation ends and when, if that is within the period."""
        if self._aleas is None or holder == BAILLEUR:
            return EN_COURS, NEVER
        issue, days = self._outcomes.draw(self.liberations, row, tour, holder)
        until = day + np.timedelta64(days, "D")
        return (issue, until) if until <= self._fin else (EN_COURS, NEVER)

    def _settle(self, day: np.datetime64) -> list[int]:
        """Count what ends on a day; return the rows that are to be decided again."""
        again: list[int] = []
        rows, holders, amounts = [], [], []
        while self._ends and self._ends[0][0] == day:
            turn = self.turns[heappop(self._ends)[2]]
            commune, signed = int(self.liberations.commune[turn.row]), turn.issue == BAIL
            stands = self._tally.settle(turn.reservataire, commune, signed)
            rows.append(turn.row)
            holders.append(turn.reservataire)
            amounts.append(stands - 1.0)
            if not signed:
                self.rights.restore(commune, turn.reservataire)
                self.decided[turn.row] = BAILLEUR
                if self._aleas is not None and turn.tour < self._aleas.tours:
                    again.append(turn.row)
        changed = np.array(amounts) != 0.0
        self._count(
            np.array(rows, dtype=np.intp)[changed],
            np.array(holders, dtype=np.int32)[changed],
            np.array(amounts)[changed],
        )
        return again

    def _count(self, rows: Rows, holders: Ints, amounts: NDArray[np.float64]) -> None:
        moves = self.moves
        self.moves = Mouvements(
            np.concatenate([moves.row, rows]),
            np.concatenate([moves.reservataire, holders]),
            np.concatenate([moves.amount, amounts]),
        )


def _first(liberations: Liberations, number: int) -> Liberations:
    """Return the first libérations."""
    return Liberations(
        liberations.id[:number],
        liberations.date[:number],
        liberations.commune[:number],
        liberations.typologie[:number],
        liberations.financement[:number],
        liberations.qpv[:number],
        liberations.statut[:number],
        {name: column[:number] for name, column in liberations.complements.items()},
    )
