"""The description of an instance: its name, its period, where its figures come from."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from allocator.formats.cells import CellError, quote, read_date
from allocator.formats.faults import FaultLog

KEYS: Final = ("nom", "description", "debut", "fin", "source")


class Entries(NamedTuple):
    """Keys and values as they were read; ``line`` gives the line of a key, or where to tell that it lacks."""

    file: str
    values: Mapping[str, Any]
    line: Callable[[str], int]


class Description(NamedTuple):
    """What is known of the instance as a whole; a day is ``None`` where it could not be read."""

    nom: str = ""
    description: str = ""
    debut: date | None = None
    fin: date | None = None
    source: str = ""


def read_description(entries: Entries, log: FaultLog, warn: Callable[[str], None]) -> Description:
    """Return the description; ``nom``, ``debut`` and ``fin`` are required, unknown keys give a warning."""
    unknown = [key for key in entries.values if key not in KEYS]
    if unknown:
        warn(f"{entries.file} : clés inconnues, ignorées : {', '.join(unknown)}")
    nom = _text(entries, "nom", log, required=True)
    description, source = _text(entries, "description", log), _text(entries, "source", log)
    debut, fin = _day(entries, "debut", log), _day(entries, "fin", log)
    if debut and fin and debut > fin:
        log.add(entries.file, entries.line("fin"), "fin", f"{fin} précède debut, qui est le {debut}")
        fin = None
    return Description(nom, description, debut, fin, source)


def _text(entries: Entries, key: str, log: FaultLog, required: bool = False) -> str:
    value = entries.values.get(key)
    if isinstance(value, str) and (value.strip() or not required):
        return value
    if value is None and not required:
        return ""
    if value is None:
        message = "clé obligatoire absente"
    else:
        message = "texte vide" if isinstance(value, str) else "un texte entre guillemets était attendu"
    log.add(entries.file, entries.line(key), key, message)
    return ""


def _day(entries: Entries, key: str, log: FaultLog) -> date | None:
    value = entries.values.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if value is None:
            raise CellError("clé obligatoire absente")
        if not isinstance(value, str):
            raise CellError(f"{quote(str(value))} n'est pas une date, attendu AAAA-MM-JJ comme 2025-03-14")
        return read_date(value)
    except CellError as error:
        log.add(entries.file, entries.line(key), key, str(error))
        return None
