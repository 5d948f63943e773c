"""Lines over dates, with bands: what was planned, what came, between which quantiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from allocator.charts.columns import Days, Numbers, data, distinct, instants, numbers, rows
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import COLOURS, HEIGHT, MARKS, WIDTH, colour, dash, legend
from allocator.charts.words import Axis, Heading

if TYPE_CHECKING:
    import altair as alt

ACROSS, PANEL_WIDTH, PANEL_HEIGHT, SPACING, FEW = 3, 230, 150, 62, 5
"""Panels beside each other, their pixels, those between them, and marks along the axis of a panel."""

DATES: Final = {
    "year": "%Y",
    "quarter": "%b",
    "month": "%b",
    "week": "%-d %b",
    "day": "%-d %b",
    "date": "%-d %b",
}
"""What a mark of the axis says of a date, by what it starts."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Amounts at dates; NaN is a gap. ``panel`` names the small chart that it goes in."""

    name: str
    dates: Days
    values: Numbers
    panel: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """What lies between two amounts at dates; it takes the colour of the line of its name, if there is one."""

    name: str
    dates: Days
    low: Numbers
    high: Numbers
    panel: str = ""


@needs_charts
def course(
    heading: Heading, y: Axis, lines: Sequence[Line], bands: Sequence[Band] = (), *, step: bool = True
) -> Chart:
    """Return lines and bands over dates, in one plot or in a panel for each name that they have.

    With ``step``, an amount holds until the next date, and the last one as long as the one before it. Panels
    have their own vertical scales.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    names = distinct(line.name for line in lines)
    panels = distinct([*(line.panel for line in lines), *(band.panel for band in bands)])
    small = len(panels) > 1
    found = [*_lines(lines, step=step), *_bands(bands, step=step)]
    kind: Any = "step-after" if step else "linear"
    x = alt.X("date:T", title=None, scale=alt.Scale(type="utc"), axis=_dates(PANEL_WIDTH if small else WIDTH))
    marks = FEW if small else MARKS
    axis = alt.Axis(title=None if small else str(y), tickCount=marks)
    scale = alt.Scale(type="log" if y.log else "linear", nice=True if y.log else marks)
    band = (
        alt.Chart()
        .mark_area(interpolate=kind, opacity=0.25, line=False)
        .encode(
            x,
            alt.Y("low:Q", axis=axis, scale=scale),
            alt.Y2("high:Q"),
            _fill(names, distinct(band.name for band in bands)),
        )
        .transform_filter("datum.kind == 'band'")
    )
    line = (
        alt.Chart()
        .mark_line(interpolate=kind, strokeWidth=2)
        .encode(x, alt.Y("value:Q", axis=axis, scale=scale), colour(names), dash(names))
        .transform_filter("datum.kind == 'line'")
    )
    layers = alt.layer(*([band] if bands else []), line)
    if not small:
        return document(heading, layers.properties(width=WIDTH, height=HEIGHT, data=data(found)))
    facets = layers.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT).facet(
        alt.Facet("panel:N", sort=panels), data=data(found), columns=ACROSS, bounds="flush", spacing=SPACING
    )
    own = facets.resolve_scale(y="independent").resolve_axis(x="independent")
    return document(heading, own, f"Axe vertical : {y}")


def _lines(lines: Sequence[Line], *, step: bool) -> Iterator[dict[str, Any]]:
    for line in lines:
        dates = _held(line.dates) if step else line.dates
        values = numbers(line.values)
        held = values + values[-1:] * (len(dates) - len(values))
        for row in rows(date=instants(dates), value=held):
            yield {"kind": "line", "panel": line.panel, "name": line.name, **row}


def _bands(bands: Sequence[Band], *, step: bool) -> Iterator[dict[str, Any]]:
    for band in bands:
        dates = _held(band.dates) if step else band.dates
        low, high = numbers(band.low), numbers(band.high)
        more = len(dates) - len(low)
        for row in rows(date=instants(dates), low=low + low[-1:] * more, high=high + high[-1:] * more):
            yield {"kind": "band", "panel": band.panel, "band": band.name, **row}


def _held(dates: Days) -> Days:
    """Return dates with the one until which the last amount holds."""
    days = np.asarray(dates, "datetime64[D]")
    return days if len(days) < 2 else np.append(days, days[-1] + (days[-1] - days[-2]))


def _dates(width: int) -> "alt.Axis":
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Axis(format=DATES, tickCount=width // 55, labelOverlap="greedy", labelFlush=False, grid=False)


def _fill(lines: Sequence[str], bands: Sequence[str]) -> "alt.Fill":
    """Return the channel that fills bands; those that no line is named after are told in a legend."""
    import altair as alt  # noqa: PLC0415 - an extra

    known = distinct([*lines, *bands])
    colours = [COLOURS[known.index(name) % len(COLOURS)] for name in bands]
    alone = [name for name in bands if name not in lines]
    told = legend(known, values=alone, symbolType="square", symbolOpacity=0.4) if alone else None
    return alt.Fill("band:N", scale=alt.Scale(domain=list(bands), range=colours), legend=told)
