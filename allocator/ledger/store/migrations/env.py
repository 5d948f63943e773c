"""What Alembic runs around the migrations: one given connection, one transaction."""

from alembic import context

from allocator.ledger.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
