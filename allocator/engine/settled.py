"""What a tier came to."""

from dataclasses import dataclass

from allocator.engine.face import Counts, Face


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What a tier came to: its value, a proven bound, the flows that reach it and the face that it leaves."""

    value: float
    bound: float
    flows: tuple[Counts, Counts]
    face: Face
