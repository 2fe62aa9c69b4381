"""``groundswell bench``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from groundswell.bench.tables import Section

app = typer.Typer(no_args_is_help=True)

Output = Annotated[Path, typer.Option("--output", help="Folder of the JSON results.")]
WriteDocs = Annotated[
    Path | None,
    typer.Option(
        "--write-docs", help="Also refresh the marked tables of the pages in this folder."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when a target is missed.")]
Url = Annotated[str | None, typer.Option(help="Measure this running server instead of an own one.")]
Key = Annotated[str | None, typer.Option(help="A key of the server at --url.")]
Sentences = Annotated[
    int | None, typer.Option(min=1, help="Only the first so many sentences of each language.")
]
Voices = Annotated[int, typer.Option(min=2, help="Voices whose loudness is measured.")]
Rounds = Annotated[int, typer.Option(min=1, help="Requests of each format.")]
Rows = Annotated[int, typer.Option(min=1000, help="Entries of the account that is asked for.")]
Requests = Annotated[int, typer.Option(min=4, help="Requests in a row.")]

_OUTPUT = Path("bench-results")
_FULL = {"sentences": None, "voices": 24, "rounds": 12, "requests": 200, "rows": 1_000_000}


@app.callback()
def bench() -> None:
    """Measure a real server: quality, cost, memory, streaming."""


@app.command()
def quality(
    url: Url = None,
    key: Key = None,
    sentences: Sentences = None,
    voices: Voices = 24,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Word error rates beside plain kokoro-onnx, loudness of the voices, sameness of bytes."""
    _run(
        _named("quality", sentences=sentences, voices=voices),
        lambda: _quality(url, key, sentences, voices),
        output,
        write_docs,
        strict,
    )


@app.command()
def cost(
    rounds: Rounds = 12,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """CPU of a request beside the model's own, and where it goes."""
    _run(_named("cost", rounds=rounds), lambda: _cost(rounds), output, write_docs, strict)


@app.command()
def memory(
    requests: Requests = 200,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Resident memory over many mixed requests, and the time from start to ready."""
    _run(_named("memory", requests=requests), lambda: _memory(requests), output, write_docs, strict)


@app.command()
def streaming(
    rounds: Rounds = 30,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """What streaming adds to the first byte, what idle sockets cost, how true word times are."""
    _run("streaming", lambda: _streaming(rounds), output, write_docs, strict)


@app.command()
def usage(
    rows: Rows = 1_000_000,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """How fast logs, time series and the ledger answer when they are long."""
    _run(_named("usage", rows=rows), lambda: _usage(rows), output, write_docs, strict)


@app.command()
def accounts(
    rounds: Annotated[int, typer.Option(min=1, help="Requests of each of 50 clients.")] = 40,
    kills: Annotated[int, typer.Option(min=1, help="Processes killed on each database.")] = 100,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """What admission costs, whether limits are exact, what crashes leave of the ledger."""
    full = (rounds, kills) == (40, 100)
    name = "accounts" if full else f"accounts --rounds {rounds} --kills {kills}"
    _run(name, lambda: _accounts(rounds, kills), output, write_docs, strict)


@app.command("all")
def everything(
    sentences: Sentences = None,
    voices: Voices = 24,
    rounds: Rounds = 12,
    requests: Requests = 200,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """All of it, one after another."""

    def work() -> "list[Section]":
        return [*_cost(rounds), *_quality(None, None, sentences, voices), *_memory(requests)]

    name = _named("all", sentences=sentences, voices=voices, rounds=rounds, requests=requests)
    _run(name, work, output, write_docs, strict)


def _quality(
    url: str | None, key: str | None, sentences: int | None, voices: int
) -> "list[Section]":
    from groundswell.bench import loudness, quality
    from groundswell.bench.subject import subject

    with subject(url, key) as server:
        return [
            quality.measure(server, sentences=sentences),
            loudness.measure(server, voices=voices),
        ]


def _cost(rounds: int) -> "list[Section]":
    from groundswell.bench import cost
    from groundswell.bench.subject import started

    with started() as server:
        return [cost.measure(server, rounds=rounds)]


def _memory(requests: int) -> "list[Section]":
    from groundswell.bench import memory

    return [memory.measure(requests=requests)]


def _streaming(rounds: int) -> "list[Section]":
    from groundswell.bench import streaming
    from groundswell.bench.subject import started

    with started() as server:
        return [streaming.measure(server, rounds=rounds)]


def _accounts(rounds: int, kills: int) -> "list[Section]":
    from groundswell.bench import admissions

    return [admissions.measure(rounds=rounds, kills=kills)]


def _usage(rows: int) -> "list[Section]":
    from groundswell.bench import usage

    return [usage.measure(rows=rows)]


def _named(name: str, **sizes: int | None) -> str:
    """The command as results name it: with what makes a run smaller, without places and keys."""
    changed = (f" --{size} {value}" for size, value in sizes.items() if value != _FULL[size])
    return name + "".join(changed)


def _run(
    name: str,
    work: "Callable[[], list[Section]]",
    output: Path,
    write_docs: Path | None,
    strict: bool,
) -> None:
    from groundswell.bench import judges

    judges.require()
    from rich.console import Console

    from groundswell.bench import report
    from groundswell.bench.machine import Machine
    from groundswell.settings import settings
    from groundswell.synthesis.model_files import locate

    locate(settings().models_dir)
    machine, now, command = Machine.here(), report.today(), f"groundswell bench {name}"
    sections = work()
    console = Console(width=None if Console().is_terminal else 140)
    for section in sections:
        console.print(section.rich(), "")
    typer.echo(f"Written: {report.save(sections, machine, command, output, now)}", err=True)
    if write_docs is not None:
        for page in report.write_docs(sections, machine, command, write_docs, now):
            typer.echo(f"Written: {page}", err=True)
    if strict and not all(verdict.met for section in sections for verdict in section.verdicts):
        raise typer.Exit(1)
