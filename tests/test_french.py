"""Numbers as people read them in French."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.french import fixed, short


@pytest.mark.parametrize(
    ("value", "decimals", "both"),
    [
        (1234.5, 2, ("1\u202f234,50", "1\u202f234,5")),
        (-0.004, 2, ("0,00", "0")),
        (-3, 1, ("−3,0", "−3")),
        (1000, 0, ("1\u202f000", "1\u202f000")),
        (110.1, 2, ("110,10", "110,1")),
        (99.999, 2, ("100,00", "100")),
    ],
)
def test_a_number_is_written_as_french_writes_it(value: float, decimals: int, both: tuple[str, str]) -> None:
    assert (fixed(value, decimals), short(value, decimals)) == both


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_what_is_written_reads_back_to_its_decimals(value: float, decimals: int) -> None:
    for text in (fixed(value, decimals), short(value, decimals)):
        back = float(text.replace("\u202f", "").replace(",", ".").replace("−", "-"))
        assert back == round(value, decimals)
