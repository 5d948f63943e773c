"""How a year went: what each promise was owed and had received, at the end of each month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Conventions, Instance
from allocator.policies.accounts import convention_scopes, received
from allocator.policies.replaying.replay import Replay
from allocator.policies.situation import Mouvements, take

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A year played by a daily rule: ``du`` and ``recu``, months × promises, in dwellings.

    ``du`` is the target at the assiette so far, with reports and volumes as time goes; on the last row both are
    those of the whole year. The promises are those of the frame, which are the same for all draws of a year;
    where one is no cell of this year (a commune in which nothing was released) both are 0.
    ``owed`` and ``given`` are what each convention row was owed and received in the year; ``owed`` may be below 0.
    """

    du: Floats
    recu: Floats
    owed: Floats
    given: Floats


def months(instance: Instance) -> NDArray[np.datetime64]:
    """Return the last day of each month of an instance's period."""
    first = np.datetime64(instance.debut, "M")
    last = np.datetime64(instance.fin, "M")
    return np.arange(first + 1, last + 2).astype("datetime64[D]") - 1


def measure(instance: Instance, result: Replay) -> Played:
    """Measure a replay at the end of each month."""
    known, promises = result.frame, result.frame.promises
    liberations = take(instance.liberations, instance.liberations.en_flux)
    moves = result.turns.moves()
    du, recu = [], []
    for day in months(instance):
        so_far = liberations.commune[liberations.date <= day]
        assiette = np.bincount(so_far, minlength=len(instance.territoires))
        until = moves.date <= day
        counted = Mouvements(
            moves.row[until], moves.reservataire[until], moves.amount[until].astype(np.float64)
        )
        cible, exists = promises.cibles(assiette, known.elapsed(min(day, np.datetime64(instance.fin, "D"))))
        du.append(np.where(exists, cible, 0.0))
        recu.append(np.where(exists, received(promises.scopes, known, liberations, counted), 0.0))
    rows = convention_scopes(known)
    owed, _ = promises.owed(assiette)
    return Played(
        np.array(du),
        np.array(recu),
        np.bincount(promises.row[promises.contractuels], owed, len(rows)).astype(np.float64),
        received(rows, known, liberations, counted),
    )


def opening(following: Conventions, gone: Sequence[tuple[Conventions, Played]]) -> Conventions:
    """Return the promises of a year as they stand after the years before it.

    A report is what a row was owed the year before less what was received; a row that was not in force then has
    none but its own. A solde counts from the first day of the projet, so what was received since comes off it.

    Parameters
    ----------
    following
        The year's promises as the projet has them.
    gone
        The promises of each year before, as they stood on its first day, and how it went.
    """
    report, solde = following.report.copy(), following.solde.copy()
    for before, played in gone:
        rows = {key: row for row, key in enumerate(_keys(before))}
        for row, key in enumerate(_keys(following)):
            if key in rows and solde[row] != SANS_SOLDE:
                solde[row] = max(0, solde[row] - round(played.given[rows[key]]))
            if key in rows and before is gone[-1][0]:
                report[row] += played.owed[rows[key]] - played.given[rows[key]]
    return replace(following, report=report, solde=solde)


def _keys(conventions: Conventions) -> list[tuple[int, str]]:
    return list(zip(conventions.reservataire.tolist(), conventions.territoire, strict=True))
