"""The proposals of a morning, typed: for each dwelling who should receive it, who else could, at what cost."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from allocator.domain import BAILLEUR
from allocator.policies.anticipation import Lookahead, deal, whole
from allocator.policies.catalogue import load
from allocator.policies.lookahead.planner import Sketch
from allocator.policies.proposing.claims import Claims, Forced
from allocator.policies.proposing.lines import Line, Lines
from allocator.policies.quotas import quotas
from allocator.policies.situation import Chooser, Frame, Ints, Situation

ANTICIPATION: Final = "anticipation"
"""The rule whose proposals come from the very plan that explains them."""

AS_GOOD: Final = 0.01
"""Loss, in units of the last tier, below which two choices are as good and the tie-break decides."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One réservataire that could receive a dwelling (or ``BAILLEUR``).

    ``at_least`` is a proven lower bound on what the best plan of the year loses by this choice, in units of the
    plan's objective (``weights`` of :class:`Proposal` turn it into one tier's); where that was computed, ``cost``
    is what it loses against the choice proposed, tie-break included, and ``losses`` tier by tier. ``flip`` is how
    many like dwellings fewer it should have received until now to be proposed this one (``None``: not looked for,
    or more than five).
    """

    reservataire: int
    lines: tuple[Line, ...]
    at_least: float
    losses: tuple[float, ...] | None = None
    cost: float | None = None
    flip: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one libération, and all other choices from the least costly on.

    ``weights`` has one entry a tier. ``explained`` says whether costs were computed (they are bounds otherwise).
    """

    liberation: str
    row: int
    chosen: Choice
    alternatives: tuple[Choice, ...]
    weights: tuple[float, ...]
    explained: bool

    @property
    def as_good(self) -> tuple[Choice, ...]:
        """Alternatives that cost nothing: the published tie-break chose among them."""
        weights = np.array(self.weights)
        return tuple(
            choice
            for choice in self.alternatives
            if choice.losses is not None and abs(float(weights @ choice.losses)) < AS_GOOD
        )


class Desk:
    """A daily rule at its desk: proposes, and explains what it proposes by the plan of the year.

    The same situation gets the same proposals, up to choices that are exactly as good, whatever was asked before.
    """

    def __init__(self, frame: Frame, policy: str = ANTICIPATION) -> None:
        """Open a desk; raises :class:`~allocator.formats.BadInput` where there is no such rule."""
        self.frame, self.policy = frame, policy
        self.lookahead = Lookahead(frame)
        self._quotas = quotas(frame)
        self._choose: Chooser | None = None if policy == ANTICIPATION else load(policy)(frame)

    def propose(self, situation: Situation, explained: Collection[str] = ()) -> tuple[Proposal, ...]:
        """Return the proposals of a morning, in the order of its dwellings.

        Parameters
        ----------
        situation
            What came free before, what was decided of it, and what is to be decided.
        explained
            Libérations of today whose alternatives are costed exactly, each by re-solving the plan; bounds are
            given for the others.
        """
        sketch, solved = self.lookahead.solve(situation)
        known = np.isin(np.arange(len(sketch.plan.giving)), solved.kept)
        claims = Claims(sketch, known)
        answer = deal(sketch, whole(solved)) if self._choose is None else self._choose(situation)
        mean = sketch.account.assiette + sketch.outlook.by_commune()
        lines = Lines(self.frame, self._quotas, situation, sketch.account, mean)
        proposals = [
            self._proposal(situation, sketch, claims, lines, dwelling, int(holder))
            for dwelling, holder in enumerate(answer)
        ]
        return tuple(
            self._explained(claims, int(sketch.lot[proposal.row]), proposal)
            if proposal.liberation in explained
            else proposal
            for proposal in proposals
        )

    def _proposal(  # noqa: PLR0913, PLR0917 - a dwelling, its choice, and where both are looked up
        self, situation: Situation, sketch: Sketch, claims: Claims, lines: Lines, dwelling: int, holder: int
    ) -> Proposal:
        lot = int(sketch.lot[dwelling])
        pairs = sketch.pairs
        holders = [*pairs.holder[pairs.of_class == lot].tolist(), BAILLEUR]
        choices = {
            each: Choice(
                each, () if each == BAILLEUR else lines.of(dwelling, each), claims.at_least(lot, each)
            )
            for each in holders
        }
        others = sorted(
            (choice for each, choice in choices.items() if each != holder), key=lambda choice: choice.at_least
        )
        return Proposal(
            situation.today.id[dwelling],
            dwelling,
            choices[holder],
            tuple(others),
            tuple(sketch.plan.weights.tolist()),
            explained=False,
        )

    def _explained(self, claims: Claims, lot: int, proposal: Proposal) -> Proposal:
        """Cost every alternative of a proposal by re-solving the plan, and look what would flip the nearest."""
        own = claims.forced(lot, proposal.chosen.reservataire)
        costed = [
            _costed(choice, claims.forced(lot, choice.reservataire), own) for choice in proposal.alternatives
        ]
        costed.sort(key=lambda choice: choice.cost if choice.cost is not None else np.inf)
        return replace(
            proposal,
            chosen=replace(proposal.chosen, losses=(0.0,) * len(proposal.weights), cost=0.0),
            alternatives=tuple(costed),
            explained=True,
        )

    def _asks(self, choice: Choice, nearest: bool) -> bool:
        """Tell whether it is worth looking what would flip a choice: the nearest one, and the mayor's."""
        if choice.reservataire == BAILLEUR or choice.cost is None or choice.cost < AS_GOOD:
            return False
        return nearest or self.frame.instance.reservataires.famille[choice.reservataire] == "commune"


def _costed(choice: Choice, forced: Forced, own: Forced) -> Choice:
    losses = tuple((forced.tiers - own.tiers).tolist()) if np.isfinite(forced.cost) else None
    return replace(choice, losses=losses, cost=forced.cost - own.cost)


def propose(
    frame: Frame, situation: Situation, policy: str = ANTICIPATION, explained: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Return the proposals of one morning, from a desk opened for it (see :class:`Desk` to keep one)."""
    return Desk(frame, policy).propose(situation, explained)


def chosen(proposals: tuple[Proposal, ...]) -> Ints:
    """Return who is proposed each dwelling, as a daily rule answers."""
    return np.array([proposal.chosen.reservataire for proposal in proposals], dtype=np.int32)
