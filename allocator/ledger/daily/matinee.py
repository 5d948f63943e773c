"""The pre-orientation of a morning: what waits, what the accounts steer by, and what is proposed."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR
from allocator.domain.vocabulary import FLUX
from allocator.ledger.accounts.pilotage import pilotage
from allocator.ledger.daily.empreinte import entree_sha256
from allocator.ledger.daily.releve import Releve
from allocator.policies.proposing.choice import Proposal
from allocator.policies.proposing.propose import Desk
from allocator.policies.situation import Frame, Situation, frame, take

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Matinee:
    """What is to be pre-oriented on a day, and what that rests on.

    ``rows`` are the dwellings of ``situation.today`` in the releve's registre, ``tours`` the number of the tour that
    each waits for; ``a_venir`` counts those that wait and come free later. ``frame.instance`` has the digest of
    the whole question for its ``sha256``.
    """

    releve: Releve
    policy: str
    frame: Frame
    situation: Situation
    rows: Rows
    tours: tuple[int, ...]
    a_venir: int

    @property
    def entree_sha256(self) -> str:
        """The digest of all that the proposals are made of."""
        return self.frame.instance.sha256


def matinee(releve: Releve, policy: str, seed: int = 0) -> Matinee:
    """Return what is to be pre-oriented on the day of a releve.

    A dwelling that waits since an earlier day counts in the assiette of its own day. It is proposed to nobody who
    had it before.
    """
    registre, day = releve.registre, releve.day
    liberations, suivi = registre.liberations, registre.suivi
    turns = np.bincount(registre.tours.liberation, minlength=len(liberations))
    waiting = np.zeros(len(liberations), dtype=bool)
    waiting[suivi.a_orienter] = True
    waiting &= liberations.statut == FLUX
    due = waiting & (liberations.date <= day)
    first = due & (liberations.date == day) & (turns == 0)
    counted = (liberations.statut == FLUX) & (liberations.date <= day) & ~(suivi.retire <= day)
    past = _by_date(counted & (liberations.date >= releve.livre.frame.debut) & ~first, liberations.date)
    rows = _by_date(due, liberations.date)
    steering = pilotage(releve.livre, day, past)
    situation = Situation(
        day,
        take(liberations, past),
        steering.mouvements,
        take(liberations, rows),
        ~first[rows],
        _barred(releve, rows),
    )
    known = frame(steering.instance, releve.model, seed)
    digest = entree_sha256(known, policy, situation)
    return Matinee(
        releve,
        policy,
        replace(known, instance=replace(known.instance, sha256=digest)),
        situation,
        rows,
        tuple((turns[rows] + 1).tolist()),
        int((waiting & ~due).sum()),
    )


def propose(morning: Matinee, explained: Collection[str] = ()) -> tuple[Proposal, ...]:
    """Return the proposals of a morning, costed for the dwellings named; the same ones whenever it is asked."""
    if not len(morning.rows):
        return ()
    return Desk(morning.frame, morning.policy).propose(morning.situation, explained)


def _by_date(chosen: NDArray[np.bool_], dates: NDArray[np.datetime64]) -> Rows:
    """Return the rows chosen by date, and those of one day in the order of the journal."""
    rows = np.flatnonzero(chosen)
    return rows[np.argsort(dates[rows], kind="stable")]


def _barred(releve: Releve, rows: Rows) -> NDArray[np.bool_] | None:
    """Mark who had each of some dwellings before, or return ``None`` where nobody had any."""
    tours = releve.registre.tours
    place = np.full(len(releve.registre.liberations), -1, dtype=np.intp)
    place[rows] = np.arange(len(rows))
    had = (place[tours.liberation] >= 0) & (tours.reservataire != BAILLEUR)
    if not had.any():
        return None
    barred = np.zeros((len(rows), len(releve.registre.reservataires)), dtype=bool)
    barred[place[tours.liberation[had]], tours.reservataire[had]] = True
    return barred
