"""Dots with intervals: a rate and how well it is known, one a label."""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.charts.columns import Numbers, data, distinct, numbers, rows
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import ROW, WIDTH, colour, shape
from allocator.charts.words import Axis, Heading


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """A value for each label, between two bounds; bounds that are NaN are not drawn."""

    name: str
    labels: Sequence[str]
    values: Numbers
    low: Numbers
    high: Numbers


@needs_charts
def dots(heading: Heading, x: Axis, series: Sequence[Dots]) -> Chart:
    """Return the dots of each label, those of several series one under the other."""
    import altair as alt  # noqa: PLC0415 - an extra

    names = distinct(one.name for one in series)
    labels = distinct(label for one in series for label in one.labels)
    found = [
        {"name": one.name, **row}
        for one in series
        for row in rows(
            label=one.labels, value=numbers(one.values), low=numbers(one.low), high=numbers(one.high)
        )
    ]
    y = alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(grid=True, ticks=False, domain=False))
    base = alt.Chart(data(found)).encode(y, alt.YOffset("name:N", sort=names), colour(names))
    scale = alt.Scale(type="log" if x.log else "linear", nice=True)
    layers = alt.layer(
        base.mark_rule(strokeWidth=2)
        .encode(alt.X("low:Q", title=str(x), scale=scale), alt.X2("high:Q"))
        .transform_filter("isValid(datum.low) && isValid(datum.high)"),
        base.mark_point(filled=True, size=65, opacity=1)
        .encode(alt.X("value:Q", title=str(x), scale=scale), shape(names))
        .transform_filter("isValid(datum.value)"),
    )
    height = alt.Step(
        ROW if len(names) == 1 else ROW * 0.6, **{"for": "position" if len(names) == 1 else "offset"}
    )
    return document(
        heading, layers.properties(width=WIDTH, height=height), "" if len(names) > 1 else "".join(names)
    )
