"""A saved mapping: which column of an extract is which field, and how its values are to be taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from allocator.formats.cells import CellError, one_of, quote
from allocator.formats.schema import Schema
from allocator.ledger.importing.extract import Lieu
from allocator.ledger.importing.fields import EXTRAITS

CODAGES: Final = ("utf-8", "windows-1252")
"""How the text of a CSV file is coded; a byte order mark says UTF-8 whatever the mapping says."""

ISO: Final = "AAAA-MM-JJ"
"""The format of dates that is always understood."""

YEARS: Final = range(2000, 2100)
"""Years of the days that an extract may tell: another one is a slip of the keyboard."""

_TOKENS: Final = {"AAAA": "%Y", "AA": "%y", "MM": "%m", "JJ": "%d"}
_FORMAT: Final = re.compile(r"(?=.*JJ)(?=.*MM)(?=.*AA)(JJ|MM|AAAA|AA|[-/. ]){3,5}")
_HOUR: Final = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?")


@dataclass(frozen=True, slots=True)
class Correspondance:
    """How to read the extracts that one program makes.

    ``genre`` is what they have a row for: a key of ``fields.EXTRAITS``. ``colonnes`` are, for each field, the columns
    that hold it (several are joined with a space), ``constantes`` the fields that are the same for all rows, as text.
    ``traductions`` are, for each field, what a text stands for, the empty one being an empty cell. ``dates`` are the
    formats of dates, tried in order after ISO: ``JJ/MM/AAAA``. ``codage`` is one of :data:`CODAGES`; ``feuille`` is
    the sheet of a workbook, empty for its first one; ``entete`` is the line of the header.
    """

    genre: str
    colonnes: Mapping[str, tuple[str, ...]]
    constantes: Mapping[str, str] = field(default_factory=dict)
    traductions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    codage: str = CODAGES[0]
    feuille: str = ""
    entete: int = 1

    @property
    def lieu(self) -> Lieu:
        """Where the table is in an extract."""
        return Lieu(self.codage, self.feuille, self.entete)

    @property
    def schema(self) -> Schema:
        """The fields of this kind of extract."""
        return EXTRAITS[self.genre]

    @property
    def champs(self) -> frozenset[str]:
        """The fields that an extract read with this mapping speaks of."""
        return frozenset((*self.colonnes, *self.constantes))

    def columns(self, champ: str) -> str:
        """Return the columns of a field as messages name them."""
        return " + ".join(self.colonnes.get(champ, (champ,)))


def is_date_format(text: str) -> bool:
    """Tell whether a text is a format of dates: day, month and year once each, as ``JJ/MM/AAAA``."""
    return (
        bool(_FORMAT.fullmatch(text))
        and all(text.count(token) == 1 for token in ("JJ", "MM"))
        and (text.count("A") in {2, 4})
    )


def read_day(text: str, formats: tuple[str, ...]) -> str:
    """Return an ISO day; an hour after it is dropped.

    Raises
    ------
    CellError
        If the text is no day in any of the formats, or not of these years.
    """
    day = _HOUR.sub("", text)
    for each in (ISO, *formats):
        if each.isalpha() and len(day) != len(each):
            # without separators, days and months of one digit could be cut in several ways
            continue
        pattern = re.sub("AAAA|AA|MM|JJ", lambda token: _TOKENS[token[0]], each)
        try:
            found = datetime.strptime(day, pattern).date()
        except ValueError:
            continue
        if found.year not in YEARS:
            expected = f"une année de {YEARS[0]} à {YEARS[-1]}"
            raise CellError(f"{quote(text)} hors limites, attendu {expected}")
        return str(found)
    raise CellError(f"{quote(text)} n'est pas une date, attendu {one_of(formats or (ISO,))}")
