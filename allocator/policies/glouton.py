"""The greedy rule: each dwelling goes where the model's tiers, as they stand today, are best served at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.policies.accounts import accounts
from allocator.policies.guard import Guard, Watch, build_guard
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.world import World, build_world
from allocator.policies.situation import Chooser, Frame, Ints, Situation

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

SAME: Final = 1e-9
"""Difference of a tier's value within which two choices are as good."""


def glouton(frame: Frame) -> Chooser:
    """Return the greedy rule.

    Targets are pro rata: a share of what came so far, and of a volume what the days gone make of it. A dwelling
    goes to the réservataire that lowers the first tier most, then the second, and so on; it stays with the bailleur
    where nobody betters that. Ties go to the first réservataire of the file. The model's ``ecart_max`` holds: see
    :mod:`~allocator.policies.guard`.
    """
    world = build_world(frame)
    guard = build_guard(world)

    def choose(situation: Situation) -> Ints:
        today = situation.today
        classes = Classes(today.commune, today.typologie, today.financement, today.qpv)
        pairs = build_pairs(world, classes, situation.barred)
        morning = _Morning(guard, situation)
        return np.array([morning.give(pairs, entry) for entry in range(len(today))], dtype=np.int32)

    return choose


class _Morning:
    """The accounts of one day, brought forward dwelling by dwelling."""

    def __init__(self, guard: Guard, situation: Situation) -> None:
        self.world = guard.world
        account = accounts(self.world.frame, situation)
        self.watch = Watch(guard, situation, account)
        self.elapsed = self.world.frame.elapsed(situation.date)
        self.counted = np.concatenate([account.counted, account.used[self.world.solde_row]])

    def give(self, pairs: Pairs, entry: int) -> int:
        """Decide one dwelling, count it, and return who receives it."""
        choices, must = self.watch.choices(pairs, entry, self.counted)
        weights = _Weights(self.world, *self.world.frame.promises.cibles(self.watch.assiette, self.elapsed))
        best, chosen = None if must else np.zeros(len(self.world.frame.model.tiers)), -1
        for pair in choices.tolist():
            rows = pairs.row[pairs.start[pair] : pairs.start[pair + 1]]
            change = weights.change(self.counted[: self.world.cells], rows[rows < self.world.cells])
            if best is None or _lower(change, best):
                best, chosen = change, pair
        if chosen < 0:
            return BAILLEUR
        self.counted[pairs.row[pairs.start[chosen] : pairs.start[chosen + 1]]] += 1.0
        return int(pairs.holder[chosen])


class _Weights:
    """What deviations cost at the targets of one moment, term by term."""

    def __init__(self, world: World, cibles: Floats, exists: NDArray[np.bool_]) -> None:
        self.world, self.cibles, self.exists = world, cibles, exists

    def change(self, counted: Floats, cells: Rows) -> Floats:
        """Return the change of each tier if some cells count one more."""
        change = np.zeros(len(self.world.frame.model.tiers))
        for place, term in enumerate(self.world.terms):
            before, after = (
                self._cost(place, cells, counted[cells]),
                self._cost(place, cells, counted[cells] + 1.0),
            )
            if not term.largest:
                change[term.tier] += (after - before).sum()
                continue
            everything = np.arange(len(counted))
            costs = self._cost(place, everything, counted)
            now = costs.max(initial=0.0)
            costs[cells] = after
            change[term.tier] += costs.max(initial=0.0) - now
        return change

    def _cost(self, place: int, cells: Rows, counts: Floats) -> Floats:
        """Return the cost of cells under one term at their counts, which need not be whole."""
        term = self.world.terms[place]
        goal = self.world.frame.model.tiers[term.tier].goals[term.goal]
        target = self.cibles[cells]
        scale = np.maximum(target, 1.0) if goal.unite == "relatif" else 1.0
        below, above = np.maximum(0.0, target - counts), np.maximum(0.0, counts - target)
        cost: Floats = (
            goal.poids
            * (term.chosen & self.exists)[cells]
            * (goal.manque * below + goal.exces * above)
            / scale
        )
        return cost


def _lower(change: Floats, best: Floats) -> bool:
    """Tell whether the first tier that differs is lower."""
    differs = np.flatnonzero(np.abs(change - best) > SAME)
    return bool(len(differs)) and bool(change[differs[0]] < best[differs[0]])
