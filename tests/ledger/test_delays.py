"""The clock of a proposition: one calendar month, or the days of the convention."""

import pytest

from allocator.ledger.events.delays import echeance


@pytest.mark.parametrize(
    ("envoye", "delai", "lapses"),
    [
        ("2025-03-14", None, "2025-04-14"),
        ("2025-01-31", None, "2025-02-28"),
        ("2024-01-31", None, "2024-02-29"),
        ("2025-12-15", None, "2026-01-15"),
        ("2025-03-14", 15, "2025-03-29"),
        ("2025-12-20", 30, "2026-01-19"),
    ],
)
def test_a_clock_lapses(envoye: str, delai: int | None, lapses: str) -> None:
    assert echeance(envoye, delai) == lapses
