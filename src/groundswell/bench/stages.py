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

from groundswell.audio.encode import AUDIO_FORMATS, AudioFormat, encoder_for
from groundswell.audio.resample import MODEL_RATE, Resampler, Samples
from groundswell.bench.tape import Tape
from groundswell.synthesis.speaker import Speaker

RATES = (8000, 16000, 44100)
ENCODED_RATE = 44_100
_REPEATS = 7
_MODEL_REPEATS = 3
_SETTLE_SECONDS = 0.25


def measure(speaker: Speaker, text: str, voice: str) -> dict[str, Any]:
    """Time each stage of one text.

    Returns:
        ``seconds`` of speech, and median CPU milliseconds by stage: ``model`` and ``ours``.
    """

    def plan() -> object:
        return list(speaker.utterance(text, voice=voice, language="en").segments)

    tape = Tape.record(speaker.model, speaker.utterance(text, voice=voice, language="en"))
    speech = np.concatenate(tape.pieces)
    model = {f"model: {name}": _process_ms(partial(tape.run, name)) for name in tape.methods()}
    ours = {
        "plan": _thread_ms(plan),
        "trim, gain, limit, fade, words": _thread_ms(tape.without_model),
    }
    for rate in RATES:
        ours[f"resample to {rate}"] = _thread_ms(partial(resampled, speech, rate))
    wide = resampled(speech, ENCODED_RATE)
    for name in AUDIO_FORMATS:
        ours[f"encode {name} at {ENCODED_RATE}"] = _thread_ms(partial(encoded, wide, name))
    return {"seconds": speech.size / MODEL_RATE, "model": model, "ours": ours}


def resampled(speech: Samples, rate: int) -> Samples:
    """Convert in one go."""
    resampler = Resampler(MODEL_RATE, rate)
    return np.concatenate([resampler.feed(speech), resampler.finish()])


def encoded(speech: Samples, name: AudioFormat) -> bytes:
    """Encode in one go."""
    encoder = encoder_for(name, ENCODED_RATE)
    return encoder.feed(speech) + encoder.finish()


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
