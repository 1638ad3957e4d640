"""How Alembic reaches our database and our models."""

from alembic import context
from sqlalchemy import NullPool, create_engine, text

from postline.schema import metadata

MIGRATION_LOCK = 7_166_513  # any constant of ours: one process migrates, the others wait

# No pool: the lock belongs to the connection and must end with it, also when a migration fails.
with create_engine(context.config.attributes["url"], poolclass=NullPool).connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=False)
    with context.begin_transaction():
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        context.run_migrations()
    connection.commit()
