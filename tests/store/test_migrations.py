"""The migrations make exactly the tables that the code declares."""

from pathlib import Path
from threading import Thread

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from groundswell.store.database import Database
from groundswell.store.tables import Base


def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'test.db'}")
    database.migrate()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    failures: list[Exception] = []

    def migrate() -> None:
        try:
            Database(url).migrate()
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=migrate) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
