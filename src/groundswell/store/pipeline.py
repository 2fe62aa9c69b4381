"""A transaction whose statements go straight to the driver, several in one round trip.

For admission alone: a request waits for it, and what SQLAlchemy does around each statement costs
more than the statement. PostgreSQL takes what is sent together in one go (libpq's pipeline mode).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable

Statement = tuple[Executable, Mapping[str, Any]]
"""A statement without lists to expand, and the values of its parameters."""
Rows = list[tuple[Any, ...]]


class Compiler:
    """Statements as strings in a dialect; each is compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._known: dict[Executable, tuple[str, dict[str, Any]]] = {}
        # PostgreSQL's driver knows moments; SQLite stores them as text.
        self._stored = DateTime().dialect_impl(dialect).bind_processor(dialect)

    def __call__(self, statement: Statement) -> tuple[str, dict[str, Any]]:
        """Return a statement, and all its values, as the driver takes them."""
        executable, values = statement
        known = self._known.get(executable)
        if known is None:
            compiled = executable.compile(dialect=self.dialect)  # type: ignore[attr-defined]
            constants = {n: value for n, value in compiled.params.items() if value is not None}
            known = self._known[executable] = (str(compiled), constants)
        sql, constants = known
        return sql, constants | {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Any) -> Any:
        stored = self._stored if isinstance(value, datetime) else None
        return value if stored is None else stored(value)


class Transaction(Protocol):
    """What takes statements; nothing is kept unless ``commit`` is called."""

    def send(self, *statements: Statement) -> list[Rows]:
        """Run statements in order; returns the rows of each."""
        ...

    def commit(self, *statements: Statement) -> None:
        """Run statements in order and commit."""
        ...


class Joined:
    """A part of somebody else's transaction: it is kept if that one is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, *statements: Statement) -> list[Rows]:
        """Run statements in order; returns the rows of each."""
        results = [self._connection.execute(each, values) for each, values in statements]
        return [[tuple(row) for row in result] if result.returns_rows else [] for result in results]

    def commit(self, *statements: Statement) -> None:
        """Run statements in order; the commit is the other's."""
        self.send(*statements)


class Pipeline:
    """One transaction; nothing is kept unless ``commit`` is called."""

    def __init__(self, driver: Any, compiler: Compiler) -> None:
        self._driver = driver
        self._compiler = compiler
        self._together = compiler.dialect.name == "postgresql"
        if not self._together:
            driver.execute("BEGIN IMMEDIATE")

    def send(self, *statements: Statement) -> list[Rows]:
        """Run statements in order; returns the rows of each."""
        return self._send(statements, commit=False)

    def commit(self, *statements: Statement) -> None:
        """Run statements in order and commit."""
        self._send(statements, commit=True)

    def _send(self, statements: tuple[Statement, ...], *, commit: bool) -> list[Rows]:
        if self._together:
            with self._driver.pipeline():
                cursors = [self._driver.execute(*self._compiler(one)) for one in statements]
                if commit:
                    self._driver.commit()
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
        rows = [self._driver.execute(*self._compiler(one)).fetchall() for one in statements]
        if commit:
            self._driver.commit()
        return rows
