"""A projet: what is known of the years ahead, from which a trajectory, scenarios and risks are computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Conventions, Indicatifs, Instance, Liberations, Reservataires, Territoires

MONTHS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Offre:
    """What is expected to be released in the flux, one row a class and year.

    ``commune`` (int32) indexes :class:`~allocator.domain.instance.Territoires`; ``typologie``, ``financement`` and
    ``qpv`` (int8) the lists of the vocabulary; ``annee`` (int16) counts from 0, the first year; ``attendu`` is in
    dwellings a year, whole or not. A class stands at most once a year.
    """

    commune: NDArray[np.int32]
    typologie: NDArray[np.int8]
    financement: NDArray[np.int8]
    qpv: NDArray[np.int8]
    annee: NDArray[np.int16]
    attendu: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.commune)


@dataclass(frozen=True, slots=True, eq=False)
class Projet:
    """The inputs of one to ten years.

    ``conventions`` and ``indicatifs`` have one table a year. A year's conventions hold the promises in force that
    year, the volumes of named years among them; ``report`` is not zero in the first year only. ``solde`` bounds
    what the réservataire receives in the row's territory **from the first day of the projet to the end of that
    year**: the rights left at the start, and those acquired up to that year.

    ``saison`` is the share of a year in each month, shape (12,), and sums to 1. ``sha256`` is the digest of the
    files read, empty where there was none.
    """

    nom: str
    description: str
    source: str
    premiere: int
    annees: int
    territoires: Territoires
    reservataires: Reservataires
    conventions: tuple[Conventions, ...]
    indicatifs: tuple[Indicatifs, ...]
    offre: Offre
    saison: NDArray[np.float64]
    historique: Liberations | None
    sha256: str = ""


def projet_of(instance: Instance) -> Projet:
    """Return the projet of one year whose supply is what an instance has released in the flux, class by class.

    Its trajectory is what ``solve`` finds for the instance. The season is that of the instance's own flux
    libérations, uniform where there are none.
    """
    liberations = instance.liberations
    rows = liberations.en_flux
    columns = (liberations.commune, liberations.typologie, liberations.financement, liberations.qpv)
    classes, number = np.unique(
        np.stack([column[rows].astype(np.int64) for column in columns]), axis=1, return_counts=True
    )
    month = liberations.date[rows].astype("datetime64[M]").astype(np.int64) % MONTHS
    seen = np.bincount(month, minlength=MONTHS).astype(np.float64)
    commune, typologie, financement, qpv = classes
    return Projet(
        nom=instance.nom,
        description=instance.description,
        source=instance.source,
        premiere=instance.debut.year,
        annees=1,
        territoires=instance.territoires,
        reservataires=instance.reservataires,
        conventions=(instance.conventions,),
        indicatifs=(instance.indicatifs,),
        offre=Offre(
            commune.astype(np.int32),
            typologie.astype(np.int8),
            financement.astype(np.int8),
            qpv.astype(np.int8),
            np.zeros(len(number), dtype=np.int16),
            number.astype(np.float64),
        ),
        saison=seen / seen.sum() if len(rows) else np.full(MONTHS, 1 / MONTHS),
        historique=instance.historique,
        sha256=instance.sha256,
    )
