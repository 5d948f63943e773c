"""Whether a journal is what was recorded: the chain from the stored bytes, and all that is kept from it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Table, Text, select, type_coerce

from allocator.ledger.events.event import ORIGINE, Event, Tete, canonical, digest
from allocator.ledger.events.fold import fold
from allocator.ledger.events.transitions import Refused
from allocator.ledger.store import reading, schema
from allocator.ledger.store.writing import acte_row, dossier_rows, tour_rows

SHOWN: Final = 100
"""Anomalies told of one journal; the first one says where to look."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: the head, to be compared with one noted elsewhere, and what is wrong.

    ``anomalies`` are French, at most :data:`SHOWN`.
    """

    tete: Tete
    anomalies: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.anomalies


def verify(connection: Connection, bailleur: str) -> Verification:
    """Recompute a journal's chain and each digest, compare the head, and fold the events anew."""
    with _any_bytes(connection):
        tete = reading.head(connection, bailleur)
        events: list[Event] = []
        anomalies = list(islice(_chain(connection, bailleur, tete, events), SHOWN))
        if not anomalies:
            # what a broken chain adds up to says nothing
            anomalies = list(islice(_kept(connection, bailleur, events), SHOWN))
    return Verification(tete, tuple(text.encode("utf-8", "replace").decode() for text in anomalies))


@contextmanager
def _any_bytes(connection: Connection) -> Iterator[None]:
    """Have SQLite's texts read whatever bytes they hold: damage is to be told, not to stop the reading."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _chain(connection: Connection, bailleur: str, tete: Tete, events: list[Event]) -> Iterator[str]:
    """Find what is wrong with the stored events, and gather them."""
    before = ORIGINE
    rang = 0
    for row in reading.event_rows(connection, bailleur):
        rang += 1
        if row.rang != rang:
            yield f"événement {rang} : absent (le suivant a le rang {row.rang})"
            rang = row.rang if isinstance(row.rang, int) else rang
        elif row.precedent != before:
            yield f"événement {rang} : il ne suit pas l'événement {rang - 1} (empreinte du précédent différente)"
        computed, contenu = _digest(row), _contents(row.contenu)
        if row.empreinte != computed or contenu is None:
            yield f"événement {rang} : contenu altéré (son empreinte n'est plus celle de ce qu'il dit)"
        else:
            events.append(reading.event_with(row, contenu))
        before = row.empreinte
    if (tete.rang, tete.empreinte) != (rang, before):
        yield f"tête du journal : rang {tete.rang} attendu, le dernier événement a le rang {rang}" + (
            " et une autre empreinte" if tete.rang == rang else ""
        )


def _digest(row: Any) -> str | None:
    fields = (row.bailleur, row.nature, row.objet, row.effet, row.inscrit, row.auteur, row.contenu)
    if not all(isinstance(field, str) for field in (*fields, row.precedent)):
        return None
    bailleur, nature, objet, effet, inscrit, auteur, contenu = fields
    return digest(row.rang, bailleur, nature, objet, effet, inscrit, auteur, contenu, row.precedent)


def _contents(text: Any) -> Mapping[str, Any] | None:
    """Return the contents that a canonical text holds, ``None`` where it is none."""
    try:
        contenu = json.loads(text)
        return contenu if isinstance(contenu, dict) and canonical(contenu) == text else None
    except (TypeError, ValueError):
        return None


def _kept(connection: Connection, bailleur: str, events: list[Event]) -> Iterator[str]:
    """Find where what is kept differs from what the events add up to."""
    try:
        folded = fold(events)
    except Refused as why:
        yield str(why)
        return
    except (KeyError, TypeError, ValueError, AttributeError) as why:
        # a chain forged anew around contents that no version of this program wrote
        yield f"contenu que ce programme n'a pas écrit ({why!r})"
        return
    dossiers = folded.dossiers.values()
    yield from _differences(connection, bailleur, schema.liberations, dossier_rows(bailleur, dossiers))
    yield from _differences(connection, bailleur, schema.tours, tour_rows(bailleur, dossiers))
    yield from _differences(
        connection, bailleur, schema.actes, [acte_row(bailleur, acte) for acte in folded.actes]
    )
    stored = connection.scalar(select(schema.bailleurs.c.nom).where(schema.bailleurs.c.id == bailleur))
    said = [acte.contenu["nom"] for acte in folded.actes if acte.nature == "ouverture"]
    if said and stored != said[-1]:
        yield f"bailleurs : nom « {stored} », les événements disent « {said[-1]} »"


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """Return a column as the database has it, where its type would take anything for a truth value."""
    return type_coerce(column, Text).label(column.name) if isinstance(column.type, Boolean) else column


def _differences(
    connection: Connection, bailleur: str, table: Table, rows: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    keys = [column.name for column in table.primary_key]
    expected = {tuple(row[key] for key in keys): row for row in rows}
    query = select(*map(_raw, table.c)).where(table.c.bailleur == bailleur)
    for stored in connection.execute(query).mappings():
        key = tuple(stored[name] for name in keys)
        row = expected.pop(key, None)
        label = f"{table.name} {'/'.join(map(str, key[1:]))}"
        if row is None:
            yield f"{label} : aucun événement n'en parle"
        elif dict(stored) != row:
            wrong = ", ".join(sorted(name for name in row if stored[name] != row[name]))
            yield f"{label} : {wrong} ne suit pas des événements"
    for key in expected:
        yield f"{table.name} {'/'.join(map(str, key[1:]))} : absent, alors que des événements en parlent"
