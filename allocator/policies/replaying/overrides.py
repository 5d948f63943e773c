"""What is decided in place of a rule's proposals: by name, or at random."""

from collections.abc import Callable, Mapping

import numpy as np

from allocator.domain import BAILLEUR, Instance, Model
from allocator.formats import BadInput, Fault
from allocator.policies.quotas import Morning, quotas
from allocator.policies.replaying.outcomes import uniform
from allocator.policies.situation import Ints, Situation, frame

Override = Callable[[Situation, Ints], Ints]
"""What is decided of a morning, given the proposals: one réservataire (or ``BAILLEUR``) a dwelling of the day."""


def as_proposed(_situation: Situation, proposed: Ints) -> Ints:
    """Decide as proposed."""
    return proposed


def named_overrides(instance: Instance, chosen: Mapping[str, int]) -> Override:
    """Return the override that gives some libérations to the réservataires that are named, in their first turn.

    Parameters
    ----------
    instance
        The period.
    chosen
        By libération, the index of a réservataire or ``BAILLEUR``.

    Raises
    ------
    BadInput
        If a name is none of a flux libération.
    """
    liberations = instance.liberations
    known = {liberations.id[row] for row in liberations.en_flux.tolist()}
    message = "n'est pas une libération en flux de l'instance"
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise BadInput([Fault("décisions", None, None, f"{name} {message}") for name in unknown])

    def decide(situation: Situation, proposed: Ints) -> Ints:
        decided = proposed.copy()
        for entry in np.flatnonzero(~situation.again).tolist():
            decided[entry] = chosen.get(situation.today.id[entry], proposed[entry])
        return decided

    return decide


def random_overrides(instance: Instance, share: float, seed: int) -> Override:
    """Return the override that changes a share of proposals at random, as officers who know better do.

    Each proposal is changed with probability ``share`` to one of the other réservataires that may receive the
    dwelling, all as likely; it stands where there is none. Soldes are kept. Which dwellings are changed does not
    depend on the rule that is overridden.
    """
    # What small réservataires are plays no part here, so any model will do.
    known = frame(instance, Model("", "", "", ()))
    accounts = quotas(known)

    def decide(situation: Situation, proposed: Ints) -> Ints:
        decided = proposed.copy()
        morning = Morning(accounts, situation)
        communes = situation.today.commune.tolist()
        # A proposal that is changed keeps its right until the day is over: no other one can come to lack it.
        for commune, holder in zip(communes, proposed.tolist(), strict=True):
            if holder != BAILLEUR:
                morning.give(commune, holder)
        for entry, commune in enumerate(communes):
            key = (seed, situation.today.id[entry], situation.date)
            if uniform("override", *key) >= share:
                continue
            allowed = known.eligible[commune].copy()
            allowed[morning.closed(commune)] = False
            if situation.barred is not None:
                allowed &= ~situation.barred[entry]
            others = np.flatnonzero(allowed & (np.arange(len(allowed)) != proposed[entry]))
            if len(others):
                decided[entry] = others[int(uniform("instead", *key) * len(others))]
                morning.give(commune, int(decided[entry]))
        return decided

    return decide
