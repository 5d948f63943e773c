"""The leases of a journal, as the SNE may know them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from allocator.domain import BAILLEUR
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.ledger.accounts.issues import BAIL
from allocator.ledger.accounts.livre import pointage
from allocator.ledger.daily.releve import Releve


@dataclass(frozen=True, slots=True)
class Bail:
    """A signed lease.

    ``designataires`` are the réservataires that the SNE may name for it: the one that the dwelling was oriented to,
    and who is debited where the préfet is served in its stead. None of them: the bailleur. ``connu`` is false where
    the journal does not say whose it is (a relogement hors assiette).
    """

    liberation: str
    date: date
    commune: str
    typologie: str
    designataires: tuple[str, ...]
    connu: bool = True

    @property
    def contingent(self) -> str:
        """Whose lease it is, in words."""
        return " ou ".join(self.designataires) or "bailleur"


def baux(releve: Releve) -> tuple[Bail, ...]:
    """Return the leases of a releve, in the order of its dwellings."""
    registre = releve.registre
    liberations, suivi, tours, ids = (
        registre.liberations,
        registre.suivi,
        registre.tours,
        registre.reservataires.id,
    )
    debite = pointage(releve.livre, releve.day).debite
    signed = {
        int(tours.liberation[tour]): tour
        for tour in np.flatnonzero(releve.livre.tours.issue == BAIL).tolist()
    }
    found = []
    for row in np.flatnonzero(~np.isnat(suivi.bail)).tolist():
        tour = signed.get(row)
        named = () if tour is None else (int(tours.reservataire[tour]), int(debite[tour]))
        holders = tuple(ids[holder] for holder in dict.fromkeys(named) if holder != BAILLEUR)
        outside = (suivi.contingent[row],) if tour is None and suivi.contingent[row] in ids else ()
        found.append(
            Bail(
                liberations.id[row],
                suivi.bail[row].astype(date),
                registre.territoires.commune[liberations.commune[row]],
                TYPOLOGIES[liberations.typologie[row]],
                holders or outside,
                tour is not None or bool(outside),
            )
        )
    return tuple(found)
