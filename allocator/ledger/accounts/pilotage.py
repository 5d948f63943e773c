"""What the accounts tell a daily rule: the promises in force, and dwellings counted so far.

A rule reads one instance and a list of movements, and works out what is owed by itself, from the parts in force and
all that came free in the year. What it cannot see is handed to it in the reports: what was owed under earlier
versions, what counts for dwellings that are not in its past (another year's, withdrawn ones), and what those who
began in mid-year bring. A rule owes reports as the year goes, so such amounts reach it whole by the last day.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Conventions, Instance
from allocator.ledger.accounts.dus import Promis, dus
from allocator.ledger.accounts.livre import Livre, Pointage, pointage, promis, so_far
from allocator.ledger.accounts.mesures import RowSums, by_row
from allocator.ledger.conventions.exercice import Exercice
from allocator.policies.situation import Mouvements

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Pilotage:
    """What a rule is to look at: the year's instance as it stands on a day, and what counts for whom so far."""

    instance: Instance
    mouvements: Mouvements


def pilotage(livre: Livre, jour: np.datetime64, past: Rows) -> Pilotage:
    """Return what steers a rule, with all that is known at the end of a day.

    Parameters
    ----------
    livre
        The accounts.
    jour
        The last day that counts.
    past
        Rows of the book's libérations in the order of the situation's ``past`` (flux, of this year).
    """
    found = pointage(livre, jour)
    exercice, tours, amount = livre.exercice, found.tours, found.apports.logements
    place = np.full(len(livre.liberations), -1, dtype=np.intp)
    place[past] = np.arange(len(past))
    row = place[tours.liberation]
    seen = (row >= 0) & found.tenu & (tours.reservataire != BAILLEUR)
    now = int(exercice.stretch(np.array([jour]))[0])
    report = exercice.instance.conventions.report + _unseen(livre, found, seen, now)
    kept = np.flatnonzero(seen & (amount != 0.0))
    return Pilotage(
        replace(exercice.instance, conventions=_in_force(livre.exercice, now, report)),
        Mouvements(row[kept], tours.reservataire[kept], amount[kept]),
    )


def _in_force(exercice: Exercice, now: int, report: Floats) -> Conventions:
    """Return the rows in force in a stretch, with their parts and volumes of then."""
    known = exercice.instance.conventions
    rows = np.flatnonzero(exercice.beneficiaire[now] != BAILLEUR)
    part, volume = exercice.part[now, rows], exercice.volume[now, rows]
    by_volume = volume > 0
    return Conventions(
        known.reservataire[rows],
        tuple(known.territoire[row] for row in rows),
        tuple(known.niveau[row] for row in rows),
        np.where(by_volume, np.nan, part),
        np.where(by_volume, volume, np.nan),
        report[rows],
        known.solde[rows],
    )


def _unseen(livre: Livre, found: Pointage, seen: NDArray[np.bool_], now: int) -> Floats:
    """Return, by row, the dwellings owed and not counted that a rule cannot see: those of tours not ``seen``."""
    exercice, promises = livre.exercice, livre.frame.promises
    worth, moment = promis(livre, found.tenant), so_far(livre, found.jour)
    everywhere = np.ones(worth.part.shape)
    plain = Promis(
        everywhere * exercice.part[now] / 100,
        everywhere * exercice.volume[now],
        everywhere > 0,
        exercice.instance.conventions.report,
        np.zeros(len(worth.report)),
    )
    owed = dus(promises, worth, moment).ligne - dus(promises, plain, moment).ligne
    shown = RowSums(livre, found).of(np.where(seen, found.apports.logements, 0.0))
    return owed - (by_row(livre, found).logements - shown)
