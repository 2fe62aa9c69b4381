"""pipecat-ai 1.14.0: ``SmallestTTSService`` between a source and a sink of frames."""

import asyncio
import contextlib

from common import BAD_KEY, INPUT, KEY, WS_URL, main, saved, scenario
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    EndFrame,
    ErrorFrame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.smallest.tts import SmallestTTSService
from pipecat.workers.runner import WorkerRunner

TEXT = INPUT["text"]
LONG = INPUT["long"]


class Ear(FrameProcessor):
    """Keeps the frames that reach it, and answers for the playback that is not there."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.audio = bytearray()
        self.empty = 0
        self.rates: set[int] = set()
        self.words: list = []
        self.starts = self.stops = 0
        self.heard = asyncio.Event()
        self.stopped = asyncio.Event()

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            if frame.audio and not self.audio:
                await self.push_frame(BotStartedSpeakingFrame(), FrameDirection.UPSTREAM)
            self.empty += not frame.audio
            self.audio += frame.audio
            self.rates.add(frame.sample_rate)
            self.heard.set()
        elif isinstance(frame, TTSTextFrame):
            self.words.append([frame.text, frame.pts])
        elif isinstance(frame, TTSStartedFrame):
            self.starts += 1
        elif isinstance(frame, TTSStoppedFrame):
            self.stops += 1
            self.stopped.set()
        await self.push_frame(frame, direction)


class Mouth(FrameProcessor):
    """Keeps the errors that come back up the pipeline."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.errors: list[str] = []
        self.failed = asyncio.Event()

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, ErrorFrame):
            self.errors.append(frame.error)
            self.failed.set()
        await self.push_frame(frame, direction)


@contextlib.asynccontextmanager
async def pipeline(model="lightning_v3.1_pro", voice="meher", key=KEY, **more):
    tts = SmallestTTSService(
        api_key=key,
        base_url=WS_URL,
        settings=SmallestTTSService.Settings(model=model, voice=voice),
        # The default, 3 s, is also what the first audio may take; a busy test machine takes longer.
        **{"stop_frame_timeout_s": 5.0, **more},
    )
    mouth, ear = Mouth(), Ear()
    worker = PipelineWorker(
        Pipeline([mouth, tts, ear]),
        params=PipelineParams(audio_out_sample_rate=24000, enable_metrics=True),
        cancel_on_idle_timeout=False,
        enable_rtvi=False,
    )
    started = asyncio.Event()

    @worker.event_handler("on_pipeline_started")
    async def _started(_worker, _frame):
        started.set()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(started.wait(), 10)
    try:
        yield worker, tts, mouth, ear
    finally:
        await worker.queue_frame(EndFrame())
        await asyncio.wait_for(running, 20)


async def reply(worker, text):
    """One turn of a language model, token by token."""
    await worker.queue_frame(LLMFullResponseStartFrame())
    for word in text.split(" "):
        await worker.queue_frame(LLMTextFrame(word + " "))
    await worker.queue_frame(LLMFullResponseEndFrame())


def result(name, ear, mouth, **more):
    return saved(
        f"{name}.pcm",
        bytes(ear.audio),
        words=ear.words,
        starts=ear.starts,
        stops=ear.stops,
        rates=sorted(ear.rates),
        errors=mouth.errors,
        **more,
    )


@scenario
async def speak():
    async with pipeline(stop_frame_timeout_s=3.0) as (worker, _, mouth, ear):
        await worker.queue_frame(TTSSpeakFrame(TEXT))
        await ear.stopped.wait()
    return result("speak", ear, mouth)


@scenario
async def turn():
    """A reply of several sentences, each sent as it ends."""
    async with pipeline(stop_frame_timeout_s=10.0) as (worker, _, mouth, ear):
        await reply(worker, LONG)
        await ear.stopped.wait()
    return result("turn", ear, mouth)


@scenario
async def two_turns():
    """The socket serves one turn after the other."""
    async with pipeline() as (worker, tts, mouth, ear):
        await reply(worker, TEXT)
        await ear.stopped.wait()
        socket = tts._websocket
        length = len(ear.audio)
        ear.stopped.clear()
        await reply(worker, TEXT)
        await ear.stopped.wait()
        same = socket is tts._websocket
    return result("two-turns", ear, mouth, first=length, same_socket=same)


@scenario
async def without_words():
    """``word_timestamps=False``: the service passes the text on whole."""
    plain = {"model": "lightning_v3.1", "voice": "sophia", "word_timestamps": False}
    async with pipeline(**plain) as (worker, _, mouth, ear):
        await reply(worker, TEXT)
        await ear.stopped.wait()
    return result("without-words", ear, mouth)


@scenario
async def interrupted():
    """The user speaks: the service drops its socket, opens another, and speaks again."""
    async with pipeline(stop_frame_timeout_s=10.0) as (worker, tts, mouth, ear):
        await reply(worker, LONG)
        await ear.heard.wait()
        again = asyncio.Event()

        @tts.event_handler("on_connected")
        async def _connected(_tts):
            again.set()

        await worker.queue_frame(InterruptionFrame())
        await again.wait()
        cut, ear.audio = len(ear.audio), bytearray()
        ear.stopped.clear()
        await reply(worker, TEXT)
        await ear.stopped.wait()
    return result("interrupted", ear, mouth, cut=cut)


@scenario
async def keep_alive():
    """What the service sends every 30 s: no audio, no error, and the next turn is whole."""
    async with pipeline() as (worker, tts, mouth, ear):
        for _ in range(3):
            await tts._send_keepalive()
        await worker.queue_frame(TTSSpeakFrame(TEXT))
        await ear.heard.wait()
        await tts._send_keepalive()
        await ear.stopped.wait()
    return result("keep-alive", ear, mouth)


@scenario
async def settings_of_the_service():
    """Everything the service can send."""
    async with pipeline(max_buffer_delay_ms=500) as (worker, tts, mouth, ear):
        settings = SmallestTTSService.Settings(
            speed=1.25, math_notation=True, content_filter="flag", language="en"
        )
        await tts._update_settings(settings)
        await worker.queue_frame(TTSSpeakFrame("We know that 2 + 2 is four."))
        await ear.stopped.wait()
    return result("settings", ear, mouth)


@scenario
async def bad_key():
    async with pipeline(key=BAD_KEY) as (_worker, _tts, mouth, _ear):
        await mouth.failed.wait()
    return {"errors": mouth.errors}


@scenario
async def bad_voice():
    async with pipeline(voice="nobody") as (worker, tts, mouth, ear):
        await worker.queue_frame(TTSSpeakFrame(TEXT))
        await mouth.failed.wait()
        open_still = tts._websocket is not None and tts._websocket.state.name == "OPEN"
    return {"errors": mouth.errors, "audio": len(ear.audio), "open": open_still}


main()
