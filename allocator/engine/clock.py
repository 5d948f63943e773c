"""How much a search may take: time, and how near the bound it must come."""

import time
from dataclasses import dataclass, field

from allocator.solvers.program import INF


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall-clock seconds allowed, counted from the making of the clock.

    ``gap`` is the relative gap that a tier may keep where closing it would take long.
    """

    seconds: float = INF
    gap: float = 0.0
    start: float = field(default_factory=time.monotonic)

    def remaining(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self.start + self.seconds - time.monotonic())

    def elapsed(self) -> float:
        """Return the seconds gone."""
        return time.monotonic() - self.start
