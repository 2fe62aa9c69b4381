"""A take: one admitted synthesis on its way to a client. Every transport draws its audio here."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from groundswell.accounts.admission import Permit
from groundswell.accounts.keys import Caller
from groundswell.api.metrics import ACTIVE, CHARACTERS, FIRST_AUDIO, UNDELIVERED_SECONDS
from groundswell.api.services import Services, Voicebox
from groundswell.api.speech_log import Origin, Outcome, speech_entry
from groundswell.api.speech_request import SpeechRequest
from groundswell.audio.encode import AudioFormat, Delivery
from groundswell.audio.framing import Framer
from groundswell.audio.resample import MODEL_RATE
from groundswell.jobs.cloning import looks_cloned
from groundswell.synthesis.engine import SpeechStream
from groundswell.synthesis.utterance import Utterance, WordTime


@dataclass(frozen=True, slots=True)
class Piece:
    """Encoded audio of one chunk length, and the words whose sound begins in it."""

    audio: bytes
    words: tuple[WordTime, ...] = ()


@dataclass(slots=True)
class Take:
    """One admitted synthesis.

    Attributes:
        seconds: audio made so far.
        first_audio: seconds from admission to the first samples.
        complete: whether all of it was made and taken.
        failure: what ended it before that.
        latency: seconds from admission to the end.
        whole: nothing counts as delivered before everything is.
        halted: whether the rest was dropped.
    """

    permit: Permit
    chunk_ms: int
    audio_format: AudioFormat
    sample_rate: int
    frames: SpeechStream
    whole: bool
    halted: bool = False
    seconds: float = 0.0
    first_audio: float | None = None
    complete: bool = False
    failure: Exception | None = None
    latency: float = 0.0
    began: float = field(default_factory=time.perf_counter)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def outcome(self) -> Outcome:
        """How it went, for the log."""
        return Outcome(
            started_at=self.started_at,
            delivered=self.permit.delivered,
            first_audio=self.first_audio,
            latency=self.latency,
            complete=self.complete,
            failure=self.failure,
            credits=self.permit.owed or 0,
        )

    def halt(self) -> None:
        """Begin no further segment: the one being made is still delivered, the rest is dropped."""
        self.halted = True
        self.frames.halt()

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Yield encoded chunks as they are made.

        Encoding goes in steps of one chunk, so that no other stream waits for a long one. What
        the engine made and the client never took is counted when this ends.

        Raises:
            InvalidInput: nothing in the text can be spoken (before the first piece).
            TooBusy, EngineUnavailable, SynthesisFailed, SynthesisCancelled: from the engine.
        """
        delivery = Delivery(self.audio_format, self.sample_rate)
        framer = Framer(self.audio_format, self.sample_rate, self.chunk_ms)
        step = MODEL_RATE * self.chunk_ms // 1000
        words: list[WordTime] = []
        try:
            async for frames in self.frames:
                if not self.seconds:
                    self.first_audio = time.perf_counter() - self.began
                    FIRST_AUDIO.observe(self.first_audio)
                self.seconds += frames.seconds
                words += frames.words
                for at in range(0, frames.samples.size, step):
                    samples = frames.samples[at : at + step]
                    until = frames.start + (at + samples.size) / MODEL_RATE
                    due = [word for word in words if word.start < until]
                    del words[: len(due)]
                    heard = due[-1].until if due else 0
                    for audio in framer.feed(delivery.feed(samples)):
                        yield Piece(audio, tuple(due))
                        due.clear()
                    words[:0] = due
                    self.permit.delivered += samples.size / MODEL_RATE
                    if heard and not self.whole:
                        self.permit.spoken = heard
            for audio in framer.feed(delivery.finish()):
                yield Piece(audio)
            rest = framer.finish()
            if rest or words:
                yield Piece(rest, tuple(words))
            self.complete = not self.halted
            if self.complete:
                self.permit.spoken = self.permit.characters
        except Exception as error:
            self.failure = error
            self.permit.failed = True
            raise
        finally:
            UNDELIVERED_SECONDS.inc(max(0.0, self.seconds - self.permit.delivered))


async def with_belongings(
    running: Services, caller: Caller, request: SpeechRequest
) -> SpeechRequest:
    """Return the request with the account's voice and dictionaries that it names, as they are now.

    Raises:
        UnknownVoice, UnknownDictionary: the caller's account has none of that id.
        InvalidInput: the voice is not ready, or too many dictionaries are named.
    """
    if looks_cloned(request.voice_id):
        own = await run_in_threadpool(running.clones.load, caller.account_id, request.voice_id)
        request = replace(request, own=own)
    if not request.pronunciation_dicts:
        return request
    load = running.dictionaries.load
    found = await run_in_threadpool(load, caller.account_id, request.pronunciation_dicts)
    return replace(request, dictionary=found)


def utterance_of(voicebox: Voicebox, request: SpeechRequest) -> Utterance:
    """Resolve a request into what the engine can speak.

    Raises:
        UnknownVoice, InvalidInput: as ``Speaker.utterance``.
    """
    return voicebox.speaker.utterance(
        request.text,
        voice=request.voice_id,
        own=request.own,
        language=request.language,
        speed=request.speed,
        number_language=request.number_language,
        math_notation=request.math_notation,
        dictionary=request.dictionary,
    )


@asynccontextmanager
async def open_take(
    running: Services,
    caller: Caller,
    request: SpeechRequest,
    origin: Origin,
    *,
    live: bool = True,
    lead: float = 0.0,
    dry: float | None = None,
    counted: bool = True,
) -> AsyncIterator[tuple[Take, AsyncIterator[Piece]]]:
    """Admit a request and open its audio; leaving cancels what is left and gives all back.

    Args:
        running: the server's parts.
        caller: for whom.
        request: what to speak.
        origin: where it was asked for; for the log.
        live: whether the client may listen while it is made; if not, it gets all or nothing, and
            pays accordingly.
        lead: seconds of silence before it, when it follows on from earlier speech.
        dry: when that earlier speech will have been played, in terms of ``time.monotonic``.
        counted: whether the key's rate was counted already.

    Raises:
        UnknownVoice: no such voice.
        ModelUnavailable, EngineUnavailable: the server is not ready.
        GroundswellError: admission refused.
    """
    voicebox = running.ready_voicebox()
    utterance = replace(utterance_of(voicebox, request), lead=lead)
    take: Take | None = None
    try:
        async with AsyncExitStack() as stack:
            admitted = running.admission.admit(
                caller, characters=len(request.text), model=request.model, counted=counted
            )
            permit = await stack.enter_async_context(admitted)
            stack.enter_context(running.activity.track(caller.account_id, "running"))
            ACTIVE.inc()
            stack.callback(ACTIVE.dec)
            CHARACTERS.inc(len(request.text))
            stream = voicebox.engine.stream(utterance, owner=caller.account_id, live=live, dry=dry)
            frames = await stack.enter_async_context(aclosing(stream))
            take = Take(
                permit,
                running.settings.stream_chunk_ms,
                request.output_format,
                request.sample_rate,
                frames,
                not live,
            )
            pieces = await stack.enter_async_context(aclosing(take.pieces()))
            try:
                yield take, pieces
            except Exception as error:
                take.failure = take.failure or error
                raise
            finally:
                take.latency = time.perf_counter() - take.began
    finally:
        if take is not None:
            # Last of all: only now is it known what it cost.
            running.usage.record(
                speech_entry(origin, caller, request, take.outcome(), running.settings)
            )
