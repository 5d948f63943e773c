"""The judge of chances: tables by brute force, and a forecast that is right by construction is found right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.planning.risque.calibration import EDGES, judge, reliability
from allocator.planning.risque.course import Played

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(CASES)
def test_every_promise_stands_in_one_bin(cases: list[tuple[float, bool]]) -> None:
    probability = np.array([case[0] for case in cases])
    kept = np.array([case[1] for case in cases])
    bins = reliability(probability, kept)
    assert sum(each.number for each in bins) == len(cases)
    for each in bins:
        last = each.high == EDGES[-1]
        mine = [p for p, _ in cases if each.low <= p < each.high or (last and p == 1.0)]
        assert len(mine) == each.number
        assert each.probability == pytest.approx(np.mean(mine))


def test_a_right_forecast_is_found_right() -> None:
    """Years and truths from one law: intervals at 90 % hold nine times in ten, probabilities come true."""
    rng = np.random.default_rng(2)
    cells = 300
    mean = rng.uniform(2, 12, cells)

    def year() -> Played:
        got = rng.normal(mean, 2.0, (12, cells)).clip(0)
        return Played(np.tile(mean, (12, 1)), got, np.zeros(1), np.zeros(1))

    judged = [judge([year() for _ in range(100)], year()) for _ in range(10)]
    inside = np.mean([each.inside.mean() for each in judged])
    assert inside == pytest.approx(0.90, abs=0.02)
    probability = np.concatenate([each.probability for each in judged])
    kept = np.concatenate([each.kept for each in judged])
    for each in reliability(probability, kept):
        assert each.frequency == pytest.approx(each.probability, abs=4 * np.sqrt(0.25 / each.number) + 0.01)
