"""What the daily job reads of a journal on a day: the period, its promises and rules, the dwellings, the book."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from allocator.domain import BAILLEUR, Model
from allocator.ledger.accounts.actes import ouverture_of, tours_of
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.conventions.actes import regles_of, soldes_of, versions_of
from allocator.ledger.conventions.exercice import exercice
from allocator.ledger.conventions.unicite import refuse_faults
from allocator.ledger.conventions.version import Version, in_force
from allocator.ledger.daily.livres import defaut_of, hypotheses_of
from allocator.ledger.daily.ouverture import model_of
from allocator.ledger.daily.periode import BEFORE, bounds, instance_of, ouverture_on
from allocator.ledger.daily.window import of_period
from allocator.ledger.state.registre import Registre
from allocator.ledger.store.journal import Journal
from allocator.policies.situation import frame


@dataclass(frozen=True, slots=True, eq=False)
class Releve:
    """A journal as the daily job reads it on a day.

    ``vu`` is the rang of the last event looked at. ``registre`` has the dwellings of the period, those of the year
    before it, and of earlier ones those that were not done with before it; ``livre`` the accounts made of them.
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


def read_releve(journal: Journal, jour: date, au: date | None = None) -> Releve:
    """Return what a journal says now, for the job of a day: of one moment, whoever writes meanwhile.

    With ``au``, only what had taken effect by the end of that day of the same period, corrections made since included.

    Raises
    ------
    BadInput
        If no period that was opened holds the day, or acts cannot stand together.
    """
    with journal.moment() as now:
        debut, fin = bounds(ouverture_on(now.actes, jour))
        registre, vu = now.of_year(debut - BEFORE, debut, fin, au), now.tete.rang
    return build_releve(of_period(registre, debut, fin), jour, vu)


def past_releve(journal: Journal, jour: date, vu: int) -> Releve:
    """Return what :func:`read_releve` said on a day when the journal's last event was that of rang ``vu``.

    Raises
    ------
    BadInput
        If no period that was opened by then holds the day.
    """
    registre = journal.registre(vu=vu)
    return build_releve(of_period(registre, *bounds(ouverture_on(registre.actes, jour))), jour, vu)


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
    defaut = defaut_of(ouverture.contenu)
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
        hypotheses=hypotheses_of(ouverture.contenu),
        retire=registre.suivi.retire,
        ouverture=ouverture_of(registre.actes, year),
    )
    return Releve(vu, jour, registre, model, versions, livre)
