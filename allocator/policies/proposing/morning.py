"""The situation of a given day, from an instance and what was decided before."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance
from allocator.formats import BadInput, Fault
from allocator.formats.result_reader import INCONNU, Preorientations
from allocator.policies.accounts import convention_scopes, covering
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
        Where a row names a libération or a réservataire that does not exist, one that may not receive it or has no
        rights left, or a libération that came free after the day; all such rows are named.
    """
    wrong = [_fault(frame, instance, file, entry, day) for entry in range(len(file.row))]
    right = np.array([entry for entry, fault in enumerate(wrong) if fault is None], dtype=np.intp)
    faults = [fault for fault in wrong if fault] + _beyond(frame, instance, file, right)
    if faults:
        raise BadInput(faults)
    decided = np.full(len(instance.liberations), WAITING, dtype=np.int32)
    decided[file.row] = file.holder
    return decided


def _beyond(
    frame: Frame, instance: Instance, file: Preorientations, entries: NDArray[np.intp]
) -> list[Fault]:
    """Return a fault for each solde that some rows of a file overdraw, at the first row that does."""
    conventions = instance.conventions
    given = entries[file.holder[entries] != BAILLEUR]
    which, covered = covering(
        convention_scopes(frame), frame, instance.liberations, file.row[given], file.holder[given]
    )
    faults = []
    for row in np.flatnonzero(conventions.solde != SANS_SOLDE).tolist():
        solde, of_row = int(conventions.solde[row]), np.sort(given[which[covered == row]])
        if len(of_row) > solde:
            holder, where = file.reservataire[of_row[0]], conventions.territoire[row]
            what = f"{holder} reçoit {len(of_row)} logements en {where} pour un solde de {solde}"
            faults.append(Fault(file.file, file.line[of_row[solde]], "reservataire", what))
    return faults


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
