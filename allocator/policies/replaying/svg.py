"""Line charts in SVG, written by hand: a panel with its axes, and step lines over days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from allocator.domain.french import fixed

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

MOIS: Final = (
    *("janv.", "févr.", "mars", "avril", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
AXIS, GRID, INK = "#6b7280", "#e5e7eb", "#111827"
LABEL: Final = f'font-size="11" fill="{AXIS}"'
TICKS: Final = 6
"""Most marks along an axis."""


def text(x: float, y: float, words: str, style: str = 'font-size="12"') -> str:
    """Return a line of text, which starts at ``x`` unless the style anchors it otherwise."""
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart of amounts over the days of a period: where its plot stands (pixels), and what it spans.

    ``high`` is the largest amount shown; the axis starts at 0.
    """

    left: float
    top: float
    width: float
    height: float
    debut: date
    fin: date
    high: float

    def x(self, day: date) -> float:
        """Return the abscissa of the start of a day."""
        return self.left + self.width * ((day - self.debut).days / ((self.fin - self.debut).days + 1))

    def y(self, amount: float) -> float:
        """Return the ordinate of an amount."""
        return self.top + self.height * (1.0 - amount / self._top)

    @property
    def _top(self) -> float:
        """The amount at the top: a whole number of marks."""
        return self._step * max(1.0, float(np.ceil(self.high / self._step)))

    @property
    def _step(self) -> float:
        """Amount between two marks: 1, 2 or 5 times a power of ten, and a dwelling at least."""
        least = max(1.0, self.high / (TICKS - 1))
        power = 10.0 ** np.floor(np.log10(least))
        return float(next(power * k for k in (1, 2, 5, 10) if power * k >= least - 1e-9))

    def axes(self) -> Iterator[str]:
        """Yield the marks, their labels and the lines behind the chart."""
        for mark in np.arange(0.0, self._top + self._step / 2, self._step).tolist():
            y = self.y(mark)
            yield _line(self.left, y, self.left + self.width, y, GRID)
            yield text(self.left - 6, y + 4, fixed(mark, 0), f'text-anchor="end" {LABEL}')
        bottom = self.top + self.height
        for day, label in self._days():
            x = self.x(day)
            yield _line(x, bottom, x, bottom + 4, AXIS)
            yield text(x, bottom + 16, label, f'text-anchor="middle" {LABEL}')
        yield _line(self.left, bottom, self.left + self.width, bottom, AXIS)

    def _days(self) -> list[tuple[date, str]]:
        """Return the days that the axis names: firsts of months, or days where the period has few of these."""
        days = [self.debut + timedelta(number) for number in range((self.fin - self.debut).days + 1)]
        firsts = [day for day in days if day.day == 1]
        if len(firsts) > 2:
            year = firsts[-1].year != firsts[0].year
            kept = firsts[:: -(-len(firsts) // TICKS)]
            return [(day, MOIS[day.month - 1] + (f" {day.year}" if year else "")) for day in kept]
        kept = days[:: max(1, -(-len(days) // (TICKS - 1)))]
        return [(day, f"{day.day} {MOIS[day.month - 1]}") for day in kept]

    def steps(self, days: Days, amounts: Floats) -> list[tuple[float, float]]:
        """Return the corners of a line that keeps each amount until the next day, and the last one to the end."""
        starts = [self.x(day) for day in days.tolist()]
        corners = []
        for start, end, amount in zip(starts, [*starts[1:], self.left + self.width], amounts, strict=False):
            corners += [(start, self.y(amount)), (end, self.y(amount))]
        return corners

    def line(self, days: Days, amounts: Floats, style: str) -> str:
        """Return a step line."""
        return f'<polyline points="{_points(self.steps(days, amounts))}" fill="none" {style}/>'

    def band(self, days: Days, low: Floats, high: Floats, style: str) -> str:
        """Return the surface between two step lines."""
        corners = [*self.steps(days, low), *self.steps(days, high)[::-1]]
        return f'<polygon points="{_points(corners)}" {style}/>'


def _points(corners: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
