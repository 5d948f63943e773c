"""The journal of one bailleur in a database: opened, appended to, read."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import islice
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, Engine

from allocator.formats.faults import BadInput, Fault
from allocator.ledger.events.admission import name_fault
from allocator.ledger.events.event import Entree, Event, Horloge, Tete, moment, to_line, utc_now
from allocator.ledger.events.fold import fold
from allocator.ledger.events.lines import compare, parse_lines, refused_lines
from allocator.ledger.events.menages import Menage
from allocator.ledger.events.recording import EntriesRefused, Refus
from allocator.ledger.events.transitions import A_ORIENTER
from allocator.ledger.state.columns import registre_of
from allocator.ledger.state.registre import Registre
from allocator.ledger.store import reading
from allocator.ledger.store.database import WAIT, connect, erase, read_transaction, write_transaction
from allocator.ledger.store.moment import Moment
from allocator.ledger.store.unavailable import told
from allocator.ledger.store.verifying import Verification, verify
from allocator.ledger.store.writing import (
    add_menages,
    forget_menage,
    hold_head,
    rebuild,
    take_entries,
    write_entries,
)

BATCH: Final = 10_000
"""Events of an import taken in at a time."""


class Overtaken(Exception):  # noqa: N818 (somebody else was quicker)
    """The journal has gone on since the caller looked at it; the message is French, nothing was recorded."""


def open_journal(
    where: str, bailleur: str, *, create: bool = False, wait: float = WAIT, horloge: Horloge = utc_now
) -> "Journal":
    """Open the journal of a bailleur.

    Parameters
    ----------
    where
        URL of a database, or path of an SQLite file.
    bailleur
        Identifier of the bailleur; its journal may be empty yet.
    create
        Whether to make the file and the tables where they are not there yet.
    wait
        Seconds to wait for another writer.
    horloge
        Tells the moment of recording.

    Raises
    ------
    BadInput
        If it is to be made and no bailleur may have that identifier (letters, digits, ``-``, ``_``, ``.``).
    Unavailable
        If the database cannot be reached, is not there, or is of a later version.
    """
    if create and (fault := name_fault(bailleur)):
        raise BadInput([Fault("--bailleur", None, None, fault)])
    engine, place = connect(where, create, wait)
    return Journal(engine, place, bailleur, horloge)


def list_bailleurs(where: str) -> tuple[tuple[str, str], ...]:
    """Return the identifier and name of each bailleur that has a journal in a database: for consolidation.

    Raises
    ------
    Unavailable
        If the database cannot be reached, is not there, or is of a later version.
    """
    engine, place = connect(where, create=False)
    try:
        with _told(place, read_transaction(engine)) as connection:
            return tuple(reading.all_bailleurs(connection))
    finally:
        engine.dispose()


class Journal:
    """The journal of one bailleur.

    Every method is one transaction, and any may raise :class:`~allocator.ledger.store.unavailable.Unavailable`. Threads
    may share one; processes open theirs.
    """

    def __init__(self, engine: Engine, place: str, bailleur: str, horloge: Horloge) -> None:
        self.bailleur = bailleur
        self._engine = engine
        self._place = place
        self._horloge = horloge

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def append(
        self, entrees: Sequence[Entree], attendu: int | None = None, menages: Collection[Menage] = ()
    ) -> tuple[Event, ...]:
        """Record entries, all of them or none; what is returned is on the disk.

        Parameters
        ----------
        entrees
            What to record, in this order.
        attendu
            Rang of the last event that the caller knows of, where it will not have others come in between.
        menages
            Households whose tokens the entries have.

        Raises
        ------
        EntriesRefused
            With every entry that is ill formed or cannot follow what was recorded.
        Overtaken
            If the journal has gone on since ``attendu``.
        """
        if not entrees:
            return ()
        with self._write() as connection:
            tete = hold_head(connection, self.bailleur)
            _expect(tete, attendu)
            add_menages(connection, self.bailleur, menages)
            return write_entries(connection, self.bailleur, tete, self._dated(entrees))

    def check(self, entrees: Sequence[Entree], attendu: int | None = None) -> None:
        """Raise what :meth:`append` would at this moment, and record nothing.

        Raises
        ------
        EntriesRefused
            With every entry that is ill formed or cannot follow what was recorded.
        Overtaken
            If the journal has gone on since ``attendu``.
        """
        with self._read() as connection:
            tete = reading.head(connection, self.bailleur)
            _expect(tete, attendu)
            take_entries(connection, self.bailleur, tete, self._dated(entrees))

    @property
    def tete(self) -> Tete:
        """The last event's rang and digest."""
        with self._read() as connection:
            return reading.head(connection, self.bailleur)

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """Yield the journal as it is at this moment: several things are read of one state."""
        with self._read() as connection:
            yield Moment(connection, self.bailleur)

    def events(self, first: int = 1, last: int | None = None) -> Iterator[Event]:
        """Yield the events as recorded, by ascending rang, both bounds included."""
        with self._read() as connection:
            yield from reading.events(connection, self.bailleur, first, last)

    def events_about(self, *objets: str) -> tuple[Event, ...]:
        """Return the events about some objects as recorded, corrections included, by ascending rang."""
        with self._read() as connection:
            return tuple(reading.events_about(connection, self.bailleur, set(objets)))

    def registre(self, au: date | None = None, vu: int | None = None) -> Registre:
        """Return the state at a day, or as known at a rang, computed from the events.

        Parameters
        ----------
        au
            Only what had taken effect by this day, corrections made later included (``None``: all).
        vu
            Only the events up to this rang (``None``: all).
        """
        with self._read() as connection:
            known = reading.events(connection, self.bailleur, last=vu)
            return registre_of(fold(known, None if au is None else au.isoformat()))

    def period(self, debut: date, fin: date, complements: bool = False) -> Registre:
        """Return the state, now, of the dwellings released between two days, both included: the quick way.

        It equals :meth:`registre` but for the dwellings of other days; what is only carried through to reports
        (``Liberations.complements``) is left out unless asked for.
        """
        with self._read() as connection:
            return reading.period(connection, self.bailleur, debut.isoformat(), fin.isoformat(), complements)

    def waiting(self, phases: Collection[str] = A_ORIENTER) -> Registre:
        """Return the state, now, of the dwellings that are in some phases, whenever they were released."""
        with self._read() as connection:
            return reading.waiting(connection, self.bailleur, phases)

    def household(self, jeton: str) -> str | None:
        """Return what a household's token stands for, ``None`` where it was purged or never known."""
        with self._read() as connection:
            return reading.household(connection, self.bailleur, jeton)

    def purge(self, jeton: str, motif: str, effet: date, auteur: str) -> Event:
        """Forget a household, and record that it was forgotten.

        SQLite overwrites the reference at once; PostgreSQL when it next vacuums the table.

        Raises
        ------
        EntriesRefused
            If the entry is ill formed, or no household has that token any more.
        """
        entree = Entree("purge", "", effet.isoformat(), auteur, {"menage": jeton, "motif": motif})
        with self._write() as connection:
            tete = hold_head(connection, self.bailleur)
            if not forget_menage(connection, self.bailleur, jeton):
                raise EntriesRefused([Refus(0, entree, "référence de ménage inconnue, ou déjà effacée")])
            (event,) = write_entries(connection, self.bailleur, tete, self._dated([entree]))
        with told(self._place):
            erase(self._engine)
        return event

    def rebuild(self) -> None:
        """Put what the events add up to in the place of all that is kept from them."""
        with self._write() as connection:
            hold_head(connection, self.bailleur)
            folded = fold(reading.events(connection, self.bailleur))
            rebuild(connection, self.bailleur, folded)

    def verify(self) -> Verification:
        """Recompute the chain from the stored bytes, and all that is kept from the events, and compare."""
        with self._read() as connection:
            return verify(connection, self.bailleur)

    def export_lines(self) -> Iterator[str]:
        """Yield the journal as JSON Lines, one canonical event a line, without ends of lines."""
        return map(to_line, self.events())

    def import_lines(self, lines: Iterable[str], source: str) -> int:
        """Take in an exported journal, all of it or nothing; return how many events were new.

        What the journal already holds must be the beginning of it: importing twice changes nothing.

        Parameters
        ----------
        lines
            Lines of the export.
        source
            Name of the file, for messages.

        Raises
        ------
        BadInput
            With the line that breaks the chain or cannot follow.
        """
        with self._write() as connection:
            start = hold_head(connection, self.bailleur)
            tete, added = start, 0
            fresh = parse_lines(lines, source, self.bailleur, start)
            while batch := list(islice(fresh, BATCH)):
                entrees = [(each.entree, each.inscrit) for each in batch]
                try:
                    events = write_entries(connection, self.bailleur, tete, entrees)
                except EntriesRefused as refused:
                    raise refused_lines(batch, refused, source) from refused
                compare(batch, events, source)
                tete, added = Tete(events[-1].rang, events[-1].empreinte), added + len(events)
        return added

    def _dated(self, entrees: Iterable[Entree]) -> list[tuple[Entree, str]]:
        inscrit = moment(self._horloge())
        return [(each, inscrit) for each in entrees]

    def _read(self) -> AbstractContextManager[Connection]:
        return _told(self._place, read_transaction(self._engine))

    def _write(self) -> AbstractContextManager[Connection]:
        return _told(self._place, write_transaction(self._engine))


def _expect(tete: Tete, attendu: int | None) -> None:
    if attendu is not None and tete.rang != attendu:
        raise Overtaken(
            f"le journal en est à l'événement {tete.rang}, vous l'aviez lu jusqu'au {attendu} : "
            "relisez-le et recommencez"
        )


@contextmanager
def _told(place: str, transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
    with told(place), transaction as connection:
        yield connection
