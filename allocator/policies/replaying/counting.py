"""How outcomes count: points by the model's ``[comptage]``, and the dwellings that they stand for (Th. 2-2).

The definitions, for a réservataire and a commune whose points are ``p`` a proposition and ``a`` an attribution:

- A *proposition* is one turn of a dwelling put to the réservataire, whoever its candidates are: a dwelling that
  comes back and goes to another réservataire is a proposition to each. An *attribution* is a lease signed.
- In mode ``propositions`` a proposition counts ``p`` and an attribution nothing more; in mode ``attributions`` an
  attribution counts ``a`` and a proposition nothing; in mode ``mixte`` both count. Without ``[comptage]``,
  propositions count one point each.
- Where a commune is in a zone, or above a tension, that ``[[comptage.tension]]`` names, ``p`` and ``a`` are those of
  the entry: of several, the one with the highest tension, and one by zone only where no tension is exceeded.
- With ``cumul`` a réservataire's propositions never count for more than its attributions: its points are
  ``A + min(P, A)`` in place of ``A + P``, with ``P`` and ``A`` its accumulated points. It binds the mixed mode only;
  where one of the two is not counted there is nothing to hold against it.

Targets are in dwellings, so what steers a rule is turned into dwellings by the expected points of one
pre-orientation (file contract, section 4): with ``s`` the share of ordinary pre-orientations that end with a lease,
``p + s·a`` by the mode, or ``s·a + min(p, s·a)`` with ``cumul``. A pre-orientation stands for one dwelling until
its outcome is known, and from then on for the points that it added over the expected ones: for an ordinary one, one
dwelling on average. After a lease that is never less than one dwelling, and after a failure never less than none, so
that no rule that reads these accounts overdraws a ``solde``. What ``cumul`` held back and a later lease sets free
counts with that lease. The unit is the commune's, since a quota is kept where it is promised: points by tension
change what a proposition weighs against an attribution there, not a dwelling against those of other communes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Comptage, PointsDeTension, Territoires

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """The points of a proposition and of an attribution, and the expected ones: one entry a commune.

    What the mode does not count is 0; ``cumul`` is false where it does not bind.
    """

    proposition: Floats
    attribution: Floats
    expected: Floats
    cumul: bool

    def points(self, propositions: Floats, attributions: Floats) -> Floats:
        """Return what accumulated points of propositions and of attributions count for together."""
        counted = np.minimum(propositions, attributions) if self.cumul else propositions
        points: Floats = attributions + counted
        return points


def build_counting(comptage: Comptage | None, territoires: Territoires, bail: float) -> Counting:
    """Return how to count in each commune; ``bail`` is the share of pre-orientations that end with a lease."""
    rules = comptage or Comptage()
    points = np.array(
        [
            _points(rules, zone, float(tension))
            for zone, tension in zip(territoires.zone, territoires.tension, strict=True)
        ]
    ).reshape(-1, 2)
    proposition = points[:, 0] * (rules.mode != "attributions")
    attribution = points[:, 1] * (rules.mode != "propositions")
    cumul = rules.cumul and rules.mode == "mixte"
    signed = bail * attribution
    expected = signed + (np.minimum(proposition, signed) if cumul else proposition)
    return Counting(proposition, attribution, expected, cumul)


def _points(rules: Comptage, zone: str, tension: float) -> tuple[float, float]:
    """Return the points of a commune; an unknown tension (NaN) is above nothing."""
    exceeded = [entry for entry in rules.tension if entry.au_dessus is not None and tension > entry.au_dessus]
    zoned = [entry for entry in rules.tension if entry.zone is not None and entry.zone == zone]
    entries = sorted(exceeded, key=_threshold, reverse=True) or zoned
    return (
        (entries[0].proposition, entries[0].attribution)
        if entries
        else (rules.proposition, rules.attribution)
    )


def _threshold(entry: PointsDeTension) -> float:
    return entry.au_dessus or 0.0


class Tally:
    """The points of pre-orientations whose outcome is known, by réservataire, brought forward one by one."""

    def __init__(self, rules: Counting, reservataires: int) -> None:
        self._rules = rules
        self._propositions = np.zeros(reservataires)
        self._attributions = np.zeros(reservataires)

    def settle(self, reservataire: int, commune: int, signed: bool) -> float:
        """Count a pre-orientation that ended, and return the dwellings that it stands for.

        Where nothing is expected of a pre-orientation, points steer nothing: it stands for one dwelling.
        """
        rules = self._rules
        proposition = float(rules.proposition[commune])
        attribution = float(rules.attribution[commune]) if signed else 0.0
        expected = float(rules.expected[commune])
        added = proposition + attribution
        if rules.cumul:
            before = min(self._propositions[reservataire], self._attributions[reservataire])
            self._propositions[reservataire] += proposition
            self._attributions[reservataire] += attribution
            after = min(self._propositions[reservataire], self._attributions[reservataire])
            added = attribution + float(after - before)
        return added / expected if expected > 0 else 1.0
