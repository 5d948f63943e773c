"""Where a réservataire stands on what one dwelling would count for: received, due so far, expected by the end."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import CONTRACTUEL, PETIT, TOTAL
from allocator.policies.accounts import Accounts, cells_of_pairs
from allocator.policies.quotas import Morning, Quotas
from allocator.policies.situation import Frame, Situation

Floats = NDArray[np.float64]

SIGNED = frozenset({CONTRACTUEL, TOTAL, PETIT})
"""Kinds of lines that a convention signs; the others are indicative."""


@dataclass(frozen=True, slots=True)
class Line:
    """One promise that a dwelling would count for, in dwellings.

    ``counted`` is what was received, ``due`` the pro-rata to this day (today's libérations included), ``target``
    what the forecast says will be due over the period. ``share`` is the promised percentage, ``None`` for a volume
    and for a small réservataire. For what is signed, ``released`` is the assiette of the territory so far, and
    ``fixed`` the volume and the carry-over due by the end: ``due`` is ``share`` of ``released``, and of ``fixed`` the
    share of the period gone.
    """

    sur: str
    territoire: str
    modalite: str
    counted: float
    due: float
    target: float
    share: float | None = None
    released: float = 0.0
    fixed: float = 0.0

    @property
    def lag(self) -> float:
        """What is due beyond what was received; negative where the réservataire is ahead."""
        return self.due - self.counted

    @property
    def signed(self) -> bool:
        """Whether a convention signs it."""
        return self.sur in SIGNED


class Lines:
    """The lines of one morning."""

    def __init__(
        self, frame: Frame, known: Quotas, situation: Situation, account: Accounts, mean: Floats
    ) -> None:
        """Compute what every cell is due; ``mean`` is the assiette expected at the end, by commune."""
        self.frame, self.situation, self.account = frame, situation, account
        promises = frame.promises
        self.target, self._exists = promises.cibles(mean)
        morning = Morning(known, situation)
        for commune in situation.today.commune[~situation.again].tolist():
            morning.release(commune)
        owed = np.maximum(0.0, morning.due(np.arange(promises.starts[0])))
        holder = promises.scopes.reservataire
        by_holder = np.bincount(holder[promises.contractuels], owed, len(promises.petit))
        rates, wishes = promises.rate[promises.indicatifs], holder[promises.indicatifs]
        self.due = np.concatenate(
            [self._with_totals(owed), by_holder[holder[promises.petits]], rates * by_holder[wishes]]
        )
        self._cells = cells_of_pairs(promises.scopes, frame, situation.today)
        self.released = self._with_totals(morning.assiette)
        self.fixed = self._with_totals(known.fixed)

    def of(self, dwelling: int, holder: int) -> tuple[Line, ...]:
        """Return the lines of a réservataire for one of today's dwellings, in the order of the accounts."""
        promises = self.frame.promises
        lines = [
            self._line(cell)
            for cell in self._cells(dwelling, holder)
            if self._exists[cell] and (promises.sur[cell] != PETIT or self.target[cell] > 0)
        ]
        # A total over one commune says nothing that its only quota does not.
        return tuple(line for line in lines if line.sur != TOTAL or _several(line, lines))

    def _line(self, cell: int) -> Line:
        promises = self.frame.promises
        line = Line(
            promises.sur[cell],
            promises.territoire[cell],
            promises.modalite[cell],
            float(self.account.counted[cell]),
            float(self.due[cell]),
            float(self.target[cell]),
        )
        if line.sur == PETIT:
            return line
        if not line.signed:
            return replace(line, share=100.0 * float(promises.rate[cell]))
        part = float(self.frame.instance.conventions.part[promises.row[cell]])
        return replace(
            line,
            share=None if np.isnan(part) else part,
            released=float(self.released[cell]),
            fixed=float(self.fixed[cell]),
        )

    def _with_totals(self, values: Floats) -> Floats:
        """Return the values of the contractuel cells, then of the total cells: the sum of their row's."""
        rows, promises = self.frame.promises.row, self.frame.promises
        by_row = np.bincount(rows[promises.contractuels], values, int(rows.max(initial=0)) + 1)
        return np.concatenate([values, by_row[rows[promises.totaux]]])


def _several(total: Line, lines: list[Line]) -> bool:
    return all(line.territoire != total.territoire for line in lines if line.sur != TOTAL)
