"""The texts of an extract to the values that events have in their contents, one rule a kind of field."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from allocator.formats.cells import CellError, one_of, quote, read_cell
from allocator.formats.schema import Column
from allocator.ledger.importing.fields import COMPRIS
from allocator.ledger.importing.mapping import read_day
from allocator.ledger.importing.words import one_line

_IN_CONTENTS: Final[Mapping[str, Callable[[str], Any]]] = {
    "accessible": lambda word: word == "oui",
    "qpv_perimetre": int,
}
"""Choices that the journal holds as something else than a word."""


def understand(text: str, column: Column, dates: tuple[str, ...], *, decimal_comma: bool) -> Any:
    """Return the value of a text that is not empty.

    Parameters
    ----------
    text
        What the cell has, translated.
    column
        The field.
    dates
        Formats of dates, beyond ISO.
    decimal_comma
        Whether ``1,5`` is a number.

    Raises
    ------
    CellError
        If the text is no value of that field.
    """
    if column.kind == "choice":
        return _choice(text, column)
    if column.kind == "date":
        return read_day(text, dates)
    if column.kind in {"number", "whole"}:
        # spreadsheets and ERPs write « 1 234,50 € »
        text = "".join(text.split()).removesuffix(column.unit or " ")
        return read_cell(text, column, decimal_comma)
    return read_cell(one_line(text), column, decimal_comma)


def _choice(text: str, column: Column) -> Any:
    word = COMPRIS[column.name](text)
    if not word:
        what = "inconnu" if word is None else "ne suffit pas"
        raise CellError(
            f"{quote(text)} {what}, attendu {one_of(column.choices)}, "
            f"ou une traduction dans [traductions.{column.name}]"
        )
    return _IN_CONTENTS.get(column.name, str)(word)
