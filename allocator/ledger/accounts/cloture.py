"""Closing a year: what each promise carries to the next one, and the rights that it used up (R.441-5, Th. 3-2).

- The balance is what was owed on the real assiette less what was counted, in dwellings; below zero, it is taken from
  the next year's. What is pending counts for one dwelling, and how it ends is the next year's business.
- The hors assiette is forecast in February and real in December. A convention that is *rebased* leaves the gap with
  nobody; one that *carries* it adds the réservataire's part of the gap (real less forecast) to the balance, so that
  it is owed its share of the assiette that was announced.
- A right (droit unique) is used by each dwelling held: signed, or pending at the end.
- What a réservataire lost to the préfet is lost: nothing is carried for a promise that serves another on the last
  day, and its rights are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE
from allocator.ledger.accounts.dus import dus
from allocator.ledger.accounts.livre import ONE_DAY, Livre, Pointage, pointage, promis, so_far
from allocator.ledger.accounts.mesures import RowSums, by_row
from allocator.ledger.conventions.exercice import Solde
from allocator.ledger.conventions.version import REPORTE
from allocator.policies.accounts import convention_scopes

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cloture:
    """The end of a year: one entry a row of its promises, in dwellings.

    ``solde`` is ``du`` less ``logements``; ``ecart`` is what is carried of the gap between the real hors assiette
    and the forecast; ``report`` is what the next year begins with. ``droits`` are the rights left at the beginning
    and ``droits_suivants`` those at the end (``SANS_SOLDE``: unbounded): less the ``utilises``, plus the ``acquis``.
    """

    du: Floats
    logements: Floats
    ecart: Floats
    report: Floats
    droits: Counts
    utilises: Counts
    acquis: Counts
    droits_suivants: Counts

    @property
    def solde(self) -> Floats:
        """Dwellings owed on the real assiette beyond those counted."""
        return self.du - self.logements


def cloture(
    livre: Livre,
    ecart_hors_assiette: Floats,
    regimes: Mapping[str, str],
    acquis: Mapping[tuple[str, str], int],
) -> Cloture:
    """Return the end of a book's year, by what is known of it on its last day.

    Parameters
    ----------
    livre
        The accounts.
    ecart_hors_assiette
        Real hors assiette less the forecast, by commune, in dwellings.
    regimes
        ``rebase`` or ``reporte``, by convention's identifier; ``rebase`` where not said.
    acquis
        New rights, by réservataire's identifier and the promise's territory.
    """
    exercice, conventions = livre.exercice, livre.exercice.instance.conventions
    last = livre.frame.debut + livre.frame.jours - ONE_DAY
    found = pointage(livre, last)
    owed = dus(livre.frame.promises, promis(livre, found.tenant), so_far(livre, last))
    logements = by_row(livre, found).logements
    own = found.tenant == conventions.reservataire
    carries = np.array([regimes.get(objet) == REPORTE for objet in exercice.objets], dtype=bool)
    ecart = np.where(own & carries, _gap(livre, ecart_hors_assiette), 0.0)
    used = np.where(own, _held(livre, found), 0)
    gained = np.array([acquis.get(key, 0) for key in _keys(livre)], dtype=np.int64)
    bounded = conventions.solde != SANS_SOLDE
    left = np.maximum(0, conventions.solde - used) + gained
    return Cloture(
        owed.ligne,
        logements,
        ecart,
        np.where(own, owed.ligne - logements + ecart, 0.0),
        conventions.solde,
        used,
        gained,
        np.where(bounded, left, SANS_SOLDE),
    )


def soldes_suivants(livre: Livre, fin: Cloture) -> dict[tuple[str, str], Solde]:
    """Return what the promises of the next year begin with."""
    return {
        key: Solde(float(report), None if droits == SANS_SOLDE else int(droits))
        for key, report, droits in zip(_keys(livre), fin.report, fin.droits_suivants, strict=True)
    }


def contenu_of_cloture(livre: Livre, fin: Cloture) -> dict[str, Any]:
    """Return the end of a year as the contents of a ``cloture`` event: one line a row, dwellings in full precision."""
    columns = {
        "du": fin.du,
        "logements": fin.logements,
        "solde": fin.solde,
        "ecart": fin.ecart,
        "utilises": fin.utilises,
        "acquis": fin.acquis,
    }
    lignes = [
        {"reservataire": holder, "territoire": territoire, "report": solde.report, "droits": solde.droits}
        | {name: column[row].item() for name, column in columns.items()}
        for row, ((holder, territoire), solde) in enumerate(soldes_suivants(livre, fin).items())
    ]
    return {"annee": livre.exercice.instance.fin.year, "lignes": lignes}


def _keys(livre: Livre) -> list[tuple[str, str]]:
    instance = livre.exercice.instance
    holders = [instance.reservataires.id[row] for row in instance.conventions.reservataire]
    return list(zip(holders, instance.conventions.territoire, strict=True))


def _gap(livre: Livre, ecart: Floats) -> Floats:
    """Return each row's part of a gap by commune, at the mean of its parts over the days of the year."""
    exercice, places = livre.exercice, livre.frame.places
    last = livre.frame.debut + livre.frame.jours - ONE_DAY
    part = so_far(livre, last).ecoule @ exercice.part / 100
    scopes = convention_scopes(livre.frame)
    by_kind = [np.bincount(numbers, ecart) for numbers in places.of_commune]
    here = [by_kind[kind][scope] for kind, scope in zip(scopes.kind, scopes.scope, strict=True)]
    gap: Floats = part * np.array(here, dtype=np.float64)
    return gap


def _held(livre: Livre, found: Pointage) -> Counts:
    """Return the dwellings of the year held by each row at its end: those signed and pending, less those of the eve."""
    now, before = found.tours.known(found.jour), found.tours.known(livre.frame.debut - ONE_DAY)
    held = (now.signed | now.pending).astype(np.float64) - (before.signed | before.pending)
    return RowSums(livre, found).of(held).astype(np.int64)
