"""Tours in columns: each time that a dwelling was put to a réservataire, and what is known of it at a date."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.ledger.accounts.issues import BAIL, EN_COURS

Days = NDArray[np.datetime64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Tours:
    """Every tour of a journal, one entry each, of any year.

    ``liberation`` is a row of the libérations; ``reservataire`` who is debited, whoever acts for it (``BAILLEUR``
    where the dwelling stayed: such tours count for nobody). ``oriente`` is the day of the orientation. ``issue``
    is how it ended, an index of ``ISSUES``, on the day ``fin`` (that of the signature for a lease): ``EN_COURS``
    and NaT where it has not. ``echeance`` is when the réservataire's delay runs out, NaT where none runs.
    """

    liberation: NDArray[np.intp]
    reservataire: Ints
    oriente: Days
    issue: NDArray[np.int8]
    fin: Days
    echeance: Days

    def __len__(self) -> int:
        return len(self.liberation)

    def known(self, day: np.datetime64) -> "Known":
        """Return what was known at the end of a day. Comparisons with NaT are false, as they should be."""
        made = (self.oriente <= day) & (self.reservataire != BAILLEUR)
        ended = made & (self.fin <= day)
        return Known(
            made,
            np.where(ended, self.issue, EN_COURS).astype(np.int8),
            ended & (self.issue == BAIL),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The tours at the end of a day, one entry a tour.

    ``made`` marks those put to a réservataire so far, ``issue`` is their outcome so far, ``signed`` marks leases.
    """

    made: NDArray[np.bool_]
    issue: NDArray[np.int8]
    signed: NDArray[np.bool_]

    @property
    def pending(self) -> NDArray[np.bool_]:
        """Mark the tours that have not ended."""
        pending: NDArray[np.bool_] = self.made & (self.issue == EN_COURS)
        return pending

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Mark the tours that have ended."""
        ended: NDArray[np.bool_] = self.made & (self.issue != EN_COURS)
        return ended
