"""What the process boundary of the engine costs: first sound and CPU, beside the model in process.

``python tools/measure_engine_boundary.py [rounds]``: both speak the same texts in turn, in one run;
the ratios of each round are what counts, and their medians are printed.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import psutil

from groundswell import Speaker
from groundswell.settings import settings
from groundswell.synthesis.engine_process import EngineProcess

_SETTLE_SECONDS = 0.25
"""Inference threads spin for a while after a run."""
_TEXTS = (
    "The library opens at nine, and closes late on Thursdays, so ask at the desk for a card.",
    "Nobody knows where the old map went, and nobody has asked for it since the spring.",
    "A small boat crossed the bay before dawn, carrying lamps, rope and a dozen letters.",
)


async def main(rounds: int) -> None:
    """Measure and print."""
    speaker = Speaker()
    speaker.warm()
    engine = EngineProcess(settings().models_dir, threads=settings().engine_threads)
    engine.start()
    if (status := await engine.settled()) != "ready":
        raise SystemExit(status)
    here = psutil.Process()
    there = psutil.Process(engine.pid)

    def cpu() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in (here, there))

    async def in_process(text: str) -> float:
        began, first = time.perf_counter(), 0.0
        async for _ in speaker.astream(text):
            first = first or time.perf_counter() - began
        return first

    async def across(text: str) -> float:
        began, first = time.perf_counter(), 0.0
        async for _ in engine.stream(speaker.utterance(text)):
            first = first or time.perf_counter() - began
        return first

    async def measured(speak: Callable[[str], Awaitable[float]], text: str) -> tuple[float, float]:
        before = cpu()
        first = await speak(text)
        await asyncio.sleep(_SETTLE_SECONDS)
        return first, cpu() - before

    pairs = []
    for number in range(rounds + 1):
        text = _TEXTS[number % len(_TEXTS)]
        ways = (in_process, across) if number % 2 else (across, in_process)
        result = {way: await measured(way, text) for way in ways}
        if number:  # the first is a warm-up
            pairs.append((result[in_process], result[across]))
    await engine.close(0)
    for name, column in (("first sound", 0), ("CPU", 1)):
        ratios = [across[column] / local[column] for local, across in pairs]
        differences = [across[column] - local[column] for local, across in pairs]
        print(
            f"{name}: in process {statistics.median(p[0][column] for p in pairs):.3f} s, across "
            f"{statistics.median(p[1][column] for p in pairs):.3f} s; median ratio "
            f"{statistics.median(ratios):.3f} ({min(ratios):.2f} to {max(ratios):.2f}), median "
            f"difference {statistics.median(differences) * 1000:+.0f} ms"
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
