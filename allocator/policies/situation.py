"""What a daily rule may look at: the promises, the past, and what came free today. Never the future."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance, Liberations, Model
from allocator.flux.geography import Geography, geography
from allocator.flux.promises import Promises, build_promises

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is known before the first day of a period.

    ``instance`` has no libération; its ``historique`` holds the earlier years. ``eligible`` says who may receive
    where: communes × réservataires. ``seed`` seeds all that a rule draws.
    """

    instance: Instance
    model: Model
    places: Geography
    promises: Promises
    eligible: NDArray[np.bool_]
    seed: int = 0

    @property
    def debut(self) -> np.datetime64:
        """First day of the period."""
        return np.datetime64(self.instance.debut, "D")

    @property
    def jours(self) -> int:
        """Number of days of the period, both ends included."""
        return (self.instance.fin - self.instance.debut).days + 1

    def elapsed(self, day: np.datetime64) -> float:
        """Return the share of the period's days gone, ``day`` included."""
        return float((day - self.debut).astype("timedelta64[D]").astype(int) + 1) / self.jours


@dataclass(frozen=True, slots=True, eq=False)
class Mouvements:
    """What counts for whom so far, one entry a movement.

    ``row`` indexes the libérations of the situation's past, ``amount`` is in dwellings: 1 for an orientation
    that counts whole; where outcomes are counted in points, the expected dwellings that they stand for (it may
    be negative: a dwelling given back).
    """

    row: NDArray[np.intp]
    reservataire: Ints
    amount: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.row)

    @staticmethod
    def orientations(decided: Ints) -> "Mouvements":
        """Return the movements of a past in which each libération was decided once and counts for one."""
        row = np.flatnonzero(decided >= 0)
        return Mouvements(row, decided[row], np.ones(len(row)))


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """One morning: what came free before, what was decided of it, and what is to be decided today.

    ``past`` and ``today`` hold flux libérations only, by date and then in the order of the file. ``again`` marks
    those of today that were announced on an earlier day (another turn of the same dwelling): they are in
    ``past`` too, and count there for the assiette. ``barred`` marks the réservataires that may not receive each
    of today's any more (today × réservataires), or is ``None``.
    """

    date: np.datetime64
    past: Liberations
    mouvements: Mouvements
    today: Liberations
    again: NDArray[np.bool_]
    barred: NDArray[np.bool_] | None = None


Chooser = Callable[[Situation], Ints]
"""A daily rule at work: one réservataire for each libération of today, or ``BAILLEUR`` where it stays.

Each must be eligible, not barred, and leave every ``solde`` kept. A chooser may cache but not remember: the same
situation gets the same answer, whatever it was asked before.
"""

Policy = Callable[[Frame], Chooser]
"""A daily rule: what it makes of a frame before the first day."""


def frame(instance: Instance, model: Model, seed: int = 0) -> Frame:
    """Return what is known of an instance before its first day: all but its libérations."""
    places = geography(instance)
    eligible = np.zeros((len(instance.territoires), len(instance.reservataires)), dtype=bool)
    conventions = instance.conventions
    for holder, territoire in zip(conventions.reservataire, conventions.territoire, strict=True):
        eligible[places.communes(*places.territory(territoire)), holder] = True
    blind = replace(instance, liberations=take(instance.liberations, np.empty(0, dtype=np.intp)))
    return Frame(blind, model, places, build_promises(instance, places, model.seuil), eligible, seed)


def take(liberations: Liberations, rows: NDArray[np.intp]) -> Liberations:
    """Return some libérations, by row number."""
    return Liberations(
        tuple(liberations.id[row] for row in rows),
        liberations.date[rows],
        liberations.commune[rows],
        liberations.typologie[rows],
        liberations.financement[rows],
        liberations.qpv[rows],
        liberations.statut[rows],
        {name: tuple(column[row] for row in rows) for name, column in liberations.complements.items()},
    )


def by_day(liberations: Liberations) -> NDArray[np.intp]:
    """Return the rows of the flux libérations by date, those of one day in the order of the file."""
    flux = liberations.en_flux
    return flux[np.argsort(liberations.date[flux], kind="stable")]
