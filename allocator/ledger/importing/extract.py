"""A file as some program made it: its header and all its rows, the malformed ones too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.formats.csv_layout import layouts
from allocator.formats.faults import FaultLog
from allocator.formats.schema import LIBERATIONS
from allocator.formats.source import line_at, read_bytes

SEPARATORS: Final = (";", ",", "\t")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Extrait:
    """The cells of an extract, as text.

    ``rows`` has the line on which each row starts, and its cells; ``malformed`` tells by line what is wrong with
    the rows that are not as wide as the header. ``separator`` is that of a CSV file, and the one with which to
    write the rows of a workbook.
    """

    file: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    malformed: dict[int, str]
    separator: str
    decimal_comma: bool


def read_extract(
    path: Path, codage: str, feuille: str, known: Collection[str], log: FaultLog
) -> Extrait | None:
    """Return the rows of a CSV file or of a sheet, ``None`` where it cannot be read as a table; faults are noted.

    Parameters
    ----------
    path
        A CSV file separated by ``;``, ``,`` or tabs, or an ``.xlsx`` workbook.
    codage
        Coding of a CSV file that has no byte order mark.
    feuille
        Sheet of a workbook; empty: the first.
    known
        Columns that are looked for: the separator is the one with which the header has more of them, or more
        columns.
    log
        Takes the faults; those that are in it after a success make the whole file unusable.
    """
    data = read_bytes(path, LIBERATIONS.limit, log)
    if data is None:
        return None
    if path.suffix.lower() == ".xlsx":
        return _from_workbook(data, path.name, feuille, log)
    return _from_csv(data, path.name, codage, known, log)


def is_utf8(path: Path) -> bool:
    """Tell whether a file that can be read is UTF-8."""
    try:
        path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return False
    return True


def _from_csv(data: bytes, file: str, codage: str, known: Collection[str], log: FaultLog) -> Extrait | None:
    codage = "utf-8" if data.startswith(_BOM) else codage
    try:
        # what holds null bytes is told to be something else by whoever reads texts
        data = data if b"\0" in data else data.decode(codage).encode()
    except UnicodeDecodeError as wrong:
        what = f"octet 0x{data[wrong.start]:02X} illisible en {codage}"
        log.add(
            file, line_at(data, wrong.start), None, f"{what} : la correspondance dit-elle le bon codage ?"
        )
        return None
    found = layouts(data, file, SEPARATORS, ";".join(known) or "un en-tête", log)
    if not found:
        return None
    layout = max(found, key=lambda each: (len(set(known).intersection(each.names)), each.width))
    rows = tuple((line, tuple(row)) for line, row in layout.numbered_rows(log))
    malformed = {line: fault for line, row in rows if (fault := layout.width_fault(row))}
    return Extrait(file, tuple(layout.names), rows, malformed, layout.separator, layout.separator != ",")


def _from_workbook(data: bytes, file: str, feuille: str, log: FaultLog) -> Extrait | None:
    # the workbook reader is worth its import only here
    from allocator.formats.workbook import read_sheet  # noqa: PLC0415

    cells = read_sheet(data, file, feuille, log)
    if cells is None:
        return None
    if not cells:
        log.add(file, None, None, "feuille vide")
        return None
    names, *rows = cells
    filled = tuple((line, tuple(row)) for line, row in enumerate(rows, 2) if _is_filled(row))
    return Extrait(file, tuple(name.strip() for name in names), filled, {}, ";", True)


def _is_filled(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))
