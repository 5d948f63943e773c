"""Pieces of an annex in Markdown: tables, numbers, places and days as people read them."""

from collections.abc import Iterable, Sequence
from datetime import date

from allocator.domain import Instance
from allocator.domain.french import short
from allocator.formats.csv_text import six_decimals


def table(header: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> list[str]:
    """Return a table; all columns but the first ``texts`` are numbers."""
    line = "|" + "|".join("---" if place < texts else "---:" for place in range(len(header))) + "|"
    return [_row(header), line, *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def number(value: float) -> str:
    """Return a number as French writes it."""
    return short(value)


def dwellings(count: float) -> str:
    """Return a number of dwellings."""
    return f"{short(count)} logement{'s' if abs(count) >= 2 else ''}"


def percent(share: float) -> str:
    """Return a percentage, whole: what is agreed is not rounded."""
    return f"{six_decimals(share).replace('.', ',')} %"


def day(when: date | None) -> str:
    """Return a day, a dash where there is none."""
    return "—" if when is None else f"{when:%d/%m/%Y}"


def place(instance: Instance, territoire: str) -> str:
    """Return a territory as people call it, such as ``Bagnolet (93006)`` or ``le département 93``."""
    echelle, _, code = territoire.partition(":")
    table = instance.territoires
    if echelle == "commune":
        return f"{table.nom[table.commune.index(code)]} ({code})"
    return f"département {code}" if echelle == "departement" else f"EPCI ou EPT {code}"
