"""The greedy rule: each dwelling goes where the model's tiers, as they stand today, are best served at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.policies.accounts import accounts
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.world import World, build_world
from allocator.policies.situation import Chooser, Frame, Ints, Situation

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

SAME: Final = 1e-9
"""Difference of a tier's value within which two choices are as good."""


def glouton(frame: Frame) -> Chooser:
    """Return the greedy rule.

    Targets are those of the assiette so far: a share of what came, not of what may come. A dwelling goes to the
    réservataire that lowers the first tier most, then the second, and so on; it stays with the bailleur where
    nobody betters that. Ties go to the first réservataire of the file.
    """
    world = build_world(frame)

    def choose(situation: Situation) -> Ints:
        today = situation.today
        classes = Classes(today.commune, today.typologie, today.financement, today.qpv)
        pairs = build_pairs(world, classes, situation.barred)
        morning = _Morning(world, situation)
        return np.array([morning.give(pairs, entry) for entry in range(len(today))], dtype=np.int32)

    return choose


class _Morning:
    """The accounts of one day, brought forward dwelling by dwelling."""

    def __init__(self, world: World, situation: Situation) -> None:
        self.world, self.situation = world, situation
        account = accounts(world.frame, situation)
        self.assiette = account.assiette.copy()
        np.subtract.at(self.assiette, situation.today.commune[~situation.again], 1)
        self.counted = np.concatenate([account.counted, account.used[world.solde_row]])

    def give(self, pairs: Pairs, entry: int) -> int:
        """Decide one dwelling, count it, and return who receives it."""
        if not self.situation.again[entry]:
            self.assiette[self.situation.today.commune[entry]] += 1
        first, last = pairs.first[entry], pairs.first[entry + 1]
        weights = self._weights()
        best, chosen = np.zeros(len(self.world.frame.model.tiers)), -1
        for pair in range(first, last):
            rows = pairs.row[pairs.start[pair] : pairs.start[pair + 1]]
            change = self._change(weights, rows)
            if change is not None and _lower(change, best):
                best, chosen = change, pair
        if chosen < 0:
            return BAILLEUR
        self.counted[pairs.row[pairs.start[chosen] : pairs.start[chosen + 1]]] += 1.0
        return int(pairs.holder[chosen])

    def _weights(self) -> "_Weights":
        """Return the targets of the moment and what a unit below and above costs in each term."""
        cibles, exists = self.world.frame.promises.cibles(self.assiette)
        return _Weights(self.world, cibles, exists)

    def _change(self, weights: "_Weights", rows: Rows) -> Floats | None:
        """Return the change of each tier if these rows count one more; ``None`` where a solde forbids it."""
        cells, bounds = rows[rows < self.world.cells], rows[rows >= self.world.cells] - self.world.cells
        if (self.counted[self.world.cells + bounds] + 1.0 > self.world.solde[bounds] + SAME).any():
            return None
        return weights.change(self.counted[: self.world.cells], cells)


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
