"""Cells and tier values of an orientation: file contract, sections 3 and 4, recomputed from nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.checking.cells import list_cells
from allocator.checking.counts import count_received
from allocator.domain import Ecarts, Goal, Instance, Model
from allocator.domain.vocabulary import CONTRACTUEL, TOTAL


@dataclass(frozen=True, slots=True, eq=False)
class Recount:
    """An orientation, one entry a libération, with every cell counted and every tier valued anew."""

    orientation: NDArray[np.int32]
    ecarts: Ecarts
    values: tuple[float, ...]


def recount(instance: Instance, model: Model, orientation: NDArray[np.int32]) -> Recount:
    """Return the orientation with its cells and values, as :func:`evaluate` finds them."""
    return Recount(orientation, *evaluate(instance, model, orientation))


def evaluate(
    instance: Instance, model: Model, orientation: NDArray[np.integer]
) -> tuple[Ecarts, tuple[float, ...]]:
    """Return every cell with its target and its count, and the value of each tier of the model.

    ``orientation`` has one entry a libération of the instance: the index of a réservataire or ``BAILLEUR``.
    Eligibility and rights left are not looked at here.
    """
    cells = list_cells(instance, model)
    counts = count_received(instance, orientation, cells.reservataire, cells.dimension, cells.modalite)
    of_place = [sur in (CONTRACTUEL, TOTAL) for sur in cells.sur]
    ecarts = Ecarts(
        reservataire=np.array(cells.reservataire, dtype=np.int32),
        sur=tuple(cells.sur),
        territoire=tuple(
            f"{dimension}:{modalite}" if here else ""
            for here, dimension, modalite in zip(of_place, cells.dimension, cells.modalite, strict=True)
        ),
        modalite=tuple(
            "" if here else modalite for here, modalite in zip(of_place, cells.modalite, strict=True)
        ),
        cible=np.array(cells.cible, dtype=np.float64),
        valeur=counts.astype(np.float64),
    )
    return ecarts, tier_values(instance, model, ecarts)


def tier_values(instance: Instance, model: Model, ecarts: Ecarts) -> tuple[float, ...]:
    """Return the value of each tier: the sum of its goals over the cells given."""
    return tuple(
        float(sum(_goal_value(instance, goal, ecarts) for goal in tier.goals)) for tier in model.tiers
    )


def _goal_value(instance: Instance, goal: Goal, ecarts: Ecarts) -> float:
    mine = cells_of(instance, goal, ecarts)
    terms = terms_of(goal, ecarts.cible[mine], ecarts.valeur[mine])
    if not len(terms):
        return 0.0
    return goal.poids * float(terms.max() if goal.norme == "max" else terms.sum())


def cells_of(instance: Instance, goal: Goal, ecarts: Ecarts) -> NDArray[np.bool_]:
    """Say for each cell whether the goal bears on it."""
    mine = np.array([sur == goal.sur for sur in ecarts.sur], dtype=np.bool_)
    if goal.familles is not None:
        named = np.array([famille in goal.familles for famille in instance.reservataires.famille])
        mine &= named[ecarts.reservataire]
    return mine


def terms_of(goal: Goal, cible: NDArray[np.float64], valeur: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each cell adds to a goal, before ``poids``, when it counts ``valeur``."""
    terms = goal.manque * np.maximum(0.0, cible - valeur) + goal.exces * np.maximum(0.0, valeur - cible)
    return terms / np.maximum(cible, 1.0) if goal.unite == "relatif" else terms
