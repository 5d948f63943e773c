"""The migrations make the tables that the program reads, and know one version from another."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from allocator.ledger.store.database import connect, read_transaction, write_transaction
from allocator.ledger.store.journal import open_journal
from allocator.ledger.store.migrations import configuration
from allocator.ledger.store.schema import REVISION, metadata
from allocator.ledger.store.unavailable import Unavailable
from tests.ledger.lives import BAILLEUR, OUVERTURE


def test_the_migrations_make_the_tables_of_the_schema(database: str) -> None:
    engine, _ = connect(database, create=True)
    with read_transaction(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        scripts = ScriptDirectory.from_config(configuration(connection))
        assert scripts.get_current_head() == REVISION
    engine.dispose()


def test_a_journal_of_a_later_version_is_left_alone(database: str) -> None:
    with open_journal(database, BAILLEUR, create=True) as journal:
        journal.append([OUVERTURE])
    engine, _ = connect(database, create=False)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Unavailable, match=r"écrit par une version plus récente d'allocator \(9999\)"):
        open_journal(database, BAILLEUR, create=True)


def test_a_journal_of_the_version_before_is_brought_to_this_one(database: str) -> None:
    with open_journal(database, BAILLEUR, create=True) as journal:
        journal.append([OUVERTURE])
    engine, _ = connect(database, create=False)
    with write_transaction(engine) as connection:
        # what 0002 adds
        connection.execute(text("DROP INDEX liberations_effet"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    with open_journal(database, BAILLEUR) as journal:
        assert journal.verify().anomalies == ()
        assert journal.tete.rang == 1
    engine, _ = connect(database, create=False)
    with read_transaction(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
