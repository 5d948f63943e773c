"""What all charts share: sizes, fonts, colours that the colour-blind tell apart, with dashes and shapes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import altair as alt

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#56B4E9", "#E69F00")
"""The palette of Okabe and Ito (2008) without its yellow, the strongest contrasts with white first."""

DASHES: Final = ([1, 0], [7, 3], [2, 2], [10, 3, 2, 3], [14, 4])
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""Dashes and shapes go around at another pace than colours: 35 lines, 42 points stay distinct."""

INK, FAINT, GRID = "#1f2937", "#4b5563", "#dfe3e8"

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert brings the first one, and the others have its widths."""

WIDTH, HEIGHT, SQUARE, ROW = 620, 320, 380, 20
"""Pixels of a plot, of the side of a square one, and of a row of a plot by rows."""

LETTER: Final = 6.5
"""Pixels of a letter of a label, on average."""

MARKS: Final = 8
"""Marks along an axis of numbers, about."""

CONFIG: Final[dict[str, Any]] = {
    "font": FONT,
    "background": "white",
    "padding": 14,
    "view": {"stroke": None},
    "concat": {"spacing": 10},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": GRID,
        "domainColor": FAINT,
        "tickColor": FAINT,
        "labelLimit": 0,
        "tickCount": MARKS,
    },
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 0,
        "symbolSize": 120,
        "titleColor": INK,
        "titleFontWeight": "normal",
    },
    "header": {
        "title": None,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelFontWeight": "bold",
        "labelLimit": 0,
    },
    "title": {
        "anchor": "start",
        "color": INK,
        "subtitleColor": FAINT,
        "fontSize": 16,
        "subtitleFontSize": 12,
        "subtitlePadding": 4,
        "offset": 14,
    },
}


def colour(names: Sequence[str]) -> "alt.Color":
    """Return the channel that colours each name of the field ``name``."""
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Color("name:N", scale=_scale(names, COLOURS), legend=legend(names))


def dash(names: Sequence[str]) -> "alt.StrokeDash":
    """Return the channel that dashes each name of the field ``name``."""
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.StrokeDash("name:N", scale=_scale(names, DASHES), legend=legend(names))


def shape(names: Sequence[str]) -> "alt.Shape":
    """Return the channel that shapes each name of the field ``name``."""
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Shape("name:N", scale=_scale(names, SHAPES), legend=legend(names))


def joined(base: "alt.Chart", names: Sequence[str], shown: Sequence[str]) -> "list[alt.Chart]":
    """Return the lines of the names that are ``shown``, without a legend: that of their points tells them."""
    import altair as alt  # noqa: PLC0415 - an extra

    return [
        base.mark_line(
            strokeWidth=1.4, color=COLOURS[place % len(COLOURS)], strokeDash=DASHES[place % len(DASHES)]
        ).transform_filter(alt.FieldEqualPredicate(field="name", equal=name))
        for place, name in enumerate(names)
        if name in shown
    ]


def legend(names: Sequence[str], **properties: Any) -> "alt.Legend | None":
    """Return a legend in columns that fit the width of a plot; none where nothing is to be told apart."""
    import altair as alt  # noqa: PLC0415 - an extra

    if len(names) < 2:
        return None
    longest = max(map(len, names)) * LETTER + 40
    return alt.Legend(columns=max(1, min(len(names), int(WIDTH / longest))), **properties)


def _scale(names: Sequence[str], values: Sequence[Any]) -> "alt.Scale":
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Scale(domain=list(names), range=[values[place % len(values)] for place in range(len(names))])
