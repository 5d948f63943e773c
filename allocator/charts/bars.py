"""Horizontal bars: one amount a label, or several beside each other under each label."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.charts.columns import Numbers, data, number_format, numbers
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import COLOURS, INK, ROW, WIDTH
from allocator.charts.words import Axis, Heading

if TYPE_CHECKING:
    import altair as alt

ROOM = 0.12
"""Share of the width left for the number at the end of a bar."""


@needs_charts
def bars(
    heading: Heading, x: Axis, labels: Sequence[str], series: Sequence[str], values: Sequence[Numbers]
) -> Chart:
    """Return a group of bars for each label, a bar for each of the series, named and with its number.

    ``values`` has a row for each label and a column for each of the series; NaN has no bar.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    found = [
        {"label": label, "name": name, "value": value}
        for label, row in zip(labels, values, strict=True)
        for name, value in zip(series, numbers(row), strict=True)
    ]
    amounts = np.asarray([row["value"] for row in found], np.float64)
    grouped = len(series) > 1
    y: Any = alt.Y("name:N" if grouped else "label:N", sort=list(series if grouped else labels), title=None)
    scale = alt.Scale(domain=_domain(amounts), nice=False)
    base = alt.Chart().encode(y.axis(ticks=False, domain=False), alt.X("value:Q", title=str(x), scale=scale))
    domain = alt.Scale(domain=list(series), range=[COLOURS[i % len(COLOURS)] for i in range(len(series))])
    layers = alt.layer(
        base.mark_bar(height={"band": 0.8}).encode(alt.Color("name:N", scale=domain, legend=None)),
        *_ends(base, number_format(amounts)),
    ).properties(width=WIDTH, height=alt.Step(ROW))
    if not grouped:
        return document(heading, layers.properties(data=data(found)))
    header = alt.Header(labelAngle=0, labelAlign="left", labelAnchor="middle", labelPadding=12)
    groups = layers.facet(
        row=alt.Row("label:N", sort=list(labels), header=header), data=data(found), spacing=8
    )
    return document(heading, groups)


def _domain(amounts: "np.ndarray[Any, np.dtype[np.float64]]") -> list[float]:
    """Return the ends of the axis: zero, and room for the numbers on the sides that have bars."""
    low, high = (
        min(0.0, float(np.nanmin(amounts, initial=0.0))),
        max(0.0, float(np.nanmax(amounts, initial=0.0))),
    )
    room = ROOM * (high - low or 1.0)
    return [low - room if low < 0 else 0.0, high + room]


def _ends(base: "alt.Chart", style: str) -> "list[alt.Chart]":
    """Return the numbers at the ends of the bars, outside."""
    import altair as alt  # noqa: PLC0415 - an extra

    text = alt.Text("value:Q", format=style)
    right = base.mark_text(align="left", dx=4, color=INK).encode(text).transform_filter("datum.value >= 0")
    left = base.mark_text(align="right", dx=-4, color=INK).encode(text).transform_filter("datum.value < 0")
    return [right, left]
