"""A mapping guessed from the header of an extract and from what its cells look like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from allocator.formats.cells import CellError
from allocator.formats.faults import FaultLog
from allocator.formats.schema import Column
from allocator.ledger.importing.extract import (
    LOOKED_AT,
    Extrait,
    Lieu,
    first_rows,
    is_utf8,
    read_extract,
)
from allocator.ledger.importing.fields import COMPRIS, EXTRAITS
from allocator.ledger.importing.headers import HEADERS, JOINED
from allocator.ledger.importing.mapping import CODAGES, Correspondance, read_day
from allocator.ledger.importing.rejects import FAUTES
from allocator.ledger.importing.words import plain

DATES: Final = ("JJ/MM/AAAA", "JJ-MM-AAAA", "JJ.MM.AAAA", "JJ/MM/AA", "AAAAMMJJ", "AAAA/MM/JJ", "MM/JJ/AAAA")
"""Formats of dates that are tried, the likelier first."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """A guessed mapping, with what is left for a person to say.

    ``manquants`` are the required fields that no column seems to hold, ``libres`` the columns that no field takes,
    ``a_traduire`` the texts that are not understood, by field.
    """

    mapping: Correspondance
    manquants: tuple[str, ...]
    libres: tuple[str, ...]
    a_traduire: Mapping[str, tuple[str, ...]]


def propose_mapping(path: Path, genre: str, feuille: str = "") -> Proposition:
    """Return a mapping guessed from an extract.

    Parameters
    ----------
    path
        A CSV file or an ``.xlsx`` workbook.
    genre
        What it has a row for: a key of :data:`~allocator.ledger.importing.fields.EXTRAITS`.
    feuille
        Sheet of a workbook; empty: the first.

    Raises
    ------
    BadInput
        If the file cannot be read as a table.
    """
    log = FaultLog()
    workbook = path.suffix.lower() == ".xlsx"
    codage = CODAGES[0] if workbook or not path.is_file() or is_utf8(path) else CODAGES[1]
    lieu = Lieu(codage, feuille)
    lieu = replace(lieu, entete=_header_row(genre, first_rows(path, lieu, LOOKED_AT)))
    extrait = read_extract(path, lieu, (), log)
    if log or extrait is None:
        raise log.bad_input()
    colonnes = _columns(genre, extrait.names)
    cells = {champ: _texts(extrait, names) for champ, names in colonnes.items()}
    dates = [
        text
        for column in EXTRAITS[genre].columns
        if column.kind == "date"
        for text in cells.get(column.name, ())
    ]
    taken = {FAUTES, *(name for names in colonnes.values() for name in names)}
    return Proposition(
        Correspondance(
            genre, colonnes, dates=_date_formats(dates), codage=codage, feuille=feuille, entete=lieu.entete
        ),
        tuple(c.name for c in EXTRAITS[genre].columns if c.required and c.name not in colonnes),
        tuple(name for name in extrait.names if name and name not in taken),
        {
            champ: unknown
            for champ, texts in cells.items()
            if (unknown := _unknown(EXTRAITS[genre].column(champ), texts))
        },
    )


def _header_row(genre: str, rows: Sequence[Sequence[str]]) -> int:
    """Return the line that most looks like a header, the first one of several."""
    known = [len(_columns(genre, tuple(map(str.strip, row)))) for row in rows]
    return known.index(max(known)) + 1 if any(known) else 1


def _columns(genre: str, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns that seem to hold each field; a column serves one field."""
    free = {plain(name): name for name in reversed(names) if name}
    found: dict[str, tuple[str, ...]] = {}
    for champ, words in HEADERS[genre].items():
        word = next((word for word in words if word in free), None)
        parts = (
            [part for part in map(plain, JOINED.get(champ, ())) if part in free] if word is None else [word]
        )
        if parts:
            found[champ] = tuple(map(free.pop, parts))
    return found


def _texts(extrait: Extrait, names: Sequence[str]) -> tuple[str, ...]:
    """Return the different texts of a field, in the order of the file."""
    positions = [extrait.names.index(name) for name in names]
    sound = (cells for line, cells in extrait.rows if line not in extrait.malformed)
    texts = (" ".join(part for at in positions if (part := cells[at].strip())) for cells in sound)
    return tuple(dict.fromkeys(texts))


def _date_formats(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the format that most of the days have, none where ISO does."""
    read = {each: sum(_is_day(text, each) for text in texts) for each in ((), *((each,) for each in DATES))}
    return max(read, key=lambda each: read[each])


def _is_day(text: str, formats: tuple[str, ...]) -> bool:
    try:
        read_day(text, formats)
    except CellError:
        return False
    return True


def _unknown(column: Column, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that a field does not understand, the empty one too where it needs a value."""
    understood = COMPRIS.get(column.name)
    return tuple(text for text in texts if (understood and not understood(text) if text else column.required))
