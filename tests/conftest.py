"""Fixtures that many tests share."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import URL, make_url, text

from groundswell import Speaker
from groundswell.accounts.accounts import Accounts
from groundswell.bench.backends import postgresql
from groundswell.store.database import Database
from tests.live import LiveServer, live_server

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile(
    "any machine",
    hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """A real server process, shared by the tests that do not stop or strain it."""
    with live_server() as running:
        yield running


@pytest.fixture(scope="session")
def speaker() -> Speaker:
    """A loaded model in this process."""
    return Speaker()


@pytest.fixture(scope="session")
def new_sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """Copies a database with all tables and nothing in them into a folder."""
    template = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{template}")
    database.migrate()
    database.close()

    def new(folder: Path) -> str:
        return f"sqlite:///{shutil.copy(template, folder / 'test.db')}"

    return new


@pytest.fixture(scope="session")
def new_postgresql_url() -> Iterator[Callable[[], str]]:
    """Starts PostgreSQL; makes databases with all tables and nothing in them."""
    with postgresql() as address:
        url = make_url(address)

        def run(statement: str) -> None:
            server = Database(address)
            with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as it:
                it.execute(text(statement))
            server.close()

        # No test pulls the plug of the machine, and a database for each makes many files to sync.
        run("ALTER SYSTEM SET fsync = off")
        run("SELECT pg_reload_conf()")
        run("CREATE DATABASE template_groundswell")
        template = Database(_render(url.set(database="template_groundswell")))
        template.migrate()
        template.close()

        def new() -> str:
            name = f"test_{uuid4().hex}"
            run(f"CREATE DATABASE {name} TEMPLATE template_groundswell")
            return _render(url.set(database=name))

        yield new


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database, first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("new_sqlite_url")(tmp_path)
    else:
        url = request.getfixturevalue("new_postgresql_url")()
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with all tables, first SQLite, then PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def account(database: Database) -> str:
    """The id of an account."""
    return Accounts(database).create("one").id


@pytest.fixture
def other_account(database: Database) -> str:
    """The id of another account."""
    return Accounts(database).create("two").id


def _render(url: URL) -> str:
    return url.render_as_string(hide_password=False)
