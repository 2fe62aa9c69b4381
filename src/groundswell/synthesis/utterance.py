"""What is to be spoken, and the pieces of sound that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.synthesis.statistics import VoiceStatistics
from groundswell.text.plan import Segment

MIN_SPEED, MAX_SPEED = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class WordTime:
    """When one word of the input is heard.

    Attributes:
        index: 0-based position among the words of the input.
        text: the word as typed.
        start: seconds from the start of the utterance's audio.
        end: seconds from the start of the utterance's audio.
        until: characters of the input up to its end.
    """

    index: int
    text: str
    start: float
    end: float
    until: int

    def within(self, limit: float) -> "WordTime":
        """The same, ending no later than ``limit``."""
        return replace(self, start=min(self.start, limit), end=min(self.end, limit))


@dataclass(frozen=True, slots=True)
class Frames:
    """A piece of sound.

    Attributes:
        samples: [n] float32 at 24 kHz, within -1..1.
        start: seconds from the start of the utterance's audio to the first sample.
        words: the words whose sound begins in this piece.
        closes: whether a segment ends with it.
    """

    samples: Samples
    start: float
    words: tuple[WordTime, ...] = ()
    closes: bool = False

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
        statistics: normalisation averages of the voice.
        gain: linear factor that brings the voice to the common loudness.
        speed: 0.5 to 2.
        lead: seconds of silence before the first segment.
        characters: of the text that the segments come from, 0 if unknown.
    """

    segments: Iterable[Segment]
    style: NDArray[np.float32]
    statistics: VoiceStatistics
    gain: float = 1.0
    speed: float = 1.0
    lead: float = 0.0
    characters: int = 0
