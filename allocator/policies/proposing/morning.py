"""The situation of a given day, from an instance and what was decided before."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance
from allocator.formats import BadInput, Fault
from allocator.formats.result_reader import INCONNU, Preorientations
from allocator.policies.accounts import convention_scopes, received
from allocator.policies.situation import Frame, Ints, Mouvements, Situation, by_day, take

WAITING: Final = -2
"""Decision of a libération on which nothing was decided yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Morning:
    """A situation, with the libérations before it on which nothing was decided yet (they count for nobody)."""

    situation: Situation
    waiting: tuple[str, ...]


def morning(instance: Instance, day: np.datetime64, decided: Ints) -> Morning:
    """Return the situation of a day.

    Parameters
    ----------
    instance
        What came free after ``day`` is not looked at.
    decided
        One entry a libération of the instance: its réservataire, ``BAILLEUR`` or :data:`WAITING`. Libérations of
        the day that are decided already count, and are not proposed again.
    """
    rows = by_day(instance.liberations)
    dates = instance.liberations.date[rows]
    before, today = rows[dates < day], rows[dates == day]
    settled, open_ = today[decided[today] != WAITING], today[decided[today] == WAITING]
    past = np.concatenate([before, settled])
    held = decided[past]
    moves = Mouvements.orientations(np.where(held == WAITING, BAILLEUR, held).astype(np.int32))
    none = np.zeros(len(open_), dtype=bool)
    waiting = tuple(instance.liberations.id[row] for row in before[decided[before] == WAITING])
    return Morning(
        Situation(day, take(instance.liberations, past), moves, take(instance.liberations, open_), none),
        waiting,
    )


def decisions(frame: Frame, instance: Instance, file: Preorientations, day: np.datetime64) -> Ints:
    """Return the decisions of a file like ``preorientations.csv``, one entry a libération of the instance.

    Raises
    ------
    BadInput
        Where a row names a libération or a réservataire that does not exist, one that may not receive it, or a
        libération that came free after the day; all such rows are named.
    """
    decided = np.full(len(instance.liberations), WAITING, dtype=np.int32)
    faults = [
        fault
        for fault in (_fault(frame, instance, file, entry, day) for entry in range(len(file.row)))
        if fault
    ]
    if faults:
        raise BadInput(faults)
    decided[file.row] = file.holder
    rows = np.flatnonzero(decided >= 0)
    moves = Mouvements(rows, decided[rows], np.ones(len(rows)))
    used = received(convention_scopes(frame), frame, instance.liberations, moves)
    conventions = instance.conventions
    beyond = np.flatnonzero((conventions.solde != SANS_SOLDE) & (used > conventions.solde))
    if len(beyond):
        raise BadInput(
            [
                Fault(file.file, None, "reservataire", _beyond(instance, int(row), float(used[row])))
                for row in beyond
            ]
        )
    return decided


def _beyond(instance: Instance, row: int, used: float) -> str:
    conventions = instance.conventions
    holder = instance.reservataires.id[conventions.reservataire[row]]
    where, left = conventions.territoire[row], conventions.solde[row]
    return f"{holder} reçoit {used:.0f} logements en {where} pour un solde de {left}"


def _fault(
    frame: Frame, instance: Instance, file: Preorientations, entry: int, day: np.datetime64
) -> Fault | None:
    def at(column: str, what: str) -> Fault:
        return Fault(file.file, file.line[entry], column, what)

    row, holder = int(file.row[entry]), int(file.holder[entry])
    if row == INCONNU or row not in instance.liberations.en_flux:
        return at("liberation", f"{file.liberation[entry]} n'est pas une libération en flux de l'instance")
    if instance.liberations.date[row] > day:
        return at("liberation", f"{file.liberation[entry]} se libère après le {day.astype(object):%d/%m/%Y}")
    if holder == INCONNU:
        return at("reservataire", f"{file.reservataire[entry]} n'est pas un réservataire de l'instance")
    if holder != BAILLEUR and not frame.eligible[instance.liberations.commune[row], holder]:
        return at("reservataire", f"aucune convention de {file.reservataire[entry]} ne couvre la commune")
    return None
