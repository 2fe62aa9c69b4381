"""``groundswell keys``."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.keys import Keys, described
from groundswell.cli.opening import DataDir, actor, database, moment, show

app = typer.Typer(no_args_is_help=True)

_Which = Annotated[str, typer.Argument(help="Id, prefix or name of the key.")]


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    account: Annotated[
        str | None, typer.Option(help="Id or name of its account; without it, the default one.")
    ] = None,
    rate_limit: Annotated[int | None, typer.Option(help="Requests per minute.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Requests at a time.")] = None,
    credit_quota: Annotated[int | None, typer.Option(help="Credits it may use.")] = None,
    quota_period: Annotated[
        str, typer.Option(help="What the quota is for: total, day or month.")
    ] = "total",
    scope: Annotated[
        list[str] | None, typer.Option(help="Product it may use (tts, stt, llm, s2s); repeatable.")
    ] = None,
    expires: Annotated[datetime | None, typer.Option(help="When it ends, in UTC.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Create a key and print it; it cannot be shown again."""
    with database(data_dir) as opened:
        key, _ = Keys(opened).create(
            name,
            account=account,
            actor=actor(),
            rate_limit_rpm=rate_limit,
            concurrency=concurrency,
            credit_quota=credit_quota,
            quota_period=quota_period,
            scopes=scope or None,
            expires_at=expires,
        )
    typer.echo(key)


@app.command("list")
def list_keys(data_dir: DataDir = None) -> None:
    """List all keys."""
    table = Table("ID", "Name", "Key", "Created", "Last used", "State")
    with database(data_dir) as opened:
        for key in Keys(opened).all():
            table.add_row(
                key.id,
                key.name,
                f"{key.prefix}…",
                moment(key.created_at),
                moment(key.last_used_at),
                "revoked" if key.revoked_at else "active",
            )
    show(table)


@app.command("show")
def show_key(which: _Which, data_dir: DataDir = None) -> None:
    """Show what a key may do and what it used, as JSON."""
    with database(data_dir) as opened:
        record = Keys(opened).get(which)
        fields: dict[str, Any] = described(record)
        quota = Quota(record.id, record.credit_quota, record.quota_period)
        fields["credits_used"] = Ledger(opened).used(quota)
    typer.echo(json.dumps(fields, default=str, ensure_ascii=False, indent=1))


@app.command()
def revoke(which: _Which, data_dir: DataDir = None) -> None:
    """Stop a key at once."""
    with database(data_dir) as opened:
        typer.echo(f"Revoked {Keys(opened).revoke(which, actor=actor()).name}.", err=True)


@app.command()
def rotate(which: _Which, data_dir: DataDir = None) -> None:
    """Replace a key's secret and print the new key; the old one stops at once."""
    with database(data_dir) as opened:
        typer.echo(Keys(opened).rotate(which, actor=actor())[0])
