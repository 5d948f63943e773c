"""The vocabulary of the gestion en flux: plain values, no input or output, no solver."""

from allocator.domain.instance import (
    SANS_SOLDE,
    Conventions,
    Indicatifs,
    Instance,
    Liberation,
    Liberations,
    Reservataires,
    Territoires,
)
from allocator.domain.model import Comptage, Goal, Model, PointsDeTension, Tier
from allocator.domain.result import BAILLEUR, Ecarts, Solution, TierValue

__all__ = [
    "BAILLEUR",
    "SANS_SOLDE",
    "Comptage",
    "Conventions",
    "Ecarts",
    "Goal",
    "Indicatifs",
    "Instance",
    "Liberation",
    "Liberations",
    "Model",
    "PointsDeTension",
    "Reservataires",
    "Solution",
    "Territoires",
    "Tier",
    "TierValue",
]
