"""The words around a chart: its heading and what its axes say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """What a chart says of itself.

    ``source`` is its foot line (file, date, digest); ``description`` is read aloud where the chart cannot be
    seen, empty: the title and the subtitle.
    """

    title: str
    subtitle: str = ""
    source: str = ""
    description: str = ""

    @property
    def spoken(self) -> str:
        """What a screen reader says of the chart."""
        return self.description or ". ".join(filter(None, (self.title, self.subtitle)))


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures, in which unit; percents are numbers from 0 to 100 with the unit ``%``."""

    title: str
    unit: str = ""
    log: bool = False

    def __str__(self) -> str:
        return f"{self.title} ({self.unit})" if self.unit else self.title
