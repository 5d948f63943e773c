"""What réservataires answered of their own lines: who confirmed what, what is contested, what is to be asked again."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from allocator.formats import columns as read
from allocator.formats.cells import quote
from allocator.formats.csv_table import read_csv
from allocator.formats.etat_des_lieux_schema import EXTRAIT, REPONSES
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.source import read_bytes
from allocator.formats.stock_schema import RESERVATIONS
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import Dossier
from allocator.stock.etat_des_lieux.extraits import empreintes

CONFIRMEE: Final = "confirmée"
CONTESTEE: Final = "contestée"
PERIMEE: Final = "périmée"
SANS_REPONSE: Final = "sans réponse"

ETATS: Final = (CONFIRMEE, CONTESTEE, PERIMEE, SANS_REPONSE)


class Reponse(NamedTuple):
    """An answer to the line of one right (a row of the dossier's); ``etat`` is one of ``ETATS``."""

    droit: int
    etat: str
    motif: str
    date: date
    par: str


def read_reponses(dossier: Dossier, paths: Sequence[Path]) -> dict[int, Reponse]:
    """Return the last answer to each right, by its row, from extracts (CSV or ``.xlsx``) that were filled in.

    Raises
    ------
    BadInput
        With every fault: an answer to another's line, without day or name, contested without reason, two of one day
        that differ, a file with the lines of several réservataires.
    """
    log = FaultLog()
    known = empreintes(dossier)
    answers: list[Reponse] = []
    for path in paths:
        table = _table(path, log)
        if table is not None:
            answers += _answers(dossier, known, table, log)
    last: dict[int, Reponse] = {}
    for answer in sorted(answers, key=lambda answer: answer.date):
        before = last.get(answer.droit)
        if before and before.date == answer.date and before != answer:
            name = quote(dossier.droits.droit[answer.droit])
            log.add(paths[-1].name, None, None, f"{name} a deux réponses différentes du {answer.date}")
        last[answer.droit] = answer
    log.raise_if_any()
    return last


def reponses_tableau(dossier: Dossier, answers: Mapping[int, Reponse]) -> Tableau:
    """Return where each right stands, in the order of their file."""
    holders = dossier.reservataires.id
    rows = []
    for row, (name, holder) in enumerate(
        zip(dossier.droits.droit, dossier.droits.reservataire.tolist(), strict=True)
    ):
        found = answers.get(row)
        told = (SANS_REPONSE, "", "", "") if found is None else (*found[1:3], str(found.date), found.par)
        rows.append((name, holders[holder], *told))
    return Tableau(REPONSES, tuple(rows))


def _table(path: Path, log: FaultLog) -> RawTable | None:
    data = read_bytes(path, EXTRAIT.limit, log)
    if data is None:
        return None
    if path.suffix.lower() != ".xlsx":
        return read_csv(data, path.name, EXTRAIT, log)
    # worth its import only where there is a workbook
    from allocator.formats.workbook import read_sheet, sheet_table  # noqa: PLC0415

    rows = read_sheet(data, path.name, EXTRAIT.name, log)
    return None if rows is None else sheet_table(rows, path.name, EXTRAIT, log)


def _answers(dossier: Dossier, known: Sequence[str], table: RawTable, log: FaultLog) -> list[Reponse]:
    index = {name: row for row, name in enumerate(dossier.droits.droit)}
    droit = read.references(table, "droit", index, RESERVATIONS.file, log)
    read.texts(table, "droit", log)
    who = read.texts(table, "reservataire", log)
    digest = read.texts(table, "empreinte", log)
    reponse = read.choices(table, "reponse", log)
    days = read.dates(table, "date", log)
    motif, par = (_texts(table, name, log) for name in ("motif", "par"))
    _refuse_others_lines(dossier, table, droit.tolist(), who, log)
    answered = reponse >= 0
    early = answered & (days < np.datetime64(dossier.date, "D"))
    faults = (
        ("date", answered & np.isnat(days), "jour de la réponse attendu"),
        ("date", early, f"réponse antérieure à l'état des lieux, qui est du {dossier.date}"),
        ("par", answered & ~_filled(par), "nom de qui répond attendu"),
        ("motif", (reponse == 1) & ~_filled(motif), "motif attendu : ce qui est contesté"),
        ("reponse", ~answered & _filled(motif), "motif sans réponse : confirme ou conteste attendu"),
    )
    for column, wrong, message in faults:
        for row in np.flatnonzero(wrong).tolist():
            log.add(table.file, table.lines[row], column, message)
    if log:
        return []
    return [
        Reponse(
            int(droit[row]),
            (CONFIRMEE, CONTESTEE)[reponse[row]] if digest[row] == known[droit[row]] else PERIMEE,
            motif[row],
            days[row].astype(date),
            par[row],
        )
        for row in np.flatnonzero(answered).tolist()
    ]


def _refuse_others_lines(
    dossier: Dossier, table: RawTable, droits: Sequence[int], who: Sequence[str], log: FaultLog
) -> None:
    """Refuse lines of a right that is another's, and a file in which several réservataires answer."""
    holders = dossier.reservataires.id
    owner = ["" if row < 0 else holders[int(dossier.droits.reservataire[row])] for row in droits]
    wrong = [row for row, name in enumerate(who) if name and owner[row] and name != owner[row]]
    log.add_rows(
        table.file,
        "reservataire",
        wrong,
        table.lines,
        lambda row: f"le droit {quote(dossier.droits.droit[droits[row]])} n'est pas à {quote(who[row])}",
    )
    first = next((name for name in who if name), "")
    mixed = [row for row, name in enumerate(who) if name not in {"", first} and row not in wrong]
    log.add_rows(
        table.file,
        "reservataire",
        mixed,
        table.lines,
        lambda row: (
            f"{quote(who[row])} dans un fichier de {quote(first)} : chacun répond de ses seules lignes"
        ),
    )


def _texts(table: RawTable, name: str, log: FaultLog) -> list[str]:
    return read.texts(table, name, log) if name in table.columns else [""] * table.length


def _filled(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(list(map(bool, texts)), bool)
