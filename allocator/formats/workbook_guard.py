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

UNREADABLE: Final = "classeur illisible : fichier tronqué, chiffré ou d'un autre format que .xlsx"

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
                size = f"{UNZIPPED // 1_000_000} Mo"
                log.add(file, None, None, f"classeur de plus de {size} une fois décompressé")
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
        log.add(file, None, None, UNREADABLE)
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
    letters, rows = set(), set()
    for cell in _CELL.finditer(xml):
        letters.add(cell[1])
        rows.add(cell[2])
    height, width = max(map(int, rows), default=0), max(map(_column, letters), default=0)
    if height * width > AREA:
        shape = f"{height} lignes × {width} colonnes"
        log.add(file, None, None, f"feuille démesurée ({shape}) : une cellule s'est sans doute égarée")
        return False
    for tag in _IN_ERROR.findall(xml):
        place = _CELL.search(tag)
        if place:
            name = (place[1] + place[2]).decode()
            log.add(file, int(place[2]), None, f"la cellule {name} est en erreur (#N/A, #REF!, …)")
    return True


def _column(letters: bytes) -> int:
    """Return the number of a column, from 1: ``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
