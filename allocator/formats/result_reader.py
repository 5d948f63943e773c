"""The tables of a result to plain columns; whether they are right is for the checker to say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Instance
from allocator.domain.vocabulary import SUR
from allocator.formats import columns
from allocator.formats.csv_table import read_csv
from allocator.formats.daily_schema import DECISIONS
from allocator.formats.faults import FaultLog, Lines
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import ECARTS, PREORIENTATIONS, Schema
from allocator.formats.source import read_bytes

INCONNU: Final = -2
"""Position of a libération or a réservataire that the instance does not have."""

TOGETHER: Final = "« issue » et « issue_le » ensemble"


@dataclass(frozen=True, slots=True, eq=False)
class Preorientations:
    """The rows of ``preorientations.csv``, in its order.

    ``liberation`` and ``reservataire`` are the texts; ``row`` is the libération's row in the instance and
    ``holder`` the réservataire's (:data:`BAILLEUR` where empty), both :data:`INCONNU` for an unknown text.
    ``line`` is the line in ``file``.
    """

    file: str
    line: Lines
    liberation: tuple[str, ...]
    reservataire: tuple[str, ...]
    row: NDArray[np.int64]
    holder: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The rows of a file of decisions: those of a dwelling that came back are its turns.

    ``issue`` is how each pre-orientation of ``rows`` ended, an index of ``ISSUES``: -1 where the cell is empty,
    :data:`INCONNU` where it is wrong. ``issue_le`` is the day, NaT where empty or wrong.
    """

    rows: Preorientations
    issue: NDArray[np.int8]
    issue_le: NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class EcartRows:
    """The rows of ``ecarts.csv``, in its order; ``line`` is the line in ``file``."""

    file: str
    line: Lines
    reservataire: tuple[str, ...]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: NDArray[np.float64]
    valeur: NDArray[np.float64]
    manque: NDArray[np.float64]
    exces: NDArray[np.float64]


def read_preorientations(path: Path, instance: Instance) -> Preorientations:
    """Return the rows of ``preorientations.csv``, matched with the instance.

    Raises
    ------
    BadInput
        If the file is missing or malformed, or gives a libération twice.
    """
    log = FaultLog()
    table = _table(path, PREORIENTATIONS, log)
    found = _orientations(table, instance, log)
    log.raise_if_any()
    return found


def read_decisions(path: Path, instance: Instance, log: FaultLog) -> Decisions:
    """Return the rows of a file of decisions, matched with the instance; what is wrong with a cell is noted.

    Raises
    ------
    BadInput
        If the file is missing or is none of decisions.
    """
    table = _table(path, DECISIONS, log)
    if "reservataire" not in table.columns:
        log.add(path.name, 1, "reservataire", "colonne obligatoire absente de l'en-tête")
        raise log.bad_input()
    rows = _orientations(table, instance, log)
    issue, issue_le = columns.choices(table, "issue", log), columns.dates(table, "issue_le", log)
    ended, dated = _given(table, "issue"), _given(table, "issue_le")
    for name, lacking in (("issue", dated & ~ended), ("issue_le", ended & ~dated)):
        absent = np.flatnonzero(lacking).tolist()
        log.add_rows(
            table.file, name, absent, table.lines, lambda _row: f"valeur absente, attendu {TOGETHER}"
        )
    return Decisions(rows, np.where(ended & (issue < 0), np.int8(INCONNU), issue), issue_le)


def _orientations(table: RawTable, instance: Instance, log: FaultLog) -> Preorientations:
    liberation = columns.texts(table, "liberation", log)
    reservataire = columns.texts(table, "reservataire", log)
    rows = {name: row for row, name in enumerate(instance.liberations.id)}
    holders = {name: row for row, name in enumerate(instance.reservataires.id)} | {"": BAILLEUR}
    return Preorientations(
        table.file,
        table.lines,
        tuple(liberation),
        tuple(reservataire),
        np.array([rows.get(name, INCONNU) for name in liberation], np.int64),
        np.array([holders.get(name, INCONNU) for name in reservataire], np.int32),
    )


def _given(table: RawTable, name: str) -> NDArray[np.bool_]:
    """Mark the rows whose cell is not empty."""
    column = table.columns.get(name)
    return np.array([bool(text) for text in column.texts()] if column else [False] * table.length, dtype=bool)


def read_ecarts(path: Path) -> EcartRows:
    """Return the rows of ``ecarts.csv``.

    Raises
    ------
    BadInput
        If the file is missing or malformed.
    """
    log = FaultLog()
    table = _table(path, ECARTS, log)
    reservataire, territoire, modalite = (
        tuple(columns.texts(table, name, log)) for name in ("reservataire", "territoire", "modalite")
    )
    sur = columns.choices(table, "sur", log)
    cible, valeur, manque, exces = (
        columns.numbers(table, name, log) for name in ("cible", "valeur", "manque", "exces")
    )
    log.raise_if_any()
    words = tuple(SUR[position] for position in sur.tolist())
    return EcartRows(
        path.name, table.lines, reservataire, words, territoire, modalite, cible, valeur, manque, exces
    )


def _table(path: Path, schema: Schema, log: FaultLog) -> RawTable:
    data = read_bytes(path, schema.limit, log)
    table = None if data is None else read_csv(data, path.name, schema, log)
    if table is None:
        raise log.bad_input()
    return table
