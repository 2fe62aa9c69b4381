"""``groundswell jobs``."""

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from groundswell.cli.opening import DataDir, database, moment, show
from groundswell.errors import InvalidInput
from groundswell.jobs.book import JobBook
from groundswell.jobs.job import STATES, Job

app = typer.Typer(no_args_is_help=True)

_Which = Annotated[str, typer.Argument(help="Id of the job.")]
_WATCH_SECONDS = 0.5


@app.command("list")
def list_jobs(
    state: Annotated[str | None, typer.Option(help=f"One of {', '.join(STATES)}.")] = None,
    kind: Annotated[str | None, typer.Option(help="For example tts.")] = None,
    account: Annotated[str | None, typer.Option(help="Id of an account.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 50,
    data_dir: DataDir = None,
) -> None:
    """List jobs, newest first."""
    chosen = next((each for each in STATES if each == state), None)
    if state is not None and chosen is None:
        raise InvalidInput(f"state must be one of {', '.join(STATES)}.")
    table = Table("ID", "Kind", "State", "Progress", "Created", "Ended", "Account")
    with database(data_dir) as opened:
        jobs, total = JobBook(opened).page(
            account_id=account, kind=kind, state=chosen, limit=limit, offset=0
        )
        for job in jobs:
            table.add_row(
                job.id,
                job.kind,
                job.state,
                f"{job.progress:.0%}",
                moment(job.created_at),
                moment(job.ended_at) if job.ended else "",
                job.account_id,
            )
    show(table)
    if total > len(jobs):
        typer.echo(f"{len(jobs)} of {total}; --limit shows more.", err=True)


@app.command("show")
def show_job(which: _Which, data_dir: DataDir = None) -> None:
    """Show a job, as JSON."""
    with database(data_dir) as opened:
        fields = asdict(JobBook(opened).get(which))
    typer.echo(json.dumps(fields, default=str, ensure_ascii=False, indent=1))


@app.command()
def cancel(which: _Which, data_dir: DataDir = None) -> None:
    """Ask the server to end a job; it does within seconds, or when it is started."""
    with database(data_dir) as opened:
        book = JobBook(opened)
        job = book.get(which)
        book.ask_to_cancel(which)
    done = f"had ended: {job.state}" if job.ended else "is being cancelled"
    typer.echo(f"Job {which} {done}.", err=True)


@app.command()
def watch(which: _Which, data_dir: DataDir = None) -> None:
    """Show a job's progress until it ends; the exit status says whether it was completed."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with database(data_dir) as opened, Progress(*columns, TimeElapsedColumn()) as bar:
        book = JobBook(opened)
        job = book.get(which)
        shown = bar.add_task(_described(job), total=1.0)
        while True:
            bar.update(shown, completed=job.progress, description=_described(job))
            if job.ended:
                break
            time.sleep(_WATCH_SECONDS)
            job = book.get(which)
    if job.state != "completed":
        typer.echo(job.error or job.state, err=True)
        raise typer.Exit(1)


def _described(job: Job) -> str:
    return f"{job.kind} {job.stage or job.state}"
