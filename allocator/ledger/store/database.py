"""The database behind a journal: how it is reached, made, and written by one at a time.

A SQLite file by default (write-ahead log, every commit forced to the disk), PostgreSQL by URL.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from allocator.ledger.store.schema import REVISION
from allocator.ledger.store.unavailable import Unavailable, told

WAIT: Final = 30.0
"""Seconds that a writer waits for another one by default."""

_ABSENT: Final = "journal absent, à ouvrir par « allocator init »"
_WRITES: Final = "allocator_writes"
_LOCK: Final = 0x616C6C6F
"""Key of the advisory lock under which PostgreSQL's tables are made."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-65536",
)


def database_url(where: str) -> URL:
    """Return the URL of a database given by URL or, for SQLite, by the path of its file.

    Raises
    ------
    Unavailable
        If it is no URL.
    """
    if "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
    except ArgumentError:
        raise Unavailable(f"{where} : adresse de base de données illisible") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def connect(where: str, create: bool, wait: float = WAIT) -> tuple[Engine, str]:
    """Return a database whose tables are those of this version, and its name for people.

    Parameters
    ----------
    where
        A URL, or the path of an SQLite file.
    create
        Whether to make what is not there yet.
    wait
        Seconds that a writer waits for another one.

    Raises
    ------
    Unavailable
        If it cannot be reached, is not there, or is of a later version.
    """
    url = database_url(where)
    place = url.render_as_string(hide_password=True) if "://" in where else where
    if url.drivername not in _ENGINES:
        raise Unavailable(f"{place} : base de données inconnue, attendu SQLite ou PostgreSQL")
    if url.drivername == "sqlite" and not create and not Path(url.database or "").is_file():
        raise Unavailable(f"{place} : {_ABSENT}")
    try:
        engine = _ENGINES[url.drivername](url, wait)
    except ModuleNotFoundError as missing:
        raise Unavailable(f"{place} : PostgreSQL demande « pip install allocator[postgres] »") from missing
    try:
        with told(place):
            _migrate(engine, place, create)
    except BaseException:
        engine.dispose()
        raise
    return engine, place


def _sqlite(url: URL, wait: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": wait})

    @event.listens_for(engine, "connect")
    def prepare(driver: Any, _: object) -> None:
        # transactions are begun below, where it is known whether they write
        driver.isolation_level = None
        for pragma in _PRAGMAS:
            driver.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, wait: float) -> Engine:
    options = f"-c lock_timeout={int(wait * 1000)}"
    return create_engine(url, connect_args={"options": options, "connect_timeout": max(2, int(wait))})


_ENGINES: Final[Mapping[str, Callable[[URL, float], Engine]]] = {
    "sqlite": _sqlite,
    "postgresql+psycopg": _postgresql,
}
"""How each kind of database is reached, by its driver."""


def _migrate(engine: Engine, place: str, create: bool) -> None:
    """Bring the tables to this version, one process at a time."""
    with engine.connect() as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    if found is None and not create:
        raise Unavailable(f"{place} : {_ABSENT}")
    if found is not None and found > REVISION:
        raise Unavailable(f"{place} : journal écrit par une version plus récente d'allocator ({found})")
    # a tenth of a second, once in a journal's life
    from allocator.ledger.store.migrations import upgrade  # noqa: PLC0415

    with write_transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction that writes: on SQLite, the only one from its beginning."""
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


def erase(engine: Engine) -> None:
    """Have what was deleted leave an SQLite file: its write-ahead log still has the pages as they were."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction that sees one state of the database, whatever others write meanwhile."""
    with engine.connect() as plain:
        postgresql = engine.dialect.name == "postgresql"
        connection = plain.execution_options(isolation_level="REPEATABLE READ") if postgresql else plain
        with connection.begin():
            yield connection
