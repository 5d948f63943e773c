"""Lorenz curves: which share of all the few and the many have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.charts.columns import Numbers, data, numbers, rows
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.reliability import diagonal, percents
from allocator.charts.style import SQUARE, colour, dash
from allocator.charts.words import Axis, Heading
from allocator.domain.french import fixed

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Amounts, none below zero, one for each of those who share."""

    name: str
    values: Numbers


@needs_charts
def lorenz(heading: Heading, x: Axis, y: Axis, series: Sequence[Shares]) -> Chart:
    """Return cumulated amounts, the smallest first, with the index of Gini beside each name.

    The axes say what is shared out among whom; both are shares, whatever their units.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    curves = {f"{one.name} (Gini {_gini(one.values)})": cumulated(one.values) for one in series}
    found: list[dict[str, Any]] = [
        {"name": name, **row}
        for name, amounts in curves.items()
        for row in rows(x=numbers(np.linspace(0.0, 1.0, len(amounts))), y=numbers(amounts))
    ]
    names = list(curves)
    lines = (
        alt.Chart(data(found))
        .mark_line(strokeWidth=2)
        .encode(percents("x", x.title), percents("y", y.title), colour(names), dash(names))
    )
    layers = alt.layer(diagonal(), lines).properties(width=SQUARE, height=SQUARE)
    return document(heading, layers, "" if len(names) > 1 else "".join(names))


def cumulated(values: Numbers) -> Floats:
    """Return the share of the total that the smallest 0, 1, 2 … amounts have; NaN where there is no total."""
    amounts = np.sort(np.asarray(values, np.float64))
    total = amounts.sum()
    return np.append(0.0, np.cumsum(amounts)) / (total if total > 0 else np.nan)


def gini(values: Numbers) -> float:
    """Return the index of Gini: 0 where all have as much, near 1 where one has it all."""
    curve = cumulated(values)
    return float(1.0 - (curve[1:] + curve[:-1]).sum() / max(1, len(curve) - 1))


def _gini(values: Numbers) -> str:
    index = gini(values)
    return "indéfini" if np.isnan(index) else fixed(index, 2)
