"""Cells of a column of a workbook: what is written, how it is shown, how wide it is."""

from collections.abc import Sequence
from datetime import date
from math import isnan
from typing import Final

from allocator.formats.schema import Column
from allocator.formats.tableau import Value

Cell = str | float | date | None
"""What Excel keeps: a text, a number, a day or nothing."""

ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a text for a formula by, once it is typed again."""

EXACT: Final = 1e15
"""From there on Excel rounds whole numbers: they are written as text."""

NARROWEST, WIDEST = 8, 60
"""Characters of a column; longer texts have several lines."""

BUTTON: Final = 4
"""Characters that the button of a filter takes from a header."""


def cells(column: Column, values: Sequence[Value]) -> list[Cell]:
    """Return values as Excel keeps them: numbers as in the CSV file, dates as days, all else as text."""
    return [_cell(column, value) for value in values]


def shown(column: Column, found: Sequence[Cell]) -> str:
    """Return the number format of a column, in Excel's notation, empty for text."""
    if column.kind == "date":
        return "dd/mm/yyyy"
    if column.kind == "whole":
        # years and numbers of order have no unit
        return "#,##0" if column.unit else "0"
    if column.kind != "number":
        return ""
    zeros = "0" * _decimals(found)
    unit = f'" {column.unit}"' if column.unit in {"%", "€"} else ""
    return f"#,##0{'.' if zeros else ''}{zeros}{unit}"


def width(column: Column, found: Sequence[Cell]) -> int:
    """Return the characters that the header and the cells of a column take."""
    decimals = _decimals(found)
    longest = max((_length(cell, decimals) for cell in found), default=0)
    unit = len(column.unit) + 1 if column.unit in {"%", "€"} else 0
    return min(WIDEST, max(NARROWEST, len(column.name) + BUTTON, longest + unit + 2))


def _cell(column: Column, value: Value) -> Cell:
    if value is None or value == "" or (isinstance(value, float) and isnan(value)):
        return None
    if column.kind == "date" and isinstance(value, str):
        return _day(value)
    if column.kind in {"number", "whole"} and not isinstance(value, str) and abs(value) < EXACT:
        return round(value, 6) + 0.0
    return str(value)


def _day(text: str) -> Cell:
    """Return a day; those that Excel cannot count, before 1900, stay text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.year > 1900 else text


def _decimals(found: Sequence[Cell]) -> int:
    """Return the decimals of a column: none where all is whole, two, or four where all is below one."""
    numbers = [abs(cell) for cell in found if isinstance(cell, float)]
    if all(number.is_integer() for number in numbers):
        return 0
    return 2 if max(numbers) >= 1 else 4


def _length(cell: Cell, decimals: int) -> int:
    if isinstance(cell, str):
        return max(map(len, cell.split("\n")))
    if isinstance(cell, float):
        return len(f"{cell:,.{decimals}f}")
    return 0 if cell is None else len("31/12/2026")
