"""The rules by which tours count, each from a date on: for all conventions, or for one (Th. 2-2).

A tour counts by one rule throughout: that of the day on which it was oriented. A change of mode therefore never
judges again what was oriented before it, nor lets a dwelling count twice or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from allocator.domain import Comptage
from allocator.ledger.accounts.issues import Effets

Variante = Literal["A", "B"]
"""Step-by-step variants of the concertation: propositions first (A) or attributions first (B), then both."""


@dataclass(frozen=True, slots=True)
class Regle:
    """How tours count: points by ``comptage``, and the share of a proposition that each end leaves."""

    comptage: Comptage
    effets: Effets


@dataclass(frozen=True, slots=True)
class RegleDatee:
    """A rule in force from the day ``effet``; ``objet`` is a convention's identifier, or ``""`` for all.

    What is said of one convention goes before what is said of all, whatever their dates.
    """

    effet: date
    objet: str
    regle: Regle


def variante(nom: Variante, debut: date, revoyure: date, objet: str, regle: Regle) -> tuple[RegleDatee, ...]:
    """Return the two steps of a variant: one mode until the clause de revoyure, and both counted from then on.

    Parameters
    ----------
    nom
        ``A`` counts propositions first, ``B`` attributions (the SNE's "radiation pour bail signé").
    debut, revoyure
        First day of each step; the second follows one or two years after.
    objet
        The convention's identifier, or ``""``.
    regle
        The points of both steps (``comptage.mode`` is not looked at), and the effects of the outcomes.
    """
    modes = ("propositions" if nom == "A" else "attributions", "mixte")
    return tuple(
        RegleDatee(effet, objet, replace(regle, comptage=replace(regle.comptage, mode=mode)))
        for effet, mode in zip((debut, revoyure), modes, strict=True)
    )


def for_objet(regles: Sequence[RegleDatee], objet: str) -> list[RegleDatee]:
    """Return the rules of a convention by date, from the first day on which anything is ruled.

    Those of the convention itself where it has any, preceded by those for all until its first one.
    """
    own = sorted((regle for regle in regles if objet and regle.objet == objet), key=lambda r: r.effet)
    common = sorted((regle for regle in regles if not regle.objet), key=lambda r: r.effet)
    if not own:
        return common
    return [regle for regle in common if regle.effet < own[0].effet] + own
