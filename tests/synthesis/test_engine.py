"""The engine in its process: order, cancellation, limits, crashes, shutdown; on the real model."""

import asyncio
import itertools
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from groundswell import Speaker
from groundswell.errors import (
    EngineUnavailable,
    InvalidInput,
    SynthesisCancelled,
    SynthesisFailed,
    TooBusy,
)
from groundswell.settings import settings
from groundswell.synthesis.engine import EngineWatcher
from groundswell.synthesis.engine_process import EngineProcess
from groundswell.synthesis.schedule import READ_AHEAD_SECONDS, WINDOWS
from groundswell.synthesis.utterance import Frames
from groundswell.text.plan import Segment

LONG = "This is one of a good many sentences in a row, each of which is a piece of work. " * 12


class Notes(EngineWatcher):
    """Adds up what it is told."""

    def __init__(self) -> None:
        self.made = self.lost = 0.0
        self.restarts = self.refusals = 0

    def unit(self, audio: float, work: float, late: float) -> None:
        assert work > 0
        assert late >= 0
        self.made += audio

    def discarded(self, audio: float) -> None:
        self.lost += audio

    def refused(self) -> None:
        self.refusals += 1

    def restarted(self) -> None:
        self.restarts += 1


@asynccontextmanager
async def running(
    *, streams: int = 64, patience: float = 3600.0
) -> AsyncIterator[tuple[EngineProcess, Notes]]:
    notes = Notes()
    engine = EngineProcess(
        settings().models_dir, threads=2, streams=streams, patience=patience, watcher=notes
    )
    engine.start()
    assert await engine.settled() == "ready"
    try:
        yield engine, notes
    finally:
        await engine.close(0)


async def until(condition: Callable[[], bool], limit: float = 120.0) -> None:
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.01)


async def at_rest(notes: Notes) -> float:
    """Wait until nothing was made for a second; returns what was made."""
    made = -1.0
    while made != notes.made:
        made = notes.made
        await asyncio.sleep(1)
    return made


async def spoken(engine: EngineProcess, speaker: Speaker, text: str, **how: Any) -> np.ndarray:
    async with aclosing(engine.stream(speaker.utterance(text, **how))) as frames:
        return np.concatenate([f.samples async for f in frames])


def run(main: Coroutine[Any, Any, None], runner: asyncio.Runner | None = None) -> None:
    async def limited() -> None:
        async with asyncio.timeout(400):
            await main

    if runner is None:
        asyncio.run(limited())
    else:
        runner.run(limited())


@dataclass
class Shared:
    """One engine for the tests that leave it as it was, and the event loop it lives in."""

    runner: asyncio.Runner
    engine: EngineProcess
    notes: Notes

    def run(self, main: Callable[[EngineProcess, Notes], Coroutine[Any, Any, None]]) -> None:
        self.notes.made = self.notes.lost = 0.0
        run(main(self.engine, self.notes), self.runner)


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    with asyncio.Runner() as runner:
        manager = running()
        engine, notes = runner.run(manager.__aenter__())
        yield Shared(runner, engine, notes)
        runner.run(manager.__aexit__(None, None, None))


def test_streams_share_the_engine_and_do_not_mix(shared: Shared, speaker: Speaker) -> None:
    texts = ["One two three.", "Four five six.", LONG[:160]]

    async def main(engine: EngineProcess, notes: Notes) -> None:
        together = [spoken(engine, speaker, text) for text in texts]
        for samples, text in zip(await asyncio.gather(*together), texts, strict=True):
            assert np.array_equal(samples, speaker.speak(text))
        assert notes.lost == 0
        await until(lambda: engine.report.units == 0)
        assert set(engine.report.streams.values()) == {0}

    shared.run(main)


def test_words_and_voices_pass_the_boundary(shared: Shared, speaker: Speaker) -> None:
    async def main(engine: EngineProcess, _: Notes) -> None:
        for voice in ("magnus", "af_heart:0.6+am_adam:0.4", "hf_alpha"):
            utterance = speaker.utterance("It costs $100, no more.", voice=voice, speed=1.2)
            there = [f async for f in engine.stream(utterance)]
            here = list(speaker.stream("It costs $100, no more.", voice=voice, speed=1.2))
            assert [f.words for f in there] == [f.words for f in here]
            assert [f.start for f in there] == [f.start for f in here]
            assert all(
                np.array_equal(a.samples, b.samples) for a, b in zip(there, here, strict=True)
            )

    shared.run(main)


@pytest.mark.parametrize("moment", ["before", "planning", "unit", "between", "end"])
def test_a_stream_may_be_closed_in_every_state(
    shared: Shared, speaker: Speaker, moment: str
) -> None:
    async def main(engine: EngineProcess, notes: Notes) -> None:
        stream = engine.stream(speaker.utterance(LONG))
        heard = 0.0
        if moment in ("planning", "unit"):
            waiting = asyncio.ensure_future(anext(stream))
            if moment == "unit":
                await until(lambda: engine.report.units > 0)
            else:
                await asyncio.sleep(0)
            waiting.cancel()
            (result,) = await asyncio.gather(waiting, return_exceptions=True)
            if moment == "unit" and isinstance(result, Frames):
                heard = result.seconds  # on a fast machine it came first
        elif moment == "between":
            heard = (await anext(stream)).seconds
        elif moment == "end":
            stream = engine.stream(speaker.utterance("Hello."))
            heard = sum([frames.seconds async for frames in stream])
        await stream.aclose()
        await stream.aclose()
        # The place is free at once, and nothing of the closed stream is worked on any more.
        next_one = await spoken(engine, speaker, "Next.")
        assert notes.made - notes.lost == pytest.approx(heard + next_one.size / 24000)
        if moment in ("before", "planning", "end"):
            assert notes.lost == 0
        elif moment == "unit":
            assert notes.lost > 0 or heard > 0
        await until(lambda: set(engine.report.streams.values()) == {0})

    shared.run(main)


def test_a_queued_stream_may_be_closed(shared: Shared, speaker: Speaker) -> None:
    async def main(engine: EngineProcess, notes: Notes) -> None:
        streams = [engine.stream(speaker.utterance(LONG)) for _ in range(40)]
        waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
        await until(lambda: engine.report.streams.get("queued", 0) > 5)
        for task, stream in zip(waiting, streams, strict=True):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await stream.aclose()
        assert (await spoken(engine, speaker, "Next.")).size
        assert notes.refusals == 0
        await until(lambda: set(engine.report.streams.values()) == {0})

    shared.run(main)


def test_a_reader_that_stops_is_not_worked_for(shared: Shared, speaker: Speaker) -> None:
    async def main(engine: EngineProcess, notes: Notes) -> None:
        async with aclosing(engine.stream(speaker.utterance(LONG[:500]))) as frames:
            await anext(frames)
            made = await at_rest(notes)
            assert made < READ_AHEAD_SECONDS + WINDOWS[-1] + 1
            assert [f async for f in frames]
        assert notes.made > made

    shared.run(main)


def test_a_halted_stream_ends_with_its_segment(shared: Shared, speaker: Speaker) -> None:
    async def main(engine: EngineProcess, notes: Notes) -> None:
        stream = engine.stream(speaker.utterance(LONG))
        heard = (await anext(stream)).seconds
        stream.halt()
        heard += sum([f.seconds async for f in stream])
        # Mostly the first; a slow reader may halt it later.
        ends = 0.0
        for segment in itertools.islice(speaker.utterance(LONG).segments, 3):
            ends += speaker.speak(segment.text).size / 24000 + segment.pause
            if heard == pytest.approx(ends, abs=0.05):
                break
        else:
            pytest.fail(f"{heard} s is no end of a segment")
        assert notes.lost == 0

    shared.run(main)


def test_more_streams_than_may_be_open_are_refused(speaker: Speaker) -> None:
    async def main() -> None:
        async with running(streams=1) as (engine, notes):
            first = engine.stream(speaker.utterance(LONG))
            await anext(first)
            with pytest.raises(TooBusy) as refused:
                await anext(engine.stream(speaker.utterance("Hi.")))
            assert 0 < refused.value.retry_after < 300
            assert notes.refusals == 1
            await first.aclose()
            assert (await spoken(engine, speaker, "Hi.")).size

    run(main())


def test_streams_beyond_capacity_are_refused_with_a_forecast(speaker: Speaker) -> None:
    async def main() -> None:
        async with running(patience=0) as (engine, notes):
            streams = [engine.stream(speaker.utterance(LONG)) for _ in range(60)]
            outcomes = await asyncio.gather(*map(anext, streams), return_exceptions=True)
            refused = [error for error in outcomes if isinstance(error, TooBusy)]
            assert len(refused) == notes.refusals
            assert 0 < len(refused) < 60
            assert not [o for o in outcomes if isinstance(o, Exception) and o not in refused]
            length = speaker.speak(LONG).size / 24000
            waits = [error.retry_after for error in refused]
            assert 0 < min(waits) <= max(waits) <= length * 2
            for stream in streams:
                await stream.aclose()

    run(main())


def test_what_cannot_be_planned_fails_before_and_in_the_middle(
    shared: Shared, speaker: Speaker
) -> None:
    def broken(error: Exception) -> Any:
        yield from list(speaker.utterance("Hello. ").segments)
        raise error

    async def main(engine: EngineProcess, _: Notes) -> None:
        with pytest.raises(InvalidInput):
            await anext(engine.stream(speaker.utterance("...")))
        for error, kind in (
            (InvalidInput("No."), InvalidInput),
            (KeyError("x"), SynthesisFailed),
        ):
            utterance = speaker.utterance("Hello.")
            object.__setattr__(utterance, "segments", broken(error))
            stream = engine.stream(utterance)
            with pytest.raises(kind):
                [f async for f in stream]
        # What the model itself cannot do fails that stream only.
        utterance = speaker.utterance("Hello.")
        impossible = Segment("x", 0, 1, "en", "a" * 2000, (), 0.0)
        object.__setattr__(utterance, "segments", iter([impossible]))
        with pytest.raises(SynthesisFailed):
            await anext(engine.stream(utterance))
        assert (await spoken(engine, speaker, "Hello.")).size

    shared.run(main)


def test_a_segment_is_spoken_to_its_end_while_the_next_is_planned(
    shared: Shared, speaker: Speaker
) -> None:
    planned = threading.Event()

    def slow(segments: Iterator[Segment]) -> Iterator[Segment]:
        yield next(segments)
        assert planned.wait(100)
        yield from segments

    async def main(engine: EngineProcess, _notes: Notes) -> None:
        utterance = speaker.utterance(LONG)
        utterance = replace(utterance, segments=slow(iter(utterance.segments)))
        made: list[Frames] = []
        async with asyncio.timeout(60), aclosing(engine.stream(utterance)) as frames:
            async for frame in frames:
                made.append(frame)
                if frame.closes:
                    planned.set()
        assert not made[0].closes
        assert np.array_equal(np.concatenate([f.samples for f in made]), speaker.speak(LONG))

    try:
        shared.run(main)
    finally:
        planned.set()


def test_a_killed_engine_fails_its_streams_and_is_replaced(speaker: Speaker) -> None:
    async def main() -> None:
        async with running() as (engine, notes):
            stream = engine.stream(speaker.utterance(LONG))
            await anext(stream)
            before = engine.pid
            assert before
            os.kill(before, signal.SIGKILL)
            with pytest.raises(EngineUnavailable) as failed:
                [f async for f in stream]
            assert 0 < failed.value.retry_after < 120
            assert "SIGKILL" in engine.status
            with pytest.raises(EngineUnavailable):
                await anext(engine.stream(speaker.utterance("Hi.")))
            await until(lambda: engine.status == "ready")
            assert engine.pid != before
            hello = await spoken(engine, speaker, "Hello.")
            assert np.array_equal(hello, speaker.speak("Hello."))
            assert notes.restarts == 1

    run(main())


def test_the_engine_ignores_stop_signals(shared: Shared, speaker: Speaker) -> None:
    async def main(engine: EngineProcess, _: Notes) -> None:
        before = engine.pid
        assert before
        for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(before, stop)
        assert (await spoken(engine, speaker, "Hello.")).size
        assert engine.pid == before

    shared.run(main)


def test_an_engine_without_its_files_says_so(tmp_path: Path) -> None:
    async def main() -> None:
        engine = EngineProcess(tmp_path, threads=1)
        engine.start()
        status = await engine.settled()
        assert "models pull" in status
        with pytest.raises(EngineUnavailable):
            engine.check()
        await engine.close(0)

    run(main())


def test_the_engine_process_knows_nothing_of_serving(shared: Shared) -> None:
    async def main(engine: EngineProcess, _: Notes) -> None:
        maps = Path(f"/proc/{engine.pid}/maps").read_text()  # noqa: ASYNC240
        for library in ("uvloop", "pydantic_core", "_sqlite3", "sqlalchemy"):
            assert library not in maps

    shared.run(main)


def test_closing_lets_short_work_finish(speaker: Speaker) -> None:
    async def main() -> None:
        async with running() as (engine, _):
            assert engine.pid
            process = psutil.Process(engine.pid)
            short = asyncio.create_task(spoken(engine, speaker, "Short."))
            await until(lambda: engine.report.units > 0)
            await engine.close(grace=30)
            assert (await short).size
            with pytest.raises(SynthesisCancelled):
                await spoken(engine, speaker, "Too late.")
            assert not process.is_running()
            assert engine.status == "stopped"

    run(main())


def test_closing_cancels_long_work(shared: Shared, speaker: Speaker) -> None:
    """Last: it ends the shared engine."""

    async def main(engine: EngineProcess, _: Notes) -> None:
        long = asyncio.create_task(spoken(engine, speaker, LONG))
        await until(lambda: engine.report.units > 0)
        await engine.close(grace=0.1)
        with pytest.raises(SynthesisCancelled):
            await long

    shared.run(main)
