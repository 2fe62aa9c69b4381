"""The engine: order, cancellation, limits, shutdown; on the real model."""

import asyncio
from contextlib import aclosing

import numpy as np
import pytest

from groundswell import Speaker
from groundswell.errors import SynthesisCancelled, TooBusy
from groundswell.synthesis.engine import LocalEngine

LONG = "This is one of a good many sentences in a row, each of which is a piece of work. " * 12


def test_streams_share_the_engine_and_do_not_mix(speaker: Speaker) -> None:
    texts = ["One two three.", "Four five six.", "Seven eight nine."]

    async def spoken(engine: LocalEngine, text: str) -> np.ndarray:
        return np.concatenate([f.samples async for f in engine.stream(speaker.utterance(text))])

    async def together() -> list[np.ndarray]:
        engine = LocalEngine(speaker.model, queue=8)
        return await asyncio.gather(*(spoken(engine, text) for text in texts))

    for samples, text in zip(asyncio.run(together()), texts, strict=True):
        assert np.array_equal(samples, speaker.speak(text))


def test_closing_a_stream_stops_its_work(speaker: Speaker) -> None:
    async def main() -> None:
        made: list[float] = []
        engine = LocalEngine(
            speaker.model, queue=1, on_unit=lambda audio, _work: made.append(audio)
        )
        async with aclosing(engine.stream(speaker.utterance(LONG))) as frames:
            await anext(frames)
        units = len(made)
        # The place is free at once, and nothing of the closed stream is worked on any more.
        async with aclosing(engine.stream(speaker.utterance("Next."))) as frames:
            assert [f async for f in frames]
        assert len(made) <= units + 2

    asyncio.run(main())


def test_cancelling_while_waiting_counts_what_was_made_for_nobody(speaker: Speaker) -> None:
    async def main() -> float:
        discarded: list[float] = []
        engine = LocalEngine(speaker.model, queue=1, on_discard=discarded.append)

        async def consume() -> None:
            async with aclosing(engine.stream(speaker.utterance(LONG))) as frames:
                async for _ in frames:
                    pass

        task = asyncio.create_task(consume())
        await asyncio.sleep(0.1)  # into the first unit of work
        assert engine.waiting
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with aclosing(engine.stream(speaker.utterance("Next."))) as frames:
            assert [f async for f in frames]
        return sum(discarded)

    assert asyncio.run(main()) > 0.1


def test_a_full_engine_says_so(speaker: Speaker) -> None:
    async def main() -> None:
        engine = LocalEngine(speaker.model, queue=1)
        async with aclosing(engine.stream(speaker.utterance(LONG))) as first:
            await anext(first)
            with pytest.raises(TooBusy):
                await anext(engine.stream(speaker.utterance("Hi.")))

    asyncio.run(main())


def test_closing_lets_short_work_finish_and_cancels_long_work(speaker: Speaker) -> None:
    async def consume(engine: LocalEngine, text: str) -> int:
        return len([f async for f in engine.stream(speaker.utterance(text))])

    async def main() -> None:
        engine = LocalEngine(speaker.model, queue=2)
        short = asyncio.create_task(consume(engine, "Short."))
        await asyncio.sleep(0.01)
        await engine.close(grace=30)
        assert await short == 1
        with pytest.raises(SynthesisCancelled):
            await consume(engine, "Too late.")
        engine = LocalEngine(speaker.model, queue=2)
        long = asyncio.create_task(consume(engine, LONG))
        await asyncio.sleep(0.01)
        await engine.close(grace=0.1)
        with pytest.raises(SynthesisCancelled):
            await long

    asyncio.run(main())
