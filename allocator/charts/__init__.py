"""Pictures of numbers: charts with units and dates, as SVG or PNG (extra ``charts``).

Columns go in as lists or arrays, a chart is its Vega-Lite document; Altair and vl-convert are imported when a
chart is made, and where they are missing that is bad usage, told in one line.
"""

from allocator.charts.bars import bars
from allocator.charts.course import Band, Line, course
from allocator.charts.document import Chart
from allocator.charts.dots import Dots, dots
from allocator.charts.heat import Matrix, heat_map
from allocator.charts.lorenz import Shares, lorenz
from allocator.charts.reliability import Calibration, reliability
from allocator.charts.render import png, svg
from allocator.charts.scatter import Points, scatter
from allocator.charts.words import Axis, Heading

__all__ = [
    "Axis",
    "Band",
    "Calibration",
    "Chart",
    "Dots",
    "Heading",
    "Line",
    "Matrix",
    "Points",
    "Shares",
    "bars",
    "course",
    "dots",
    "heat_map",
    "lorenz",
    "png",
    "reliability",
    "scatter",
    "svg",
]
