"""``groundswell webhooks``."""

from typing import Annotated

import typer
from rich.table import Table

from groundswell.accounts.accounts import Accounts
from groundswell.cli.opening import DataDir, database, moment, show
from groundswell.errors import InvalidInput
from groundswell.jobs.webhooks.endpoints import Endpoints
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.tracking import STATES, Tracking

app = typer.Typer(no_args_is_help=True)

_Account = Annotated[str, typer.Option(help="Id or name of the account.")]


@app.command("list")
def list_webhooks(account: _Account = "default", data_dir: DataDir = None) -> None:
    """List an account's webhooks, and what is the matter with them."""
    table = Table("ID", "URL", "Events", "Created", "State")
    with database(data_dir) as opened:
        account_id = Accounts(opened).get(account).id
        for endpoint in Endpoints(opened, Seal(None)).all(account_id):
            state = "enabled"
            if endpoint.failing_since:
                state = f"failing since {moment(endpoint.failing_since)}"
            if endpoint.disabled_at:
                state = f"disabled {moment(endpoint.disabled_at)}: {endpoint.disabled_reason}"
            events = ", ".join(endpoint.events)
            table.add_row(endpoint.id, endpoint.url, events, moment(endpoint.created_at), state)
    show(table)


@app.command()
def deliveries(
    account: _Account = "default",
    status: Annotated[str | None, typer.Option(help=f"One of {', '.join(STATES)}.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 50,
    data_dir: DataDir = None,
) -> None:
    """List an account's deliveries, newest first."""
    if status not in (None, *STATES):
        raise InvalidInput(f"status must be one of {', '.join(STATES)}.")
    table = Table("ID", "Event", "webhook-id", "URL", "State", "Attempts", "Created")
    with database(data_dir) as opened:
        account_id = Accounts(opened).get(account).id
        tracking = Tracking(opened)
        found, total = tracking.page(account_id, state=status, size=limit)
        for one in found:
            created, attempts = moment(one.created_at), str(one.attempts)
            table.add_row(
                one.id, one.event_type, one.event_id, one.url, one.state, attempts, created
            )
    show(table)
    if total > len(found):
        typer.echo(f"{len(found)} of {total}; --limit shows more.", err=True)


@app.command()
def enable(
    which: Annotated[str, typer.Argument(help="Id of the webhook.")],
    account: _Account = "default",
    data_dir: DataDir = None,
) -> None:
    """Send to a disabled webhook again; what was given up meanwhile can be replayed."""
    with database(data_dir) as opened:
        account_id = Accounts(opened).get(account).id
        Endpoints(opened, Seal(None)).enable(account_id, which)
    typer.echo(f"Enabled {which}.", err=True)


@app.command()
def replay(
    which: Annotated[str, typer.Argument(help="Id of a delivery, or a webhook-id.")],
    account: _Account = "default",
    data_dir: DataDir = None,
) -> None:
    """Let the server send something once more, with the same webhook-id."""
    with database(data_dir) as opened:
        account_id = Accounts(opened).get(account).id
        for delivery in Tracking(opened).replay(account_id, which):
            typer.echo(delivery)
