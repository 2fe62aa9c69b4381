"""Alembic's entry point; the connection comes from ``Database.migrate``."""

from alembic import context

from groundswell.store import history  # noqa: F401 - its tables join those of tables
from groundswell.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
