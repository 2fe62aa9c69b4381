"""What the administration commands share: the database, who runs them, how moments are shown."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from groundswell.settings import Settings
from groundswell.store.database import Database

DataDir = Annotated[Path | None, typer.Option(help="Folder of the database, as given to 'serve'.")]


@contextmanager
def database(data_dir: Path | None, *, migrate: bool = True) -> Iterator[Database]:
    """Open the database of the settings."""
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    opened = Database(settings.resolved_database_url)
    try:
        if migrate:
            opened.migrate()
        yield opened
    finally:
        opened.close()


def actor() -> str:
    """Who runs the command, for the audit log."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name
        return "cli"


def moment(value: datetime | None) -> str:
    """Write a moment for people."""
    return value.strftime("%Y-%m-%d %H:%M") if value else "never"


def show(table: Table) -> None:
    """Print a table, as wide as the terminal."""
    Console(width=None if Console().is_terminal else 160).print(table)
