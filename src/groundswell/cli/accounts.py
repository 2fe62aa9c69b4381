"""``groundswell accounts``."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from groundswell.accounts.accounts import DEFAULT_CONCURRENCY, Accounts
from groundswell.accounts.audit import audit_page
from groundswell.accounts.credits import Grant, Ledger
from groundswell.cli.opening import DataDir, actor, database, moment, show

app = typer.Typer(no_args_is_help=True)

_Which = Annotated[str, typer.Argument(help="Id or name of the account.")]


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Its name, unique.")],
    concurrency: Annotated[
        int, typer.Option(help="Requests at a time; a negative number is no limit.")
    ] = DEFAULT_CONCURRENCY,
    prepaid: Annotated[
        bool, typer.Option("--prepaid", help="Refuse requests that its credits do not cover.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Create an account and print its id."""
    with database(data_dir) as opened:
        units = None if concurrency < 0 else concurrency
        record = Accounts(opened).create(name, concurrency=units, prepaid=prepaid, actor=actor())
    typer.echo(record.id)


@app.command("list")
def list_accounts(data_dir: DataDir = None) -> None:
    """List all accounts with their credits."""
    table = Table("ID", "Name", "Created", "Concurrency", "Credits", "Spent", "State")
    with database(data_dir) as opened:
        ledger, offset = Ledger(opened), 0
        while True:
            records, total = Accounts(opened).page(limit=100, offset=offset)
            for record in records:
                balance = ledger.balance(record.id)
                table.add_row(
                    record.id,
                    record.name,
                    moment(record.created_at),
                    "no limit" if record.concurrency is None else str(record.concurrency),
                    f"{balance.credits:,}" + (" prepaid" if record.prepaid else ""),
                    f"{balance.spent:,}",
                    "suspended" if record.suspended_at else "active",
                )
            offset += len(records)
            if offset >= total:
                break
    show(table)


@app.command()
def change(
    which: _Which,
    name: Annotated[str | None, typer.Option(help="A new name.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Requests at a time; a negative number is no limit.")
    ] = None,
    prepaid: Annotated[
        bool | None, typer.Option(help="Refuse requests that its credits do not cover.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Change what is given."""
    given = {"name": name, "concurrency": concurrency, "prepaid": prepaid}
    changes: dict[str, Any] = {f: value for f, value in given.items() if value is not None}
    if concurrency is not None and concurrency < 0:
        changes["concurrency"] = None
    _change(which, changes, data_dir)


@app.command()
def suspend(which: _Which, data_dir: DataDir = None) -> None:
    """Stop all keys of an account within a second; nothing is deleted."""
    _change(which, {"suspended": True}, data_dir)


@app.command()
def resume(which: _Which, data_dir: DataDir = None) -> None:
    """Let a suspended account go on."""
    _change(which, {"suspended": False}, data_dir)


@app.command()
def credit(
    which: _Which,
    amount: Annotated[int, typer.Option(help="Credits; negative only for an adjustment.")],
    reason: Annotated[str, typer.Option(help="Why; for the ledger.")],
    kind: Annotated[str, typer.Option(help="top_up, bonus or adjustment.")] = "top_up",
    reference: Annotated[
        str | None, typer.Option(help="An outside id, such as an invoice; works only once.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Give credits to an account, or take some back, and print its balance."""
    granted: Grant = kind  # type: ignore[assignment]  # checked by the ledger
    with database(data_dir) as opened:
        record = Accounts(opened).get(which)
        balance = Ledger(opened).grant(
            record.id, amount, kind=granted, reason=reason, actor=actor(), reference=reference
        )
    typer.echo(balance.credits)


@app.command()
def audit(
    target: Annotated[
        str | None, typer.Option(help="Only what was done to key:<id> or account:<id>.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Entries, the newest.")] = 50,
    data_dir: DataDir = None,
) -> None:
    """Show what administrators did, newest first, one JSON object a line."""
    with database(data_dir) as opened:
        for entry in audit_page(opened, target=target, limit=limit).entries:
            shown = {
                "created_at": entry.created_at,
                "actor": entry.actor,
                "action": entry.action,
                "target": entry.target,
                "before": entry.before,
                "after": entry.after,
            }
            typer.echo(json.dumps(shown, default=str, ensure_ascii=False))


def _change(which: str, changes: dict[str, Any], data_dir: DataDir) -> None:
    with database(data_dir) as opened:
        record = Accounts(opened).change(which, changes, actor=actor())
    typer.echo(f"Changed {record.name}.", err=True)
