"""The promises of a projet from its tables: conventions, named years, rights acquired."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.domain import Conventions, Reservataires, Territoires
from allocator.formats import columns
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.projet_schema import DROITS_ACQUIS, NOMMEES
from allocator.formats.promises import refuse_twice
from allocator.formats.raw_table import RawTable
from allocator.formats.schema import CONVENTIONS, RESERVATAIRES
from allocator.planning.projet.reading_supply import refuse_places, refuse_years
from allocator.planning.projet.yearly import (
    Acquis,
    Nommee,
    Span,
    conventions_by_year,
    with_acquired,
    with_named_years,
)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the other tables refer to."""

    span: Span
    directory: Directory
    territoires: Territoires
    reservataires: Reservataires


def read_promises(
    tables: Mapping[str, RawTable], known: Known, log: FaultLog
) -> tuple[Conventions, ...] | None:
    """Return the promises of each year, named years and acquired rights among them; ``None`` with faults noted."""
    span, directory = known.span, known.directory
    if CONVENTIONS.name not in tables:
        return None
    conventions = conventions_by_year(tables[CONVENTIONS.name], span, directory, log)
    nommees = [Nommee(*row) for row in _dated(tables.get(NOMMEES.name), "volume", known, log)]
    acquis = [Acquis(*row) for row in _dated(tables.get(DROITS_ACQUIS.name), "nombre", known, log)]
    if log:
        return None
    return tuple(
        with_acquired(with_named_years(each, annee, nommees), annee, acquis)
        for annee, each in enumerate(conventions)
    )


def _dated(
    table: RawTable | None, amount: str, known: Known, log: FaultLog
) -> list[tuple[int, int, str, int]]:
    """Return rows of a réservataire, a year (0 is the first), a territory and a whole number."""
    if table is None:
        return []
    holders = columns.references(
        table, "reservataire", known.directory.reservataires, RESERVATAIRES.file, log
    )
    places = columns.texts(table, "territoire", log)
    refuse_places(table, places, known.directory, log)
    years = columns.wholes(table, "annee", log)
    refuse_years(table, years, known.span, log)
    refuse_twice(table, table.schema.key, log)
    numbers = columns.wholes(table, amount, log)
    since = (years - known.span.premiere).tolist()
    return list(zip(holders.tolist(), since, places, numbers.tolist(), strict=True))
