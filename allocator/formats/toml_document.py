"""A TOML file with the line of each of its keys."""

import re
import tomllib
from typing import Any, Final

from allocator.formats.faults import FaultLog
from allocator.formats.source import as_text
from allocator.formats.toml_lines import Path, key_lines

LIMIT: Final = 1_000_000
"""Bytes of the largest TOML file read."""

_FRENCH: Final = {
    "Cannot overwrite a value": "clé donnée deux fois",
    "Duplicate inline table key": "clé donnée deux fois",
    "Cannot declare": "table donnée deux fois",
    "Cannot redefine namespace": "table donnée deux fois",
    "Cannot mutate immutable namespace": "table donnée deux fois",
    "Invalid value": "valeur illisible",
    "Invalid statement": "une clé ou une table était attendue",
    "Invalid initial character for a key": "clé illisible (lettres sans accent, chiffres, « - » et « _ »)",
    "Expected '=' after a key": "« = » était attendu après la clé",
    "Expected newline or end of document": "la fin de la ligne était attendue après la valeur",
    "Expected ']": "« ] » était attendu à la fin du nom de la table",
    "Invalid date or datetime": "date qui n'existe pas dans le calendrier",
    "Unterminated string": "guillemet ouvert et jamais fermé",
    "Illegal character '\\n'": "guillemet jamais fermé sur cette ligne",
    "Illegal character": "caractère interdit",
    "Found invalid character": "caractère interdit",
    "Unescaped": "barre oblique inverse à doubler dans un texte",
    "Invalid hex value": "barre oblique inverse à doubler dans un texte",
    "Unclosed array": "crochet ouvert et jamais fermé",
    "Unclosed inline table": "accolade ouverte et jamais fermée",
    "Exceeds the limit": "nombre démesuré",
    "Expected": "texte jamais fermé",
}
"""How the messages of tomllib begin, and what they mean."""


class TomlDocument:
    """The values of a TOML file, and where they stand."""

    def __init__(self, file: str, text: str, values: dict[str, Any]) -> None:
        self.file = file
        self.values = values
        self._text = text
        self._lines: dict[Path, int] = {}

    def line(self, path: Path) -> int:
        """Return the line of a key, or else of the nearest table that holds it."""
        if not self._lines:
            self._lines = key_lines(self._text)
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def load_toml(data: bytes, file: str, log: FaultLog) -> TomlDocument | None:
    """Return the document, or ``None`` with its first fault of syntax noted."""
    readable = as_text(data, file, log)
    if readable is None:
        return None
    text = readable.decode(errors="replace").replace("\r\n", "\n")
    try:
        return TomlDocument(file, text, tomllib.loads(text))
    except RecursionError:
        log.add(file, None, None, "valeurs emboîtées trop profondément")
    except ValueError as failure:
        # integers of thousands of digits raise a plain ValueError, without a place
        line, reason = _place(str(failure), text)
        log.add(file, line, None, f"ce n'est pas du TOML : {reason}")
    return None


def _place(message: str, text: str) -> tuple[int | None, str]:
    """Split what tomllib says into the line and the reason, in French where it is a common one."""
    reason, _, place = message.partition(" (at ")
    found = re.match(r"line ([0-9]+)", place)
    line = int(found[1]) if found else text.count("\n") + 1 if place else None
    return line, next((french for start, french in _FRENCH.items() if reason.startswith(start)), reason)
