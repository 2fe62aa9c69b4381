"""What speech costs on this machine, learnt while it speaks.

Three ratios, and the longest unit of late. Each ratio is a quotient of two sums that fade: every
new unit of work counts for a twentieth, so that the ratios follow the machine within some twenty
units and no single unit moves them far.
"""

from dataclasses import dataclass

from groundswell.synthesis.geometry import (
    CONTEXT,
    HIDDEN_PER_FRAME,
    SECONDS_PER_FRAME,
    WINDOW_FRAMES,
)

FADE = 0.95
"""What remains of the past at each new unit."""
LONGEST_FADE = 0.995
"""The same, for the longest unit: long segments are begun seldom."""

FIRST_WINDOW_SECONDS = (WINDOW_FRAMES[0] + 2 * CONTEXT / HIDDEN_PER_FRAME) * SECONDS_PER_FRAME
"""Audio computed for a first window: 0.35 s and its context."""


@dataclass(slots=True)
class Ratio:
    """A quotient of fading sums; ``start`` holds until something was measured."""

    start: float
    _above: float = 0.0
    _below: float = 0.0

    def learn(self, above: float, below: float) -> None:
        """Add a measurement of ``above`` for ``below``."""
        if below > 0 and above >= 0:
            self._above = self._above * FADE + above
            self._below = self._below * FADE + below

    @property
    def value(self) -> float:
        """The ratio as known now."""
        return self._above / self._below if self._below else self.start


class Costs:
    """The costs the forecast is made from. The starts are those of a small two-core machine."""

    def __init__(self) -> None:
        self._audio = Ratio(0.35)
        self._front = Ratio(0.003)
        self._length = Ratio(0.07)
        self._longest = 0.0

    def unit(self, work: float, audio: float, phonemes: int) -> None:
        """Learn from one unit of work.

        Args:
            work: seconds it took.
            audio: seconds of sound it made.
            phonemes: of the segment that it began, 0 if it continued one.
        """
        if phonemes:
            beside = work - self.real_time_factor * (audio + FIRST_WINDOW_SECONDS / 2)
            self._front.learn(max(0.0, beside), phonemes)
        self._audio.learn(work, audio)
        self._longest = max(work, self._longest * LONGEST_FADE)

    def segment(self, audio: float, phonemes: int) -> None:
        """Learn from a whole segment: seconds of sound at speed 1, and its phonemes."""
        self._length.learn(audio, phonemes)

    @property
    def real_time_factor(self) -> float:
        """Seconds of work for a second of sound, all included."""
        return self._audio.value

    @property
    def per_phoneme(self) -> float:
        """Seconds of work for a phoneme of a new segment, beside its sound."""
        return self._front.value

    @property
    def longest_unit(self) -> float:
        """Seconds of work of the longest unit of late: one that begins a long segment."""
        return self._longest

    @property
    def seconds_per_phoneme(self) -> float:
        """Length of speech at speed 1."""
        return self._length.value

    def first_sound(self, phonemes: int) -> float:
        """Seconds of work until the first sound of a segment."""
        return self.per_phoneme * phonemes + self.real_time_factor * FIRST_WINDOW_SECONDS
