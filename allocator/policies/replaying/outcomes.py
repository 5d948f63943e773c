"""Drawn outcomes: how each pre-orientation of a replay ends, whatever the rule that made it.

An outcome is a pure function of the seed, the libération, its turn and the réservataire: two rules that send the
same dwelling to the same réservataire in the same turn see the same end, so that they are compared on common
random numbers, and what a rule does elsewhere changes nothing here.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance, Liberations
from allocator.domain.vocabulary import ECHECS, FINANCEMENTS, QPV, TYPOLOGIES
from allocator.policies.replaying.aleas import Aleas, Cas


def uniform(*key: object) -> float:
    """Return a number of [0, 1) that depends on nothing but the key; different keys give independent ones.

    The top 53 bits of BLAKE2b over the key's texts, which hold no unit separator.
    """
    digest = blake2b("\x1f".join(map(str, key)).encode(), digest_size=8).digest()
    return float(int.from_bytes(digest, "big") >> 11) / 2.0**53


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """The outcomes of a replay's pre-orientations.

    ``until`` holds the cumulated rates of failure, réservataires × typologies × financements × qpv × ``ECHECS``.
    """

    aleas: Aleas
    seed: int
    reservataires: tuple[str, ...]
    until: NDArray[np.float64]

    def draw(self, liberations: Liberations, row: int, tour: int, reservataire: int) -> tuple[int, int]:
        """Return how a pre-orientation ends (an index of ``ISSUES``), and after how many days.

        ``tour`` counts from 1 the réservataires that the libération ``row`` is proposed to.
        """
        level = uniform("issue", self.seed, liberations.id[row], tour, self.reservataires[reservataire])
        until = self.until[
            reservataire, liberations.typologie[row], liberations.financement[row], liberations.qpv[row]
        ]
        issue = int(np.searchsorted(until, level, side="right"))
        return issue, self.aleas.delais[issue]


def build_outcomes(aleas: Aleas, instance: Instance, seed: int) -> Outcomes:
    """Return the outcomes that rates give in an instance.

    All the cases that apply multiply; where the failures of one kind of pre-orientation sum to more than 1, they
    are scaled down to it.
    """
    holders = instance.reservataires
    rates = np.empty((len(holders), len(TYPOLOGIES), len(FINANCEMENTS), len(QPV), len(ECHECS)))
    rates[:] = aleas.taux
    for cas in aleas.cas:
        rates[_selected(cas, instance)] *= cas.facteurs
    rates /= np.maximum(1.0, rates.sum(axis=-1, keepdims=True))
    return Outcomes(aleas, seed, holders.id, np.cumsum(rates, axis=-1))


def _selected(cas: Cas, instance: Instance) -> tuple[NDArray[np.intp], ...]:
    """Return where a case applies, as an index of the rates."""
    holders = zip(instance.reservataires.id, instance.reservataires.famille, strict=True)
    return np.ix_(
        [
            row
            for row, (name, famille) in enumerate(holders)
            if cas.reservataire in ("", name) and cas.famille in ("", famille)
        ],
        *(
            [number for number, word in enumerate(words) if wanted in ("", word)]
            for wanted, words in (
                (cas.typologie, TYPOLOGIES),
                (cas.financement, FINANCEMENTS),
                (cas.qpv, QPV),
            )
        ),
    )
