"""What a workbook must not hold, found before its reader sees it.

The reader lays out a whole sheet in memory, up to its farthest cell, and gives a cell in error as an empty
one: the first would end the process, the second would lose a figure without a word.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from allocator.formats.faults import FaultLog

UNZIPPED: Final = 2_000_000_000
"""Bytes of the largest workbook, once unzipped."""

AREA: Final = 20_000_000
"""Cells of the largest sheet, from A1 to the farthest one (a million rows of twenty columns)."""

_CELL: Final = re.compile(rb'\sr="([A-Z]+)([0-9]+)"')
_IN_ERROR: Final = re.compile(rb'<[^<>]*\st="e"[^<>]*>')


def refuse_dangerous(data: bytes, file: str, sheets: Sequence[str], log: FaultLog) -> bool:
    """Note what makes a workbook unreadable; return whether it can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNZIPPED:
                log.add(
                    file, None, None, f"classeur de plus de {UNZIPPED // 1_000_000} Mo une fois décompressé"
                )
                return False
            parts = _parts(archive)
            # every sheet is looked at, so that all their faults are told
            sound = [
                _is_sound(archive.read(parts[sheet]), f"{file}[{sheet}]", log)
                for sheet in sheets
                if sheet in parts
            ]
            return all(sound)
    except Exception:
        # zipfile, zlib and the XML parser each have their own ways to say so
        log.add(
            file, None, None, "classeur illisible : fichier tronqué, chiffré ou d'un autre format que .xlsx"
        )
        return False


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet"):
        identifier = next(value for name, value in sheet.items() if name.endswith("}id"))
        target = targets[identifier]
        parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _is_sound(xml: bytes, file: str, log: FaultLog) -> bool:
    cells = set(_CELL.findall(xml))
    height = max((int(row) for _, row in cells), default=0)
    width = max((_column(letters) for letters, _ in cells), default=0)
    if height * width > AREA:
        shape = f"{height} lignes × {width} colonnes"
        log.add(
            file,
            None,
            None,
            f"feuille démesurée ({shape}) : une cellule est sans doute égarée loin des autres",
        )
        return False
    for tag in _IN_ERROR.findall(xml):
        place = _CELL.search(tag)
        line = int(place[2]) if place else None
        name = place[0][4:-1].decode() if place else "?"
        log.add(file, line, None, f"la cellule {name} est en erreur (#N/A, #REF!, …)")
    return True


def _column(letters: bytes) -> int:
    """Return the number of a column, from 1: ``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
