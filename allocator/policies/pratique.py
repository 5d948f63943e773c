"""The hand rule: what a careful officer does with a spreadsheet (file contract, section 5).

Each libération goes to whoever is furthest behind, or stays with the bailleur.
"""

from typing import Final

import numpy as np

from allocator.domain import BAILLEUR
from allocator.flux.promises import SLACK
from allocator.policies.quotas import Morning, Rows, one_by_one, quotas
from allocator.policies.situation import Chooser, Frame

THRESHOLD: Final = 0.5
"""Lag, in dwellings, below which a dwelling stays with the bailleur."""


def pratique(frame: Frame) -> Chooser:
    """Return the hand rule: to the largest lag, if that is at least 0.5; ties to the first réservataire.

    Lags within 1e-9 of each other, or of 0.5, are equal: sums of shares in floating point are no closer.
    """
    return one_by_one(quotas(frame), _furthest_behind)


def _furthest_behind(morning: Morning, commune: int, cells: Rows) -> int:  # noqa: ARG001
    lags = morning.lags(cells)
    best = lags.max(initial=-np.inf)
    if best < THRESHOLD - SLACK:
        return BAILLEUR
    return int(morning.quotas.reservataire[cells[np.argmax(lags >= best - SLACK)]])
