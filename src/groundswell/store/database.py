"""The connection to the database, and its schema brought up to date on opening."""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session, sessionmaker

from groundswell.errors import InvalidInput
from groundswell.store.pipeline import Compiler, Pipeline

_IDLE_SINCE = "groundswell_idle_since"
_TRUSTED_SECONDS = 1.0
"""How long an idle connection is believed to be alive; asking it is a round trip."""
_READ_ONLY = "groundswell_read_only"
_MIGRATION_LOCK = 0x67726E64  # any constant: the PostgreSQL advisory lock of this application


class Database:
    """One database; ``begin()`` opens a transaction, ``read()`` one that writes nothing.

    Args:
        url: SQLAlchemy URL. The folder of a SQLite file is made when missing.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise InvalidInput("GROUNDSWELL_DATABASE_URL is not a database URL.") from None
        self.backend = parsed.get_backend_name()
        options: dict[str, Any] = {"hide_parameters": True}  # errors are logged; values are not
        if self.backend == "sqlite":
            options["paramstyle"] = "named"
            if parsed.database not in (None, "", ":memory:"):
                Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        else:
            options |= {"pool_size": 16, "max_overflow": 16, "pool_use_lifo": True}
        try:
            self.engine: Engine = create_engine(parsed, **options)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise InvalidInput(
                f"No driver for this database ({error}); PostgreSQL needs "
                "pip install 'groundswell[scale]'."
            ) from None
        if self.backend == "sqlite":
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_immediate)
        else:
            event.listen(self.engine, "checkin", _note_idle)
            event.listen(self.engine, "checkout", self._check_idle)
        self._compiler = Compiler(self.engine.dialect)
        # SQLite has one writer; those of this process queue here instead of polling for its lock.
        self._writing = Lock() if self.backend == "sqlite" else nullcontext()
        self._writes = sessionmaker(self.engine, class_=Session, expire_on_commit=False)
        reading = self.engine.execution_options(**{_READ_ONLY: True})
        self.read = sessionmaker(reading, class_=Session, expire_on_commit=False).begin

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction: committed on leaving, rolled back on an exception."""
        with self._writing, self._writes.begin() as session:
            yield session

    @contextmanager
    def pipeline(self) -> Iterator[Pipeline]:
        """Open a transaction that is fast to the driver; rolled back unless it commits."""
        with self._writing, closing(self.engine.raw_connection()) as connection:
            driver_error = self.engine.dialect.loaded_dbapi.Error
            try:
                yield Pipeline(connection.driver_connection, self._compiler)
            except driver_error as error:
                raise DBAPIError.instance(None, None, error, driver_error) from error

    def _check_idle(self, driver: Any, record: Any, _proxy: Any) -> None:
        """Before a connection is used again: whether the server still knows it."""
        if time.monotonic() - record.info.get(_IDLE_SINCE, math.inf) > _TRUSTED_SECONDS:
            try:
                self.engine.dialect.do_ping(driver)
            except self.engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    def migrate(self) -> None:
        """Bring the schema up to date; processes that start together wait for one another."""
        with self._writing, self.engine.begin() as connection:
            # SQLite: BEGIN IMMEDIATE is already the lock.
            if self.backend == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            command.upgrade(_alembic(connection), "head")

    def revision(self) -> tuple[str | None, str]:
        """Return the revision of the schema, and the one this version needs."""
        with self.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
            wanted = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
        return present, str(wanted)

    def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def backup(self, target: Path) -> None:
        """Copy a SQLite database into a new file, whole and consistent, while others write to it.

        Raises:
            InvalidInput: the database is not SQLite, or the file exists.
        """
        source = self.engine.url.database
        if self.backend != "sqlite" or not source:
            raise InvalidInput("Only SQLite is backed up here; use pg_dump for PostgreSQL.")
        if target.exists():
            raise InvalidInput(f"{target} exists; name a new file.")
        partial = target.with_name(target.name + ".partial")
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        partial.replace(target)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _note_idle(_driver: Any, record: Any) -> None:
    record.info[_IDLE_SINCE] = time.monotonic()


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
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock first avoids the upgrade deadlock between two readers that both write.
    read_only = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
