"""Names that every solver's file format takes: ASCII letters, digits, dots and underscores, each once."""

import re
import unicodedata
from collections.abc import Iterable


def safe(text: str) -> str:
    """Return a text with accents dropped and whatever else is not a letter, a digit or a dot as ``_``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9._]+", "_", plain)


def name(*parts: str) -> str:
    """Return parts as one name, empty ones left out: ``manque__etat__contractuel__commune_93048``."""
    return "__".join(safe(part) for part in parts if part)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names with a number after those that stand before (ids that differ by an accent only)."""
    known: dict[str, int] = {}
    result = []
    for each in names:
        known[each] = count = known.get(each, 0) + 1
        result.append(each if count == 1 else f"{each}__{count}")
    return tuple(result)
