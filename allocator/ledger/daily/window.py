"""Some of the dwellings of a state, as if the journal had no others."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.ledger.daily.periode import BEFORE
from allocator.ledger.events.transitions import OUVERTES
from allocator.ledger.state.registre import PHASE, Registre, Suivi, Tours
from allocator.policies.situation import take

Rows = NDArray[np.intp]
Table = TypeVar("Table", Suivi, Tours)


def of_period(registre: Registre, debut: date, fin: date) -> Registre:
    """Return the state of the dwellings that a period looks at, so that it is the same however it was read.

    Those released in it and in the year before it, and of earlier ones those to which something is still to happen
    or one of whose tours ended in it: they count in its accounts.
    """
    dates, tours = registre.liberations.date, registre.tours
    kept = np.isin(registre.suivi.phase, [PHASE.index(phase) for phase in OUVERTES])
    kept |= dates >= np.datetime64(debut - BEFORE)
    kept[tours.liberation[tours.fin >= np.datetime64(debut)]] = True
    kept &= dates <= np.datetime64(fin)
    return registre if kept.all() else restricted(registre, np.flatnonzero(kept))


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
