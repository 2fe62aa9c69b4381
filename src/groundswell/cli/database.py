"""``groundswell database``."""

from pathlib import Path
from typing import Annotated

import typer

from groundswell.cli.opening import DataDir, database

app = typer.Typer(no_args_is_help=True)


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the schema up to date, as 'serve' does on start; safe to run at any time."""
    with database(data_dir, migrate=False) as opened:
        before, wanted = opened.revision()
        opened.migrate()
    told = "is up to date" if before == wanted else f"went from {before or 'nothing'}"
    typer.echo(f"The {opened.backend} database {told}: revision {wanted}.", err=True)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="File to write; must not exist.")],
    data_dir: DataDir = None,
) -> None:
    """Copy the SQLite database into a file while the server goes on."""
    with database(data_dir, migrate=False) as opened:
        opened.backup(target)
    typer.echo(f"Written: {target}", err=True)
