"""Charts to files: SVG and PNG by vl-convert, in French, the same bytes for the same chart."""

import json
import re
import zlib
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from allocator.charts.document import Chart
from allocator.charts.extra import needs_charts

MOIS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MOIS_COURTS: Final = (
    *("janv.", "févr.", "mars", "avril", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)

NUMBERS: Final = {
    "decimal": ",",
    "thousands": "\u202f",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
    "percent": "\u202f%",
    "minus": "−",
}
"""How French writes numbers (a d3-format locale)."""

DATES: Final = {
    "dateTime": "%A %e %B %Y à %X",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["AM", "PM"],
    "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    "months": MOIS,
    "shortMonths": MOIS_COURTS,
}
"""How French writes dates (a d3-time-format locale)."""


@needs_charts
def svg(chart: Chart) -> bytes:
    """Return a chart as SVG (UTF-8), labelled with its description.

    Raises
    ------
    BadInput
        If the extra ``charts`` is not installed.
    """
    import vl_convert  # noqa: PLC0415 - an extra

    drawn = vl_convert.vegalite_to_svg(chart, format_locale=NUMBERS, time_format_locale=DATES)
    spoken = " ".join(chart["description"].split())
    drawn = _own_names(drawn, f"g{zlib.crc32(json.dumps(chart).encode()):08x}")
    opening = f' role="img" aria-label={quoteattr(spoken)}><title>{escape(spoken)}</title>'
    return re.sub(">", lambda _: opening, drawn, count=1).encode()


@needs_charts
def png(chart: Chart, scale: float = 2.0) -> bytes:
    """Return a chart as PNG, with ``scale`` pixels for a pixel of the SVG.

    Raises
    ------
    BadInput
        If the extra ``charts`` is not installed.
    """
    import vl_convert  # noqa: PLC0415 - an extra

    return vl_convert.vegalite_to_png(chart, scale=scale, format_locale=NUMBERS, time_format_locale=DATES)


def _own_names(drawn: str, prefix: str) -> str:
    """Return an SVG whose gradients and clips are numbered from 0: Vega counts from the process's first chart.

    The prefix keeps the names of several charts of one page apart.
    """
    names = {name: f"{prefix}-{place}" for place, name in enumerate(re.findall(r' id="([^"]+)"', drawn))}
    return re.sub(r'(id="|url\(#)([^")]+)', lambda found: found[1] + names.get(found[2], found[2]), drawn)
