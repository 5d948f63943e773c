"""The greedy rule: each dwelling goes where the model's tiers, as they stand today, are best served at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Goal
from allocator.policies.accounts import Accounts, accounts
from allocator.policies.lookahead.pairs import Classes, Pairs, build_pairs
from allocator.policies.lookahead.world import Term, World, build_world
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
        morning = _Morning(world, accounts(frame, situation), situation)
        return np.array([morning.give(pairs, entry) for entry in range(len(today))], dtype=np.int32)

    return choose
