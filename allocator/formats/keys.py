"""The keys of a TOML table, asked for one by one: what is wrong is noted, and what is left is unknown."""

import math
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Any, Final, Protocol

from allocator.formats.cells import CellError, one_of, quote, read_date
from allocator.formats.faults import FaultLog
from allocator.formats.header import near_miss
from allocator.formats.source import read_bytes
from allocator.formats.toml_document import load_toml
from allocator.formats.toml_lines import Path

_KINDS: Final = (
    (bool, "true ou false"),
    (str, "un texte"),
    (int | float, "un nombre"),
    (list, "une liste"),
    (dict, "une table"),
    (object, "une date"),
)


class Document(Protocol):
    """What :class:`Keys` asks of a document: its name, and where a key stands."""

    file: str

    def line(self, path: Path) -> int:
        """Return the line of a key, or else of the nearest table that holds it."""
        ...


class Keys:
    """One table of a document. Call :meth:`refuse_others` once all known keys were asked for.

    Where a key is missing or wrong, that is noted and some value of its type is returned.
    """

    def __init__(self, document: Document, path: Path, table: dict[str, Any], log: FaultLog) -> None:
        self._document = document
        self._path = path
        self._table = table
        self._log = log
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._table

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that the table has, known or not."""
        return tuple(self._table)

    def fault(self, message: str, *path: str | int) -> None:
        """Note a fault of a key (without a path: of the table itself)."""
        whole = (*self._path, *path)
        self._log.add(self._document.file, self._document.line(whole), _dotted(whole) or None, message)

    def constant(self, key: str, value: int) -> None:
        """Require that a key has this very value."""
        found = self._take(key)
        if found is not None and (type(found) is not int or found != value):
            self.fault(f"{_shown(found)} inconnu, attendu {value}", key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; required, and then not blank, where there is no default."""
        value = self._take(key, default)
        if not isinstance(value, str):
            self._refuse(value, "un texte", key)
            return ""
        if default is None and not value.strip():
            self.fault("texte vide", key)
        return value

    def value(self, key: str) -> Any:
        """Return whatever TOML has there, ``None`` where the key is not given; to be judged by the caller."""
        self._asked.append(key)
        return self._table.get(key)

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """Return one of the choices, or the default."""
        value = self._take(key, default)
        if key in self and value not in choices:
            self.fault(_unknown(value, choices), key)
            return ""
        return value or ""

    def number(self, key: str, default: float | None = None, *, positive: bool = False) -> float:
        """Return a finite number, zero or more (``positive``: more only), or the default, whatever it is."""
        value = self._take(key, default)
        if key not in self:
            return math.nan if default is None else default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(value, "un nombre", key)
        elif not 0 <= value <= sys.float_info.max or (positive and value == 0):
            least = "> 0" if positive else "≥ 0"
            self.fault(f"{_shown(value)} hors limites, attendu un nombre fini {least}", key)
        else:
            # adding zero turns -0.0 into 0.0
            return float(value) + 0.0
        # compares false with everything: one mistake is told once
        return math.nan

    def day(self, key: str, *, required: bool = True) -> date | None:
        """Return a day, written as TOML has them or as a text ``2025-03-14``; ``None`` where there is none."""
        value = self._take(key, None if required else "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if not isinstance(value, str):
            self._refuse(value, "une date AAAA-MM-JJ", key)
            return None
        try:
            return read_date(value) if key in self else None
        except CellError as error:
            self.fault(str(error), key)
            return None

    def flag(self, key: str, default: bool) -> bool:
        """Return ``true`` or ``false``."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self._refuse(value, "true ou false", key)
            return default
        return value

    def words(self, key: str, choices: Sequence[str]) -> tuple[str, ...] | None:
        """Return a list of different choices, not empty; ``None`` where the key is not given."""
        values = self._take(key, ())
        if values == ():
            return None
        if not isinstance(values, list):
            self._refuse(values, "une liste", key)
            return None
        if not values:
            self.fault("liste vide", key)
        for position, value in enumerate(values):
            if value not in choices:
                self.fault(_unknown(value, choices), key, position)
            elif value in values[:position]:
                self.fault(f"{quote(value)} donné deux fois", key, position)
        return tuple(value for value in values if value in choices)

    def table(self, key: str) -> "Keys | None":
        """Return a table, not empty; ``None`` where it is not given."""
        value = self._take(key, ())
        if value == ():
            return None
        if not isinstance(value, dict):
            self._refuse(value, f"une table [{key}]", key)
            return None
        if not value:
            self.fault("table vide", key)
        return self._inner(value, key)

    def tables(self, key: str, required: bool = True) -> "list[Keys]":
        """Return the tables of an array, at least one if it is required or given."""
        values = self._take(key, None if required else ())
        if values is None or values == ():
            return []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self._refuse(values, f"des tables [[{_dotted((*self._path, key), positions=False)}]]", key)
            return []
        if not values:
            self.fault("liste vide", key)
        return [self._inner(value, key, position) for position, value in enumerate(values)]

    def refuse_others(self) -> None:
        """Note every key that was never asked for."""
        for key in self._table:
            if key not in self._asked:
                near = near_miss(key, [known for known in self._asked if known not in self])
                hint = f"peut-être « {near} »" if near else f"attendu {one_of(self._asked)}"
                self.fault(f"clé inconnue, {hint}", key)

    def _inner(self, table: dict[str, Any], *path: str | int) -> "Keys":
        return Keys(self._document, (*self._path, *path), table, self._log)

    def _take(self, key: str, default: Any = None) -> Any:
        self._asked.append(key)
        if default is None and key not in self:
            self.fault("clé obligatoire absente", key)
        return self._table.get(key, default)

    def _refuse(self, value: object, expected: str, key: str) -> None:
        # None is a missing key, which was told
        if value is not None:
            kind = next(name for kind, name in _KINDS if isinstance(value, kind))
            self.fault(f"attendu {expected}, non {kind}", key)


def open_keys(path: FilePath, limit: int, log: FaultLog) -> Keys:
    """Open the keys of a TOML file of at most ``limit`` bytes, for its reader to take one by one.

    Raises
    ------
    BadInput
        If it cannot be read, or is no TOML; faults of keys are left in ``log``.
    """
    data = read_bytes(path, limit, log)
    document = None if data is None else load_toml(data, path.name, log)
    if document is None:
        raise log.bad_input()
    return Keys(document, (), document.values, log)


def _dotted(path: Path, positions: bool = True) -> str:
    """Return ``priorite[1].objectif[2].sur``: positions are counted from 1, as people do."""
    text = ""
    for part in path:
        if isinstance(part, str):
            text += f".{part}" if text else part
        elif positions:
            text += f"[{part + 1}]"
    return text


def _unknown(value: object, choices: Sequence[str]) -> str:
    return f"{_shown(value)} inconnu, attendu {one_of(choices)}"


def _shown(value: object) -> str:
    """Return a value as messages show it; whole numbers too long to print are not."""
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return "nombre démesuré"
    return quote(str(value))
