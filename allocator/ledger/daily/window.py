"""Some of the dwellings of a state, as if the journal had no others."""

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.state.registre import Registre, Suivi, Tours
from allocator.policies.situation import take

Rows = NDArray[np.intp]
Table = TypeVar("Table", Suivi, Tours)


def restricted(registre: Registre, rows: Rows) -> Registre:
    """Return the state of some dwellings, by ascending row."""
    place = np.full(len(registre.liberations), -1, dtype=np.intp)
    place[rows] = np.arange(len(rows))
    tours = _at(registre.tours, np.flatnonzero(place[registre.tours.liberation] >= 0))
    return replace(
        registre,
        liberations=take(registre.liberations, rows),
        suivi=_at(registre.suivi, rows),
        tours=replace(tours, liberation=place[tours.liberation]),
    )


def _at(table: Table, rows: Rows) -> Table:
    """Return some rows of every column of a table."""
    chosen: dict[str, Any] = {}
    for field in fields(table):
        column = getattr(table, field.name)
        chosen[field.name] = (
            column[rows] if isinstance(column, np.ndarray) else tuple(column[row] for row in rows.tolist())
        )
    return replace(table, **chosen)
