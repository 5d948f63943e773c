"""How a tour ends, and what each end does to the count: data that a convention or a model may set (Th. 2-2, 2-3).

No source fixes one rule for refusals, so each end has a code of its own with two settings: whether the proposition
counts (whole, half, not at all), and whether a compensation is due, by which what it counted is given back. With a
compensation the proposition stays in the bilan and among the points of propositions; what is given back is told
apart, and never exceeds what was counted, so that nobody gains by a failure.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

ISSUES: Final = (
    "bail",
    "sans_candidat",
    "decline",
    "rendu",
    "caleol",
    "refus",
    "retrait",
    "description",
)
"""Ends of a tour; the outcome of one is an index of this list, or :data:`EN_COURS`."""

BAIL: Final = 0
EN_COURS: Final = -1
"""Outcome of a tour that has not ended."""

TITRES: Final = MappingProxyType(
    {
        "bail": "bail signé",
        "sans_candidat": "aucun candidat dans le délai",
        "decline": "logement décliné par le réservataire",
        "rendu": "logement rendu pour un tour",
        "caleol": "candidats écartés par la CALEOL",
        "refus": "refus de tous les candidats",
        "retrait": "logement retiré par le bailleur",
        "description": "logement mal décrit",
    }
)
"""What people read."""

COMPTES: Final = MappingProxyType({"entier": 1.0, "demi": 0.5, "non": 0.0})
"""Shares of a proposition that may count, by the word that sets them."""


@dataclass(frozen=True, slots=True)
class Effet:
    """What the end of a tour does to the count.

    ``compte`` is the share of the proposition that counts (1, 0.5 or 0); with ``compensation`` it is given back.
    """

    compte: float = 1.0
    compensation: bool = False


Effets = tuple[Effet, ...]
"""One effect an end, in the order of :data:`ISSUES`; a lease always counts whole and owes nothing."""
