"""The accounts at a date: what each réservataire is owed, what it was proposed and attributed, and its balance.

Figures are those of the year of the book up to and including the day. Dwellings owed and dwellings counted are in the
same unit, so that a balance (owed less counted) steers a daily rule in every mode (file contract, section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.ledger.accounts.compte import Avant, Cellules, Compte, Comptes
from allocator.ledger.accounts.dus import Dus, Promis, dus
from allocator.ledger.accounts.livre import (
    PERSONNE,
    Livre,
    Pointage,
    earlier_tenants,
    pointage,
    promis,
    so_far,
    whole_year,
)
from allocator.ledger.accounts.mesures import Mesures, by_debited, by_row
from allocator.ledger.accounts.regles import Regle, RegleDatee
from allocator.policies.accounts import received
from allocator.policies.situation import Mouvements

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


def comptes(livre: Livre, jour: np.datetime64, prevision: Floats | None = None) -> Comptes:
    """Return the accounts at the end of a day of the book's year.

    ``prevision`` is the assiette forecast for the whole year, by commune in dwellings: without one, what is owed
    over the year is not known.
    """
    found = pointage(livre, jour)
    owed, year = _owed(livre, jour, promis(livre, found.tenant), prevision)
    return Comptes(
        jour,
        found.parts,
        found.tenant,
        owed.assiette,
        Compte(owed.ligne, _unknown(owed.ligne) if year is None else year.ligne, by_row(livre, found)),
        _reservataires(livre, found, owed, year),
        _cellules(livre, found, owed, year),
        tuple(
            _avant(livre, found, tenant, rows, prevision)
            for tenant, rows in earlier_tenants(livre, found).items()
        ),
    )


def _owed(
    livre: Livre, jour: np.datetime64, worth: Promis, prevision: Floats | None
) -> tuple[Dus, Dus | None]:
    """Return what is owed so far and, where there is a forecast, over the year."""
    promises = livre.frame.promises
    owed = dus(promises, worth, so_far(livre, jour))
    return owed, None if prevision is None else dus(promises, worth, whole_year(livre, jour, prevision))


def _avant(livre: Livre, now: Pointage, tenant: int, rows: Rows, prevision: Floats | None) -> Avant:
    """Return what some rows served to an earlier tenant."""
    served = np.full(len(now.tenant), PERSONNE, dtype=np.intp)
    served[rows] = tenant
    found = replace(
        now, tenant=served, tenu=(now.ligne >= 0) & (now.debite == np.append(served, PERSONNE)[now.ligne])
    )
    nothing = np.zeros(len(served))
    worth = replace(promis(livre, served), report=nothing, acquis=nothing)
    owed, year = _owed(livre, now.jour, worth, prevision)
    sums = by_row(replace(livre, ouverture=None), found)
    return Avant(
        tenant,
        rows,
        Compte(
            owed.ligne[rows],
            (_unknown(owed.ligne) if year is None else year.ligne)[rows],
            Mesures(*(getattr(sums, field.name)[rows] for field in fields(Mesures))),
        ),
        _counting(_cellules(livre, found, owed, year)),
    )


def _counting(cells: Cellules) -> Cellules:
    """Return the cells that have any figure."""
    figures = ("cible", "cible_annee", "propositions", "attributions", "logements")
    some = np.any([np.nan_to_num(getattr(cells, name)) != 0.0 for name in figures], axis=0)
    kept = np.flatnonzero(some).tolist()
    columns = {field.name: getattr(cells, field.name) for field in fields(Cellules)}
    chosen: dict[str, Any] = {
        name: column[kept] if isinstance(column, np.ndarray) else tuple(column[row] for row in kept)
        for name, column in columns.items()
    }
    return Cellules(**chosen)


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
