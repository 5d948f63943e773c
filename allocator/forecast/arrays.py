"""Types of the forecast's arrays, and weighted counts."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]


def tally(labels: Ints, weights: Floats | None, size: int) -> Floats:
    """Return the sum of the weights of each label from 0 to ``size - 1``; without weights, how many there are."""
    return np.bincount(labels, weights, size).astype(np.float64)
