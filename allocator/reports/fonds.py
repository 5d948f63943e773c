"""What every document is made of: one journal at the end of a day, and where in its chain it was read."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.domain.vocabulary import FLUX
from allocator.ledger.accounts.livre import pointage
from allocator.ledger.daily.periode import bounds, ouverture_on
from allocator.ledger.daily.releve import Releve, build_releve
from allocator.ledger.daily.window import of_period
from allocator.ledger.events.event import Tete
from allocator.ledger.state.registre import Registre
from allocator.ledger.store.journal import Journal


@dataclass(frozen=True, slots=True, eq=False)
class Fonds:
    """A bailleur's journal at the end of ``jour``, corrections made since included.

    ``registre`` has every dwelling, with all that is known of it; ``releve`` is what accounts are made of. ``debut``
    and ``fin`` bound the period that holds the day; ``tete`` is the last event that was read.
    """

    bailleur: str
    jour: date
    debut: date
    fin: date
    registre: Registre
    releve: Releve
    tete: Tete

    @property
    def nom(self) -> str:
        """Name of the bailleur, or of its period, as the journal was opened under it."""
        return self.registre.nom

    def within(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Mark the days of the period so far."""
        inside: NDArray[np.bool_] = (days >= np.datetime64(self.debut)) & (days <= np.datetime64(self.jour))
        return inside

    def debites(self) -> NDArray[np.int32]:
        """Return who each tour of ``registre`` is debited to, as accounts have it (``BAILLEUR``: nobody).

        Accounts look at the flux of the period; elsewhere it is who the dwelling was oriented to.
        """
        known, seen = self.registre, self.releve.registre
        debites = known.tours.reservataire.copy()
        rows = np.searchsorted(known.suivi.rang, seen.suivi.rang)
        place = np.flatnonzero(np.isin(known.tours.liberation, rows))
        found = pointage(self.releve.livre, self.releve.day).debite
        flux = known.liberations.statut[known.tours.liberation[place]] == FLUX
        debites[place[flux]] = found[flux]
        return debites


def read_fonds(journal: Journal, jour: date) -> Fonds:
    """Return what a journal says of the period that holds a day, at the end of that day.

    Raises
    ------
    BadInput
        If no period that was opened holds the day.
    """
    tete = journal.tete
    registre = journal.registre(au=jour, vu=tete.rang)
    debut, fin = bounds(ouverture_on(registre.actes, jour))
    releve = build_releve(of_period(registre, debut, fin), jour, tete.rang)
    return Fonds(journal.bailleur, jour, debut, fin, registre, releve, tete)
