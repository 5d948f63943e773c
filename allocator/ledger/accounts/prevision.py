"""The assiette that a year will have had: what came free so far, and what is forecast."""

import numpy as np
from numpy.typing import NDArray

from allocator.forecast import learn, outlook
from allocator.ledger.accounts.livre import Livre, so_far
from allocator.policies.situation import take


def prevision(livre: Livre, jour: np.datetime64) -> NDArray[np.float64] | None:
    """Return the forecast of a year's assiette as known at the end of a day, by commune in dwellings.

    ``None`` where there is no earlier year to learn from.
    """
    instance = livre.frame.instance
    if instance.historique is None or not len(instance.historique.en_flux):
        return None
    liberations = livre.liberations
    kept = np.ones(len(liberations), dtype=bool) if livre.retire is None else ~(livre.retire <= jour)
    before = take(liberations, np.flatnonzero(kept & (liberations.date < jour)))
    today = take(liberations, np.flatnonzero(kept & (liberations.date == jour)))
    coming = outlook(learn(instance), before, jour, today).by_commune()
    total: NDArray[np.float64] = so_far(livre, jour).assiette.sum(axis=0) + coming
    return total
