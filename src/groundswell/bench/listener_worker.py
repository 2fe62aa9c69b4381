"""A process that listens: many streams at once, nothing but reading, timing and counting.

The bench talks to it in lines of JSON: one ``Plan`` in, one ``Answer`` out. It decodes no sound,
only counts its bytes; and it measures how late its own event loop runs, because an arrival that is
read late looks like silence that nobody heard.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from groundswell.bench.playback import Player

SOCKET_PATH = "/waves/v1/tts/live"
OPENAI_PATH = "/v1/audio/speech"
RATE = 24_000
_BYTES_PER_SECOND = 2 * RATE
_TICK_SECONDS = 0.01
_PATIENCE_SECONDS = 600.0


@dataclass(slots=True)
class Listener:
    """One who wants to hear a text.

    Attributes:
        starts: seconds after the start of the run at which it asks.
        text: what it wants to hear.
        voice: in this voice.
        hears: seconds of sound after which it leaves; ``None`` stays to the end.
    """

    starts: float
    text: str
    voice: str
    hears: float | None = None


@dataclass(slots=True)
class Plan:
    """One run.

    Attributes:
        url: base URL of the server.
        key: its API key.
        speech: whether its way of streaming is a socket of ours or OpenAI's HTTP (the peer).
        listeners: who listens.
        until_gap: whether the run ends at the first gap or error, because that decided it.
        seconds: when the run ends at the latest; who still listens then just leaves.
    """

    url: str
    key: str
    speech: str
    listeners: list[Listener]
    until_gap: bool
    seconds: float


@dataclass(slots=True)
class Heard:
    """What became of a listener; times are seconds after the start of the run.

    Attributes:
        asked: when its request was sent.
        connecting: seconds that opening the connection took before that.
        arrivals: time and seconds of sound of each frame.
        error: what the server said against it, if it did.
        retry_after: seconds, if the server refused it with such advice.
        finished: whether all sound that it wanted came.
    """

    asked: float = 0.0
    connecting: float = 0.0
    arrivals: list[tuple[float, float]] = field(default_factory=list)
    error: str | None = None
    retry_after: float | None = None
    finished: bool = False


@dataclass(slots=True)
class Answer:
    """A finished run.

    Attributes:
        heard: of each listener, in the plan's order.
        lags: how late the event loop was, in seconds, about a hundred times a second.
        cpu: CPU seconds of this process.
        seconds: length of the run.
    """

    heard: list[Heard]
    lags: list[float]
    cpu: float
    seconds: float


class Refused(Exception):
    """The server said no."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


async def run(plan: Plan) -> Answer:
    """Let all listen."""
    began, cpu = time.perf_counter(), time.process_time()
    heard = [Heard() for _ in plan.listeners]
    lags: list[float] = []
    watch = asyncio.create_task(_watch_lag(lags))
    decided = asyncio.Event()
    tasks = [
        asyncio.create_task(_listen(plan, listener, found, began, decided))
        for listener, found in zip(plan.listeners, heard, strict=True)
    ]
    everybody = asyncio.create_task(_await_all(tasks, decided))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(plan.seconds):
            await decided.wait()
    seconds = time.perf_counter() - began
    for task in (watch, everybody, *tasks):
        task.cancel()
    for result in await asyncio.gather(everybody, *tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
    return Answer(heard, lags, time.process_time() - cpu, seconds)


async def _await_all(tasks: list[asyncio.Task[None]], decided: asyncio.Event) -> None:
    try:
        await asyncio.gather(*tasks)
    finally:
        decided.set()


async def _listen(
    plan: Plan, listener: Listener, heard: Heard, began: float, decided: asyncio.Event
) -> None:
    player = Player()
    frames = _socket_frames if plan.speech == "socket" else _openai_frames
    await asyncio.sleep(max(0.0, began + listener.starts - time.perf_counter()))
    try:
        async with contextlib.aclosing(frames(plan, listener, heard, began)) as sounds:
            async for size in sounds:
                at, seconds = time.perf_counter() - began, size / _BYTES_PER_SECOND
                heard.arrivals.append((at, seconds))
                player.feed(at, seconds)
                if player.gaps and plan.until_gap:
                    decided.set()
                if listener.hears is not None and player.delivered >= listener.hears:
                    break
        heard.finished = True
    except Refused as refusal:
        heard.error, heard.retry_after = str(refusal), refusal.retry_after
    except (OSError, WebSocketException, httpx.HTTPError) as error:
        heard.error = f"{type(error).__name__}: {error}"
    if heard.error and plan.until_gap:
        decided.set()


async def _socket_frames(
    plan: Plan, listener: Listener, heard: Heard, began: float
) -> AsyncGenerator[int, None]:
    """Yield the bytes of sound of each frame of a socket."""
    opening = time.perf_counter()
    try:
        socket = await connect(
            f"{plan.url.replace('http', 'ws', 1)}{SOCKET_PATH}?timeout=900",
            additional_headers={"Authorization": f"Bearer {plan.key}"},
            compression=None,
            max_size=None,
            open_timeout=60,
            close_timeout=1,
            ping_interval=None,
        )
    except InvalidStatus as error:
        advice = error.response.headers.get("Retry-After")
        raise Refused(f"HTTP {error.response.status_code}", _number(advice)) from error
    async with socket:
        heard.connecting = time.perf_counter() - opening
        message = {"text": listener.text, "voice_id": listener.voice, "sample_rate": RATE}
        heard.asked = time.perf_counter() - began
        await socket.send(json.dumps(message | {"language": "en"}))
        async for raw in socket:
            frame: dict[str, Any] = json.loads(raw)
            if frame["status"] == "chunk":
                audio = frame["data"]["audio"]
                yield len(audio) * 3 // 4 - audio[-2:].count("=")
            elif frame["status"] == "error":
                raise Refused(frame["message"], _number(frame["error"].get("retry_after")))
            elif frame["status"] == "complete":
                return
        raise Refused("The socket closed before its stream was complete.")


async def _openai_frames(
    plan: Plan, listener: Listener, heard: Heard, began: float
) -> AsyncGenerator[int, None]:
    """Yield the bytes of sound of each chunk of a streamed HTTP answer."""
    opening = time.perf_counter()
    async with httpx.AsyncClient(base_url=plan.url, timeout=_PATIENCE_SECONDS) as client:
        await client.get("/v1/models")  # a connection that is open, as with the socket
        heard.connecting = time.perf_counter() - opening
        body = {"input": listener.text, "voice": listener.voice, "lang": "en-us"}
        heard.asked = time.perf_counter() - began
        async with client.stream(
            "POST", OPENAI_PATH, json=body | {"response_format": "pcm", "stream": True}
        ) as answer:
            if answer.status_code != 200:
                advice = answer.headers.get("Retry-After")
                raise Refused(f"HTTP {answer.status_code}", _number(advice))
            async for chunk in answer.aiter_raw():
                yield len(chunk)


async def _watch_lag(lags: list[float]) -> None:
    while True:
        due = time.perf_counter() + _TICK_SECONDS
        await asyncio.sleep(_TICK_SECONDS)
        lags.append(time.perf_counter() - due)


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def main() -> None:
    """Answer plans from stdin until it ends."""
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            document = json.loads(line)
            listeners = [Listener(**entry) for entry in document.pop("listeners")]
            answer = runner.run(run(Plan(**document, listeners=listeners)))
            sys.stdout.write(json.dumps(asdict(answer)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
