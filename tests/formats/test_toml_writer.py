"""What is written as TOML reads back as the same values."""

import tomllib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from allocator.formats.toml_writer import toml_of

KEYS = st.text(min_size=1, max_size=8)
PLAIN = st.one_of(
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "ignore").decode()),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
VALUES = st.recursive(
    st.one_of(PLAIN, st.lists(PLAIN, max_size=3)),
    lambda inner: st.one_of(
        st.dictionaries(KEYS, inner, max_size=3),
        st.lists(st.dictionaries(KEYS, inner, max_size=2), max_size=3),
        st.lists(inner, max_size=2),
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_values_written_read_back_as_the_same_values(values):
    assert tomllib.loads(toml_of(values)) == values


def test_what_has_no_value_is_left_out():
    assert toml_of({"un": 1, "rien": None}) == "un = 1\n"


def test_keys_stand_before_tables():
    assert toml_of({"table": {"a": 1}, "apres": 2}) == "apres = 2\n\n[table]\na = 1\n"
