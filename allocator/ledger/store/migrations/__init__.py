"""The migrations of the ledger's tables, run by Alembic from within the package."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Bring the tables to the last version, within the transaction of the connection."""
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for a connection."""
    config = Config()
    config.set_main_option("script_location", "allocator.ledger.store:migrations")
    config.attributes["connection"] = connection
    return config
