"""``groundswell bench``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.bench.parts import Part

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
Parts = Annotated[
    list[Part], typer.Option("--part", help="Only this part; may be given more than once.")
]
Seconds = Annotated[
    float, typer.Option(min=5, max=240, help="How long concurrent streams may hear no gap.")
]
Beside = Annotated[
    bool, typer.Option("--fastkokoro", help="Measure the fastkokoro server too (installs it).")
]
Cases = Annotated[Path, typer.Option(help="Folder of the repository's cases.")]

_OUTPUT = Path("bench-results")
_FULL = {"sentences": None, "voices": 24, "rounds": 12, "requests": 200, "rows": 1_000_000}
_LOAD_SECONDS, _LOAD_ROUNDS, _SOAK_REQUESTS = 180.0, 7, 2000
_ALL_LOAD_SECONDS, _ALL_LOAD_ROUNDS = 60.0, 5


@app.callback()
def bench() -> None:
    """Measure a real server: load, quality, cost, memory, streaming."""


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
def load(
    parts: Parts = [],  # noqa: B006 - how typer spells an option that may be missing
    seconds: Seconds = _LOAD_SECONDS,
    rounds: Rounds = _LOAD_ROUNDS,
    fastkokoro: Beside = False,
    url: Url = None,
    key: Key = None,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Listen in real time: first audio, gaps of many streams at once, speech from a CPU second."""
    name = "load" + "".join(f" --part {part}" for part in parts)
    name += f" --seconds {seconds:g}" * (seconds != _LOAD_SECONDS)
    name += f" --rounds {rounds}" * (rounds != _LOAD_ROUNDS) + " --fastkokoro" * fastkokoro
    _run(
        name,
        lambda: _load(parts, seconds, rounds, fastkokoro, url, key),
        output,
        write_docs,
        strict,
    )


@app.command()
def soak(
    requests: Requests = _SOAK_REQUESTS,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Thousands of requests over every transport, many left half-way: what is left behind."""
    name = "soak" + f" --requests {requests}" * (requests != _SOAK_REQUESTS)
    _run(name, lambda: _soak(requests), output, write_docs, strict)


@app.command()
def text(
    cases: Cases = Path("tests/text"),
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Speed of text plans, accuracy of spoken forms, homographs."""
    _run("text", lambda: _text(cases), output, write_docs, strict)


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


@app.command()
def windows(
    texts: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """What speaking in windows costs in sound, beside the same sentences whole in float32."""
    name = "windows" + f" --texts {texts}" * (texts is not None)
    _run(name, lambda: _windows(texts), output, write_docs, strict)


@app.command()
def webhooks(
    events: Annotated[int, typer.Option(min=10, help="Events on each database.")] = 10_000,
    kills: Annotated[int, typer.Option(min=1, help="Processes killed on each database.")] = 50,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """Webhooks to a receiver that fails half the time, speech beside them, and what kills do."""
    full = (events, kills) == (10_000, 50)
    name = "webhooks" if full else f"webhooks --events {events} --kills {kills}"
    _run(name, lambda: _webhooks(events, kills), output, write_docs, strict)


@app.command()
def jobs(
    minutes: Annotated[float, typer.Option(min=0.1, help="Length of the long text.")] = 60.0,
    kills: Annotated[int, typer.Option(min=1, help="Workers killed on each database.")] = 60,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """A long text as a job: memory and time; and what kills leave of jobs."""
    full = (minutes, kills) == (60.0, 60)
    name = "jobs" if full else f"jobs --minutes {minutes:g} --kills {kills}"
    _run(name, lambda: _jobs(minutes, kills), output, write_docs, strict)


@app.command()
def cloning(
    speech: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="A folder for each speaker.")
    ],
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """How like their speakers clones sound, and how long making them takes."""
    _run("cloning", lambda: _cloning(speech), output, write_docs, strict)


@app.command("all")
def everything(
    sentences: Sentences = None,
    voices: Voices = 24,
    rounds: Rounds = 12,
    requests: Requests = 200,
    fastkokoro: Beside = False,
    output: Output = _OUTPUT,
    write_docs: WriteDocs = None,
    strict: Strict = False,
) -> None:
    """All of it but streaming and soak, one after another; the load for one minute."""

    def work() -> "list[Section]":
        return [
            *_load([], _ALL_LOAD_SECONDS, _ALL_LOAD_ROUNDS, fastkokoro, None, None),
            *_cost(rounds),
            *_quality(None, None, sentences, voices),
            *_memory(requests),
        ]

    name = _named("all", sentences=sentences, voices=voices, rounds=rounds, requests=requests)
    name += " --fastkokoro" * fastkokoro
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


def _load(
    parts: list[Part],
    seconds: float,
    rounds: int,
    fastkokoro: bool,
    url: str | None,
    key: str | None,
) -> "list[Section]":
    from groundswell.bench import load

    return load.measure(
        parts,
        seconds=seconds,
        rounds=rounds,
        beside_fastkokoro=fastkokoro,
        url=url,
        key=key,
    )


def _soak(requests: int) -> "list[Section]":
    from groundswell.bench import soak
    from groundswell.bench.subject import started

    with started() as server:
        return [soak.measure(server, requests=requests)]


def _streaming(rounds: int) -> "list[Section]":
    from groundswell.bench import streaming
    from groundswell.bench.subject import started

    with started() as server:
        return [streaming.measure(server, rounds=rounds)]


def _text(cases: Path) -> "list[Section]":
    from groundswell.bench import text

    return [text.measure(cases=cases)]


def _accounts(rounds: int, kills: int) -> "list[Section]":
    from groundswell.bench import admissions

    return [admissions.measure(rounds=rounds, kills=kills)]


def _windows(texts: int | None) -> "list[Section]":
    from groundswell.bench import windows

    return [windows.measure(texts=texts)]


def _webhooks(events: int, kills: int) -> "list[Section]":
    from groundswell.bench import webhooks

    return [webhooks.measure(events=events, kills=kills)]


def _jobs(minutes: float, kills: int) -> "list[Section]":
    from groundswell.bench import jobs

    return [jobs.measure(minutes=minutes, kills=kills)]


def _cloning(speech: Path) -> "list[Section]":
    from groundswell.bench import cloning

    return [cloning.measure(speech=speech)]


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
