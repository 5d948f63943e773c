"""``solution.json`` to plain values; whether they are right is for the checker to say."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from allocator.domain import TierValue
from allocator.formats.faults import FaultLog
from allocator.formats.source import read_bytes

STATUSES: Final = ("optimal", "feasible")

LIMIT: Final = 10_000_000
"""Bytes of the largest document read."""


@dataclass(frozen=True, slots=True)
class SolutionDocument:
    """What ``solution.json`` claims; a bound is ``None`` where none is claimed, or the key is left out."""

    file: str
    status: str
    tiers: tuple[TierValue, ...]
    seconds: Mapping[str, float]
    liberations: int
    instance_sha256: str
    model_sha256: str
    solver: str


def read_solution_document(path: Path) -> SolutionDocument:
    """Return what ``solution.json`` claims; keys that the contract does not know are ignored.

    Raises
    ------
    BadInput
        If the file is missing or malformed.
    """
    log = FaultLog()
    values = _load(path, log)
    for key, (expected, is_right) in _EXPECTED.items():
        if values is not None and not (key in values and is_right(values[key])):
            log.add(path.name, None, key, f"attendu {expected}" if key in values else "clé absente")
    if log or values is None:
        raise log.bad_input()
    return SolutionDocument(
        file=path.name,
        status=values["status"],
        tiers=tuple(TierValue(tier["name"], tier["value"], tier.get("bound")) for tier in values["tiers"]),
        seconds=values["seconds"],
        liberations=values["liberations"],
        instance_sha256=values["instance_sha256"],
        model_sha256=values["model_sha256"],
        solver=values["solver"],
    )


def _load(path: Path, log: FaultLog) -> dict[str, Any] | None:
    # worth its import only where a document is read
    import json  # noqa: PLC0415

    data = read_bytes(path, LIMIT, log)
    if data is None:
        return None
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as failure:
        log.add(path.name, getattr(failure, "lineno", None), None, "ce n'est pas du JSON")
        return None
    if not isinstance(values, dict):
        log.add(path.name, 1, None, "ce n'est pas un objet JSON")
        return None
    return values


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -sys.float_info.max <= value <= sys.float_info.max


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_seconds(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _are_tiers(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_tier, value))


def _is_tier(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("name"))
        and _is_number(value.get("value"))
        and (value.get("bound") is None or _is_number(value["bound"]))
    )


_EXPECTED: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "status": ("« optimal » ou « feasible »", lambda value: value in STATUSES),
    "tiers": ("une liste de {name, value, bound}", _are_tiers),
    "seconds": ("un objet de secondes", _are_seconds),
    "liberations": ("un entier ≥ 0", _is_count),
    "instance_sha256": ("un texte", _is_text),
    "model_sha256": ("un texte", _is_text),
    "solver": ("un texte", _is_text),
}
"""What each key must hold."""
