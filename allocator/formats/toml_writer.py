"""Values to TOML: keys first, then tables, so that what is written reads back as the same values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from allocator.formats.instance_writer import toml_text

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_of(values: Mapping[str, Any]) -> str:
    """Return a document; ``None`` is left out, as TOML has no such value."""
    return "\n".join(_table(values, ())).lstrip("\n") + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    plain = {key: value for key, value in values.items() if value is not None and not _is_table(value)}
    for key, value in plain.items():
        yield f"{_key(key)} = {toml_value(value)}"
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from ("", f"[{_dotted((*path, key))}]")
            yield from _table(value, (*path, key))
        elif value is not None and key not in plain:
            for each in value:
                yield from ("", f"[[{_dotted((*path, key))}]]")
                yield from _table(each, (*path, key))


def _is_table(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, Sequence) and bool(value) and all(isinstance(each, Mapping) for each in value)


def toml_value(value: Any) -> str:
    """Return a value on one line; tables are written inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return repr(value)


def _dotted(path: Sequence[str]) -> str:
    return ".".join(map(_key, path))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_text(key)
