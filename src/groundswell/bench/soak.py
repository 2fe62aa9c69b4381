"""A soak: thousands of short requests over every transport, many of them left at a random moment.

What must be so at the end: memory is flat, no stream is stuck, no socket or file is left open, and
the server speaks the same bytes as before.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from groundswell.bench.listener_worker import SOCKET_PATH
from groundswell.bench.memory import Course
from groundswell.bench.processes import MemoryMeter, Tree
from groundswell.bench.progress import bar
from groundswell.bench.sentences import corpora, phrases
from groundswell.bench.subject import SPEECH_PATH, Subject
from groundswell.bench.tables import Section, Table, Verdict

AT_ONCE = 4
MAX_SLOPE = 2.0
"""MiB per 100 requests over the last half."""
MAX_FILES = 5
"""File descriptors that may stay: a database connection, a log."""
_PATIENCE_SECONDS = 120.0
_SETTLE_SECONDS = 20.0
_MAX_REST_SECONDS = 5.0
_CANCELLED = 0.4
_GAUGES = ("tts_active_requests", "tts_queue_depth", "tts_open_sockets")
_PROBE = {"text": "Good morning, and thank you.", "voice_id": "af_heart", "language": "en"}


class Transport(StrEnum):
    """A way to ask for speech."""

    SYNC = "synchronous"
    CHUNKED = "chunked"
    EVENTS = "events"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the soak; it is left after ``leaves`` seconds, if that is given."""

    transport: Transport
    body: dict[str, Any]
    leaves: float | None


@dataclass(slots=True)
class Outcome:
    """What became of the requests so far.

    Attributes:
        counts: by transport and ending.
        memory: MiB after each request.
        failures: what went wrong, in words.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def measure(subject: Subject, *, requests: int = 2000) -> Section:
    """Soak a server that the bench started."""
    assert subject.pid is not None
    tree = Tree(subject.pid)
    before = subject.speak(**_PROBE)
    asyncio.run(_soak(subject, _mixed(AT_ONCE * 5), Outcome(), tree))  # loads what is loaded once
    files = _settled_files(subject, tree)
    outcome = Outcome()
    with MemoryMeter(subject.pid) as meter:
        start = meter.now()
        asyncio.run(_soak(subject, _mixed(requests), outcome, tree))
    left = _stuck(subject)
    after = subject.speak(**_PROBE)
    course = Course(start, outcome.memory, meter.peak)
    more_files = _settled_files(subject, tree) - files
    verdicts = (
        Verdict(
            "Growth of memory over the last half",
            f"{course.slope:+.2f} MiB per 100 requests",
            f"≤ {MAX_SLOPE:g}",
            course.slope <= MAX_SLOPE,
        ),
        Verdict("Stuck streams, queued work, open sockets", _listed(left), "none", not left),
        Verdict(
            "File descriptors and sockets left open",
            f"{more_files:+d}",
            f"≤ {MAX_FILES}",
            more_files <= MAX_FILES,
        ),
        Verdict(
            "Requests that failed (a refusal with Retry-After is none)",
            str(len(outcome.failures)),
            "0",
            not outcome.failures,
        ),
        Verdict(
            "The same request before and after",
            "the same bytes" if before == after else "other bytes",
            "the same bytes",
            before == after,
        ),
    )
    data = {
        "requests": requests,
        "before_mib": start,
        "after_mib": outcome.memory,
        "peak_mib": meter.peak,
        "slope_mib_per_100": course.slope,
        "outcomes": {" ".join(key): count for key, count in sorted(outcome.counts.items())},
        "failures": outcome.failures,
        "left": left,
        "more_files": more_files,
    }
    return Section("soak", (_outcomes(outcome), _memory(course)), verdicts, data)


def _mixed(count: int) -> list[Request]:
    """Make requests of every transport, many of them left; always the same ones."""
    dice = random.Random(2000)  # noqa: S311 - a fixed mixture, no secret
    return [_request(dice) for _ in range(count)]


def _request(dice: random.Random) -> Request:
    if dice.random() < 0.2:
        phrase = dice.choice(phrases())
        language, voice, text = phrase.language, phrase.voice, phrase.text
    else:
        corpus = dice.choice(corpora())
        language, voice = corpus.language, dice.choice(corpus.voices)
        words = dice.choice(corpus.lines).split()
        text = " ".join(words[: dice.choice((1, 4, len(words)))])
    body = {
        "text": text,
        "voice_id": voice,
        "language": language,
        "output_format": dice.choice(("pcm", "wav", "mp3", "ulaw")),
        "sample_rate": dice.choice((8000, 24_000, 44_100)),
    }
    # From before the first work to after the last byte: every state is left by some.
    leaves = dice.choice((0.0, dice.uniform(0, 0.3), dice.uniform(0, 3)))
    return Request(
        dice.choice(list(Transport)), body, leaves if dice.random() < _CANCELLED else None
    )


async def _soak(subject: Subject, requests: list[Request], outcome: Outcome, tree: Tree) -> None:
    todo: Iterator[Request] = bar(requests, "Soak")
    limits = httpx.Limits(max_keepalive_connections=AT_ONCE)
    headers = {"Authorization": f"Bearer {subject.key}"}
    async with httpx.AsyncClient(
        base_url=subject.url, headers=headers, limits=limits, timeout=_PATIENCE_SECONDS
    ) as client:

        async def work() -> None:
            for request in todo:
                ending = await _one(subject, client, request, outcome)
                outcome.counts[request.transport, ending] += 1
                outcome.memory.append(tree.memory())

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _one(
    subject: Subject, client: httpx.AsyncClient, request: Request, outcome: Outcome
) -> str:
    """Make a request; returns how it ended."""
    patience = _PATIENCE_SECONDS if request.leaves is None else request.leaves
    try:
        async with asyncio.timeout(patience):
            if request.transport is Transport.SOCKET:
                refusal = await _socket(subject, request.body)
            else:
                refusal = await _http(client, request.transport, request.body)
    except TimeoutError:
        if request.leaves is not None:
            return "left"
        refusal = f"nothing more for {_PATIENCE_SECONDS:g} s"
    except (OSError, httpx.HTTPError, WebSocketException) as error:
        refusal = f"{type(error).__name__}: {error}"
    if refusal is None:
        return "heard"
    if isinstance(refusal, float):
        await asyncio.sleep(min(refusal, _MAX_REST_SECONDS))
        return "refused"
    outcome.failures.append(f"{request.transport} {request.body}: {refusal}")
    return "failed"


async def _http(
    client: httpx.AsyncClient, transport: Transport, body: dict[str, Any]
) -> str | float | None:
    """Return ``None`` when all was heard, the advice of a refusal, or what went wrong."""
    streamed = {Transport.SYNC: {}, Transport.CHUNKED: {"stream": True}, Transport.EVENTS: {}}
    path = "/waves/v1/tts/live" if transport is Transport.EVENTS else SPEECH_PATH
    async with client.stream("POST", path, json=body | streamed[transport]) as answer:
        content = b"".join([part async for part in answer.aiter_raw()])
    if answer.status_code in {429, 503} and "Retry-After" in answer.headers:
        return float(answer.headers["Retry-After"])
    if answer.status_code != 200 or not content:
        return f"{answer.status_code} {content[:200]!r}"
    if transport is Transport.EVENTS and b'"status":"error"' in content:
        return repr(content[-300:])
    return None


async def _socket(subject: Subject, body: dict[str, Any]) -> str | float | None:
    async with connect(
        f"{subject.url.replace('http', 'ws', 1)}{SOCKET_PATH}",
        additional_headers={"Authorization": f"Bearer {subject.key}"},
        compression=None,
        max_size=None,
        close_timeout=1,
    ) as socket:
        await socket.send(json.dumps(body))
        async for raw in socket:
            frame: dict[str, Any] = json.loads(raw)
            if frame["status"] == "complete":
                return None
            if frame["status"] == "error":
                busy = frame["error"]["code"] == "TooManyRequests"
                return float(frame["error"].get("retry_after", 1)) if busy else frame["message"]
    return "the socket closed before its stream was complete"


def _stuck(subject: Subject) -> dict[str, float]:
    """Return the gauges that do not fall back to zero."""
    limit = time.monotonic() + _SETTLE_SECONDS
    while True:
        page = httpx.get(f"{subject.url}/metrics").text
        found = {
            name: float(value)
            for name in _GAUGES
            for value in re.findall(rf"^{name} (\S+)$", page, re.MULTILINE)
        }
        left = {name: value for name, value in found.items() if value}
        if not left or time.monotonic() > limit:
            return left
        time.sleep(0.5)


def _settled_files(subject: Subject, tree: Tree) -> int:
    _stuck(subject)
    time.sleep(1)
    return tree.files()


def _listed(left: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in left.items()) or "none"


def _outcomes(outcome: Outcome) -> Table:
    endings = ("heard", "left", "refused", "failed")
    rows = tuple(
        (name, *(str(outcome.counts[name, ending]) for ending in endings)) for name in Transport
    )
    columns = ("Transport", "Heard to the end", "Left", "Refused", "Failed")
    return Table(f"Requests, {AT_ONCE} at once", columns, rows)


def _memory(course: Course) -> Table:
    total = len(course.after)
    marks = sorted({max(1, round(total * part / 8)) for part in range(9)})
    rows = [("before", f"{course.before:.0f}")]
    rows += [(f"after {mark} requests", f"{course.after[mark - 1]:.0f}") for mark in marks]
    rows.append(("highest, sampled every 50 ms", f"{course.peak:.0f}"))
    return Table("Resident memory of the server and its children", ("When", "MiB"), tuple(rows))
