"""What the daily job reads of a journal on a day: the period, its promises and rules, the dwellings, the book."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from allocator.domain import BAILLEUR, Model
from allocator.domain.vocabulary import FLUX
from allocator.ledger.accounts.actes import ouverture_of, tours_of
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.taux import read_hypotheses
from allocator.ledger.conventions.actes import regles_of, soldes_of, versions_of
from allocator.ledger.conventions.exercice import exercice
from allocator.ledger.conventions.unicite import refuse_faults
from allocator.ledger.conventions.version import Version, in_force
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.daily.periode import bounds, instance_of, ouverture_on
from allocator.ledger.daily.window import restricted
from allocator.ledger.state.registre import Registre
from allocator.ledger.store.journal import Journal
from allocator.policies.situation import frame

BEFORE: Final = timedelta(days=366)
"""How long before its first day a period is looked at: what was pending then, and the mixes of the year before."""


@dataclass(frozen=True, slots=True, eq=False)
class Releve:
    """A journal as the daily job reads it on a day.

    ``vu`` is the rang of the last event looked at. ``registre`` has the dwellings of the period, those of the year
    before it, and all that still wait; ``livre`` the accounts made of them.
    """

    vu: int
    jour: date
    registre: Registre
    model: Model
    versions: tuple[Version, ...]
    livre: Livre

    @property
    def day(self) -> np.datetime64:
        """The day, as columns have it."""
        return np.datetime64(self.jour, "D")

    def ligne(self, reservataire: int, commune: int, jour: date | None = None) -> int | None:
        """Return the row of the promises in force on a day that covers a réservataire and a commune.

        Here and below, the day is that of the releve unless another one is asked for.
        """
        year, places = self.livre.exercice, self.livre.frame.places
        promised = year.instance.conventions
        serves = (promised.reservataire == reservataire) & (
            year.beneficiaire[self._stretch(jour)] != BAILLEUR
        )
        for row in reversed(np.flatnonzero(serves).tolist()):
            if commune in places.communes(*places.territory(promised.territoire[row])):
                return row
        return None

    def version(self, reservataire: int, commune: int, jour: date | None = None) -> Version | None:
        """Return the convention by which a réservataire may receive a dwelling of a commune on a day."""
        ligne = self.ligne(reservataire, commune, jour)
        objet = None if ligne is None else self.livre.exercice.objets[ligne]
        return in_force([version for version in self.versions if version.objet == objet], jour or self.jour)

    def served(self, reservataire: int, commune: int, jour: date | None = None) -> int:
        """Return who is served where a dwelling goes to a réservataire: the préfet where it lost its flux."""
        ligne = self.ligne(reservataire, commune, jour)
        tenants = self.livre.exercice.beneficiaire[self._stretch(jour)]
        return reservataire if ligne is None else int(tenants[ligne])

    def _stretch(self, jour: date | None) -> int:
        return int(self.livre.exercice.stretch(np.array([jour or self.jour], dtype="datetime64[D]"))[0])


def read_releve(journal: Journal, jour: date) -> Releve:
    """Return what a journal says now, for the job of a day: of one moment, whoever writes meanwhile.

    Raises
    ------
    BadInput
        If no period that was opened holds the day, or acts cannot stand together.
    """
    while True:
        vu = journal.tete.rang
        waiting = journal.waiting()
        debut, fin = bounds(ouverture_on(waiting.actes, jour))
        registre = journal.period(_first(waiting, debut), fin)
        if journal.tete.rang == vu:
            return build_releve(registre, jour, vu)


def past_releve(journal: Journal, jour: date, vu: int) -> Releve:
    """Return what :func:`read_releve` said on a day when the journal's last event was that of rang ``vu``.

    Raises
    ------
    BadInput
        If no period that was opened by then holds the day.
    """
    registre = journal.registre(vu=vu)
    debut, fin = bounds(ouverture_on(registre.actes, jour))
    dates = registre.liberations.date
    kept = (dates >= np.datetime64(_first(registre, debut))) & (dates <= np.datetime64(fin))
    return build_releve(restricted(registre, np.flatnonzero(kept)), jour, vu)


def build_releve(registre: Registre, jour: date, vu: int) -> Releve:
    """Return what a state of the journal says on a day.

    Raises
    ------
    BadInput
        If no period that was opened holds the day, or acts cannot stand together.
    """
    # what is only carried through to reports steers nothing, and is not always read
    registre = replace(registre, liberations=replace(registre.liberations, complements={}))
    ouverture = ouverture_on(registre.actes, jour)
    model, instance = model_of(ouverture.contenu), instance_of(ouverture, registre)
    defaut = read_regle()
    versions = versions_of(registre.actes, defaut)
    refuse_faults(versions, instance)
    year = exercice(instance, versions, soldes_of(registre.actes, instance.debut.year))
    livre = Livre(
        exercice=year,
        frame=frame(year.instance, model),
        liberations=registre.liberations,
        tours=tours_of(registre),
        regles=regles_of(registre.actes, versions, defaut),
        defaut=defaut,
        hypotheses=read_hypotheses(),
        retire=registre.suivi.retire,
        ouverture=ouverture_of(registre.actes, year),
    )
    return Releve(vu, jour, registre, model, versions, livre)


def _first(registre: Registre, debut: date) -> date:
    """Return the first day to look at: that of the oldest dwelling that waits, if it has waited for longer."""
    rows = registre.suivi.a_orienter
    dates = registre.liberations.date[rows[registre.liberations.statut[rows] == FLUX]]
    first: date = dates.min(initial=np.datetime64(debut - BEFORE)).astype(date)
    return first
