"""Paths to a setting, such as ``assiette.plafond.part``; in a list of tables, an entry goes by its ``nom``."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from allocator.formats.toml_lines import Path


def locate(values: Any, cle: str) -> Path | None:
    """Return where a setting stands or would stand, or ``None`` where that is no place of ``values``.

    Tables may be new, and what they hold. An entry of a list that no table, or more than one, has as its ``nom`` is no
    place.
    """
    path: Path = ()
    for name in cle.split("."):
        if isinstance(values, list):
            found = [row for row, each in enumerate(values) if each.get("nom") == name]
            if len(found) != 1:
                return None
            path, values = (*path, found[0]), values[found[0]]
        elif values is None or isinstance(values, Mapping):
            path, values = (*path, name), (values or {}).get(name)
        else:
            return None
    return path


def at(values: Any, path: Path) -> Any:
    """Return the value at a place, ``None`` where there is none."""
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def put(values: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return a copy of ``values`` with another value at a place that :func:`locate` found."""
    copy = deepcopy(dict(values))
    inner: Any = copy
    for part in path[:-1]:
        inner = inner.setdefault(part, {}) if isinstance(inner, dict) else inner[part]
    inner[path[-1]] = deepcopy(value)
    return copy


def within(path: Path, other: Path) -> bool:
    """Tell whether one of two places holds the other, or both are the same."""
    shared = min(len(path), len(other))
    return path[:shared] == other[:shared]


def leaves(values: Any, path: Path = (), cle: str = "") -> Iterator[tuple[str, Path, Any]]:
    """Yield each setting with its name and its place: entries by their ``nom``, or else their position from 1."""
    if isinstance(values, Mapping) and values:
        for key, value in values.items():
            yield from leaves(value, (*path, key), f"{cle}.{key}" if cle else key)
    elif isinstance(values, list) and values and all(isinstance(each, Mapping) for each in values):
        for row, each in enumerate(values):
            named = _named_once(values, each)
            # the name stands in the path already
            rest = {key: value for key, value in each.items() if not (named and key == "nom")}
            yield from leaves(rest, (*path, row), f"{cle}.{each['nom'] if named else row + 1}")
    elif path:
        yield cle, path, values


def _named_once(values: list[Any], each: Mapping[str, Any]) -> bool:
    return "nom" in each and sum(other.get("nom") == each["nom"] for other in values) == 1
