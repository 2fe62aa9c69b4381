"""One utterance to sound: segments in, frames of samples with word times out.

This generator is the one way from text to samples; sync replies, streams and jobs all drive it.
Each ``next`` is one unit of work, and closing it stops the work there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.limit import limit
from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.synthesis.kokoro import SAMPLES_PER_FRAME, Kokoro, Prosody
from groundswell.synthesis.voices import style_row
from groundswell.text.plan import Segment

_SPEECH_THRESHOLD = 0.004
"""Amplitude (-48 dBFS) above which a frame counts as speech; the model's silence is below -60."""
_LEAD_FRAMES = 2
_TAIL_FRAMES = 5
_FADE_SAMPLES = 240


@dataclass(frozen=True, slots=True)
class WordTime:
    """When one word of the input is heard.

    Attributes:
        index: 0-based position among the words of the input.
        text: the word as typed.
        start: seconds from the start of the utterance's audio.
        end: seconds from the start of the utterance's audio.
    """

    index: int
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Frames:
    """A piece of sound.

    Attributes:
        samples: [n] float32 at 24 kHz, within -1..1.
        start: seconds from the start of the utterance's audio to the first sample.
        words: the words whose sound begins in this piece.
    """

    samples: Samples
    start: float
    words: tuple[WordTime, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of this piece."""
        return self.samples.size / MODEL_RATE


@dataclass(frozen=True, slots=True)
class Utterance:
    """Everything the engine needs to speak.

    Attributes:
        segments: the text plan, read lazily.
        style: [510, 256] style pack of the voice.
        gain: linear factor that brings the voice to the common loudness.
        speed: 0.5 to 2.
        lead: seconds of silence before the first segment.
    """

    segments: Iterable[Segment]
    style: NDArray[np.float32]
    gain: float = 1.0
    speed: float = 1.0
    lead: float = 0.0


def synthesise(model: Kokoro, utterance: Utterance) -> Iterator[Frames]:
    """Speak an utterance segment by segment.

    Raises:
        InvalidInput: from the text plan, when there is nothing to speak.
    """
    produced = 0
    lead = np.zeros(round(utterance.lead * MODEL_RATE), np.float32)
    for segment in utterance.segments:
        style = style_row(utterance.style, len(segment.phonemes))
        prosody = model.predict(segment.phonemes, style, utterance.speed)
        raw = model.vocode(prosody)
        first, last = speech_bounds(raw)
        speech = fade_edges(limit(raw[first:last] * np.float32(utterance.gain)))
        pause = np.zeros(round(segment.pause / utterance.speed * MODEL_RATE), np.float32)
        start = (produced + lead.size) / MODEL_RATE
        samples = np.concatenate([lead, speech, pause])
        yield Frames(
            samples,
            produced / MODEL_RATE,
            tuple(word_times(segment, prosody, start - first / MODEL_RATE, start)),
        )
        produced += samples.size
        lead = lead[:0]


def speech_bounds(samples: Samples) -> tuple[int, int]:
    """Return the sample range that holds speech, with a breath of silence on both sides."""
    frames = samples[: samples.size // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
    peaks = np.abs(frames.reshape(-1, SAMPLES_PER_FRAME)).max(axis=1)
    loud = np.nonzero(peaks > _SPEECH_THRESHOLD)[0]
    if loud.size == 0:
        return 0, samples.size
    first = max(0, int(loud[0]) - _LEAD_FRAMES)
    last = min(peaks.size, int(loud[-1]) + 1 + _TAIL_FRAMES)
    return first * SAMPLES_PER_FRAME, last * SAMPLES_PER_FRAME


def fade_edges(samples: Samples) -> Samples:
    """Raise and lower the outermost 10 ms along half a cosine, so that a join cannot click."""
    length = min(_FADE_SAMPLES, samples.size // 2)
    if length == 0:
        return samples
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[-length:] *= ramp[::-1]
    return faded


def word_times(
    segment: Segment, prosody: Prosody, origin: float, earliest: float
) -> Iterator[WordTime]:
    """Read word times off the model's own durations.

    Args:
        segment: the segment whose words are wanted.
        prosody: its prediction; token i of the phonemes is token i + 1 of the model.
        origin: seconds at which the untrimmed segment would begin.
        earliest: no word begins before this.
    """
    edges = np.concatenate([[0], np.cumsum(prosody.frames_per_token)])
    for word in segment.words:
        first, last = word.phonemes
        if last <= first:
            continue
        start = origin + float(edges[first + 1]) * SAMPLES_PER_FRAME / MODEL_RATE
        end = origin + float(edges[last + 1]) * SAMPLES_PER_FRAME / MODEL_RATE
        yield WordTime(word.index, word.text, max(earliest, start), max(earliest, end))
