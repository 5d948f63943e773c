"""Counted entries that continue others: what is received so far, from one period to the next.

``after[k]`` is the entry that entry ``k`` continues, always an earlier one, or −1: ``k`` counts what ``after[k]``
counts and what falls in its own scope besides. Over a single period nothing continues anything.
"""

import numpy as np
from numpy.typing import NDArray

Links = NDArray[np.int32]
Mask = NDArray[np.bool_]


def running(after: Links, own: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the count of every entry, given what falls in the scope of each."""
    entries = len(after)
    total = np.append(own, 0)
    earlier = np.append(np.where(after < 0, entries, after), entries).astype(np.intp)
    while (earlier < entries).any():
        total = total + total[earlier]
        earlier = earlier[earlier]
    return total[:entries]


def continued(after: Links, marked: Mask) -> Mask:
    """Mark the entries that some marked one continues, directly or not."""
    found = np.zeros(len(after), dtype=bool)
    front = after[marked]
    while len(front):
        front = np.unique(front[front >= 0])
        found[front] = True
        front = after[front]
    return found


def continuing(after: Links, marked: Mask) -> Mask:
    """Mark the entries that are marked or continue a marked one, directly or not."""
    return running(after, marked.astype(np.int64)) > 0
