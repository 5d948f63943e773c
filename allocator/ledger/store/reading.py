"""What is read of one bailleur's tables: no query goes without it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, Select, Table, and_, or_, select

from allocator.ledger.events.batch import Connu
from allocator.ledger.events.closed import closed_through
from allocator.ledger.events.dossier import Dossier, dossier_of
from allocator.ledger.events.event import FIELDS, Contenu, Event, Tete
from allocator.ledger.events.fold import Acte, fold, in_effect
from allocator.ledger.events.transitions import OUVERTES
from allocator.ledger.state.columns import COMPLEMENTS, build_registre, with_dossiers
from allocator.ledger.state.referentiel import referentiel
from allocator.ledger.state.registre import Registre, Tours
from allocator.ledger.store import schema

Columns = Mapping[str, Sequence[Any]]

_CHUNK: Final = 5_000
"""Values asked for in one query, below what every database allows."""

_STREAM: Final = 10_000
"""Events fetched at a time."""

_KEPT: Final = frozenset({"bailleur", "effet", "dernier", "derniere", "par", "le"})
"""Columns of a dwelling that only its next event looks at."""

_TOURS: Final = tuple(
    getattr(schema.tours.c, "rang" if each.name == "liberation" else each.name) for each in fields(Tours)
)

_EVENT: Final = tuple(getattr(schema.evenements.c, name) for name in FIELDS)
_CONTENU: Final = FIELDS.index("contenu")


def head(connection: Connection, bailleur: str) -> Tete:
    """Return the head of a journal, that of an empty one where there is none yet."""
    return locked_head(connection, bailleur, lock=False) or Tete()


def locked_head(connection: Connection, bailleur: str, lock: bool = True) -> Tete | None:
    """Return the head of a journal, if it has one, which no other transaction moves until this one ends."""
    table = schema.bailleurs
    query = select(table.c.rang, table.c.empreinte).where(table.c.id == bailleur)
    # SQLite locks the whole file as soon as the transaction begins
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Tete(row.rang, row.empreinte)


def all_bailleurs(connection: Connection) -> list[tuple[str, str]]:
    """Return the identifier and name of each bailleur that has a journal: for consolidation alone."""
    query = select(schema.bailleurs.c.id, schema.bailleurs.c.nom).order_by(schema.bailleurs.c.id)
    return [(row.id, row.nom) for row in connection.execute(query)]


def event_rows(
    connection: Connection, bailleur: str, first: int = 1, last: int | None = None
) -> Iterator[Row[Any]]:
    """Yield the stored events, contents as text, by ascending rang."""
    table = schema.evenements
    query = _of(table, bailleur, *_EVENT).where(table.c.rang >= first).order_by(table.c.rang)
    if last is not None:
        query = query.where(table.c.rang <= last)
    yield from connection.execution_options(yield_per=_STREAM).execute(query)


def events(connection: Connection, bailleur: str, first: int = 1, last: int | None = None) -> Iterator[Event]:
    """Yield the events by ascending rang."""
    return map(event_of, event_rows(connection, bailleur, first, last))


def events_about(connection: Connection, bailleur: str, objets: Collection[str]) -> Iterator[Event]:
    """Yield the events about some objects by ascending rang."""
    table = schema.evenements
    query = _of(table, bailleur, *_EVENT)
    rows = [
        row for some in _chunks(objets) for row in connection.execute(query.where(table.c.objet.in_(some)))
    ]
    return map(event_of, sorted(rows, key=attrgetter("rang")))


def event_of(row: Row[Any]) -> Event:
    """Return the event that a row holds."""
    return event_with(row, json.loads(row[_CONTENU]))


def event_with(row: Row[Any], contenu: Contenu) -> Event:
    """Return the event that a row holds, its contents being read already."""
    fields: list[Any] = list(row)
    fields[_CONTENU] = contenu
    return Event(*fields)


def actes(connection: Connection, bailleur: str) -> tuple[Acte, ...]:
    """Return the acts, as corrected, in the order in which they were recorded."""
    table = schema.actes
    query = _of(table, bailleur, *_columns(table)).order_by(table.c.rang)
    return tuple(
        Acte(row.rang, row.nature, row.objet, row.effet, json.loads(row.contenu))
        for row in connection.execute(query)
    )


def known(
    connection: Connection, bailleur: str, tete: Tete, objets: Collection[str], corrected: Collection[str]
) -> Connu:
    """Return what a batch may bear on, by the objects of its entries and those of its corrections."""
    recorded = actes(connection, bailleur)
    here = referentiel(acte.contenu for acte in recorded if acte.nature == "ouverture")
    histories: dict[str, list[Event]] = {objet: [] for objet in corrected}
    for event in events_about(connection, bailleur, corrected):
        histories[event.objet].append(event)
    return Connu(
        tete,
        set(here.territoires.commune),
        set(here.reservataires.id),
        {acte.objet for acte in recorded if acte.nature == "convention"},
        closed_through(recorded),
        dossiers(connection, bailleur, objets),
        histories,
    )


def dossiers(
    connection: Connection, bailleur: str, objets: Collection[str] | None = None
) -> dict[str, Dossier]:
    """Return the dwellings of those identifiers that were announced, or all of them."""
    logements, tours = schema.liberations, schema.tours
    rows = _rows(connection, _of(logements, bailleur, *_columns(logements)), logements.c.id, objets)
    rangs = None if objets is None else [row["rang"] for row in rows]
    query = _of(tours, bailleur, *_columns(tours)).order_by(tours.c.rang, tours.c.numero)
    of_dwelling: dict[int, list[RowMapping]] = {}
    for tour in _rows(connection, query, tours.c.rang, rangs):
        of_dwelling.setdefault(tour["rang"], []).append(tour)
    return {row["id"]: dossier_of(row, of_dwelling.get(row["rang"], ())) for row in rows}


def period(connection: Connection, bailleur: str, first: str, last: str, complements: bool) -> Registre:
    """Return the state of the dwellings released between two ISO days, both included, as it is now."""
    chosen = schema.liberations.c.date.between(first, last)
    return build_registre(*_kept(connection, bailleur, chosen, complements), actes(connection, bailleur))


def waiting(connection: Connection, bailleur: str, phases: Collection[str]) -> Registre:
    """Return the state of the dwellings in some phases, whenever they were released."""
    chosen = schema.liberations.c.phase.in_(phases)
    return build_registre(*_kept(connection, bailleur, chosen, complements=True), actes(connection, bailleur))


def of_year(
    connection: Connection,
    bailleur: str,
    recorded: tuple[Acte, ...],
    days: tuple[str, str, str],
    au: str | None = None,
) -> Registre:
    """Return the state of the dwellings released from the first day to the last, and of some released before.

    Of those before, the ones that were not done with before the second day. Days are ISO texts; ``recorded`` are
    the acts. With ``au``, the state is that of the end of this day: what changed since is folded from its events.
    """
    table, (first, debut, last) = schema.liberations, days
    earlier = _of(table, bailleur, table.c.id).where(
        table.c.date < first, or_(table.c.phase.in_(OUVERTES), table.c.effet >= debut)
    )
    names = connection.scalars(earlier).all()
    chosen = or_(table.c.date.between(first, last), table.c.id.in_(names))
    if au is None:
        return build_registre(*_kept(connection, bailleur, chosen), recorded)
    changed = connection.scalars(_of(table, bailleur, table.c.id).where(chosen, table.c.effet > au)).all()
    then = fold(events_about(connection, bailleur, changed), au)
    rows = with_dossiers(
        *_kept(connection, bailleur, and_(chosen, table.c.effet <= au)), then.dossiers.values()
    )
    return build_registre(*rows, tuple(acte for acte in recorded if in_effect(acte, au)))


def _kept(
    connection: Connection, bailleur: str, chosen: ColumnElement[bool], complements: bool = False
) -> tuple[Columns, Columns]:
    """Return the columns of some dwellings and of their tours.

    What is carried through to reports is left aside unless asked for.
    """
    logements, tours = schema.liberations, schema.tours
    left = _KEPT if complements else {*_KEPT, *COMPLEMENTS}
    columns = [column for column in logements.c if column.name not in left]
    dwellings = _of(logements, bailleur, *columns).where(chosen).order_by(logements.c.rang)
    rangs = _of(logements, bailleur, logements.c.rang).where(chosen)
    query = _of(tours, bailleur, *_TOURS).where(tours.c.rang.in_(rangs))
    return (
        _by_column(connection, dwellings),
        _by_column(connection, query.order_by(tours.c.rang, tours.c.numero)),
    )


def household(connection: Connection, bailleur: str, jeton: str) -> str | None:
    """Return the reference of a household by its token, ``None`` once purged."""
    table = schema.menages
    found: str | None = connection.scalar(
        _of(table, bailleur, table.c.reference).where(table.c.jeton == jeton)
    )
    return found


def _of(table: Table, bailleur: str, *columns: Any) -> Select[Any]:
    return select(*columns).where(table.c.bailleur == bailleur)


def _columns(table: Table) -> list[Any]:
    return [column for column in table.c if column.name != "bailleur"]


def _rows(
    connection: Connection, query: Select[Any], column: Any, values: Collection[Any] | None
) -> list[RowMapping]:
    queries = [query] if values is None else [query.where(column.in_(some)) for some in _chunks(values)]
    return [row for each in queries for row in connection.execute(each).mappings()]


def _by_column(connection: Connection, query: Select[Any]) -> Columns:
    result = connection.execute(query)
    names, rows = list(result.keys()), result.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    everything = list(values)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]
