"""Heat maps: a colour and a number for each pair of a row and a column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.charts.columns import Numbers, data, number_format, numbers
from allocator.charts.document import Chart, document
from allocator.charts.extra import needs_charts
from allocator.charts.style import FAINT, INK, LETTER
from allocator.charts.words import Axis, Heading
from allocator.domain.french import fixed

if TYPE_CHECKING:
    import altair as alt

CELL: Final = 24
"""Pixels of the side of a cell, at least."""

READABLE: Final = 40
"""Columns from which on cells have no number."""

DARK, DARK_OF_TWO = 0.62, 0.74
"""Share of the range from which on a number is white, with one colour and with two."""

UPRIGHT: Final = 40
"""Pixels of the name of a column from which on it stands upright."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Values, rows × columns, with the names of both; NaN is an empty cell."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Numbers] | NDArray[Any]
    row_title: str = ""
    column_title: str = ""

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells, row by row."""
        return [
            {"row": row, "column": column, "value": value}
            for row, line in zip(self.rows, self.values, strict=True)
            for column, value in zip(self.columns, numbers(line), strict=True)
        ]


@needs_charts
def heat_map(heading: Heading, value: Axis, matrix: Matrix, *, diverging: bool = False) -> Chart:
    """Return the cells of a matrix, coloured by their values, with their numbers where there is room.

    With ``diverging`` zero is white, amounts below and above it have two colours.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    amounts = np.asarray(matrix.values, np.float64)
    ends = _range(amounts, diverging=diverging)
    style = number_format(amounts)
    written = len(matrix.columns) <= READABLE
    width = _width(matrix, max(len(fixed(end, int(style[2]))) for end in ends)) if written else CELL // 2
    y = alt.Y("row:N", sort=list(matrix.rows), title=matrix.row_title or None, axis=_bare())
    base = alt.Chart(data(matrix.cells())).encode(_x(matrix, width), y)
    layers = [_cells(base, value, ends, diverging=diverging)]
    if written:
        layers += [_numbers(base, style, ends, diverging=diverging), _nothing(base)]
    return document(heading, alt.layer(*layers).properties(width=alt.Step(width), height=alt.Step(CELL)))


def _range(amounts: "np.ndarray[Any, np.dtype[np.float64]]", *, diverging: bool) -> tuple[float, float]:
    low, high = float(np.nanmin(amounts, initial=0.0)), float(np.nanmax(amounts, initial=0.0))
    far = max(-low, high)
    return (-far, far) if diverging else (low, high)


def _width(matrix: Matrix, longest: int) -> int:
    """Return the width of cells for their longest number and, unless they stand upright, their names."""
    names = _names(matrix)
    return max(CELL, int(longest * LETTER) + 8, int(names) if names < UPRIGHT else 0)


def _names(matrix: Matrix) -> float:
    return max((len(name) for name in matrix.columns), default=0) * LETTER


def _x(matrix: Matrix, width: int) -> "alt.X":
    """Return the axis of the columns, upright where a name is wider than a cell."""
    import altair as alt  # noqa: PLC0415 - an extra

    axis = _bare(labelAngle=-90 if _names(matrix) > width + 1 else 0, labelOverlap=False)
    return alt.X("column:N", sort=list(matrix.columns), title=matrix.column_title or None, axis=axis)


def _bare(**properties: Any) -> "alt.Axis":
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Axis(ticks=False, domain=False, **properties)


def _cells(base: "alt.Chart", value: Axis, ends: tuple[float, float], *, diverging: bool) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415 - an extra

    scale = alt.Scale(scheme="blueorange" if diverging else "blues", domain=list(ends))
    legend = alt.Legend(title=str(value), gradientLength=200)
    cells = base.mark_rect(stroke="white").encode(alt.Color("value:Q", scale=scale, legend=legend))
    known: alt.Chart = cells.transform_filter("isValid(datum.value)")
    return known


def _numbers(base: "alt.Chart", style: str, ends: tuple[float, float], *, diverging: bool) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415 - an extra

    low, high = ends
    start = 0.0 if diverging else low
    share = DARK_OF_TWO if diverging else DARK
    dark = f"abs(datum.value - {start}) > {share * (high - start)}"
    ink = alt.condition(dark, alt.value("white"), alt.value(INK))
    texts = base.mark_text(fontSize=10).encode(alt.Text("value:Q", format=style), color=ink)
    known: alt.Chart = texts.transform_filter("isValid(datum.value)")
    return known


def _nothing(base: "alt.Chart") -> "alt.Chart":
    empty: alt.Chart = base.mark_text(text="–", color=FAINT).transform_filter("!isValid(datum.value)")
    return empty
