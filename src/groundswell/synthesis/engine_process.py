"""The engine in a process of its own, as the server sees it.

The server plans text and hands over one segment ahead of the one being spoken; ``engine_child``
owns the model and the schedule. If the process ends, what it spoke fails, and another is started.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from groundswell.errors import (
    EngineUnavailable,
    GroundswellError,
    SynthesisCancelled,
    SynthesisFailed,
    TooBusy,
)
from groundswell.synthesis.engine import EngineWatcher
from groundswell.synthesis.messages import (
    LENGTH,
    Begin,
    Broken,
    Close,
    ForgetVoice,
    FromEngine,
    Halt,
    More,
    Open,
    Over,
    Ready,
    Refused,
    Sound,
    State,
    Taken,
    ToEngine,
    Unable,
    Voice,
    Wants,
    pack,
    unpack,
)
from groundswell.synthesis.schedule import Report
from groundswell.synthesis.utterance import Frames, Utterance
from groundswell.text.plan import Segment

READY = "ready"

_VOICES_KEPT = 64
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
"""Seconds before another start, doubled after each process that does not hold."""
_HOLDS_SECONDS = 60.0
"""A process that was ready for so long is no part of a series of crashes."""
_USUAL_START_SECONDS = 5.0
_LEAVE_SECONDS = 5.0
_READ_BYTES = 1 << 20
_STOPPING = "The server is stopping."


class EngineProcess:
    """Runs the engine process, and another when one ends.

    Args:
        models_dir: folder of model files.
        threads: inference threads.
        streams: streams that may be open at once.
        patience: seconds in which a listener must be heard, or is refused.
        watcher: is told what happens.
    """

    def __init__(
        self,
        models_dir: Path,
        *,
        threads: int,
        streams: int = 64,
        patience: float = 2.0,
        watcher: EngineWatcher | None = None,
    ) -> None:
        self._begin = Begin(models_dir, threads, streams, patience)
        self.watcher = watcher or EngineWatcher()
        self._status = "not started"
        self._report = Report()
        self._present: set[_Stream] = set()
        self._open: dict[int, _Stream] = {}
        self.numbers = itertools.count(1)
        self._idle = asyncio.Event()
        self._idle.set()
        self._changed = asyncio.Event()
        self._stopping = False
        self._keeping: asyncio.Task[None] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._voices: OrderedDict[int, Voice] = OrderedDict()
        self._start_seconds = _USUAL_START_SECONDS
        self._next_start = 0.0

    @property
    def status(self) -> str:
        """``ready``, or what is the matter."""
        return self._status

    @property
    def report(self) -> Report:
        """What the engine is doing; empty while there is none."""
        return self._report

    @property
    def pid(self) -> int | None:
        """The engine's process, if one is running."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Begin to keep an engine process running."""
        self._status = "loading"
        self._keeping = asyncio.create_task(self._keep())

    async def settled(self) -> str:
        """Wait until the engine is ready or has failed; return the status."""
        while self._status == "loading":
            self._changed.clear()
            await self._changed.wait()
        return self._status

    def check(self) -> None:
        """Return if the engine can speak.

        Raises:
            SynthesisCancelled: the engine is stopping.
            EngineUnavailable: it is being started.
        """
        if self._stopping:
            raise SynthesisCancelled(_STOPPING)
        if self._status != READY:
            raise self._unavailable("The speech engine is not ready")

    def stream(
        self, utterance: Utterance, *, owner: str = "", live: bool = True, dry: float | None = None
    ) -> "_Stream":
        """Speak; see ``Engine.stream``."""
        return _Stream(self, utterance, owner=owner, live=live, dry=dry)

    async def close(self, grace: float) -> None:
        """Let open streams finish for up to ``grace`` seconds, then cancel them and end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._idle.wait()
        self._stopping = True
        self._fail_all(SynthesisCancelled(_STOPPING))
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        self._status = "stopped"

    # Streams

    def arrive(self, stream: "_Stream") -> None:
        """A stream is about to be planned: a stop waits for it from now on."""
        self.check()
        self._present.add(stream)
        self._idle.clear()

    def enter(self, stream: "_Stream", opening: Segment) -> int:
        """Hand a stream to the engine; returns its number."""
        self.check()
        number = next(self.numbers)
        self._open[number] = stream
        utterance = stream.utterance
        self.send(
            Open(
                number,
                self._voice(utterance),
                stream.owner,
                stream.live,
                stream.arrived,
                stream.dry,
                utterance.characters,
                opening,
                utterance.speed,
                utterance.lead,
            )
        )
        return number

    def leave(self, stream: "_Stream") -> None:
        """Nothing more comes for a stream."""
        if stream.number is not None:
            self._open.pop(stream.number, None)

    def depart(self, stream: "_Stream") -> None:
        """The reader of a stream has all it will have: a stop need not wait for it any more."""
        self._present.discard(stream)
        if not self._present:
            self._idle.set()

    def send(self, message: ToEngine) -> None:
        """Send a message; one to an engine that has just ended is lost with it."""
        if self._writer is not None:
            self._writer.write(pack(message))

    def _voice(self, utterance: Utterance) -> int:
        key = id(utterance.voice)
        voice = self._voices.get(key)
        if voice is None:
            if len(self._voices) >= _VOICES_KEPT:
                self.send(ForgetVoice(self._voices.popitem(last=False)[1].voice))
            # Kept here too: an object that is alive shares its id with no other.
            voice = Voice(next(self.numbers), utterance.voice)
            self._voices[key] = voice
            self.send(voice)
        self._voices.move_to_end(key)
        return voice.voice

    def _fail_all(self, error: GroundswellError) -> None:
        for stream in list(self._open.values()):
            stream.fail(error)

    def _unavailable(self, what: str) -> EngineUnavailable:
        wait = max(0.0, self._next_start - time.monotonic()) + self._start_seconds
        return EngineUnavailable(f"{what}; try again in a few seconds.", retry_after=wait)

    # The process

    async def _keep(self) -> None:
        """Keep a process running, with growing pauses while none holds."""
        pause = 0.0
        while True:
            ready_at = None
            try:
                ready_at, problem = await self._run()
            except OSError as error:
                problem = f"cannot be started: {error}"
            held = ready_at is not None and time.monotonic() - ready_at >= _HOLDS_SECONDS
            pause = 0.0 if held else min(_LONGEST_PAUSE, max(_FIRST_PAUSE, pause * 2))
            self._next_start = time.monotonic() + pause
            self._set_status(problem)
            self._fail_all(self._unavailable("The speech engine ended unexpectedly"))
            await asyncio.sleep(pause)

    async def _run(self) -> tuple[float | None, str]:
        """Run one process; returns when it was ready, if ever, and how it ended."""
        began = time.monotonic()
        ready_at = None
        problem = ""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.to_thread(_start, theirs)
        reader, self._writer = await asyncio.open_unix_connection(sock=ours, limit=_READ_BYTES)
        try:
            self.send(self._begin)
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    size = LENGTH.unpack(await reader.readexactly(LENGTH.size))[0]
                    message: FromEngine = unpack(await reader.readexactly(size))
                    match message:
                        case Ready():
                            ready_at = time.monotonic()
                            self._start_seconds = ready_at - began
                            if self._status != "loading":
                                self.watcher.restarted()
                            self._set_status(READY)
                        case Unable():
                            problem = message.problem
                        case _:
                            self._handle(message)
        finally:
            code = await asyncio.shield(self._end())
        return ready_at, problem or f"restarting: the engine process ended ({_reason(code)})"

    async def _end(self) -> int:
        """Close our end and wait for the process, which then leaves by itself."""
        assert self._writer is not None
        assert self._process is not None
        self._writer.close()
        self._writer = None
        self._voices.clear()
        self._report = Report()
        code = await asyncio.to_thread(_reap, self._process)
        self._process = None
        return code

    def _set_status(self, status: str) -> None:
        self._status = status
        self._changed.set()

    def _handle(self, message: FromEngine) -> None:
        if isinstance(message, State):
            self._report = message.report
            return
        if isinstance(message, Ready | Unable):
            return
        stream = self._open.get(message.stream)
        match message:
            case Sound():
                audio = message.frames.seconds
                self.watcher.unit(audio, message.work, message.late)
                if stream is None:
                    self.watcher.discarded(audio)
                else:
                    stream.hear(message.frames)
            case Wants() if stream is not None:
                stream.supply()
            case Over() if stream is not None:
                stream.fail(None)
            case Refused():
                self.watcher.refused()
                if stream is not None:
                    text = "The server is at capacity: it would not be heard without gaps."
                    stream.fail(TooBusy(text, retry_after=message.retry_after))
            case Broken() if stream is not None:
                stream.fail(SynthesisFailed(message.problem))
            case _:
                pass


class _Stream:
    """One stream in the server; see ``SpeechStream``."""

    def __init__(
        self,
        engine: EngineProcess,
        utterance: Utterance,
        *,
        owner: str,
        live: bool,
        dry: float | None,
    ) -> None:
        self.utterance, self.owner, self.live, self.dry = utterance, owner, live, dry
        self.arrived = time.monotonic()
        self._engine = engine
        self._segments: Iterator[Segment] = iter(utterance.segments)
        self.number: int | None = None
        self._made: deque[Frames] = deque()
        self._ended = False
        self._error: GroundswellError | None = None
        self._news = asyncio.Event()
        self._planning: asyncio.Task[None] | None = None

    def __aiter__(self) -> "_Stream":
        """The stream itself."""
        return self

    async def __anext__(self) -> Frames:
        """Wait for the next frames."""
        if self.number is None and not self._ended:
            try:
                await self._begin()
            except BaseException:
                self.fail(None)
                self._engine.depart(self)
                raise
        while not self._made:
            if self._ended:
                self._finish()
            self._news.clear()
            await self._news.wait()
        frames = self._made.popleft()
        if not self._ended and self.number is not None:
            self._engine.send(Taken(self.number, frames.seconds))
        return frames

    def halt(self) -> None:
        """Begin no further segment."""
        self._segments = iter(())
        if self.number is not None and not self._ended:
            self._engine.send(Halt(self.number))

    async def aclose(self) -> None:
        """Drop what is left."""
        if self.number is not None and not self._ended:
            self._engine.send(Close(self.number))
        self.fail(None)
        self._engine.depart(self)
        for frames in self._made:
            self._engine.watcher.discarded(frames.seconds)
        self._made.clear()
        if self._planning is not None:
            self._planning.cancel()

    def hear(self, frames: Frames) -> None:
        """Take frames from the engine."""
        self._made.append(frames)
        self._news.set()

    def fail(self, error: GroundswellError | None) -> None:
        """End, with an error or in peace; what was made before is delivered first."""
        self._engine.leave(self)
        self._ended = True
        self._error = error
        self._news.set()

    def supply(self) -> None:
        """Plan the next segment and hand it over."""
        self._planning = asyncio.create_task(self._plan_next())

    async def _begin(self) -> None:
        self._engine.arrive(self)
        opening = await self._plan()
        if opening is None:  # halted before it began
            self.fail(None)
        elif not self._ended:
            self.number = self._engine.enter(self, opening)

    async def _plan_next(self) -> None:
        assert self.number is not None
        try:
            segment = await self._plan()
        except Exception as error:
            if not self._ended:
                self._engine.send(Close(self.number))
                if not isinstance(error, GroundswellError):
                    error = SynthesisFailed(f"{type(error).__name__}: {error}")
                self.fail(error)
            return
        if not self._ended:
            self._engine.send(More(self.number, segment))

    async def _plan(self) -> Segment | None:
        segments = self._segments
        return await asyncio.to_thread(next, segments, None)

    def _finish(self) -> NoReturn:
        self._engine.depart(self)
        error, self._error = self._error, None
        raise error or StopAsyncIteration


def _start(end: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = end.fileno()
    command = [sys.executable, "-X", "faulthandler", "-m", "groundswell.synthesis.engine_child"]
    return subprocess.Popen(  # noqa: S603
        [*command, str(descriptor)],
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        # BLAS's threads go on spinning after a product, and the vocoder waits for the cores: 40 ms.
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


def _reap(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(_LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _reason(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"
