"""What is to be spoken, and the pieces of sound that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.synthesis.statistics import VoiceStatistics
from groundswell.text.plan import Segment

MIN_SPEED, MAX_SPEED = 0.5, 2.0
_UNVOICED = 10.0


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
class PitchMap:
    """An affine map of log F0, which moves and stretches a voice's pitch.

    Attributes:
        scale: factor of log F0; above 1 is livelier.
        shift: added to it afterwards.
    """

    scale: float = 1.0
    shift: float = 0.0

    def apply(self, f0: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map F0 in Hz; what the vocoder takes for unvoiced (10 Hz and less) stays as it is."""
        if self == PitchMap():
            return f0
        mapped = f0.copy()
        voiced = f0 > _UNVOICED
        mapped[voiced] = np.exp(self.scale * np.log(f0[voiced]) + self.shift)
        return mapped


@dataclass(frozen=True, slots=True, eq=False)
class VoiceModel:
    """Everything the engine needs to know of a voice.

    Attributes:
        style: [510, 256] style pack.
        statistics: normalisation averages.
        gain: linear factor that brings the voice to the common loudness.
        pitch: what is done to the F0 that the front predicts.
    """

    style: NDArray[np.float32]
    statistics: VoiceStatistics
    gain: float = 1.0
    pitch: PitchMap = PitchMap()


@dataclass(frozen=True, slots=True)
class Utterance:
    """Everything the engine needs to speak.

    Attributes:
        segments: the text plan, read lazily.
        voice: who speaks.
        speed: 0.5 to 2.
        lead: seconds of silence before the first segment.
        characters: of the text that the segments come from, 0 if unknown.
    """

    segments: Iterable[Segment]
    voice: VoiceModel
    speed: float = 1.0
    lead: float = 0.0
    characters: int = 0
