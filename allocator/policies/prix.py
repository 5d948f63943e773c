"""The price rule: each cell has a price, moved by every decision; a dwelling goes where prices add up lowest.

Dual mirror descent for regularized online allocation (Balseiro, Lu and Mirrokni, M&SOM 27(3), 2025). With the
deviation from a target as the regularizer and a constant step, the price of a cell has a closed form: its lead over
its pro-rata times the step, held between what one dwelling below and one above cost. No plan is solved, so that a
decision takes microseconds, and nothing needs to be remembered but the accounts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.policies.accounts import accounts
from allocator.policies.guard import Rows, Watch, build_guard
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.weights import tier_weights
from allocator.policies.lookahead.world import World, build_world
from allocator.policies.situation import Chooser, Frame, Ints, Situation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PriceSettings:
    """Settings of the price rule.

    ``reach`` is the lead over its pro-rata at which the price of a cell whose target is one dwelling is at its
    largest, in dwellings (the inverse of the step of the descent); it grows with the square root of the target,
    as the chance of what is still to come does. ``resolution`` is how many times more a tier weighs than the next.
    """

    reach: float = 2.0
    resolution: float = 3.0


DEFAULTS: Final = PriceSettings()

SAME: Final = 1e-9
"""Difference of a price within which two choices are as good."""


def prix(frame: Frame, settings: PriceSettings = DEFAULTS) -> Chooser:
    """Return the price rule; a dwelling stays with the bailleur where every price is above zero.

    Ties go to the first réservataire of the file. The model's ``ecart_max`` holds: see
    :mod:`~allocator.policies.guard`.
    """
    world = build_world(frame)
    guard = build_guard(world)
    weights = tier_weights(frame.model, settings.resolution)

    def choose(situation: Situation) -> Ints:
        today = situation.today
        classes = Classes(today.commune, today.typologie, today.financement, today.qpv)
        pairs = build_pairs(world, classes, situation.barred)
        morning = Prices(world, situation, weights, settings)
        watch = Watch(guard, situation, morning.account)
        return np.array(
            [
                morning.give(pairs, *watch.choices(pairs, entry, morning.counted))
                for entry in range(len(today))
            ],
            dtype=np.int32,
        )

    return choose


class Prices:
    """Prices through one day: targets are those of the assiette at its end."""

    def __init__(
        self, world: World, situation: Situation, weights: Floats, settings: PriceSettings = DEFAULTS
    ) -> None:
        """Set the prices of a morning; ``weights`` has one entry a tier."""
        self.account = account = accounts(world.frame, situation)
        cibles, exists = world.frame.promises.cibles(account.assiette, world.frame.elapsed(situation.date))
        soldes = len(world.solde)
        self.counted = np.concatenate([account.counted, account.used[world.solde_row]])
        self.target = np.concatenate([cibles, world.solde.astype(np.float64)])
        self.reach = settings.reach * np.sqrt(np.maximum(1.0, self.target))
        under, over = np.zeros((2, world.cells))
        for term in world.terms:
            goal = world.frame.model.tiers[term.tier].goals[term.goal]
            scale = np.maximum(cibles, 1.0) if goal.unite == "relatif" else 1.0
            unit = weights[term.tier] * goal.poids * (term.chosen & exists) / scale
            under, over = under + goal.manque * unit, over + goal.exces * unit
        self.under = np.concatenate([under, np.zeros(soldes)])
        self.over = np.concatenate([over, np.zeros(soldes)])
        self.bounded = np.concatenate([np.zeros(world.cells, dtype=bool), np.ones(soldes, dtype=bool)])

    def give(self, pairs: Pairs, choices: Rows, must: bool) -> int:
        """Decide one dwelling between some pairs, count it, and return who receives it.

        It may stay with the bailleur, unless it ``must`` be given.
        """
        if not len(choices):
            return BAILLEUR
        price = self.of(pairs, int(choices[0]), int(choices[-1]) + 1)[choices - choices[0]]
        if not must and price.min() >= -SAME:
            return BAILLEUR
        chosen = int(choices[np.argmax(price <= price.min() + SAME)])
        self.counted[pairs.row[pairs.start[chosen] : pairs.start[chosen + 1]]] += 1.0
        return int(pairs.holder[chosen])

    def of(self, pairs: Pairs, first: int, last: int) -> Floats:
        """Return the price of one more dwelling to each of the pairs ``first`` to ``last`` (excluded)."""
        rows = pairs.row[pairs.start[first] : pairs.start[last]]
        of_pair = np.repeat(np.arange(last - first), np.diff(pairs.start[first : last + 1]))
        price: Floats = np.bincount(of_pair, self._price(rows), last - first).astype(float)
        return price

    def _price(self, rows: NDArray[np.intp]) -> Floats:
        """Return the price of one more dwelling in some rows; a solde has one only once it is spent."""
        lead = np.clip((self.counted[rows] + 0.5 - self.target[rows]) / self.reach[rows], -1.0, 1.0)
        price = np.where(lead < 0, self.under[rows], self.over[rows]) * lead
        spent = self.counted[rows] + 1.0 > self.target[rows] + SAME
        return np.where(self.bounded[rows], np.where(spent, np.inf, 0.0), price)
