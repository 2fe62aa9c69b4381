"""The command line: one small file per command."""

import sys

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from groundswell import __version__
from groundswell.cli import (
    accounts,
    bench,
    database,
    explain,
    jobs,
    keys,
    models,
    say,
    serve,
    usage,
    voices,
    webhooks,
)
from groundswell.errors import GroundswellError

app = typer.Typer(
    name="groundswell",
    help="Self-hosted speech behind the Waves API.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("say")(say.say)
app.command("explain")(explain.explain)
app.add_typer(keys.app, name="keys", help="Create, list, show, revoke and rotate API keys.")
app.add_typer(accounts.app, name="accounts", help="Accounts, their credits, the audit log.")
app.add_typer(jobs.app, name="jobs", help="List, show, cancel and watch jobs.")
app.add_typer(database.app, name="database", help="Migrate or back up the database.")
app.add_typer(usage.app, name="usage", help="Erase what was kept for a time only.")
app.add_typer(voices.app, name="voices", help="Show the voices.")
app.add_typer(bench.app, name="bench", help="Measure quality, cost, memory and streaming.")
app.add_typer(webhooks.app, name="webhooks", help="List, enable and replay webhooks.")
app.add_typer(models.app, name="models", help="Obtain and verify model files.")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    _version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Self-hosted speech behind the Waves API."""


def main() -> None:
    """Run the command line; what goes wrong on purpose is one line on stderr, and status 1."""
    try:
        app()
    except GroundswellError as error:
        typer.echo(f"groundswell: {error}", err=True)
        sys.exit(1)
    except OperationalError as error:
        cause = str(error.orig).strip().partition("\n")[0]
        typer.echo(f"groundswell: the database cannot be used: {cause}", err=True)
        sys.exit(1)
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(map(str, problem["loc"])).upper()
            typer.echo(f"groundswell: GROUNDSWELL_{name}: {problem['msg']}.", err=True)
        sys.exit(1)
