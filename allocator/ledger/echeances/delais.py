"""The clocks of a journal that run, with who is to propose candidates, and those that are over as entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from allocator.formats.ledger_schema import HORLOGES
from allocator.formats.tableau import Tableau
from allocator.ledger.accounts.actes import tours_of
from allocator.ledger.accounts.horloges import horloges
from allocator.ledger.accounts.issues import EN_COURS
from allocator.ledger.daily.releve import Releve
from allocator.ledger.events.event import Entree
from allocator.ledger.state.registre import Registre


@dataclass(frozen=True, slots=True)
class Delai:
    """A clock that runs.

    ``row`` is the dwelling's in the state looked at; ``reservataire`` and ``acteur`` are identifiers: who is debited,
    and who is to propose candidates, a delegate maybe. ``reste`` is in days, negative where it is over.
    """

    row: int
    liberation: str
    tour: int
    reservataire: str
    acteur: str
    envoye: date
    echeance: date
    reste: int


def delais(registre: Registre, releve: Releve) -> tuple[Delai, ...]:
    """Return the clocks of some dwellings that run on the day of a releve of the same journal, by last day."""
    tours, ids = registre.tours, registre.reservataires.id
    found = horloges(tours_of(registre), releve.day)
    rows = []
    for tour, echeance, reste in zip(
        found.tour.tolist(), found.echeance.tolist(), found.reste.tolist(), strict=True
    ):
        row = int(tours.liberation[tour])
        rows.append(
            Delai(
                row,
                registre.liberations.id[row],
                int(tours.numero[tour]),
                ids[tours.reservataire[tour]],
                acteur(registre, releve, tour),
                tours.envoye[tour].astype(date),
                echeance,
                reste,
            )
        )
    return tuple(rows)


def still_running(registre: Registre, running: Iterable[Delai]) -> tuple[Delai, ...]:
    """Return those clocks of an earlier day that nothing has stopped in a state."""
    tours = tours_of(registre)
    rows = np.flatnonzero((tours.issue == EN_COURS) & ~np.isnat(tours.echeance))
    waits = {
        (registre.liberations.id[tours.liberation[row]], int(registre.tours.numero[row]))
        for row in rows.tolist()
    }
    return tuple(each for each in running if (each.liberation, each.tour) in waits)


def acteur(registre: Registre, releve: Releve, tour: int) -> str:
    """Return who is asked for candidates in a tour.

    The delegate that its orientation names, or who is served in the réservataire's stead, or whom its convention
    has act for it (Th. 4-3).
    """
    tours, ids = registre.tours, registre.reservataires.id
    if tours.delegataire[tour]:
        return tours.delegataire[tour]
    holder = int(tours.reservataire[tour])
    commune = int(registre.liberations.commune[tours.liberation[tour]])
    served, version = releve.served(holder, commune), releve.version(holder, commune)
    return ids[served] if version is None or served != holder else version.acteur


def delais_tableau(running: Iterable[Delai]) -> Tableau:
    """Return clocks as a table."""
    return Tableau(
        HORLOGES,
        tuple(
            (
                each.liberation,
                each.tour,
                each.reservataire,
                each.acteur,
                str(each.envoye),
                str(each.echeance),
                each.reste,
            )
            for each in running
        ),
    )


def lapses(running: Iterable[Delai], auteur: str, clos: str = "") -> tuple[Entree, ...]:
    """Return the lapse of the clocks that are over as entries, each on the first day after its last.

    Where that day is of a year that is closed through ``clos``, it is the first one after it.
    """
    last = date.fromisoformat(clos) if clos else date.min
    return tuple(
        Entree(
            "echeance",
            each.liberation,
            str(max(each.echeance, last) + timedelta(days=1)),
            auteur,
            {"motif": f"aucun candidat proposé avant le {each.echeance:%d/%m/%Y} inclus"},
        )
        for each in running
        if each.reste < 0
    )
