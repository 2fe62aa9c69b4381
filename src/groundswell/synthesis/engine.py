"""The engine: one owner of the model, many streams, the most urgent window first.

A stream is pulled: each unit of work is done only when the consumer asks for the next frames, so a
slow reader holds back its own work and nothing else. Closing a stream drops what is left of it.

Every stream has a deadline, the moment its listener's buffer runs dry if it plays as it receives; a
new stream's deadline is its arrival plus the time in which first sound is wanted. Work whose result
nobody can hear for long yields to work that somebody is about to miss.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from groundswell.errors import SynthesisCancelled, TooBusy
from groundswell.synthesis.deadlines import DeadlineWorker
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.utterance import Frames, Utterance, synthesise

FIRST_SOUND_SECONDS = 0.3
"""Time after its arrival in which a new stream wants its first sound."""


class Engine(Protocol):
    """Anything that speaks utterances; nothing outside this package assumes it is local."""

    def stream(self, utterance: Utterance) -> AsyncGenerator[Frames, None]:
        """Speak; frames arrive in order. Closing the iterator cancels."""

    @property
    def waiting(self) -> int:
        """Units of work queued or running."""

    async def close(self, grace: float) -> None:
        """Let running streams finish for up to ``grace`` seconds, then cancel them."""


@dataclass(slots=True)
class _Listener:
    """When the one who listens to a stream runs out of sound."""

    dry: float
    heard_anything: bool = False

    def receives(self, seconds: float) -> None:
        """Take the sound that was just made into account."""
        if not self.heard_anything:
            self.heard_anything = True
            self.dry = time.monotonic()
        self.dry = max(self.dry, time.monotonic()) + seconds


class LocalEngine:
    """Runs the model in this process, one unit of work at a time.

    Args:
        model: the loaded model; this engine is its only user.
        queue: streams that may be open at once.
        on_unit: called after each unit with (seconds of audio, seconds of work).
        on_discard: called with the seconds of audio of a unit whose listener left meanwhile.
    """

    def __init__(
        self,
        model: Kokoro,
        *,
        queue: int,
        on_unit: Callable[[float, float], None] = lambda _audio, _work: None,
        on_discard: Callable[[float], None] = lambda _audio: None,
    ) -> None:
        self._model = model
        self._queue = queue
        self._on_unit = on_unit
        self._on_discard = on_discard
        self._worker: DeadlineWorker[Frames | None] = DeadlineWorker("engine")
        self._streams = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._awaited: set[asyncio.Future[Frames | None]] = set()

    @property
    def waiting(self) -> int:
        """Units of work queued or running."""
        return len(self._awaited)

    async def stream(self, utterance: Utterance) -> AsyncGenerator[Frames, None]:
        """Speak an utterance.

        Raises:
            TooBusy: as many streams as allowed are open.
            SynthesisCancelled: the engine is stopping.
            InvalidInput: the text plan found nothing to speak.
        """
        if self._stopping:
            raise SynthesisCancelled("The server is stopping.")
        if self._streams >= self._queue:
            raise TooBusy("The engine's queue is full.", retry_after=2.0)
        self._streams += 1
        self._idle.clear()
        units = synthesise(self._model, utterance)
        listener = _Listener(time.monotonic() + FIRST_SOUND_SECONDS)
        try:
            while (frames := await self._run(units, listener.dry)) is not None:
                listener.receives(frames.seconds)
                yield frames
        finally:
            self._streams -= 1
            if not self._streams:
                self._idle.set()

    async def close(self, grace: float) -> None:
        """Let running streams finish for up to ``grace`` seconds, then cancel them."""
        try:
            async with asyncio.timeout(grace):
                await self._idle.wait()
        except TimeoutError:
            pass
        self._stopping = True
        # The unit under way cannot be interrupted, but nobody need wait for it.
        self._worker.close()
        for unit in self._awaited:
            unit.cancel()

    def _unit(self, units: Iterator[Frames]) -> Frames | None:
        if self._stopping:
            raise SynthesisCancelled("The server is stopping.")
        began = time.perf_counter()
        frames = next(units, None)
        if frames is not None:
            self._on_unit(frames.seconds, time.perf_counter() - began)
        return frames

    async def _run(self, units: Iterator[Frames], deadline: float) -> Frames | None:
        """Do one unit of work; cancelling drops it, or lets the one under way end unheard."""
        try:
            unit = self._worker.submit(deadline, lambda: self._unit(units))
        except RuntimeError as error:
            raise SynthesisCancelled("The server is stopping.") from error
        awaited = asyncio.wrap_future(unit)
        self._awaited.add(awaited)
        try:
            return await awaited
        except asyncio.CancelledError:
            if not unit.cancelled():
                unit.add_done_callback(self._discard)
            if self._stopping:
                raise SynthesisCancelled("The server is stopping.") from None
            raise
        finally:
            self._awaited.discard(awaited)

    def _discard(self, unit: Future[Frames | None]) -> None:
        if not unit.cancelled() and unit.exception() is None and (frames := unit.result()):
            self._on_discard(frames.seconds)
