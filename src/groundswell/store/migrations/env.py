"""Alembic's entry point; the connection comes from ``Database.migrate``."""

from alembic import context

from groundswell.store import (  # noqa: F401 - they declare tables
    clone_table,
    dictionary_table,
    history,
    job_table,
    webhook_tables,
)
from groundswell.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
