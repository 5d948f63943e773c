"""A table in a terminal, as French writes numbers."""

from collections.abc import Sequence
from math import isnan
from typing import Final

from allocator.domain.french import fixed

ABSENT: Final = "—"


def text_table(rows: Sequence[Sequence[str]], texts: int) -> str:
    """Return rows under their header, the first; the first ``texts`` columns stand left, numbers right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place < texts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "─" * max(map(len, lines)), *lines[1:]])


def figure(value: str | int | float | None, decimals: int = 1) -> str:
    """Return a cell: numbers with that many decimals, none where they are whole, a dash where not known."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return ABSENT
    if isinstance(value, str):
        return value
    return fixed(value, 0 if float(value).is_integer() else decimals)
