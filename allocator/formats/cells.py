"""Texts of cells to values, one rule a kind of column."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from allocator.formats.schema import Column, Kind

LONGEST: Final = 200
"""Characters of the longest identifier."""

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN: Final = 40

Cell = str | int | float | date
"""The value of a cell; a choice is its position in the list of choices."""


class CellError(ValueError):
    """What is wrong with a cell and what was expected, in French."""


def read_cell(text: str, column: Column, decimal_comma: bool) -> Cell:
    """Return the value of a text that is not empty; ``decimal_comma`` tells whether ``1,5`` is a number.

    Raises
    ------
    CellError
        If the text is no value of that column.
    """
    if decimal_comma and column.kind in {"number", "whole"}:
        text = text.replace(",", ".")
    return _READERS[column.kind](text, column)


def read_date(text: str) -> date:
    """Return a day of the calendar, written ``2025-03-14``.

    Raises
    ------
    CellError
        If it is none.
    """
    if not _DATE.fullmatch(text):
        raise CellError(f"{quote(text)} n'est pas une date, attendu AAAA-MM-JJ comme 2025-03-14")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellError(f"{quote(text)} n'existe pas dans le calendrier") from None


def quote(text: str) -> str:
    """Return a text as messages show it: in guillemets, printable and short."""
    shown = "".join(char if char.isprintable() else "�" for char in text[:_SHOWN])
    return f"« {shown} »" if len(text) <= _SHOWN else f"« {shown}… »"


def one_of(choices: Sequence[str]) -> str:
    """Return choices as a sentence lists them."""
    return " ou ".join(part for part in (", ".join(choices[:-1]), *choices[-1:]) if part)


def _number(text: str, column: Column) -> float:
    if not _NUMBER.fullmatch(text):
        hint = " écrit avec un point décimal" if "," in text else ""
        raise CellError(f"{quote(text)} n'est pas un nombre, attendu {_range(column)}{hint}")
    # adding zero turns -0.0 into 0.0
    number = float(text) + 0.0
    low = float("-inf") if column.minimum is None else column.minimum
    high = float("inf") if column.maximum is None else column.maximum
    if abs(number) == float("inf") or not low <= number <= high:
        raise CellError(f"{quote(text)} hors limites, attendu {_range(column)}")
    return number


def _whole(text: str, column: Column) -> int:
    # spreadsheets write 12.0
    number = _number(text, column)
    if not number.is_integer():
        raise CellError(f"{quote(text)} n'est pas entier, attendu {_range(column)}")
    return int(number)


def _range(column: Column) -> str:
    noun = "un entier" if column.kind == "whole" else "un nombre"
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{noun} de {low:.15g} à {high:.15g}"
    return noun if low is None else f"{noun} ≥ {low:.15g}"


def _choice(text: str, column: Column) -> int:
    if text not in column.choices:
        raise CellError(f"{quote(text)} inconnu, attendu {one_of(column.choices)}")
    return column.choices.index(text)


def _identifier(text: str, column: Column) -> str:
    if not text.isprintable():
        raise CellError(f"{quote(text)} contient un caractère de contrôle")
    if len(text) > LONGEST:
        raise CellError(f"{quote(text)} dépasse {LONGEST} caractères")
    if column.kind == "code" and " " in text:
        raise CellError(f"{quote(text)} contient une espace")
    return text


_READERS: Final[dict[Kind, Callable[[str, Column], Cell]]] = {
    "number": _number,
    "whole": _whole,
    "choice": _choice,
    "identifier": _identifier,
    "code": _identifier,
    "date": lambda text, _: read_date(text),
    "text": lambda text, _: text,
}
