"""``groundswell keys``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from groundswell.accounts.keys import Keys
from groundswell.settings import Settings
from groundswell.store.database import Database

app = typer.Typer(no_args_is_help=True)

_DataDir = Annotated[Path | None, typer.Option(help="Folder of the database, as given to 'serve'.")]
_Which = Annotated[str, typer.Argument(help="Id, prefix or name of the key.")]


def _keys(data_dir: Path | None) -> Keys:
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    database = Database(settings.resolved_database_url)
    database.migrate()
    return Keys(database)


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    rate_limit: Annotated[int | None, typer.Option(help="Requests per minute.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Requests at a time.")] = None,
    credit_quota: Annotated[int | None, typer.Option(help="Credits it may use.")] = None,
    data_dir: _DataDir = None,
) -> None:
    """Create a key and print it; it cannot be shown again."""
    key, _ = _keys(data_dir).create(
        name, rate_limit_rpm=rate_limit, concurrency=concurrency, credit_quota=credit_quota
    )
    if (rate_limit, concurrency, credit_quota) != (None, None, None):
        typer.echo("The limits are stored, but this version does not enforce them yet.", err=True)
    typer.echo(key)


@app.command("list")
def list_keys(data_dir: _DataDir = None) -> None:
    """List all keys."""
    table = Table("ID", "Name", "Key", "Created", "Last used", "State")
    for key in _keys(data_dir).all():
        table.add_row(
            key.id,
            key.name,
            f"{key.prefix}…",
            _moment(key.created_at),
            _moment(key.last_used_at),
            "revoked" if key.revoked_at else "active",
        )
    Console(width=None if Console().is_terminal else 160).print(table)


@app.command()
def revoke(which: _Which, data_dir: _DataDir = None) -> None:
    """Stop a key at once."""
    typer.echo(f"Revoked {_keys(data_dir).revoke(which).name}.", err=True)


@app.command()
def rotate(which: _Which, data_dir: _DataDir = None) -> None:
    """Replace a key's secret and print the new key; the old one stops at once."""
    typer.echo(_keys(data_dir).rotate(which)[0])


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "never"
