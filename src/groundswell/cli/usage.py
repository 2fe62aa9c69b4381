"""``groundswell usage``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from groundswell.accounts.history import History
from groundswell.settings import Settings
from groundswell.store.database import Database

app = typer.Typer(no_args_is_help=True)


@app.callback()
def usage() -> None:
    """What is kept of requests."""


@app.command()
def expire(
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the database, as given to 'serve'.")
    ] = None,
) -> None:
    """Erase text whose time has come now; a running server does it once a day."""
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    database = Database(settings.resolved_database_url)
    database.migrate()
    erased = History(database).erase_expired(datetime.now(UTC))
    database.close()
    typer.echo(f"Erased the text of {erased} log entries.")
