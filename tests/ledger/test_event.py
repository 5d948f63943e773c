"""The chain of digests, against its definition written out in full."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.ledger.events.event import FIELDS, ORIGINE, Entree, Tete, canonical, seal, to_line
from tests.ledger.lives import BAILLEUR, INSCRIT, OUVERTURE, liberation, sealed

texts = st.text(st.characters(exclude_categories=["Cs"]))
contents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
        max_leaves=8,
    ),
)


@given(st.builds(Entree, texts, texts, texts, texts, contents), st.integers(0, 10**9))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_digest_is_that_of_the_canonical_text_of_all_other_fields(entree: Entree, rang: int) -> None:
    event = seal(entree, canonical(entree.contenu), BAILLEUR, Tete(rang, ORIGINE), INSCRIT)
    others = {name: getattr(event, name) for name in FIELDS if name != "empreinte"}
    text = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert event.empreinte == hashlib.sha256(text.encode()).hexdigest()


@given(contents)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_is_read_of_a_canonical_text_has_the_same_text(contenu: dict[str, object]) -> None:
    assert canonical(json.loads(canonical(contenu))) == canonical(contenu)


def test_each_event_has_the_next_rang_and_the_digest_of_the_one_before() -> None:
    events = sealed([OUVERTURE, liberation("L1"), liberation("L2")])
    assert [event.rang for event in events] == [1, 2, 3]
    assert [event.precedent for event in events] == [ORIGINE, *(event.empreinte for event in events[:-1])]


def test_a_line_is_the_canonical_text_of_the_whole_event() -> None:
    (event,) = sealed([OUVERTURE])
    assert json.loads(to_line(event)) == {name: getattr(event, name) for name in FIELDS}
    assert to_line(event) == canonical(json.loads(to_line(event)))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_text(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"part": number})
