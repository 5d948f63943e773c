"""Points by two measures: what is gained on one against what is lost on the other, or growth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from allocator.charts.columns import Numbers, data, distinct, numbers, rows
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import HEIGHT, INK, WIDTH, colour, joined, shape
from allocator.charts.words import Axis, Heading

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points, labelled or not; ``joined`` draws a line through them in their order (a Pareto front)."""

    name: str
    x: Numbers
    y: Numbers
    labels: Sequence[str] = ()
    joined: bool = False


@needs_charts
def scatter(heading: Heading, x: Axis, y: Axis, series: Sequence[Points]) -> Chart:
    """Return points by two measures.

    Raises
    ------
    ValueError
        If a logarithmic axis would have to show a number that is not above zero.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    abscissas, ordinates = [one.x for one in series], [one.y for one in series]
    for axis, columns in ((x, abscissas), (y, ordinates)):
        if axis.log and any((np.asarray(column, np.float64) <= 0).any() for column in columns):
            raise ValueError(f"a logarithmic axis has no place for zero: {axis.title}")
    names = distinct(one.name for one in series)
    found = [
        {"name": one.name, "order": place, **row}
        for one in series
        for place, row in enumerate(
            rows(x=numbers(one.x), y=numbers(one.y), label=one.labels or [""] * len(one.x))
        )
    ]
    base = alt.Chart(data(found)).encode(_axis("x", x, abscissas), _axis("y", y, ordinates))
    layers = alt.layer(
        *joined(base.encode(alt.Order("order:Q")), names, [one.name for one in series if one.joined]),
        base.mark_point(filled=True, size=60, opacity=0.9).encode(colour(names), shape(names)),
        base.mark_text(align="left", dx=7, dy=-6, fontSize=10, color=INK)
        .encode(alt.Text("label:N"))
        .transform_filter("datum.label != ''"),
    )
    return document(heading, layers.properties(width=WIDTH, height=HEIGHT))


def _axis(channel: Literal["x", "y"], axis: Axis, columns: Sequence[Numbers]) -> "alt.X | alt.Y":
    import altair as alt  # noqa: PLC0415 - an extra

    scale = alt.Scale(type="log") if axis.log else alt.Scale(zero=False, nice=True, padding=12)
    powers = _powers(columns) if axis.log else []
    marks = alt.Axis(format=",~r", values=powers, tickCount=len(powers)) if powers else alt.Axis()
    if channel == "x":
        return alt.X("x:Q", title=str(axis), scale=scale, axis=marks)
    return alt.Y("y:Q", title=str(axis), scale=scale, axis=marks)


def _powers(columns: Sequence[Numbers]) -> list[float]:
    """Return the marks of a logarithmic axis: powers of ten, with 2 and 5 between them where these are few."""
    known = np.concatenate([np.asarray(column, np.float64) for column in columns] or [np.ones(1)])
    low, high = np.floor(np.log10(np.nanmin(known))), np.ceil(np.log10(np.nanmax(known)))
    between = (1.0, 2.0, 5.0) if high - low < 4 else (1.0,)
    return [float(f"{digit}e{int(power)}") for power in np.arange(low, high + 1) for digit in between]
