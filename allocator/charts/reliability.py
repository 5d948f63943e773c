"""Reliability: whether what was said to happen with a probability did happen as often."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.charts.columns import Numbers, data, distinct, numbers, rows
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import FAINT, SQUARE, colour, joined, shape
from allocator.charts.words import Heading

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Groups of forecasts: their mean probability, how often it happened (0 to 1), how many they are."""

    name: str
    probability: Numbers
    frequency: Numbers
    count: Numbers


@needs_charts
def reliability(heading: Heading, series: Sequence[Calibration]) -> Chart:
    """Return frequencies against probabilities; on the diagonal, forecasts are as good as their word."""
    import altair as alt  # noqa: PLC0415 - an extra

    names = distinct(one.name for one in series)
    found = [
        {"name": one.name, **row}
        for one in series
        for row in rows(x=numbers(one.probability), y=numbers(one.frequency), count=numbers(one.count))
    ]
    base = alt.Chart(data(found)).encode(
        percents("x", "Probabilité annoncée"), percents("y", "Fréquence observée")
    )
    size = alt.Size(
        "count:Q",
        scale=alt.Scale(type="sqrt", range=[20, 300], zero=True),
        legend=alt.Legend(title="Nombre de cas", tickCount=3, orient="right", direction="vertical"),
    )
    layers = alt.layer(
        diagonal(),
        *joined(base, names, names),
        base.mark_point(filled=True, opacity=0.9).encode(colour(names), shape(names), size),
    )
    return document(heading, layers.properties(width=SQUARE, height=SQUARE), "Pointillé : prévision exacte")


def percents(channel: str, title: str) -> "alt.X | alt.Y":
    """Return an axis of shares, from 0 to 1, told in percent."""
    import altair as alt  # noqa: PLC0415 - an extra

    axis, scale = alt.Axis(format=".0%", tickCount=5), alt.Scale(domain=[0, 1])
    if channel == "x":
        return alt.X("x:Q", title=title, axis=axis, scale=scale)
    return alt.Y("y:Q", title=title, axis=axis, scale=scale)


def diagonal() -> "alt.Chart":
    """Return the line on which the shares of both axes are equal."""
    import altair as alt  # noqa: PLC0415 - an extra

    ends = data(rows(x=[0.0, 1.0], y=[0.0, 1.0]))
    line: alt.Chart = (
        alt.Chart(ends).mark_line(color=FAINT, strokeDash=[2, 3]).encode(alt.X("x:Q"), alt.Y("y:Q"))
    )
    return line
