"""Raw tables of communes, réservataires and libérations to the values of the domain."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Liberations, Reservataires, Territoires
from allocator.domain.vocabulary import FAMILLES, FLUX, ZONES
from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import COMPLEMENTS, TERRITOIRES

_PETIT: Final = (True, False, None)
"""By the position of ``oui`` and ``non`` in the column's choices; last for an empty cell, position -1."""


def read_territoires(table: RawTable, log: FaultLog) -> Territoires:
    """Return the communes; faults are noted."""
    commune, nom, epci, departement = (
        tuple(columns.texts(table, name, log)) for name in ("commune", "nom", "epci", "departement")
    )
    zones = (*ZONES, "")
    zone = tuple(zones[position] for position in columns.choices(table, "zone", log))
    return Territoires(commune, nom, epci, departement, zone, columns.numbers(table, "tension", log))


def read_reservataires(table: RawTable, log: FaultLog) -> Reservataires:
    """Return the réservataires; faults are noted."""
    identifiers, nom = (tuple(columns.texts(table, name, log)) for name in ("id", "nom"))
    famille = tuple(FAMILLES[position] for position in columns.choices(table, "famille", log))
    petit = tuple(_PETIT[position] for position in columns.choices(table, "petit", log))
    return Reservataires(identifiers, nom, famille, petit)


def read_liberations(
    table: RawTable,
    directory: Directory,
    first: date | None,
    last: date | None,
    log: FaultLog,
) -> Liberations:
    """Return libérations; faults are noted.

    The dates lie from ``first`` to ``last``, both included, where these are given.
    """
    days = columns.dates(table, "date", log)
    _refuse_outside(table, days, first, last, log)
    statut = columns.choices(table, "statut", log)
    qpv = columns.choices(table, "qpv", log)
    return Liberations(
        id=tuple(columns.texts(table, "id", log)),
        date=days,
        commune=columns.references(table, "commune", directory.communes, TERRITOIRES.file, log),
        typologie=columns.choices(table, "typologie", log),
        financement=columns.choices(table, "financement", log),
        qpv=(qpv == 0).astype(np.int8),
        statut=np.where(statut < 0, np.int8(FLUX), statut).astype(np.int8),
        complements={
            name: tuple(columns.texts(table, name, log)) for name in COMPLEMENTS if name in table.columns
        },
    )


def _refuse_outside(
    table: RawTable,
    days: NDArray[np.datetime64],
    first: date | None,
    last: date | None,
    log: FaultLog,
) -> None:
    # NaT compares false with everything: a date that could not be read is told once
    outside = days < np.datetime64(first or date.min, "D")
    outside |= days > np.datetime64(last or date.max, "D")
    bounds = [f"au plus tôt le {first}"] if first else []
    bounds += [f"au plus tard le {last}"] if last else []
    expected = " et ".join(bounds)
    rows = np.flatnonzero(outside).tolist()
    log.add_rows(
        table.file, "date", rows, table.lines, lambda row: f"{days[row]} hors période, attendu {expected}"
    )
