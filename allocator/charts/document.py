"""A plot with its heading above and its source below, as a Vega-Lite document."""

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from allocator.charts.style import CONFIG, FAINT
from allocator.charts.words import Heading

if TYPE_CHECKING:
    import altair as alt

    Plot = alt.Chart | alt.LayerChart | alt.FacetChart

Chart = dict[str, Any]
"""A chart as its Vega-Lite document."""

TITLE, LINE, STEP = 72, 108, 15
"""Letters of a line of the title and of the lines under it, and pixels from one line to the next."""

SOURCE: Final = "Source : "


def document(heading: Heading, plot: "Plot", under: str = "") -> Chart:
    """Return a plot as a document; ``under`` follows the subtitle on a line of its own."""
    import altair as alt  # noqa: PLC0415 - an extra

    told = [line for text in (heading.subtitle, under) for line in wrap(text, LINE)]
    title = alt.TitleParams(wrap(heading.title, TITLE), subtitle=told)
    parts: list[Any] = [plot]
    if heading.source:
        parts.append(_foot(wrap(SOURCE + heading.source, LINE)))
    whole: Chart = alt.vconcat(*parts, title=title, config=CONFIG, description=heading.spoken).to_dict()
    return whole


def _foot(lines: list[str]) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415 - an extra

    text = alt.Chart(alt.InlineData(values=[{}])).mark_text(
        align="left", baseline="top", x=0, y=0, color=FAINT, fontSize=11, lineHeight=STEP, text=lines
    )
    foot: alt.Chart = text.properties(width=1, height=STEP * len(lines))
    return foot
