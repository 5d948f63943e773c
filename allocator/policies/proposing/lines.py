"""Where a réservataire stands on what one dwelling would count for: received, due so far, expected by the end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import PETIT, TOTAL
from allocator.policies.accounts import Accounts, covering
from allocator.policies.quotas import Morning, Quotas
from allocator.policies.situation import Frame, Situation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """One promise that a dwelling would count for, in dwellings.

    ``counted`` is what was received, ``due`` the pro-rata to this day (today's libérations included), ``target``
    what the forecast says will be due over the period; ``share`` the promised percentage, ``None`` for a volume.
    """

    sur: str
    territoire: str
    modalite: str
    counted: float
    due: float
    target: float
    share: float | None

    @property
    def lag(self) -> float:
        """What is due beyond what was received; negative where the réservataire is ahead."""
        return self.due - self.counted


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
        self.due = np.zeros(len(promises))
        owed = np.maximum(0.0, morning.due(np.arange(promises.starts[0])))
        self.due[promises.contractuels] = owed
        rows = promises.row
        by_row = np.bincount(rows[promises.contractuels], owed, int(rows.max(initial=0)) + 1)
        self.due[promises.totaux] = by_row[rows[promises.totaux]]
        holder = promises.scopes.reservataire
        by_holder = np.bincount(holder[promises.contractuels], owed, len(promises.petit))
        self.due[promises.petits] = by_holder[holder[promises.petits]]
        self.due[promises.indicatifs] = (
            promises.rate[promises.indicatifs] * by_holder[holder[promises.indicatifs]]
        )

    def of(self, dwelling: int, holder: int) -> tuple[Line, ...]:
        """Return the lines of a réservataire for one of today's dwellings, in the order of the accounts."""
        promises = self.frame.promises
        entry = np.array([dwelling], dtype=np.intp)
        _, cells = covering(promises.scopes, self.frame, self.situation.today, entry, np.array([holder]))
        conventions = self.frame.instance.conventions
        lines = []
        for cell in sorted(cells.tolist()):
            if not self._exists[cell] or (promises.sur[cell] == PETIT and self.target[cell] == 0):
                continue
            row, share = int(promises.row[cell]), None
            if cell < promises.starts[1]:
                part = float(conventions.part[row])
                share = None if np.isnan(part) else part
            elif promises.sur[cell] != PETIT:
                share = 100.0 * float(promises.rate[cell])
            lines.append(
                Line(
                    promises.sur[cell],
                    promises.territoire[cell],
                    promises.modalite[cell],
                    float(self.account.counted[cell]),
                    float(self.due[cell]),
                    float(self.target[cell]),
                    share,
                )
            )
        # A total over one commune says nothing that its only quota does not.
        return tuple(line for line in lines if line.sur != TOTAL or _several(line, lines))


def _several(total: Line, lines: list[Line]) -> bool:
    return all(line.territoire != total.territoire for line in lines if line.sur != TOTAL)
