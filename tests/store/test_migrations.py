"""The migrations make exactly the tables that the code declares, on both databases."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url, text

from groundswell.errors import InvalidInput
from groundswell.store.database import Database
from groundswell.store.tables import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'test.db'}"
    new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
    server, name = Database(new()), f"bare_{uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(str(server.engine.url.render_as_string(hide_password=False)))
    server.close()
    return url.set(database=name).render_as_string(hide_password=False)


def test_migrations_and_tables_agree(bare_url: str) -> None:
    database = Database(bare_url)
    assert database.revision()[0] is None
    database.migrate()
    present, wanted = database.revision()
    assert present == wanted
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_processes_that_start_together_migrate_once(bare_url: str) -> None:
    failures: list[Exception] = []

    def migrate() -> None:
        database = Database(bare_url)
        try:
            database.migrate()
        except Exception as error:
            failures.append(error)
        finally:
            database.close()

    threads = [Thread(target=migrate) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("url", ["nonsense", "mongodb://localhost/x", ""])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"GROUNDSWELL_DATABASE_URL|No driver"):
        Database(url)
