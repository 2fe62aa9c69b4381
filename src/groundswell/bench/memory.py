"""Does a server stay small? Resident memory over many mixed requests, and the time to readiness."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.bench.judges import BenchFailed
from groundswell.bench.processes import MemoryMeter
from groundswell.bench.progress import bar
from groundswell.bench.sentences import corpora, phrases
from groundswell.bench.subject import Subject, started
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.synthesis.catalogue import catalogue

MAX_MIB = 1.2e9 / 1024**2
"""1.2 GB."""
MAX_SLOPE = 20.0
"""MiB per 100 requests over the last half: below this, memory counts as flat."""
MAX_READY_SECONDS = 10.0
_FORMATS = ("wav", "pcm", "mp3", "ulaw", "alaw")
_RATES = (8000, 16000, 24000, 44100)
_SPEEDS = (0.8, 1.0, 1.0, 1.0, 1.3)
_SENTENCES, _SENTENCE_WEIGHTS = (1, 2, 4, 8), (60, 25, 10, 5)
_OTHER_LANGUAGE = 0.15
_BAD_REQUEST = 0.05


@dataclass(frozen=True, slots=True)
class Course:
    """Resident memory in MiB: before, after each request, and at its highest."""

    before: float
    after: list[float]
    peak: float

    @property
    def slope(self) -> float:
        """Growth over the last half in MiB per 100 requests, by least squares."""
        half = np.array(self.after[len(self.after) // 2 :])
        if half.size < 2:
            return 0.0
        return float(np.polyfit(np.arange(half.size), half, 1)[0]) * 100


def measure(*, requests: int = 200) -> Section:
    """Start a server twice, and send the second one ``requests`` mixed requests in a row."""
    with started() as first:
        cold = first.ready_seconds or 0.0
    with started() as second:
        warm = second.ready_seconds or 0.0
        course = watch(second, mixed_requests(requests))
    verdicts = (
        Verdict(
            f"Resident memory, highest during {requests} requests",
            f"{course.peak:.0f} MiB",
            f"≤ {MAX_MIB:.0f} MiB (1.2 GB)",
            course.peak <= MAX_MIB,
        ),
        Verdict(
            "Growth over the last half",
            f"{course.slope:+.1f} MiB per 100 requests",
            f"≤ {MAX_SLOPE:g}",
            course.slope <= MAX_SLOPE,
        ),
        Verdict(
            "From start to health 200, second start",
            f"{warm:.1f} s",
            f"≤ {MAX_READY_SECONDS:g} s",
            warm <= MAX_READY_SECONDS,
        ),
    )
    data = {
        "requests": requests,
        "ready_seconds": {"first": cold, "second": warm},
        "before_mib": course.before,
        "after_mib": course.after,
        "peak_mib": course.peak,
        "slope_mib_per_100": course.slope,
    }
    return Section("memory", (_table(course),), verdicts, data)


def watch(subject: Subject, bodies: list[dict[str, Any]]) -> Course:
    """Send requests one after another and follow the server's memory."""
    assert subject.pid is not None
    with MemoryMeter(subject.pid) as meter:
        before = meter.now()
        after: list[float] = []
        for body in bar(bodies, "Memory"):
            status = subject.post(**body).status_code
            if (status == 200) != bool(body["text"]):
                raise BenchFailed(f"{body}: unexpected status {status}")
            after.append(meter.now())
    return Course(before, after, max(meter.peak, *after))


def mixed_requests(count: int) -> list[dict[str, Any]]:
    """Make request bodies of mixed length, format, rate, speed, voice and language.

    Always the same ones. Empty texts are among them: a refusal must not cost memory either.
    """
    dice = random.Random(82)  # noqa: S311 - a fixed mixture, no secret
    return [_body(dice) for _ in range(count)]


def _body(dice: random.Random) -> dict[str, Any]:
    if dice.random() < _OTHER_LANGUAGE:
        phrase = dice.choice(phrases())
        language, voice, text = phrase.language, phrase.voice, phrase.text
    else:
        corpus = dice.choices(corpora(), (60, 20, 20))[0]
        count = dice.choices(_SENTENCES, _SENTENCE_WEIGHTS)[0]
        language, text = corpus.language, " ".join(dice.choices(corpus.lines, k=count))
        voice = dice.choice([v.id for v in catalogue() if v.languages[0] == language])
    return {
        "text": "" if dice.random() < _BAD_REQUEST else text,
        "voice_id": voice,
        "language": language,
        "speed": dice.choice(_SPEEDS),
        "output_format": dice.choice(_FORMATS),
        "sample_rate": dice.choice(_RATES),
        "stream": dice.random() < 0.3,
    }


def _table(course: Course) -> Table:
    marks = sorted({1, 10, *(round(len(course.after) * part / 4) for part in range(1, 5))})
    rows = [("ready, before any request", f"{course.before:.0f}")]
    rows += [
        (f"after {mark} requests", f"{course.after[mark - 1]:.0f}")
        for mark in marks
        if 1 <= mark <= len(course.after)
    ]
    rows.append(("highest, sampled every 50 ms", f"{course.peak:.0f}"))
    return Table("Resident memory of the server process", ("When", "MiB"), tuple(rows))
