"""Raw columns to columns of values: each different text is understood once, faults are told row by row.

What is empty or wrong becomes the filler of its type: ``""``, ``-1``, NaN or NaT. A column that is absent is
empty throughout.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.formats.cells import LONGEST, Cell, CellError, quote, read_cell
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawColumn, RawTable
from allocator.formats.schema import Column


def texts(table: RawTable, name: str, log: FaultLog) -> list[str]:
    """Return a column that is there as text, checked; numbers have decimal points, lines end with LF."""
    raw, column = table.columns[name], table.schema.column(name)
    if not _right_at_a_glance(raw, column):
        _understand(table, name, log)
    found = raw.texts()
    if column.unique:
        _refuse_twice(table, name, found, log)
    if column.kind == "text":
        return [text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text for text in found]
    if column.kind in {"number", "whole"}:
        return [text.replace(",", ".") for text in found]
    return found


def choices(table: RawTable, name: str, log: FaultLog) -> NDArray[np.int8]:
    """Return the positions of the cells in the column's choices."""
    return _spread(table, name, _understand(table, name, log), -1, np.int8)


def wholes(table: RawTable, name: str, log: FaultLog) -> NDArray[np.int64]:
    """Return whole numbers."""
    return _spread(table, name, _understand(table, name, log), -1, np.int64)


def numbers(table: RawTable, name: str, log: FaultLog) -> NDArray[np.float64]:
    """Return numbers."""
    return _spread(table, name, _understand(table, name, log), np.nan, np.float64)


def dates(table: RawTable, name: str, log: FaultLog) -> NDArray[np.datetime64]:
    """Return days (``datetime64[D]``)."""
    return _spread(table, name, _understand(table, name, log), np.datetime64("NaT"), "datetime64[D]")


def references(
    table: RawTable, name: str, index: Mapping[str, int] | None, where: str, log: FaultLog
) -> NDArray[np.int32]:
    """Return the positions of the cells in another table; those that it lacks are faults.

    ``where`` names that table in messages. With ``index`` ``None`` the other table is not known whole, and
    nothing is told of it.
    """
    values = _understand(table, name, log)
    if index is not None:
        _tell(
            table,
            name,
            [i for i, value in enumerate(values) if value is not None and value not in index],
            lambda text: f"{quote(text)} absent de {where}{_lost_zero(text, index)}",
            log,
        )
    found = [None if value is None or index is None else index.get(str(value)) for value in values]
    return _spread(table, name, found, -1, np.int32)


def _lost_zero(text: str, index: Mapping[str, int]) -> str:
    return f", qui a « 0{text} » : le zéro initial s'est perdu" if f"0{text}" in index else ""


def _right_at_a_glance(raw: RawColumn, column: Column) -> bool:
    """Tell, in one pass of C, that a column of many texts has no fault; false proves nothing."""
    if raw.codes is not None or (column.required and "" in raw.values):
        return False
    if column.kind == "text":
        return True
    return (
        column.kind == "identifier"
        and all(map(str.isprintable, raw.values))
        and max(map(len, raw.values), default=0) <= LONGEST
    )


def _understand(table: RawTable, name: str, log: FaultLog) -> list[Cell | None]:
    """Return a value for each of the column's texts, ``None`` where empty or wrong; note what is wrong."""
    raw = table.columns.get(name)
    if raw is None:
        return []
    column = table.schema.column(name)
    values: list[Cell | None] = [None] * len(raw.values)
    wrong: dict[int, str] = {}
    for position, text in enumerate(raw.values):
        try:
            if text:
                values[position] = read_cell(text, column, table.decimal_comma)
            elif column.required:
                wrong[position] = "valeur absente"
        except CellError as error:
            wrong[position] = str(error)
    reasons = {raw.values[position]: reason for position, reason in wrong.items()}
    _tell(table, name, list(wrong), reasons.__getitem__, log)
    return values


def _tell(
    table: RawTable, name: str, wrong: Sequence[int], reason: Callable[[str], str], log: FaultLog
) -> None:
    """Note a fault for each row that holds one of the texts at the positions ``wrong``."""
    if not wrong:
        return
    raw = table.columns[name]
    log.add_rows(table.file, name, raw.rows_of(wrong), table.lines, lambda row: reason(raw.text(row)))


def _spread(table: RawTable, name: str, values: Sequence[Any], filler: Any, dtype: Any) -> NDArray[Any]:
    raw = table.columns.get(name)
    if raw is None:
        return np.full(table.length, filler, dtype)
    spread = np.array([filler if value is None else value for value in values], dtype)
    return spread if raw.codes is None else spread[raw.codes]


def _refuse_twice(table: RawTable, name: str, values: Sequence[str], log: FaultLog) -> None:
    if len(set(values)) == len(values):
        return
    first: dict[str, int] = {}
    twice = [row for row, value in enumerate(values) if value and first.setdefault(value, row) != row]

    def message(row: int) -> str:
        return f"{quote(values[row])} déjà donné à la ligne {table.lines[first[values[row]]]}"

    log.add_rows(table.file, name, twice, table.lines, message)
