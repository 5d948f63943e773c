"""The line of every key of a TOML document, which ``tomllib`` does not tell.

Works on documents that ``tomllib`` accepts: it only has to follow their structure, not to judge it.
"""

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]
"""Keys and positions in arrays, from the root: ``("priorite", 0, "nom")``."""

_TOKEN: Final = r"""
    (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
    |(?P<comment>\#[^\n]*)
    |(?P<newline>\n)
    |(?P<mark>[\[\]{}=,.])
    |(?P<space>[ \t\r]+)
    |(?P<bare>[^\s\[\]{}=,.\#"']+)
"""


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, where each key, table and array element of a valid document first stands."""
    return _Walk(text).lines


class _Walk:
    """One pass over the tokens of a document."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for match in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL):
            if match.lastgroup not in {"space", "comment"}:
                self._tokens.append((match.lastgroup or "", match.group(), line))
            line += match.group().count("\n")
        self._at = 0
        self._sizes: dict[Path, int] = {}
        self._document()

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._tokens[min(self._at, len(self._tokens) - 1)][2])

    def _document(self) -> None:
        table: Path = ()
        while self._at < len(self._tokens):
            if self._peek() == "\n":
                self._at += 1
            elif self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        self._at += 1
        repeated = self._peek() == "["
        self._at += repeated
        *parents, name = self._key()
        path: Path = ()
        for parent in parents:
            path = self._enter((*path, parent))
        path = (*path, name)
        if repeated:
            self._note(path)
            self._sizes[path] = self._sizes.get(path, 0) + 1
            path = self._enter(path)
        self._note(path)
        self._at += 1 + repeated
        return path

    def _enter(self, path: Path) -> Path:
        """Return the table meant by a path in a header: the last one of an array of tables."""
        self._note(path)
        return (*path, self._sizes[path] - 1) if path in self._sizes else path

    def _key(self) -> list[str]:
        names = [self._name()]
        while self._peek() == ".":
            self._at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        kind, text, _ = self._tokens[self._at]
        self._at += 1
        return str(tomllib.loads(f"name = {text}")["name"]) if kind == "string" else text

    def _pair(self, table: Path) -> None:
        path = table
        start = self._at
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, self._tokens[start][2])
        self._at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._peek() == "[":
            self._array(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._peek() not in {"", "\n", ",", "]", "}"}:
                self._at += 1

    def _array(self, path: Path) -> None:
        self._at += 1
        position = 0
        while self._peek() != "]":
            if self._peek() in {"\n", ","}:
                self._at += 1
                continue
            self._note((*path, position))
            self._value((*path, position))
            position += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._peek() != "}":
            if self._peek() in {"\n", ","}:
                self._at += 1
                continue
            self._pair(path)
        self._at += 1
