"""Rows that carry the version from which they stand: those that a version is made of."""

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol, TypeVar


class Versioned(Protocol):
    """A row with the first version that has it."""

    @property
    def version(self) -> int:
        """Number of that version."""


Row = TypeVar("Row", bound=Versioned)


def of_version(rows: Sequence[Row], version: int, key: Callable[[Row], Hashable]) -> tuple[Row, ...]:
    """Return, of rows of one key, the most recent up to a version; in the order of their first mention."""
    latest: dict[Hashable, Row] = {}
    for row in rows:
        known = latest.get(key(row))
        if row.version <= version and (known is None or known.version <= row.version):
            latest[key(row)] = row
    return tuple(latest.values())
