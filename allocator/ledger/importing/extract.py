"""A file as some program made it: its header and all its rows, the malformed ones too."""

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.formats.csv_layout import layouts
from allocator.formats.faults import FaultLog
from allocator.formats.schema import LIBERATIONS
from allocator.formats.source import line_at, read_bytes

SEPARATORS: Final = (";", ",", "\t")

LOOKED_AT: Final = 30
"""Lines among which a header is looked for."""

_BOM: Final = b"\xef\xbb\xbf"
_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Extrait:
    """The cells of an extract, as text.

    ``rows`` has the line on which each row starts, and its cells; ``malformed`` tells by line what is wrong with
    the rows that are not as wide as the header. ``avant`` are the rows before the header. ``separator`` is that of a
    CSV file, empty for a workbook; ``feuille`` the sheet that was asked for.
    """

    file: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    malformed: dict[int, str]
    separator: str
    decimal_comma: bool
    avant: tuple[tuple[str, ...], ...] = ()
    feuille: str = ""

    @property
    def entete(self) -> int:
        """The line of the header."""
        return len(self.avant) + 1


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where the table is in a file.

    ``codage`` is the coding of a CSV file that has no byte order mark, ``feuille`` the sheet of a workbook (empty: the
    first), ``entete`` the line of the header.
    """

    codage: str = "utf-8"
    feuille: str = ""
    entete: int = 1


def read_extract(path: Path, lieu: Lieu, known: Collection[str], log: FaultLog) -> Extrait | None:
    """Return the rows of a CSV file or of a sheet, ``None`` where it cannot be read as a table; faults are noted.

    Parameters
    ----------
    path
        A CSV file separated by ``;``, ``,`` or tabs, or an ``.xlsx`` workbook.
    lieu
        Where in it the table is.
    known
        Columns that are looked for: the separator is the one with which the header has more of them, or more
        columns.
    log
        Takes the faults; those that are in it after a success make the whole file unusable.
    """
    data = read_bytes(path, LIBERATIONS.limit, log)
    if data is None:
        return None
    if is_workbook(path):
        return _from_workbook(data, path.name, lieu, log)
    return _from_csv(data, path.name, lieu, known, log)


def first_rows(path: Path, lieu: Lieu, count: int) -> tuple[tuple[str, ...], ...]:
    """Return the first rows of a file, cut by the separator that makes most columns; none where it cannot be read."""
    log = FaultLog()
    data = read_bytes(path, LIBERATIONS.limit, log)
    if data is None:
        return ()
    if is_workbook(path):
        from allocator.formats.workbook import read_sheet  # noqa: PLC0415

        return tuple(map(tuple, (read_sheet(data, path.name, lieu.feuille, log) or ())[:count]))
    text = data.removeprefix(_BOM).decode(_codage(data, lieu), errors="replace")
    return max(
        (_cut(_lines(text, count)[0], each) for each in SEPARATORS),
        key=lambda rows: max(map(len, rows), default=0),
    )


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook, by its name."""
    return path.suffix.lower() == ".xlsx"


def is_utf8(path: Path) -> bool:
    """Tell whether a file that can be read is UTF-8."""
    try:
        path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return False
    return True


def _from_csv(data: bytes, file: str, lieu: Lieu, known: Collection[str], log: FaultLog) -> Extrait | None:
    codage = _codage(data, lieu)
    before: list[str] = []
    try:
        # what holds null bytes is told to be something else by whoever reads texts
        if b"\0" not in data:
            before, text = _lines(data.removeprefix(_BOM).decode(codage), lieu.entete - 1)
            data = text.encode()
    except UnicodeDecodeError as wrong:
        what = f"octet 0x{data[wrong.start]:02X} illisible en {codage}"
        log.add(
            file, line_at(data, wrong.start), None, f"{what} : la correspondance dit-elle le bon codage ?"
        )
        return None
    found = layouts(data, file, SEPARATORS, ";".join(known) or "un en-tête", log, len(before))
    if not found:
        return None
    layout = max(found, key=lambda each: (len(set(known).intersection(each.names)), each.width))
    rows = tuple((line, tuple(row)) for line, row in layout.numbered_rows(log))
    malformed = {line: fault for line, row in rows if (fault := layout.width_fault(row))}
    avant = _cut(before, layout.separator)
    return Extrait(
        file, tuple(layout.names), rows, malformed, layout.separator, layout.separator != ",", avant
    )


def _codage(data: bytes, lieu: Lieu) -> str:
    return "utf-8" if data.startswith(_BOM) else lieu.codage


def _lines(text: str, count: int) -> tuple[list[str], str]:
    """Return the first lines of a text, without their ends, and what follows them."""
    end, lines = 0, []
    for _ in range(count):
        line = _LINE.match(text, end)
        if line is None or line.end() == end:
            break
        lines.append(line[1])
        end = line.end()
    return lines, text[end:]


def _cut(lines: Sequence[str], separator: str) -> tuple[tuple[str, ...], ...]:
    """Return the cells of lines that are no part of a table."""
    return tuple(tuple(next(csv.reader([line], delimiter=separator), ())) for line in lines)


def _from_workbook(data: bytes, file: str, lieu: Lieu, log: FaultLog) -> Extrait | None:
    # the workbook reader is worth its import only here
    from allocator.formats.workbook import read_sheet  # noqa: PLC0415

    cells = read_sheet(data, file, lieu.feuille, log)
    if cells is None:
        return None
    if len(cells) < lieu.entete:
        what = "feuille vide" if lieu.entete == 1 else f"la feuille n'a pas de ligne {lieu.entete} (entete)"
        log.add(file, None, None, what)
        return None
    before, (names, *rows) = cells[: lieu.entete - 1], cells[lieu.entete - 1 :]
    filled = tuple((line, tuple(row)) for line, row in enumerate(rows, lieu.entete + 1) if _is_filled(row))
    avant = tuple(map(tuple, before))
    return Extrait(file, tuple(map(str.strip, names)), filled, {}, "", True, avant, lieu.feuille)


def _is_filled(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))
