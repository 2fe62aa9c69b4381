"""A lane of a speech socket: the texts that belong together, spoken one after another.

A socket has one lane for all messages without ``context_id``, and one for each open context. Within
a lane audio is in order; lanes are independent.
"""

import asyncio
import base64
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocketDisconnect

from groundswell.accounts.keys import Caller
from groundswell.api.errors import classify, error_headers
from groundswell.api.logs import log
from groundswell.api.services import Services
from groundswell.api.socket_message import SocketMessage
from groundswell.api.speech_log import Origin
from groundswell.api.speech_request import SpeechRequest, check_whole
from groundswell.api.take import Piece, Take, open_take
from groundswell.errors import InvalidInput, UnknownReference
from groundswell.text.accumulate import TextBuffer
from groundswell.text.plan import PAUSE_SENTENCE

Frame = dict[str, Any]
Send = Callable[[Frame], Awaitable[None]]

FILLER_SECONDS = 0.4
"""Longest silence on the wire inside a context: livekit stops reading after 0.6 s."""


@dataclass(slots=True)
class Turn:
    """What one answer covers: from its first text to its ``complete``.

    Attributes:
        ids: the ids every frame carries.
        seconds: audio of it that was sent, the time base of the next words.
        dry: when that audio will have been played, in terms of ``time.monotonic``.
        words: words of it that were planned.
        texts: released pieces so far.
        counted: whether it was counted against the key's rate.
        spoken: whether any audio was sent.
        failed: whether an error frame was sent.
        owes_complete: whether a ``complete`` is due that no released piece has brought.
        unspeakable: why the last silent piece could not be spoken, if so.
    """

    ids: Frame
    seconds: float = 0.0
    dry: float = 0.0
    words: int = 0
    texts: int = 0
    counted: bool = False
    spoken: bool = False
    failed: bool = False
    owes_complete: bool = True
    unspeakable: InvalidInput | None = None


@dataclass(slots=True)
class _Released:
    """A piece of work of a lane: text to speak, or (``speech`` None) the end of a turn."""

    turn: Turn
    speech: SpeechRequest | None = None


@dataclass(slots=True)
class Lane:
    """One lane; ``run`` speaks, ``accept`` feeds it.

    Attributes:
        context_id: the context, or ``None`` for the socket's common lane.
        closed: the context was closed or cancelled; the lane ends once it has spoken.
    """

    running: Services
    caller: Caller
    origin: Origin
    session_id: str
    context_id: str | None
    send: Send
    closed: bool = False
    _buffer: TextBuffer = field(default_factory=TextBuffer)
    _manner: SpeechRequest | None = None
    _turn: Turn | None = None
    _work: deque[_Released] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _timer: asyncio.TimerHandle | None = None
    _take: Take | None = None
    _speaking: Turn | None = None
    _complete_after: float = 0.0

    @property
    def waiting(self) -> tuple[int, int]:
        """Characters held or queued, and pieces of work queued."""
        queued = sum(len(item.speech.text) for item in self._work if item.speech)
        return len(self._buffer) + queued, len(self._work)

    @property
    def busy(self) -> bool:
        """Whether there is anything to speak or to answer."""
        return bool(self._work) or self._speaking is not None

    def accept(self, message: SocketMessage) -> None:
        """Take a message for this lane; never blocks."""
        self._stop_timer()
        self.closed = self.context_id is not None and (message.cancel or not message.more)
        if message.cancel:
            self._cancel()
            return
        turn = self._turn_for(message)
        # A message that only releases or ends says nothing about how the held text is spoken.
        if message.speech is not None and (message.speech.text or self._manner is None):
            speech = message.speech
            if self._manner and self._manner.manner() != speech.manner():
                self._release(self._buffer.release())
            elif self._manner and turn.texts + len(self._buffer):
                # A turn under way keeps the dictionaries it began with.
                speech = replace(speech, dictionary=self._manner.dictionary)
            self._manner = speech
        fragment = message.speech.text if message.speech else ""
        whole = message.flush or not message.more
        self._release((self._buffer.release if whole else self._buffer.feed)(fragment))
        if not message.more:
            self._end(turn)
        else:
            self._complete_after = message.complete_after
            if self._buffer.speakable and message.release_after:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(message.release_after, self._release_held)
        self._wake.set()

    async def run(self) -> None:
        """Speak what is released until the lane is closed and empty."""
        try:
            while not (self.closed and not self._work):
                if self._work:
                    await self._do(self._work.popleft())
                    continue
                self._wake.clear()
                try:
                    async with asyncio.timeout(self._patience()):
                        await self._wake.wait()
                except TimeoutError:
                    if self._turn is not None:
                        self._end(self._turn)
        finally:
            self._stop_timer()

    def _turn_for(self, message: SocketMessage) -> Turn:
        external = message.speech.request_id if message.speech else ""
        if (
            self._turn is not None
            and external
            and self._turn.ids.get("external_request_id", external) != external
        ):
            # Another request begins while one was left open: what it holds belongs to the old one.
            self._release(self._buffer.release())
            self._end(self._turn)
        if self._turn is None:
            self._turn = Turn(self._ids(message.speech))
        return self._turn

    def _ids(self, speech: SpeechRequest | None) -> Frame:
        ids: Frame = {"session_id": self.session_id, "request_id": f"task_{uuid4().hex}"}
        if speech and speech.session_id:
            ids["external_session_id"] = speech.session_id
        if speech and speech.request_id:
            ids["external_request_id"] = speech.request_id
        if self.context_id is not None:
            ids["context_id"] = self.context_id
        return ids

    def _release(self, text: str) -> None:
        if text.strip() and self._turn is not None and self._manner is not None:
            self._turn.texts += 1
            self._work.append(_Released(self._turn, replace(self._manner, text=text)))

    def _release_held(self) -> None:
        self._release(self._buffer.release())
        self._wake.set()

    def _end(self, turn: Turn) -> None:
        self._work.append(_Released(turn))
        self._turn = None

    def _cancel(self) -> None:
        """Drop all text but the unit being spoken; turns that had ended still get their answer."""
        self._buffer.release()
        self._work = deque(item for item in self._work if item.speech is None)
        if self._take is not None:
            self._take.halt()
        if self._turn is not None or not self._work:
            turn = self._turn or Turn(self._ids(self._manner))
            # Inside a context what is being spoken brings a complete of its own.
            turn.owes_complete |= self._speaking is not turn
            self._end(turn)
        self._wake.set()

    def _patience(self) -> float | None:
        """How long an open turn may be quiet before it counts as complete."""
        waits = self.context_id is None and self._turn is not None and self._turn.texts
        return self._complete_after if waits and not self._buffer.speakable else None

    async def _do(self, item: _Released) -> None:
        if item.turn.failed:
            return
        if item.speech is None:
            await self._finish(item.turn)
            return
        self._speaking = item.turn
        try:
            await self._speak(item.turn, item.speech)
        except InvalidInput as error:
            if error.field == "text":
                # One piece of a longer turn may well be nothing but an emoji.
                item.turn.unspeakable = error
            else:
                await self._fail(item.turn, error)
        except WebSocketDisconnect:
            raise
        except Exception as error:
            await self._fail(item.turn, error)
        else:
            if self.context_id is not None:
                await self._complete(item.turn)
        finally:
            self._speaking = None
            self._take = None

    async def _speak(self, turn: Turn, speech: SpeechRequest) -> None:
        lead = PAUSE_SENTENCE if turn.spoken else 0.0
        first_word = turn.words
        turn.words += len(speech.text.split())
        check_whole(speech.text)
        # Who still hears the turn is not asked to wait in the middle of it.
        dry = turn.dry if turn.dry > time.monotonic() else None
        origin = replace(self.origin, request_id=turn.ids["request_id"])
        taking = open_take(
            self.running, self.caller, speech, origin, lead=lead, dry=dry, counted=turn.counted
        )
        turn.counted = True
        async with taking as (take, pieces):
            self._take = take
            heard_from = None
            async for piece in self._with_fillers(turn, pieces):
                heard_from = heard_from or max(turn.dry, time.monotonic())
                turn.dry = heard_from + take.seconds
                for word in piece.words:
                    turn.words = max(turn.words, first_word + word.index + 1)
                    if speech.word_timestamps:
                        data = {
                            "id": first_word + word.index,
                            "word": word.text,
                            "start": round(turn.seconds + word.start, 3),
                            "end": round(turn.seconds + word.end, 3),
                        }
                        await self.send({**turn.ids, "status": "word_timestamp", "data": data})
                if piece.audio:
                    turn.spoken = True
                    await self._chunk(turn, piece.audio)
            turn.seconds += take.seconds

    async def _with_fillers(self, turn: Turn, pieces: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
        """Yield the pieces; while one is slow inside a context, send empty chunks."""
        while True:
            coming = asyncio.ensure_future(anext(pieces, None))
            try:
                while not coming.done():
                    filling = FILLER_SECONDS if self.context_id and turn.spoken else None
                    await asyncio.wait({coming}, timeout=filling)
                    if not coming.done():
                        await self._chunk(turn, b"")
                piece = coming.result()
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)
            if piece is None:
                return
            yield piece

    async def _chunk(self, turn: Turn, audio: bytes) -> None:
        data = {"audio": base64.b64encode(audio).decode()}
        await self.send({**turn.ids, "status": "chunk", "data": data})

    async def _complete(self, turn: Turn) -> None:
        turn.owes_complete = False
        done = {"status": "complete", "message": "All chunks sent", "done": True}
        await self.send({**turn.ids, **done})

    async def _finish(self, turn: Turn) -> None:
        if not turn.spoken and turn.unspeakable is not None:
            await self._fail(turn, turn.unspeakable)
        elif turn.owes_complete:
            await self._complete(turn)

    async def _fail(self, turn: Turn, error: Exception) -> None:
        status, name, message = classify(error)
        if status >= 500:
            log.error("synthesis failed", error=type(error).__name__, exc_info=status == 500)
        turn.failed = True
        if self._turn is turn:
            # The error ends the turn; text that follows begins another.
            self._buffer.release()
            self._turn = None
        await self.send(error_frame(name, message, error, turn.ids))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def error_frame(name: str, message: str, error: Exception, ids: Frame) -> Frame:
    """An error in all the forms that clients read (tts.md §8.3), with when to come back."""
    if isinstance(error, UnknownReference):
        message = "Invalid input data"
    frame = {
        **ids,
        "status": "error",
        "message": message,
        "error": {"message": message, "code": getattr(error, "code", name)},
        "errors": [],
    }
    wait = error_headers(error).get("Retry-After")
    return frame if wait is None else {**frame, "retry_after": int(wait)}
