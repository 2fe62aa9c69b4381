"""The connection to the database, and its schema brought up to date on opening."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

_READ_ONLY = "groundswell_read_only"
_MIGRATION_LOCK = 0x67726E64  # any constant: the PostgreSQL advisory lock of this application


class Database:
    """One database; ``begin()`` opens a transaction, ``read()`` one that writes nothing.

    Args:
        url: SQLAlchemy URL. The folder of a SQLite file is made when missing.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        if self._sqlite and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(parsed, pool_pre_ping=not self._sqlite)
        if self._sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_immediate)
        self.begin = sessionmaker(self.engine, class_=Session, expire_on_commit=False).begin
        reading = self.engine.execution_options(**{_READ_ONLY: True})
        self.read = sessionmaker(reading, class_=Session, expire_on_commit=False).begin

    def migrate(self) -> None:
        """Bring the schema up to date; processes that start together wait for one another."""
        with self.engine.begin() as connection:
            # SQLite: BEGIN IMMEDIATE is already the lock.
            if not self._sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            command.upgrade(_alembic(connection), "head")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("groundswell.store") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy, not the driver, decides where transactions begin.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock first avoids the upgrade deadlock between two readers that both write.
    read_only = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
