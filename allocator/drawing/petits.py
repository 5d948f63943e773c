"""The small réservataires: employers owed from less than one dwelling to three a year."""

from dataclasses import replace
from typing import Final

import numpy as np

from allocator.drawing.figures import usages
from allocator.drawing.rights import Holder, Promise
from allocator.drawing.settings import DrawSettings
from allocator.drawing.supply import Supply

PART_MAX: Final = 10.0
"""Percent that no small employer holds, even with a bailleur that releases next to nothing."""


def draw_petits(settings: DrawSettings, supply: Supply, rng: np.random.Generator) -> list[Promise]:
    """Return the small employers of each département where something is released."""
    return [
        _employer(code, number, supply, rng)
        for code in supply.departements
        for number in range(1, _number(settings, supply.released(f"departement:{code}")) + 1)
    ]


def _number(settings: DrawSettings, released: float) -> int:
    """Return how many employers hold rights: more with a bailleur's size, less than in proportion."""
    return round(settings.petits * (1.5 + 0.35 * released**0.5)) if released else 0


def _employer(code: str, number: int, supply: Supply, rng: np.random.Generator) -> Promise:
    territoire = f"departement:{code}"
    due = float(np.clip(rng.lognormal(-0.2, 0.7), 0.15, 2.9))
    declared, owed_before, kind = rng.random(3)
    report = round(float(rng.uniform(0.0, 1.2)), 2)
    left = int(rng.integers(1, 4))
    holder = Holder(
        id=f"emp{code}_{number:02d}",
        nom=f"Employeur n° {number} ({usages()['departements'][code]})",
        famille="employeur",
        petit=True if declared < 0.4 else None,
    )
    if kind < 0.15:
        # A named year: what is owed over several years falls due at once (Th. 3-2).
        return Promise(holder, territoire, volume=float(max(1, round(due))))
    part = round(min(PART_MAX, 100.0 * due / supply.released(territoire)), 3)
    promise = Promise(holder, territoire, part, report=report if owed_before < 0.5 else 0.0)
    return replace(promise, solde=left) if kind < 0.30 else promise
