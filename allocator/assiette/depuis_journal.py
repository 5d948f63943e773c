"""What a year really took out of the assiette, as the journal recorded it dwelling by dwelling (Th. 1-4)."""

from collections import Counter

import numpy as np

from allocator.assiette.dossier.valeurs import Realise
from allocator.domain.vocabulary import STATUTS
from allocator.ledger.events.natures import CATEGORIES
from allocator.ledger.state.registre import AUCUN, Registre


def realises(registre: Registre, annee: int) -> tuple[tuple[Realise, ...], int]:
    """Return what was kept hors assiette in a year by commune, category and operation, and how many have no category.

    Dwellings that were withdrawn are not counted. The journal does not tell which household came from another
    bailleur: all are of the movement ``interne``.
    """
    table, suivi = registre.liberations, registre.suivi
    of_year = table.date.astype("datetime64[Y]") == np.datetime64(str(annee), "Y")
    kept = of_year & (table.statut == STATUTS.index("hors_assiette")) & np.isnat(suivi.retire)
    counts: Counter[tuple[str, str, str]] = Counter()
    untold = 0
    for row in np.flatnonzero(kept).tolist():
        category = int(suivi.categorie[row])
        if category == AUCUN:
            untold += 1
        else:
            place = f"commune:{registre.territoires.commune[table.commune[row]]}"
            counts[place, CATEGORIES[category], suivi.operation[row]] += 1
    return tuple(Realise(*key, "interne", counts[key]) for key in sorted(counts)), untold
