"""The three files of a result to plain values; whether they are right is for the checker to say."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import BAILLEUR, Instance, TierValue
from allocator.domain.vocabulary import SUR
from allocator.formats import columns
from allocator.formats.csv_table import read_csv
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import ECARTS, PREORIENTATIONS, Schema
from allocator.formats.source import read_bytes

INCONNU: Final = -2
"""Position of a libération or a réservataire that the instance does not have."""

STATUSES: Final = ("optimal", "feasible")


@dataclass(frozen=True, slots=True, eq=False)
class Preorientations:
    """The rows of ``preorientations.csv``, in its order.

    ``liberation`` and ``reservataire`` are the texts; ``row`` is the libération's row in the instance and
    ``holder`` the réservataire's (:data:`BAILLEUR` where empty), both :data:`INCONNU` for an unknown text.
    ``line`` is the line in ``file``.
    """

    file: str
    line: NDArray[np.int64]
    liberation: tuple[str, ...]
    reservataire: tuple[str, ...]
    row: NDArray[np.int64]
    holder: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class EcartRows:
    """The rows of ``ecarts.csv``, in its order; ``line`` is the line in ``file``."""

    file: str
    line: NDArray[np.int64]
    reservataire: tuple[str, ...]
    sur: tuple[str, ...]
    territoire: tuple[str, ...]
    modalite: tuple[str, ...]
    cible: NDArray[np.float64]
    valeur: NDArray[np.float64]
    manque: NDArray[np.float64]
    exces: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SolutionDocument:
    """What ``solution.json`` claims; a bound is ``None`` where it claims none."""

    file: str
    status: str
    tiers: tuple[TierValue, ...]
    seconds: Mapping[str, float]
    liberations: int
    instance_sha256: str
    model_sha256: str
    solver: str


def read_preorientations(path: Path, instance: Instance) -> Preorientations:
    """Return the rows of ``preorientations.csv``, matched with the instance.

    Raises
    ------
    BadInput
        If the file is missing or malformed, or gives a libération twice.
    """
    log = FaultLog()
    table = _table(path, PREORIENTATIONS, log)
    liberation = columns.texts(table, "liberation", log)
    reservataire = columns.texts(table, "reservataire", log)
    log.raise_if_any()
    rows = {name: row for row, name in enumerate(instance.liberations.id)}
    holders = {name: row for row, name in enumerate(instance.reservataires.id)} | {"": BAILLEUR}
    return Preorientations(
        path.name,
        _lines(table),
        tuple(liberation),
        tuple(reservataire),
        np.array([rows.get(name, INCONNU) for name in liberation], np.int64),
        np.array([holders.get(name, INCONNU) for name in reservataire], np.int32),
    )


def read_ecarts(path: Path) -> EcartRows:
    """Return the rows of ``ecarts.csv``.

    Raises
    ------
    BadInput
        If the file is missing or malformed.
    """
    log = FaultLog()
    table = _table(path, ECARTS, log)
    reservataire, territoire, modalite = (
        tuple(columns.texts(table, name, log)) for name in ("reservataire", "territoire", "modalite")
    )
    sur = columns.choices(table, "sur", log)
    cible, valeur, manque, exces = (
        columns.numbers(table, name, log) for name in ("cible", "valeur", "manque", "exces")
    )
    log.raise_if_any()
    words = tuple(SUR[position] for position in sur.tolist())
    return EcartRows(
        path.name, _lines(table), reservataire, words, territoire, modalite, cible, valeur, manque, exces
    )


def _table(path: Path, schema: Schema, log: FaultLog) -> RawTable:
    data = read_bytes(path, schema.limit, log)
    table = None if data is None else read_csv(data, path.name, schema, log)
    if table is None:
        log.raise_if_any()
        raise AssertionError
    return table


def _lines(table: RawTable) -> NDArray[np.int64]:
    return np.array([table.line(row) for row in range(table.length)], np.int64)


def read_solution_document(path: Path) -> SolutionDocument:
    """Return what ``solution.json`` claims; keys that the contract does not know are ignored.

    Raises
    ------
    BadInput
        If the file is missing or malformed.
    """
    # json is worth its import only where something is read
    import json  # noqa: PLC0415

    log = FaultLog()
    data = read_bytes(path, 10_000_000, log)
    log.raise_if_any()
    assert data is not None
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as failure:
        line = getattr(failure, "lineno", None)
        log.add(path.name, line, None, "ce n'est pas du JSON")
        log.raise_if_any()
    document = _document(found, path.name, log)
    log.raise_if_any()
    return document


def _document(found: Any, file: str, log: FaultLog) -> SolutionDocument:
    values: dict[str, Any] = found if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        log.add(file, None, None, "un objet JSON était attendu")

    def take(key: str, right: bool, expected: str, default: Any) -> Any:
        if not right:
            log.add(file, None, key, f"{expected} était attendu")
            return default
        return values[key]

    tiers = values.get("tiers")
    seconds = values.get("seconds")
    texts = [
        take(k, isinstance(values.get(k), str), "un texte", "")
        for k in ("instance_sha256", "model_sha256", "solver")
    ]
    return SolutionDocument(
        file,
        take("status", values.get("status") in STATUSES, "optimal ou feasible", ""),
        tuple(
            TierValue(tier["name"], tier["value"], tier.get("bound"))
            for tier in take("tiers", _are_tiers(tiers), "une liste de {name, value, bound}", [])
        ),
        take(
            "seconds",
            isinstance(seconds, dict) and all(map(_is_number, seconds.values())),
            "des secondes par phase",
            {},
        ),
        take("liberations", type(values.get("liberations")) is int, "un entier", 0),
        *texts,
    )


def _are_tiers(tiers: object) -> bool:
    return isinstance(tiers, list) and all(
        isinstance(tier, dict)
        and isinstance(tier.get("name"), str)
        and _is_number(tier.get("value"))
        and (tier.get("bound") is None or _is_number(tier.get("bound")))
        for tier in tiers
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
