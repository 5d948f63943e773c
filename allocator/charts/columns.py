"""Plain columns to the rows that Vega-Lite reads."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import altair as alt

Numbers = Sequence[float] | NDArray[Any]
Days = Sequence[date] | NDArray[np.datetime64]


def numbers(values: Numbers) -> list[float | None]:
    """Return numbers with nine digits, which no picture shows; ``None`` for what is not finite."""
    amounts = np.asarray(values, np.float64).tolist()
    return [float(f"{amount:.9g}") + 0.0 if np.isfinite(amount) else None for amount in amounts]


def instants(days: Days) -> list[int]:
    """Return days as JavaScript counts them: milliseconds since 1970 at midnight, UTC."""
    whole = np.asarray(days, "datetime64[D]").astype(np.int64) * 86_400_000
    return [int(instant) for instant in whole]


def rows(**columns: Sequence[Any]) -> list[dict[str, Any]]:
    """Return columns of one length as rows by name."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def data(found: Iterable[dict[str, Any]]) -> "alt.InlineData":
    """Return rows as the data of a chart."""
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.InlineData(values=list(found))


def distinct(names: Iterable[str]) -> list[str]:
    """Return names once each, in order of first appearance."""
    return list(dict.fromkeys(names))


def number_format(values: Numbers) -> str:
    """Return how numbers are written beside their marks: whole, or with one or two decimals (d3-format)."""
    known = np.asarray(values, np.float64)
    known = np.abs(known[np.isfinite(known)])
    if not len(known) or np.array_equal(known, np.round(known)):
        return ",.0f"
    return ",.1f" if known.max() >= 10 else ",.2f"
