"""What would mend a promise that is not kept, each verified: applied it holds, and half of it does not."""

from collections.abc import Callable
from typing import Final

import numpy as np

from allocator.domain import SANS_SOLDE
from allocator.domain.vocabulary import CONTRACTUEL, TOTAL
from allocator.planning.obstacles.cause import IMPOSSIBLE, Cause
from allocator.planning.obstacles.manques import Manque, Promesse, kept, promesse_of
from allocator.planning.obstacles.remede import (
    DROITS,
    OFFRE,
    PART,
    SOUHAIT,
    STEP,
    VOLUME,
    Inputs,
    Remede,
    applied,
    of_size,
)
from allocator.planning.projet import Counts, Projet
from allocator.planning.trajectoire import Trajectoire

CLASSES: Final = 3
"""Scarce kinds of dwellings that are tried, the dearest first."""

DOUBLINGS: Final = 4
"""How often a mend that does not hold yet is doubled: beyond, nobody would pay for it."""

Resolve = Callable[[Projet, Counts], Trajectoire]


def remedes(inputs: Inputs, manque: Manque, why: Cause, resolve: Resolve) -> tuple[Remede, ...]:
    """Return verified mends, at most one of dwellings and one of the promise itself.

    ``resolve`` returns the plan of inputs: every claim is the outcome of two of its plans.
    """
    supply = _cheapest(inputs, manque, why, resolve)
    lower = _lowered(inputs[0], manque)
    rights = _more_rights(inputs[0], manque) if why.genre == IMPOSSIBLE and not why.rares else None
    own = (_least(inputs, each, manque.promesse, resolve) for each in (rights, lower) if each is not None)
    return tuple(mend for mend in (supply, *own) if mend is not None)


def _cheapest(inputs: Inputs, manque: Manque, why: Cause, resolve: Resolve) -> Remede | None:
    """Return the mend of fewest dwellings among the scarcest kinds."""
    best: Remede | None = None
    for rare in why.rares[:CLASSES]:
        first = Remede(OFFRE, manque.manquants, rare.classe, rare.annee)
        fewer = _most(first) if best is None else best.nombre - 1
        found = _least(inputs, first, manque.promesse, resolve, fewer)
        best = found or best
    return best


def holds(plan: Trajectoire, promesse: Promesse) -> bool:
    """Say whether a plan keeps a promise; what is no longer promised is kept."""
    for row in np.flatnonzero(
        (plan.annee == promesse.annee) & (plan.ecarts.reservataire == promesse.reservataire)
    ).tolist():
        if promesse_of(plan, row) == promesse and not kept(plan.ecarts.cible[row], plan.ecarts.valeur[row]):
            return False
    return True


def _least(
    inputs: Inputs, remede: Remede, promesse: Promesse, resolve: Resolve, most: int | None = None
) -> Remede | None:
    """Return the mend in a size that holds where half of it does not; ``None`` where none up to ``most`` is found."""
    known: dict[int, bool] = {0: False}

    def works(size: int) -> bool:
        if size not in known:
            known[size] = holds(resolve(*applied(inputs, of_size(remede, size))), promesse)
        return known[size]

    size, most = max(1, remede.nombre), _most(remede) if most is None else most
    for _ in range(DOUBLINGS):
        if size >= most or works(size):
            break
        size *= 2
    size = min(size, most)
    if size < 1 or not works(size):
        return None
    low = 0
    while size - low > 1:
        middle = (low + size) // 2
        low, size = (low, middle) if works(middle) else (middle, size)
    while works(size // 2):
        size //= 2
    return of_size(remede, size)


def _most(remede: Remede) -> int:
    """Return the largest size of a mend: a promise cannot be lowered below nothing."""
    if remede.genre in (OFFRE, DROITS):
        return remede.nombre << DOUBLINGS
    return int(np.floor(remede.avant * (STEP if remede.genre in (PART, SOUHAIT) else 1)))


def _more_rights(projet: Projet, manque: Manque) -> Remede | None:
    """Return the rights that are missing; ``None`` where nothing bounds the réservataire."""
    holder, year = manque.promesse.reservataire, manque.promesse.annee
    table = projet.conventions[year]
    bounded = (table.reservataire == holder) & (table.solde != SANS_SOLDE)
    return Remede(DROITS, manque.manquants, reservataire=holder) if bounded.any() else None


def _lowered(projet: Projet, manque: Manque) -> Remede | None:
    """Return the promise or wish itself, lowered by what it misses; ``None`` where no row stands for it."""
    promesse, row = manque.promesse, manque.row
    if row < 0:
        return None
    share = 1.0 - (manque.valeur + 1.0) / max(manque.cible, 1.0)
    if promesse.sur in (CONTRACTUEL, TOTAL):
        table = projet.conventions[promesse.annee]
        territoire, part = table.territoire[row], float(table.part[row])
        if np.isnan(part):
            volume = float(table.volume[row])
            return Remede(
                VOLUME,
                manque.manquants,
                reservataire=promesse.reservataire,
                territoire=territoire,
                avant=volume,
            )
        size = int(np.ceil(part * share * STEP))
        return Remede(
            PART, max(1, size), reservataire=promesse.reservataire, territoire=territoire, avant=part
        )
    wishes = projet.indicatifs[promesse.annee]
    part = float(wishes.part[row])
    return Remede(
        SOUHAIT,
        max(1, int(np.ceil(part * share * STEP))),
        reservataire=promesse.reservataire,
        dimension=wishes.dimension[row],
        modalite=wishes.modalite[row],
        avant=part,
    )
