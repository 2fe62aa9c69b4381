"""Milliseconds of every stage between a text and its bytes, in one process and one after another.

Work of one thread is counted by that thread's clock, which neither other processes nor the
spinning of inference threads can blur; the model by the clock of the whole process.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from groundswell.audio.encode import AUDIO_FORMATS, encoder_for
from groundswell.audio.limit import limit
from groundswell.audio.resample import MODEL_RATE, Resampler, Samples
from groundswell.synthesis.kokoro import Prosody
from groundswell.synthesis.speaker import Speaker
from groundswell.synthesis.utterance import Utterance, fade_edges, speech_bounds, word_times
from groundswell.synthesis.voices import style_row
from groundswell.text.plan import Segment

RATES = (8000, 16000, 44100)
ENCODED_RATE = 44_100
MODEL_STAGES = ("front", "vocoder")
_REPEATS = 7
_MODEL_REPEATS = 3
_SETTLE_SECONDS = 0.25


def measure(speaker: Speaker, text: str, voice: str) -> dict[str, Any]:
    """Time each stage of one text; returns median CPU milliseconds by stage, and the seconds."""

    def utterance() -> Utterance:
        return speaker.utterance(text, voice=voice, language="en")

    segments = list(utterance().segments)
    style, gain = utterance().style, np.float32(utterance().gain)
    rows = [style_row(style, len(segment.phonemes)) for segment in segments]

    def front() -> list[Prosody]:
        return [
            speaker.model.predict(segment.phonemes, row, 1.0)
            for segment, row in zip(segments, rows, strict=True)
        ]

    prosodies = front()
    raws = [speaker.model.vocode(prosody) for prosody in prosodies]

    def shape() -> Samples:
        return np.concatenate([_shaped(raw, gain) for raw in raws])

    speech = shape()
    costs = {
        "plan": _thread_ms(lambda: list(utterance().segments)),
        "front": _process_ms(front),
        "vocoder": _process_ms(lambda: [speaker.model.vocode(prosody) for prosody in prosodies]),
        "trim, gain, limit, fade": _thread_ms(shape),
        "word times": _thread_ms(lambda: _all_words(segments, prosodies)),
    }
    for rate in RATES:
        costs[f"resample to {rate}"] = _thread_ms(partial(resampled, speech, rate))
    wide = resampled(speech, ENCODED_RATE)
    for name in AUDIO_FORMATS:
        costs[f"encode {name} at {ENCODED_RATE}"] = _thread_ms(partial(_encoded, wide, name))
    return {"seconds": speech.size / MODEL_RATE, "milliseconds": costs}


def resampled(speech: Samples, rate: int) -> Samples:
    """Convert in one go."""
    resampler = Resampler(MODEL_RATE, rate)
    return np.concatenate([resampler.feed(speech), resampler.finish()])


def _encoded(speech: Samples, name: Any) -> bytes:
    encoder = encoder_for(name, ENCODED_RATE)
    return encoder.feed(speech) + encoder.finish()


def _shaped(raw: Samples, gain: np.float32) -> Samples:
    first, last = speech_bounds(raw)
    return fade_edges(limit(raw[first:last] * gain))


def _all_words(segments: list[Segment], prosodies: list[Prosody]) -> int:
    pairs = zip(segments, prosodies, strict=True)
    return sum(len(list(word_times(segment, prosody, 0.0, 0.0))) for segment, prosody in pairs)


def _thread_ms(work: Callable[[], object]) -> float:
    return _median_ms(work, time.thread_time, _REPEATS, 0.0)


def _process_ms(work: Callable[[], object]) -> float:
    return _median_ms(work, time.process_time, _MODEL_REPEATS, _SETTLE_SECONDS)


def _median_ms(
    work: Callable[[], object], clock: Callable[[], float], repeats: int, settle: float
) -> float:
    work()
    taken: list[float] = []
    for _ in range(repeats):
        time.sleep(settle)
        began = clock()
        work()
        time.sleep(settle)
        taken.append((clock() - began) * 1000)
    return statistics.median(taken)
