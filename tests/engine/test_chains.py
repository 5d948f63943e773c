"""Entries that continue others, against a loop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocator.engine.chains import continued, continuing, running


@st.composite
def links(draw: st.DrawFn) -> list[int]:
    """Draw links of which each goes to an earlier entry or nowhere."""
    return [draw(st.integers(-1, entry - 1)) for entry in range(draw(st.integers(0, 12)))]


@given(links(), st.integers(0, 2**32 - 1))
def test_counts_and_marks_follow_the_links(after: list[int], seed: int) -> None:
    size, rng = len(after), np.random.default_rng(seed)
    own, marked = rng.integers(0, 5, size), rng.random(size) < 0.3
    array = np.array(after, dtype=np.int32)
    earlier: list[set[int]] = []
    for entry in range(size):
        earlier.append({entry} | (earlier[after[entry]] if after[entry] >= 0 else set()))
    assert running(array, own).tolist() == [int(own[sorted(chain)].sum()) for chain in earlier]
    assert continuing(array, marked).tolist() == [any(marked[e] for e in chain) for chain in earlier]
    assert continued(array, marked).tolist() == [
        any(marked[later] and entry in earlier[later] - {later} for later in range(size))
        for entry in range(size)
    ]
