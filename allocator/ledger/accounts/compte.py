"""The accounts as values: what each réservataire is owed, what it was proposed and attributed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.accounts.mesures import Mesures

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
class Avant:
    """What rows of the year's promises served to one réservataire by the day, and do not serve to it any more.

    ``lignes`` has one entry for each of the ``rows``; ``cellules`` are those that count something of it. What
    réservataires bring from earlier years is in the accounts of the day alone.
    """

    beneficiaire: int
    rows: Rows
    lignes: Compte
    cellules: Cellules


@dataclass(frozen=True, slots=True, eq=False)
class Comptes:
    """The accounts of one bailleur at the end of a day.

    ``lignes`` has one entry a row of the year's promises (réservataire × territory; ``beneficiaire`` is who it
    serves on the day, ``assiette`` what came free there), ``reservataires`` one a réservataire: all that it is
    debited and owed, the flux of others that it is served in their stead included. ``avant`` has what the rows served
    to others earlier in the year. ``parts`` are the learned shares of the outcomes.
    """

    jour: np.datetime64
    parts: Floats
    beneficiaire: Rows
    assiette: Floats
    lignes: Compte
    reservataires: Compte
    cellules: Cellules
    avant: tuple[Avant, ...]
