"""The accounts at a date: what each réservataire is owed, what it was proposed and attributed, and its balance.

Figures are those of the year of the book up to and including the day. Dwellings owed and dwellings counted are in the
same unit, so that a balance (owed less counted) steers a daily rule in every mode (file contract, section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.ledger.accounts.dus import Dus, dus
from allocator.ledger.accounts.livre import Livre, Pointage, pointage, promis, so_far, whole_year
from allocator.ledger.accounts.mesures import Mesures, by_debited, by_row
from allocator.ledger.accounts.regles import Regle, RegleDatee
from allocator.policies.accounts import received
from allocator.policies.situation import Mouvements

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Compte:
    """Accounts in columns, in dwellings: owed so far, owed over the year (NaN without a forecast), and counted."""

    du: Floats
    du_annee: Floats
    mesures: Mesures

    @property
    def solde(self) -> Floats:
        """Dwellings owed beyond those counted; negative for who is ahead."""
        return self.du - self.mesures.logements


@dataclass(frozen=True, slots=True, eq=False)
class Cellules:
    """The promises one by one (contractuel, total, indicative), each with what it counts; one entry a cell.

    ``cible`` is the target so far and ``cible_annee`` that of the year (NaN without a forecast), in dwellings;
    ``propositions`` and ``attributions`` are numbers of tours, ``logements`` the dwellings that count. The other
    columns are those of :class:`~allocator.domain.result.Ecarts`.
    """

    reservataire: NDArray[np.int32]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: Floats
    cible_annee: Floats
    propositions: Floats
    attributions: Floats
    logements: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Comptes:
    """The accounts of one bailleur at the end of a day.

    ``lignes`` has one entry a row of the year's promises (réservataire × territory; ``beneficiaire`` is who it
    serves on the day, ``assiette`` what came free there), ``reservataires`` one a réservataire: all that it is
    debited and owed, the flux of others that it is served in their stead included. ``parts`` are the learned
    shares of the outcomes.
    """

    jour: np.datetime64
    parts: Floats
    beneficiaire: Rows
    assiette: Floats
    lignes: Compte
    reservataires: Compte
    cellules: Cellules


def comptes(livre: Livre, jour: np.datetime64, prevision: Floats | None = None) -> Comptes:
    """Return the accounts at the end of a day of the book's year.

    ``prevision`` is the assiette forecast for the whole year, by commune in dwellings: without one, what is owed
    over the year is not known.
    """
    found = pointage(livre, jour)
    worth = promis(livre, found.tenant)
    owed = dus(livre.frame.promises, worth, so_far(livre, jour))
    year = None
    if prevision is not None:
        year = dus(livre.frame.promises, worth, whole_year(livre, jour, prevision))
    return Comptes(
        jour,
        found.parts,
        found.tenant,
        owed.assiette,
        Compte(owed.ligne, _unknown(owed.ligne) if year is None else year.ligne, by_row(livre, found)),
        _reservataires(livre, found, owed, year),
        _cellules(livre, found, owed, year),
    )


def recompte(
    livre: Livre,
    jour: np.datetime64,
    scenarios: Mapping[str, tuple[Sequence[RegleDatee], Regle]],
    prevision: Floats | None = None,
) -> dict[str, Comptes]:
    """Return the accounts of the same tours under several rules, by name of the scenario (clause de revoyure).

    Each scenario has its dated rules and the rule before the first of them.
    """
    return {
        name: comptes(replace(livre, regles=regles, defaut=defaut), jour, prevision)
        for name, (regles, defaut) in scenarios.items()
    }


def _reservataires(livre: Livre, found: Pointage, owed: Dus, year: Dus | None) -> Compte:
    du = _by_holder(livre, owed)
    return Compte(du, _unknown(du) if year is None else _by_holder(livre, year), by_debited(livre, found))


def _by_holder(livre: Livre, owed: Dus) -> Floats:
    """Return what is owed to each réservataire: to who was served in each stretch."""
    exercice = livre.exercice
    conventions, holders = exercice.instance.conventions, len(exercice.instance.reservataires)
    served = exercice.beneficiaire != BAILLEUR
    du = np.zeros(holders)
    du += np.bincount(exercice.beneficiaire[served], owed.troncons[served], holders)
    du += np.bincount(conventions.reservataire, owed.fixe, holders)
    return du


def _cellules(livre: Livre, found: Pointage, owed: Dus, year: Dus | None) -> Cellules:
    promises, tours = livre.frame.promises, found.tours
    kept = np.r_[promises.contractuels, promises.totaux, promises.indicatifs]

    def count(column: Floats) -> Floats:
        counted = np.flatnonzero(found.tenu & (tours.reservataire != BAILLEUR) & (column != 0.0))
        moves = Mouvements(tours.liberation[counted], tours.reservataire[counted], column[counted])
        return received(promises.scopes, livre.frame, livre.liberations, moves)[kept]

    return Cellules(
        promises.scopes.reservataire[kept],
        tuple(promises.sur[cell] for cell in kept),
        tuple(promises.territoire[cell] for cell in kept),
        tuple(promises.modalite[cell] for cell in kept),
        owed.cible[kept],
        _unknown(owed.cible[kept]) if year is None else year.cible[kept],
        *(count(getattr(found.apports, name)) for name in ("propositions", "attributions", "logements")),
    )


def _unknown(like: Floats) -> Floats:
    return np.full(len(like), np.nan)
