"""What each tour adds to its réservataire's account over a period: counts, points, and the dwellings they stand for.

All figures but one are additive: over a period they are what was known at its end less what was known on the eve of
its beginning, so that the years of a journal add up. The exception is ``cumul``, by which a réservataire's
propositions count up to its attributions of the same period, in each account and under each rule.

A pre-orientation stands for one dwelling until it ends, then for its points over the expected ones
(:mod:`allocator.policies.replaying.counting`, whose arithmetic this is, with the effects of outcomes added to it).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.accounts.bareme import Bareme
from allocator.ledger.accounts.issues import BAIL
from allocator.ledger.accounts.tours import Known, Tours

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Apports:
    """What each tour adds over a period, one entry a tour (all zero where it adds nothing).

    ``propositions``, ``attributions``, ``compensations`` and ``en_cours`` (at the end of the period) are counts.
    ``points_propositions`` are those counted, ``rendus`` those of them given back in compensation,
    ``points_attributions`` those of leases; ``logements`` are dwellings.
    """

    propositions: Floats
    attributions: Floats
    compensations: Floats
    en_cours: Floats
    points_propositions: Floats
    rendus: Floats
    points_attributions: Floats
    logements: Floats


def apports(  # noqa: PLR0913, PLR0917 (the columns of one table, and the two ends of a period)
    tours: Tours,
    commune: NDArray[np.integer],
    regle: Rows,
    compte: Rows,
    bareme: Bareme,
    veille: np.datetime64,
    jour: np.datetime64,
) -> Apports:
    """Return what tours add from the day after ``veille`` to ``jour``, both days' ends.

    ``commune``, ``regle`` and ``compte`` have one entry a tour: the row of its commune, the number of its rule in
    ``bareme``, and the number of its account, within which ``cumul`` holds.
    """
    before, now = tours.known(veille), tours.known(jour)
    proposition, attribution = bareme.proposition[regle, commune], bareme.attribution[regle, commune]
    return Apports(
        propositions=now.made.astype(np.float64) - before.made,
        attributions=now.signed.astype(np.float64) - before.signed,
        compensations=_compensated(bareme, regle, now) - _compensated(bareme, regle, before),
        en_cours=now.pending.astype(np.float64),
        points_propositions=proposition * _change(bareme.compte, regle, before, now),
        rendus=proposition * _change(bareme.rendu, regle, before, now),
        points_attributions=attribution * (now.signed.astype(np.float64) - before.signed),
        logements=_logements(tours, commune, regle, compte, bareme, before, now),
    )


def _change(share: Floats, regle: Rows, before: Known, now: Known) -> Floats:
    then, today = share[regle, before.issue] * before.made, share[regle, now.issue] * now.made
    changed: Floats = today - then
    return changed


def _compensated(bareme: Bareme, regle: Rows, known: Known) -> Floats:
    compensated: Floats = (known.ended & bareme.due[regle, known.issue]).astype(np.float64)
    return compensated


def _logements(  # noqa: PLR0913, PLR0917
    tours: Tours,
    commune: NDArray[np.integer],
    regle: Rows,
    compte: Rows,
    bareme: Bareme,
    before: Known,
    now: Known,
) -> Floats:
    """Return dwellings: 1 for what is pending; for what ended, its points over the expected ones.

    What was pending on the eve counted for one dwelling then, so it adds the difference.
    """
    ended = np.flatnonzero(now.ended & ~before.ended)
    ended = ended[np.lexsort((ended, tours.fin[ended]))]
    row, where = regle[ended], commune[ended]
    left = bareme.proposition[row, where] * bareme.net[row, tours.issue[ended]]
    gained = bareme.attribution[row, where] * (tours.issue[ended] == BAIL)
    held = bareme.cumul[row]
    group = compte[ended] * len(bareme.cumul) + row
    added = gained + np.where(held, _freed(left, gained, group), left)
    attendu = bareme.attendu[row, where]
    stands = np.divide(added, attendu, out=np.ones(len(ended)), where=attendu > 0)
    whole = (now.pending & ~before.pending).astype(np.float64)
    whole[ended] += stands - before.pending[ended]
    return whole


def _freed(left: Floats, gained: Floats, group: Rows) -> Floats:
    """Return by how much ``min(P, A)`` grows with each entry, ``P`` and ``A`` being summed within its group."""
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    lengths = np.diff(np.append(first, len(order)))
    counted = np.minimum(_sums(left[order], first, lengths), _sums(gained[order], first, lengths))
    grown = np.diff(counted, prepend=0.0)
    grown[first] = counted[first]
    freed = np.empty(len(left))
    freed[order] = grown
    return freed


def _sums(values: Floats, first: Rows, lengths: Rows) -> Floats:
    """Return running sums that begin anew at each position of ``first``."""
    whole = np.cumsum(values)
    before = np.repeat(whole[first] - values[first], lengths)
    sums: Floats = whole - before
    return sums
