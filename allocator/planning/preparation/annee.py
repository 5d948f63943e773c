"""The instance of one year of a projet: its promises, with the volumes of the named years, and what is known of it."""

from datetime import date

import numpy as np

from allocator.domain import Instance, Liberations
from allocator.formats import BadInput, Fault
from allocator.planning.projet import Projet


def instance_of_year(projet: Projet, annee: int, liberations: Liberations | None) -> Instance:
    """Return the instance of a calendar year; without libérations it has none, as on its first morning.

    A report is owed in the first year only: that of a later one is what the years before it will have left.

    Raises
    ------
    BadInput
        If the year is not one of the projet.
    """
    last = projet.premiere + projet.annees - 1
    if not projet.premiere <= annee <= last:
        what = f"{annee} n'est pas une année du projet, de {projet.premiere} à {last}"
        raise BadInput([Fault("--annee", None, None, what)])
    row = annee - projet.premiere
    return Instance(
        nom=f"{projet.nom}, {annee}",
        description=projet.description,
        debut=date(annee, 1, 1),
        fin=date(annee, 12, 31),
        source=projet.source,
        territoires=projet.territoires,
        reservataires=projet.reservataires,
        conventions=projet.conventions[row],
        indicatifs=projet.indicatifs[row],
        liberations=_none() if liberations is None else liberations,
        historique=projet.historique,
    )


def _none() -> Liberations:
    codes = np.empty(0, np.int8)
    return Liberations(
        (), np.empty(0, "datetime64[D]"), np.empty(0, np.int32), codes, codes, codes, codes, {}
    )
