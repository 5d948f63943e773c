"""How finely a plan looks at what is to come: every figure that trades time for truth."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LookaheadSettings:
    """Settings of a plan.

    Parameters
    ----------
    scenarios
        Ways in which the future of near communes is drawn, where there is room; ``fewest`` and ``most`` bound it.
    columns
        Columns of a plan that near communes may take together; all communes are near where they fit.
    resolution
        How many times more a tier weighs than the next, in dwellings of its dearest cell: expectations closer
        than a thirtieth of a dwelling are noise of the forecast, and the next tier may decide.
    scarce
        Dwellings still expected in a small réservataire's territory under which its communes are near.
    least, finest
        A kind of dwellings in a group of far communes of which fewer are expected than ``least``, or than one in
        ``finest`` of all that is expected, stands for several such kinds or for none.
    taste
        Weight of the published tie-break: the price of the price rule, in units of the last tier.
    place
        Weight of a place in ``reservataires.csv``, in the same units: of two choices alike to the tie-break as well,
        the first. It is ten times what a solver's tolerance would not see.
    """

    scenarios: int = 4
    fewest: int = 2
    most: int = 8
    columns: int = 6_000
    resolution: float = 30.0
    scarce: float = 6.0
    least: float = 0.3
    finest: float = 3_000.0
    taste: float = 5e-3
    place: float = 1e-5


DEFAULTS: Final = LookaheadSettings()
