"""From a file of decisions to what a morning is made of; every row that cannot be is told."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance
from allocator.domain.vocabulary import FLUX, ISSUES
from allocator.formats.faults import FaultLog
from allocator.formats.result_reader import INCONNU, Decisions
from allocator.policies.accounts import convention_scopes, covering
from allocator.policies.proposing.morning import WAITING, Ended
from allocator.policies.replaying.aleas import BAIL, EN_COURS
from allocator.policies.replaying.counting import Counting, Tally
from allocator.policies.situation import Frame, Ints, by_day

Rows = NDArray[np.intp]


class Decided(NamedTuple):
    """What was decided of each libération of an instance last, or ``WAITING``, and the pre-orientations that ended."""

    last: Ints
    ended: Ended


def refuse(frame: Frame, instance: Instance, file: Decisions, day: np.datetime64, log: FaultLog) -> None:
    """Refuse a file that says what cannot have been decided by a day.

    Parameters
    ----------
    log
        What is wrong with the cells of the file.

    Raises
    ------
    BadInput
        With what the log holds, and every row that names a libération or a réservataire that does not exist, one that
        may not receive it or has no rights left, a libération or an issue later than the day, or a dwelling that had
        not come back.
    """
    rows, right = file.rows, []
    before: dict[int, int] = {}
    for entry, row in enumerate(rows.row.tolist()):
        faults = list(_faults(frame, instance, file, entry, day))
        if row != INCONNU:
            faults += _turn(file, entry, before.get(row))
            before[row] = entry
        for column, message in faults:
            log.add(rows.file, rows.line[entry], column, message)
        if not faults:
            right.append(entry)
    _beyond(frame, instance, file, np.array(right, dtype=np.intp), log)
    log.raise_if_any()


def settle(instance: Instance, file: Decisions, counting: Counting) -> Decided:
    """Return what a file says was decided, and how what has ended counts."""
    last = np.full(len(instance.liberations), WAITING, dtype=np.int32)
    # Of a dwelling that came back, the last row of the file is written last.
    last[file.rows.row] = np.where(_failed(file), WAITING, file.rows.holder)
    return Decided(last, _ended(instance, file, counting))


def _failed(file: Decisions) -> NDArray[np.bool_]:
    failed: NDArray[np.bool_] = (file.issue != EN_COURS) & (file.issue != BAIL)
    return failed


def _ended(instance: Instance, file: Decisions, counting: Counting) -> Ended:
    """Count what has ended, in the order in which it was known, as the books of a replay do."""
    order = by_day(instance.liberations)
    place = np.empty(len(instance.liberations), dtype=np.intp)
    place[order] = np.arange(len(order))
    over = np.flatnonzero(file.issue != EN_COURS)
    over = over[np.lexsort((over, place[file.rows.row[over]], file.issue_le[over]))]
    row, holder, signed = file.rows.row[over], file.rows.holder[over], file.issue[over] == BAIL
    tally = Tally(counting, len(instance.reservataires))
    communes = instance.liberations.commune[row].tolist()
    amount = [tally.settle(*each) for each in zip(holder.tolist(), communes, signed.tolist(), strict=True)]
    return Ended(row, holder, np.array(amount, dtype=np.float64), ~signed)


def _beyond(frame: Frame, instance: Instance, file: Decisions, entries: Rows, log: FaultLog) -> None:
    """Note a fault for each solde that some rows of a file overdraw, at the first row that does."""
    conventions, rows = instance.conventions, file.rows
    given = entries[(rows.holder[entries] != BAILLEUR) & ~_failed(file)[entries]]
    which, covered = covering(
        convention_scopes(frame), frame, instance.liberations, rows.row[given], rows.holder[given]
    )
    for row in np.flatnonzero(conventions.solde != SANS_SOLDE).tolist():
        solde, of_row = int(conventions.solde[row]), np.sort(given[which[covered == row]])
        if len(of_row) > solde:
            holder, where = rows.reservataire[of_row[0]], conventions.territoire[row]
            what = f"{holder} reçoit {len(of_row)} logements en {where} pour un solde de {solde}"
            log.add(rows.file, rows.line[of_row[solde]], "reservataire", what)


def _faults(
    frame: Frame, instance: Instance, file: Decisions, entry: int, day: np.datetime64
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row by itself, each fault with its column."""
    rows, row, holder = file.rows, int(file.rows.row[entry]), int(file.rows.holder[entry])
    name, until, liberations = rows.liberation[entry], file.issue_le[entry], instance.liberations
    asked = f"{day.astype(object):%d/%m/%Y}"
    if name and (row == INCONNU or liberations.statut[row] != FLUX):
        yield "liberation", f"{name} n'est pas une libération en flux de l'instance"
        return
    if row != INCONNU and liberations.date[row] > day:
        yield "liberation", f"{name} se libère après le {asked}"
    if holder == INCONNU:
        yield "reservataire", f"{rows.reservataire[entry]} n'est pas un réservataire de l'instance"
    elif holder == BAILLEUR and file.issue[entry] != EN_COURS:
        yield "issue", "un logement resté au bailleur n'a pas d'issue, attendu une cellule vide"
    elif holder != BAILLEUR and row != INCONNU and not frame.eligible[liberations.commune[row], holder]:
        yield "reservataire", f"aucune convention de {rows.reservataire[entry]} ne couvre la commune"
    if until > day:
        yield "issue_le", f"le {until.astype(object):%d/%m/%Y} est après le {asked}"
    if row != INCONNU and until < liberations.date[row]:
        freed = liberations.date[row].astype(object)
        yield "issue_le", f"{name} ne s'est libéré que le {freed:%d/%m/%Y}"


def _turn(file: Decisions, entry: int, before: int | None) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row after an earlier one of the same dwelling."""
    if before is None:
        return
    issue, line = int(file.issue[before]), file.rows.line[before]
    if issue in (EN_COURS, BAIL):
        how = "sans issue" if issue == EN_COURS else f"avec l'issue « {ISSUES[BAIL]} »"
        yield (
            "liberation",
            f"{file.rows.liberation[entry]} déjà donné à la ligne {line}, {how} : il n'est pas revenu",
        )
    elif file.issue_le[entry] < file.issue_le[before]:
        yield "issue_le", f"avant l'issue de la ligne {line}, qui précède"
