"""What a daily rule may answer, and the rights that its answers use up."""

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE
from allocator.policies.accounts import convention_scopes
from allocator.policies.situation import Frame, Ints, Situation


class Rights:
    """The rights left of each convention row that has a ``solde``, in dwellings held."""

    def __init__(self, known: Frame) -> None:
        conventions = known.instance.conventions
        bounded = np.flatnonzero(conventions.solde != SANS_SOLDE)
        scopes = convention_scopes(known)
        places = np.stack(known.places.of_commune)
        self._holder = conventions.reservataire[bounded]
        self._covers = places[scopes.kind[bounded]] == scopes.scope[bounded, None]
        self._left = conventions.solde[bounded].copy()

    def kept(self, communes: Ints, holders: Ints) -> bool:
        """Tell whether these dwellings may all go to these réservataires."""
        return bool((self._left >= self._uses(communes, holders)).all())

    def spend(self, communes: Ints, holders: Ints) -> None:
        """Take off what these dwellings use."""
        self._left -= self._uses(communes, holders)

    def restore(self, commune: int, holder: int) -> None:
        """Give back what a dwelling used that came back."""
        self._left += (self._holder == holder) & self._covers[:, commune]

    def _uses(self, communes: Ints, holders: Ints) -> NDArray[np.int64]:
        uses: NDArray[np.int64] = ((self._holder[:, None] == holders) & self._covers[:, communes]).sum(axis=1)
        return uses


def refusal(known: Frame, rights: Rights, situation: Situation, answer: Ints) -> str:
    """Say why the answers of a morning cannot be, in French, or nothing."""
    today, holders = situation.today, known.instance.reservataires.id
    for entry in np.flatnonzero(answer != BAILLEUR).tolist():
        holder, dwelling = int(answer[entry]), today.id[entry]
        if not 0 <= holder < len(holders) or not known.eligible[today.commune[entry], holder]:
            name = holders[holder] if 0 <= holder < len(holders) else str(holder)
            return f"la libération {dwelling} ne peut pas aller à {name}"
        if situation.barred is not None and situation.barred[entry, holder]:
            return f"la libération {dwelling} ne peut plus aller à {holders[holder]}"
    return "" if rights.kept(today.commune, answer) else f"un solde serait dépassé le {situation.date}"
