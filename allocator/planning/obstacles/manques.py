"""Which promises a plan does not keep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Model, Reservataires
from allocator.engine.costs import bears_on
from allocator.flux.promises import SLACK
from allocator.planning.trajectoire import Trajectoire


@dataclass(frozen=True, slots=True)
class Promesse:
    """What names a cell of a year, whatever the plan; ``annee`` counts from 0."""

    annee: int
    reservataire: int
    sur: str
    territoire: str
    modalite: str


@dataclass(frozen=True, slots=True)
class Manque:
    """A promise that is not kept: ``manquants`` dwellings below the whole part of its target.

    ``priorite`` is the first tier that weighs it; ``entree`` is its number among the cases, ``row`` that of its
    year's conventions or indicatifs (−1: none).
    """

    promesse: Promesse
    cible: float
    valeur: int
    priorite: int
    entree: int
    row: int

    @property
    def manquants(self) -> int:
        """Dwellings that would keep it."""
        return int(np.floor(self.cible + SLACK)) - self.valeur


def kept(cible: float, valeur: float) -> bool:
    """Say whether a promise is kept: what is received reaches the whole part of the target."""
    return bool(valeur >= np.floor(cible + SLACK))


def unkept(plan: Trajectoire, model: Model, reservataires: Reservataires) -> tuple[Manque, ...]:
    """Return the promises that some goal weighs and the plan does not keep.

    Those of the first priority come first, then the earliest years, then those that miss most.
    """
    tier = _first_tier(plan, model, reservataires)
    ecarts = plan.ecarts
    short = np.floor(ecarts.cible + SLACK) - ecarts.valeur
    rows = np.flatnonzero((short > 0) & (tier < len(model.tiers)))
    order = rows[np.lexsort((-short[rows], plan.annee[rows], tier[rows]))]
    return tuple(
        Manque(
            promesse_of(plan, row),
            float(ecarts.cible[row]),
            int(ecarts.valeur[row]),
            int(tier[row]),
            int(plan.cellules[row]),
            int(plan.cases.row[plan.cellules[row]]),
        )
        for row in order.tolist()
    )


def promesse_of(plan: Trajectoire, row: int) -> Promesse:
    """Return what names a row of the plan's cells."""
    ecarts = plan.ecarts
    return Promesse(
        int(plan.annee[row]),
        int(ecarts.reservataire[row]),
        ecarts.sur[row],
        ecarts.territoire[row],
        ecarts.modalite[row],
    )


def _first_tier(plan: Trajectoire, model: Model, reservataires: Reservataires) -> NDArray[np.intp]:
    """Return the first tier whose goals weigh what each cell lacks (the number of tiers: none)."""
    sur = np.array(plan.ecarts.sur, dtype=object)
    familles = np.array(reservataires.famille, dtype=object)[plan.ecarts.reservataire]
    first = np.full(len(sur), len(model.tiers))
    for number, tier in reversed(list(enumerate(model.tiers))):
        for goal in tier.goals:
            if goal.poids * goal.manque > 0:
                first[bears_on(goal, sur, familles)] = number
    return first
