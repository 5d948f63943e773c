"""What is proposed for a dwelling, and what else could be."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.policies.proposing.lines import Line
from allocator.policies.proposing.rights import Spent

AS_GOOD: Final = 0.01
"""Loss below which two choices are as good: in the units of each tier, and of the last one in all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One réservataire that could receive a dwelling (or ``BAILLEUR``).

    ``price`` is what the published tie-break compares (:mod:`allocator.policies.prix`; the lowest wins), ``None``
    under a rule that has another one. ``at_least`` is a proven lower bound on what the best plan of the year loses
    by this choice, in units of the plan's objective (``weights`` of :class:`Proposal` turn it into one tier's).
    ``spent`` are the promises whose rights are spent: then it cannot be.
    Where that was computed, ``cost`` is what it loses against the choice proposed (infinite where no plan allows
    it), and ``losses`` the same tier by tier, without the tie-break and what ``ecart_max`` asks for; ``held`` says
    that this last stands against it, ``as_good`` that no tier loses or gains. ``flip`` is how many like dwellings
    fewer it should have received until now to pass before the one proposed (``None``: more than five, or this was not
    ``asked``: of choices that lose nothing, that cannot be, or under a model with ``ecart_max``, whose bound would
    move as well).
    """

    reservataire: int
    lines: tuple[Line, ...]
    price: float | None
    at_least: float
    cost: float | None = None
    losses: tuple[float, ...] | None = None
    held: bool = False
    as_good: bool = False
    asked: bool = False
    flip: int | None = None
    spent: tuple[Spent, ...] = ()

    @property
    def impossible(self) -> bool:
        """Whether no plan allows it."""
        return self.cost == np.inf or bool(self.spent)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one libération, and all other choices from the least costly on.

    ``weights`` has one entry a tier. ``explained`` says whether costs were computed (they are bounds otherwise).
    ``alike`` are the others to whom a dwelling that nothing tells from this one is proposed the same day; ``tried``
    are those who had this one before it came back, and may not receive it again.
    """

    liberation: str
    row: int
    chosen: Choice
    alternatives: tuple[Choice, ...]
    weights: tuple[float, ...]
    alike: tuple[int, ...] = ()
    tried: tuple[int, ...] = ()
    explained: bool = False

    @property
    def as_good(self) -> tuple[Choice, ...]:
        """Alternatives by which no tier loses or gains: the tie-break chose among them."""
        return tuple(choice for choice in self.alternatives if choice.as_good)
