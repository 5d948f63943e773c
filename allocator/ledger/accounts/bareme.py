"""Rules of counting as arrays: the points of each commune, and what each end of a tour leaves of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Territoires
from allocator.ledger.accounts.issues import BAIL, ISSUES
from allocator.ledger.accounts.regles import Regle, RegleDatee, for_objet
from allocator.ledger.accounts.tours import Days
from allocator.policies.replaying.counting import build_counting

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Bareme:
    """What counts, by rule; rules are numbered in the order in which they were given.

    ``proposition`` and ``attribution`` are the points of one, by rule and commune, 0 where the mode does not count
    it. ``compte`` is the share of a proposition that counts by rule and outcome (the last column: none yet), and
    ``rendu`` the share given back in compensation, which is ``due`` or not. ``cumul`` tells by rule whether
    propositions count up to attributions only. ``attendu`` are the points expected of one pre-orientation, by rule
    and commune.
    """

    proposition: Floats
    attribution: Floats
    compte: Floats
    rendu: Floats
    due: NDArray[np.bool_]
    cumul: NDArray[np.bool_]
    attendu: Floats

    @property
    def net(self) -> Floats:
        """Share of a proposition that is counted and not given back."""
        return self.compte - self.rendu


def build_bareme(regles: Sequence[Regle], territoires: Territoires, parts: Floats) -> Bareme:
    """Return rules, at least one, as arrays; ``parts`` are the shares of the outcomes.

    The shares are those of :mod:`allocator.ledger.accounts.taux`.

    What is expected of a pre-orientation: ``s·a`` for a lease that comes with probability ``s``, and the mean of
    what the outcomes leave of ``p``, with ``cumul`` no more than ``s·a``.
    """
    countings = [build_counting(regle.comptage, territoires, float(parts[BAIL])) for regle in regles]
    compte = np.array([[effet.compte for effet in regle.effets] + [1.0] for regle in regles])
    due = np.array([[effet.compensation for effet in regle.effets] + [False] for regle in regles])
    proposition = np.array([counting.proposition for counting in countings])
    attribution = np.array([counting.attribution for counting in countings])
    cumul = np.array([counting.cumul for counting in countings])
    rendu = np.where(due, compte, 0.0)
    left = proposition * ((compte - rendu)[:, : len(ISSUES)] @ parts)[:, None]
    signed = attribution * parts[BAIL]
    attendu = signed + np.where(cumul[:, None], np.minimum(left, signed), left)
    return Bareme(proposition, attribution, compte, rendu, due, cumul, attendu)


def choose(
    regles: Sequence[RegleDatee], defaut: Regle, objets: Sequence[str], objet: Rows, days: Days
) -> tuple[tuple[Regle, ...], Rows]:
    """Return the rules that apply to tours, and the number of that of each.

    Parameters
    ----------
    regles, defaut
        The dated rules, and the one before the first of them.
    objets
        Identifiers of conventions.
    objet
        By tour, an index of ``objets``, or -1 outside every convention.
    days
        By tour, the day of its orientation, which decides.
    """
    own = {regle.objet for regle in regles} & set(objets)
    groups = [("", np.ones(len(objet), dtype=bool))]
    groups += [(name, objet == row) for row, name in enumerate(objets) if name in own]
    known: dict[Regle, int] = {}
    chosen = np.zeros(len(objet), dtype=np.intp)
    for name, inside in groups:
        dated = for_objet(regles, name)
        numbers = [known.setdefault(rule, len(known)) for rule in (defaut, *(r.regle for r in dated))]
        effets = np.array([regle.effet for regle in dated], dtype="datetime64[D]")
        chosen[inside] = np.array(numbers)[np.searchsorted(effets, days[inside], side="right")]
    return tuple(known), chosen
