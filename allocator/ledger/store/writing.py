"""What is written into one bailleur's tables, within the transaction that holds its head."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, delete, insert, text, update
from sqlalchemy.sql.compiler import SQLCompiler

from allocator.ledger.events.batch import Lot
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import ORIGINE, Entree, Event, Tete, canonical
from allocator.ledger.events.fold import Acte, Folded
from allocator.ledger.events.menages import Menage
from allocator.ledger.events.recording import record
from allocator.ledger.store import reading, schema


def write_entries(
    connection: Connection, bailleur: str, tete: Tete, entrees: Sequence[tuple[Entree, str]]
) -> tuple[Event, ...]:
    """Record entries, each with its moment of recording, after the head of a journal.

    Raises
    ------
    EntriesRefused
        With every entry that is ill formed or cannot follow what was recorded.
    """
    lot, before = take_entries(connection, bailleur, tete, entrees)
    if lot.events:
        _move_head(connection, bailleur, lot)
        _insert(connection, schema.evenements, map(event_row, lot.events, lot.textes))
        _replace_dossiers(connection, bailleur, before, lot.dossiers)
        _replace_actes(connection, bailleur, lot)
    return tuple(lot.events)


def take_entries(
    connection: Connection, bailleur: str, tete: Tete, entrees: Sequence[tuple[Entree, str]]
) -> tuple[Lot, dict[str, int]]:
    """Return what entries become after the head of a journal, and the rangs of the dwellings known before; only read.

    Raises
    ------
    EntriesRefused
        With every entry that is ill formed or cannot follow what was recorded.
    """
    objets = {entree.objet for entree, _ in entrees}
    corrected = {entree.objet for entree, _ in entrees if entree.nature == CORRECTION}
    known = reading.known(connection, bailleur, tete, objets, corrected)
    before = {dossier.id: dossier.rang for dossier in known.dossiers.values()}
    return record(entrees, bailleur, known), before


def hold_head(connection: Connection, bailleur: str) -> Tete:
    """Return the head of a journal, begun where there was none, that nobody else moves until the end.

    The transaction has to add an event, or be undone.
    """
    held = reading.locked_head(connection, bailleur)
    if held is not None:
        return held
    # of two that begin the same journal, one waits here for the other
    connection.execute(_BEGIN, {"id": bailleur, "empreinte": ORIGINE})
    return reading.locked_head(connection, bailleur) or Tete()


_BEGIN: Final = text(
    "INSERT INTO bailleurs (id, nom, rang, empreinte) VALUES (:id, '', 0, :empreinte) ON CONFLICT DO NOTHING"
)


def add_menages(connection: Connection, bailleur: str, menages: Collection[Menage]) -> None:
    """Keep the references of households."""
    _insert(
        connection,
        schema.menages,
        [
            {"bailleur": bailleur, "jeton": each.jeton, "sel": each.sel, "reference": each.reference}
            for each in menages
        ],
    )


def forget_menage(connection: Connection, bailleur: str, jeton: str) -> bool:
    """Remove the reference of a household; tell whether there was one."""
    table = schema.menages
    if connection.dialect.name == "sqlite":
        # what is deleted is overwritten, not only let go of
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    gone = connection.execute(delete(table).where(table.c.bailleur == bailleur, table.c.jeton == jeton))
    return gone.rowcount > 0


def rebuild(connection: Connection, bailleur: str, folded: Folded) -> None:
    """Put what events add up to in the place of what was kept."""
    for table in (schema.liberations, schema.tours, schema.actes):
        connection.execute(delete(table).where(table.c.bailleur == bailleur))
    _insert_dossiers(connection, bailleur, list(folded.dossiers.values()))
    _insert(connection, schema.actes, [acte_row(bailleur, acte) for acte in folded.actes])


def event_row(event: Event, texte: str) -> dict[str, Any]:
    """Return the row of an event, ``texte`` being that of its contents."""
    return {
        "bailleur": event.bailleur,
        "rang": event.rang,
        "nature": event.nature,
        "objet": event.objet,
        "effet": event.effet,
        "inscrit": event.inscrit,
        "auteur": event.auteur,
        "contenu": texte,
        "precedent": event.precedent,
        "empreinte": event.empreinte,
    }


def acte_row(bailleur: str, acte: Acte) -> dict[str, Any]:
    """Return the row of an act."""
    return {
        "bailleur": bailleur,
        "rang": acte.rang,
        "nature": acte.nature,
        "objet": acte.objet,
        "effet": acte.effet,
        "contenu": canonical(acte.contenu),
    }


def dossier_rows(bailleur: str, dossiers: Iterable[Dossier]) -> list[dict[str, Any]]:
    """Return the rows of dwellings, without their tours."""
    return [{"bailleur": bailleur, **dossier.row()} for dossier in dossiers]


def tour_rows(bailleur: str, dossiers: Iterable[Dossier]) -> list[dict[str, Any]]:
    """Return the rows of the tours of dwellings."""
    return [{"bailleur": bailleur, **row} for dossier in dossiers for row in dossier.tour_rows()]


def _move_head(connection: Connection, bailleur: str, lot: Lot) -> None:
    table, last = schema.bailleurs, lot.events[-1]
    values: dict[str, Any] = {"rang": last.rang, "empreinte": last.empreinte}
    named = [event.contenu["nom"] for event in lot.events if event.nature == "ouverture"]
    if named:
        values["nom"] = named[-1]
    connection.execute(update(table).where(table.c.id == bailleur).values(**values))


def _replace_dossiers(
    connection: Connection,
    bailleur: str,
    before: Mapping[str, int],
    after: Mapping[str, Dossier | None],
) -> None:
    stale = [{"b_bailleur": bailleur, "b_rang": before[id_], "b_id": id_} for id_ in after if id_ in before]
    if stale:
        for table, key in ((schema.tours, "rang"), (schema.liberations, "id")):
            gone = delete(table).where(
                table.c.bailleur == bindparam("b_bailleur"), table.c[key] == bindparam(f"b_{key}")
            )
            connection.execute(
                gone, [{"b_bailleur": row["b_bailleur"], f"b_{key}": row[f"b_{key}"]} for row in stale]
            )
    _insert_dossiers(connection, bailleur, [dossier for dossier in after.values() if dossier is not None])


def _insert_dossiers(connection: Connection, bailleur: str, dossiers: Sequence[Dossier]) -> None:
    _insert(connection, schema.liberations, dossier_rows(bailleur, dossiers))
    _insert(connection, schema.tours, tour_rows(bailleur, dossiers))


def _replace_actes(connection: Connection, bailleur: str, lot: Lot) -> None:
    table = schema.actes
    for objet in lot.repris:
        connection.execute(delete(table).where(table.c.bailleur == bailleur, table.c.objet == objet))
    remain = [acte for actes in lot.repris.values() for acte in actes]
    _insert(connection, table, [acte_row(bailleur, acte) for acte in (*remain, *lot.actes)])


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that have every column, straight through the driver: the types need no conversion."""
    every = list(rows)
    if not every:
        return
    statement = insert(table).compile(dialect=connection.dialect)
    order = statement.positiontup if isinstance(statement, SQLCompiler) else None
    values: list[Any] = every if order is None else list(map(itemgetter(*order), every))
    connection.exec_driver_sql(statement.string, values)
