"""How much speech a CPU second makes, against the peers: whole passages, one after another.

A passage goes to us, to kokoro-onnx in this process and, if there, to the peer's server; the next
passage in the other order. CPU is that of all processes of the one who speaks, the spin of
inference threads included, since it is work nobody else can use.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import numpy as np

from groundswell.bench.crowd import Target
from groundswell.bench.processes import CpuMeter
from groundswell.bench.progress import bar
from groundswell.bench.rival import NAME as RIVAL
from groundswell.bench.rival import Rival
from groundswell.bench.sentences import passages
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict, spread

VOICE = "af_heart"
MIN_RATIO = 1.6
_RATE = 24_000
_REST_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Spoken:
    """Seconds of sound, and the CPU and wall seconds that they took."""

    sound: float
    cpu: float
    wall: float

    @property
    def sound_per_cpu(self) -> float:
        """Seconds of sound from a CPU second."""
        return self.sound / self.cpu


def measure(
    subject: Subject, rival: Rival, *, rounds: int = 8, peer: tuple[Target, int] | None = None
) -> Section:
    """Compare, passage by passage.

    Args:
        subject: ours, started by the bench.
        rival: kokoro-onnx.
        rounds: passages.
        peer: another server and its process id.
    """
    assert subject.pid is not None
    meter = CpuMeter(subject.pid)
    ways: dict[str, Callable[[str], Spoken]] = {
        "ours": lambda text: _metered(meter, lambda: _ours(subject, text)),
        RIVAL: lambda text: _here(rival, text),
    }
    if peer is not None:
        target, pid = peer
        theirs = CpuMeter(pid)
        ways[target.name] = lambda text: _metered(theirs, lambda: _theirs(target, text))
    texts = passages("en")
    for way in ways.values():
        way(texts[-1])
    found: dict[str, list[Spoken]] = {name: [] for name in ways}
    for at in bar(range(rounds), "Throughput"):
        for name in list(ways)[:: -1 if at % 2 else 1]:
            found[name].append(ways[name](texts[at % len(texts)]))
    ratios = [
        a.sound_per_cpu / b.sound_per_cpu for a, b in zip(found["ours"], found[RIVAL], strict=True)
    ]
    verdict = Verdict(
        f"Seconds of sound from a CPU second ÷ {RIVAL}'s",
        f"{statistics.median(ratios):.2f}",
        f"≥ {MIN_RATIO:g} (goal 3)",
        statistics.median(ratios) >= MIN_RATIO,
    )
    rows = tuple(
        (
            name,
            str(len(spoken)),
            spread([s.sound_per_cpu for s in spoken]),
            spread([s.wall / s.sound for s in spoken]),
            spread(
                [
                    a.sound_per_cpu / b.sound_per_cpu
                    for a, b in zip(found["ours"], spoken, strict=True)
                ]
            ),
        )
        for name, spoken in found.items()
    )
    columns = (
        "Spoken by",
        "Passages",
        "Sound ÷ CPU time: median (quartiles)",
        "Wall time ÷ sound",
        "Ours ÷ this one",
    )
    data = {
        name: [{"sound": s.sound, "cpu": s.cpu, "wall": s.wall} for s in spoken]
        for name, spoken in found.items()
    }
    return Section(
        "throughput", (Table("Speech from a CPU second", columns, rows),), (verdict,), data
    )


def _metered(meter: CpuMeter, speak: Callable[[], float]) -> Spoken:
    meter.start()
    began = time.perf_counter()
    sound = speak()
    wall = time.perf_counter() - began
    return Spoken(sound, meter.lap(), wall)


def _here(rival: Rival, text: str) -> Spoken:
    cpu, began = time.process_time(), time.perf_counter()
    samples, rate = rival.speak(text, VOICE, "en")
    wall = time.perf_counter() - began
    time.sleep(_REST_SECONDS)
    return Spoken(samples.size / rate, time.process_time() - cpu, wall)


def _ours(subject: Subject, text: str) -> float:
    samples, rate = subject.samples(text=text, voice_id=VOICE, language="en", sample_rate=_RATE)
    return samples.size / rate


def _theirs(target: Target, text: str) -> float:
    body = {"input": text, "voice": VOICE, "lang": "en-us", "response_format": "pcm"}
    answer = httpx.post(f"{target.url}/v1/audio/speech", json=body, timeout=300)
    answer.raise_for_status()
    return len(np.frombuffer(answer.content, "<i2")) / _RATE
