"""The proposals of a morning, typed: for each dwelling who should receive it, who else could, at what cost."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np

from allocator.domain import BAILLEUR
from allocator.policies.anticipation import Lookahead, deal, whole
from allocator.policies.catalogue import load
from allocator.policies.proposing.choice import AS_GOOD, Choice, Proposal
from allocator.policies.proposing.claims import Claims
from allocator.policies.proposing.lines import Lines
from allocator.policies.proposing.rights import SpentRights
from allocator.policies.quotas import quotas
from allocator.policies.situation import Chooser, Frame, Ints, Situation

ANTICIPATION: Final = "anticipation"
"""The rule whose proposals come from the very plan that explains them."""

HELD: Final = 10.0
"""What costs more than this part of a dwelling in the first tier, and no tier loses, is what ``ecart_max`` asks for."""


class Desk:
    """A daily rule at its desk: proposes, and explains what it proposes by the plan of the year.

    Between two mornings it keeps which columns of the plan were of use: that saves time.
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
        rights = SpentRights(self.frame, situation, sketch.account)
        return tuple(
            self._explained(claims, int(sketch.lot[proposal.row]), proposal)
            if proposal.liberation in explained
            else proposal
            for proposal in (
                self._proposal(claims, lines, rights, answer, dwelling) for dwelling in range(len(answer))
            )
        )

    def _proposal(
        self, claims: Claims, lines: Lines, rights: SpentRights, answer: Ints, dwelling: int
    ) -> Proposal:
        sketch, situation = claims.sketch, lines.situation
        lot, holder = int(sketch.lot[dwelling]), int(answer[dwelling])

        def choice(each: int) -> Choice:
            price, at_least = self._price(claims, lot, each), claims.at_least(lot, each)
            if each == BAILLEUR:
                return Choice(each, (), price, at_least)
            return Choice(each, lines.of(dwelling, each), price, at_least, spent=rights.of(dwelling, each))

        holders = [*sketch.pairs.holder[sketch.pairs.of_class == lot].tolist(), BAILLEUR]
        others = [choice(each) for each in holders if each != holder]
        others.sort(key=lambda other: (other.impossible, other.at_least, other.price or 0.0))
        alike = np.unique(answer[sketch.lot == lot]).tolist()
        return Proposal(
            situation.today.id[dwelling],
            dwelling,
            choice(holder),
            tuple(others),
            tuple(sketch.plan.weights.tolist()),
            tuple(each for each in alike if each != holder),
            () if situation.barred is None else tuple(np.flatnonzero(situation.barred[dwelling]).tolist()),
        )

    def _price(self, claims: Claims, lot: int, holder: int) -> float | None:
        if self._choose is not None:
            return None
        settings = self.lookahead.planner.settings
        return (claims.taste(lot, holder) - settings.place * max(0, holder)) / settings.taste

    def _explained(self, claims: Claims, lot: int, proposal: Proposal) -> Proposal:
        """Cost every alternative of a proposal by re-solving the plan, and look what would flip some of them."""
        own = proposal.chosen.reservataire
        bounded = self.frame.model.ecart_max is not None
        costed = [_costed(claims, lot, own, choice, bounded=bounded) for choice in proposal.alternatives]
        costed.sort(key=lambda choice: np.inf if choice.cost is None else choice.cost)
        nearest = next((choice for choice in costed if self._could_flip(choice)), None)
        flipped = (
            replace(choice, asked=True, flip=claims.flips(lot, choice.reservataire, own))
            if self._could_flip(choice) and (choice is nearest or self._is_commune(choice))
            else choice
            for choice in costed
        )
        return replace(
            proposal,
            chosen=replace(proposal.chosen, losses=(0.0,) * len(proposal.weights), cost=0.0),
            alternatives=tuple(flipped),
            explained=True,
        )

    def _could_flip(self, choice: Choice) -> bool:
        """Tell whether a choice is behind for what it would lose; rights spent and ``ecart_max`` are no such thing."""
        lost = choice.losses is not None and not choice.as_good and not choice.held
        ahead = choice.cost is not None and choice.cost <= 0
        bounded = self.frame.model.ecart_max is not None
        return lost and not ahead and not bounded and choice.reservataire != BAILLEUR

    def _is_commune(self, choice: Choice) -> bool:
        return self.frame.instance.reservataires.famille[choice.reservataire] == "commune"


def _costed(claims: Claims, lot: int, own: int, choice: Choice, *, bounded: bool) -> Choice:
    """Return a choice with what it costs against the one proposed, unless no plan allows that one.

    ``bounded`` says that the model has an ``ecart_max``.
    """
    base = claims.forced(lot, own)
    if base.cost == np.inf:
        return choice
    forced = claims.forced(lot, choice.reservataire)
    if forced.cost == np.inf:
        return replace(choice, cost=np.inf)
    losses, cost = forced.tiers - base.tiers, forced.cost - base.cost
    weights = claims.sketch.plan.weights
    loss = float(weights @ losses)
    held = bounded and cost - loss > weights[0] / HELD
    as_good = not held and max([abs(loss), *np.abs(losses).tolist()]) < AS_GOOD
    return replace(choice, cost=cost, losses=tuple(losses.tolist()), held=held, as_good=as_good)


def propose(
    frame: Frame, situation: Situation, policy: str = ANTICIPATION, explained: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Return the proposals of one morning, from a desk opened for it (see :class:`Desk` to keep one)."""
    return Desk(frame, policy).propose(situation, explained)


def chosen(proposals: tuple[Proposal, ...]) -> Ints:
    """Return who is proposed each dwelling, as a daily rule answers."""
    return np.array([proposal.chosen.reservataire for proposal in proposals], dtype=np.int32)
