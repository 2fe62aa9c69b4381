"""One utterance to sound: segments in, frames of samples with word times out.

This generator is the one way from text to samples; sync replies, streams and jobs all drive it.
Each ``next`` is one unit of work, and closing it stops the work there.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from groundswell.audio.limit import limit
from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.synthesis.geometry import SAMPLES_PER_FRAME
from groundswell.synthesis.kokoro import Kokoro, Prosody
from groundswell.synthesis.utterance import MAX_SPEED, MIN_SPEED, Frames, Utterance, WordTime
from groundswell.synthesis.vocode import vocode
from groundswell.synthesis.voices import style_row
from groundswell.text.plan import Segment

_FADE_SAMPLES = 240
_SHORTEST_WORD = 0.025
_SOON_SECONDS = 2.0
"""While less than this has been made, a segment begins with a small window: the listener has no
more in hand than the next unit of work takes on a busy machine."""
_WORDS_EARLIER = 3
"""Frames by which words are heard before the durations say so: as in Kokoro's own pipeline
(``KPipeline.join_timestamps``), and as a recogniser hears it (``docs/streaming.md``)."""


def synthesise(model: Kokoro, utterance: Utterance) -> Iterator[Frames]:
    """Speak an utterance, piece by piece.

    Raises:
        InvalidInput: from the text plan, when there is nothing to speak.
    """
    produced = 0
    silence = _silence(utterance.lead)
    voice = utterance.voice
    for segment in utterance.segments:
        style = style_row(voice.style, len(segment.phonemes))
        speed = segment_speed(segment, utterance.speed)
        prosody = model.predict(segment.phonemes, style, speed)
        prosody = replace(prosody, f0=voice.pitch.apply(prosody.f0))
        silence = np.concatenate([silence, _silence(segment.lead)])
        words: list[WordTime] = []
        for stretch in vocode(
            model, prosody, voice.statistics, soon=produced < _SOON_SECONDS * MODEL_RATE
        ):
            speech = limit(stretch.samples * np.float32(voice.gain))
            speech = fade_edges(speech, start=stretch.first, end=stretch.last)
            if stretch.first:
                start = (produced + silence.size) / MODEL_RATE
                words = word_times(segment, prosody, start - stretch.start / MODEL_RATE, start)
                speech = np.concatenate([silence, speech])
                silence = _silence(segment.pause / speed + segment.silence)
            if stretch.last:
                speech = np.concatenate([speech, silence])
                silence = silence[:0]
            begins, produced = produced, produced + speech.size
            over = produced / MODEL_RATE
            # What trimming left no sound for ends with the sound.
            due = [word for word in words if stretch.last or word.start < over]
            del words[: len(due)]
            yield Frames(
                speech,
                begins / MODEL_RATE,
                tuple(word.within(over) if stretch.last else word for word in due),
                stretch.last,
            )


def segment_speed(segment: Segment, speed: float) -> float:
    """Combine what the text asks for with the speed of the request, within what the model can."""
    return min(max(segment.rate * speed, MIN_SPEED), MAX_SPEED)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * MODEL_RATE), np.float32)


def fade_edges(samples: Samples, *, start: bool = True, end: bool = True) -> Samples:
    """Raise and lower the outermost 10 ms along half a cosine, so that a join cannot click."""
    length = min(_FADE_SAMPLES, samples.size // 2)
    if length == 0 or not (start or end):
        return samples
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    faded = samples.copy()
    if start:
        faded[:length] *= ramp
    if end:
        faded[-length:] *= ramp[::-1]
    return faded


def word_times(
    segment: Segment, prosody: Prosody, origin: float, earliest: float
) -> list[WordTime]:
    """Read word times off the model's own durations.

    Args:
        segment: the segment whose words are wanted.
        prosody: its prediction; token i of the phonemes is token i + 1 of the model.
        origin: seconds at which the untrimmed segment would begin.
        earliest: no word begins before this.
    """
    edges = np.concatenate([[0], np.cumsum(prosody.frames_per_token)])
    seconds = (edges - _WORDS_EARLIER) * (SAMPLES_PER_FRAME / MODEL_RATE) + origin
    times = []
    for word in segment.words:
        first, last = word.phonemes
        if last > first:
            start, end = (max(earliest, float(seconds[at + 1])) for at in (first, last))
            end = max(end, start + _SHORTEST_WORD)
            times.append(WordTime(word.index, word.text, start, end, word.end))
    return times
