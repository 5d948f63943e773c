"""The period that a journal is open for on a day, as its opening tells it."""

from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from allocator.domain import Conventions, Instance, Liberations
from allocator.formats import BadInput, Fault
from allocator.ledger.daily.ouverture import historique_of, indicatifs_of
from allocator.ledger.events.fold import Acte
from allocator.ledger.state.registre import Registre
from allocator.policies.situation import take

BEFORE: Final = timedelta(days=366)
"""How long before its first day a period is looked at: what was pending then, and the mixes of the year before."""


def ouverture_on(actes: tuple[Acte, ...], jour: date) -> Acte:
    """Return the last opening of a period that holds a day.

    Raises
    ------
    BadInput
        If there is none.
    """
    opened = [acte for acte in actes if acte.nature == "ouverture" and "modele" in acte.contenu]
    for acte in reversed(opened):
        debut, fin = bounds(acte)
        if debut <= jour <= fin:
            return acte
    what = f"aucune période ouverte ne contient le {jour:%d/%m/%Y}, à ouvrir par « allocator init »"
    raise BadInput([Fault("journal", None, None, what)])


def bounds(ouverture: Acte) -> tuple[date, date]:
    """Return the first and the last day of an opening's period."""
    return date.fromisoformat(ouverture.contenu["debut"]), date.fromisoformat(ouverture.contenu["fin"])


def instance_of(ouverture: Acte, registre: Registre) -> Instance:
    """Return the period as its opening tells it, without promises and without the dwellings of the period.

    ``historique`` is what the opening has of earlier years, and then what the journal has of the last one.
    """
    contenu, (debut, fin) = ouverture.contenu, bounds(ouverture)
    told = historique_of(contenu, registre)
    own = registre.liberations
    earlier = (own.date < np.datetime64(debut)) & (own.date >= np.datetime64(debut - BEFORE))
    later = np.flatnonzero(earlier & (own.date > told.date.max()) if len(told) else earlier)
    none, empty = np.empty(0, dtype=np.intp), np.empty(0)
    return Instance(
        nom=contenu["nom"],
        description=contenu.get("description", ""),
        debut=debut,
        fin=fin,
        source=contenu.get("source", ""),
        territoires=registre.territoires,
        reservataires=registre.reservataires,
        conventions=Conventions(none.astype(np.int32), (), (), empty, empty, empty, none.astype(np.int64)),
        indicatifs=indicatifs_of(contenu, registre),
        liberations=take(own, none),
        historique=_joined(told, take(own, later)) if len(told) or len(later) else None,
    )


def _joined(first: Liberations, second: Liberations) -> Liberations:
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("date", "commune", "typologie", "financement", "qpv", "statut")
    }
    return Liberations(id=first.id + second.id, complements={}, **columns)
