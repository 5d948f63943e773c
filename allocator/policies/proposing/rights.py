"""Rights that are spent: why a réservataire cannot receive one more, and how many it would take."""

from dataclasses import dataclass

import numpy as np

from allocator.domain import SANS_SOLDE
from allocator.flux.promises import SLACK
from allocator.policies.accounts import Accounts, cells_of_pairs, convention_scopes
from allocator.policies.situation import Frame, Situation


@dataclass(frozen=True, slots=True)
class Spent:
    """A promise whose rights (``solde``) are spent in ``territoire``, and how many ``more`` would let one through."""

    territoire: str
    solde: int
    more: int


class SpentRights:
    """The rights of one morning that are spent before anything of it is decided."""

    def __init__(self, frame: Frame, situation: Situation, account: Accounts) -> None:
        self.frame, self.situation = frame, situation
        conventions = frame.instance.conventions
        # Counted in points, what is used may be a fraction; only whole dwellings can be given.
        left = np.floor(conventions.solde - account.used + SLACK)
        self._more = np.where(conventions.solde == SANS_SOLDE, 0.0, np.maximum(0.0, 1.0 - left))
        self._rows = cells_of_pairs(convention_scopes(frame), frame, situation.today)

    def of(self, dwelling: int, holder: int) -> tuple[Spent, ...]:
        """Return the promises of a réservataire whose spent rights keep one of today's dwellings from it."""
        if not self._more.any():
            return ()
        conventions = self.frame.instance.conventions
        return tuple(
            Spent(conventions.territoire[row], int(conventions.solde[row]), int(self._more[row]))
            for row in self._rows(dwelling, holder)
            if self._more[row] > 0
        )
