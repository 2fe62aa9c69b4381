"""A segment's prosody to its samples: whole when short, else window by window.

The first window is short, so that sound begins soon; later ones grow, since each also computes its
context. Silence that the model puts around speech is trimmed to a breath.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from groundswell.audio.resample import Samples
from groundswell.synthesis.geometry import SAMPLES_PER_FRAME, WHOLE_FRAMES, WINDOW_FRAMES
from groundswell.synthesis.kokoro import Kokoro, Prosody
from groundswell.synthesis.statistics import VoiceStatistics

LEAST_WINDOW = 32
"""The last window is not shorter (0.8 s): it holds the end of speech and the silence to trim."""

_SPEECH_THRESHOLD = 0.004
"""Amplitude (-48 dBFS) above which a frame counts as speech; the model's silence is below -60."""
_LEAD_FRAMES = 2
_TAIL_FRAMES = 5
_ONSET_MARGIN = 8
"""Frames before the end of the leading pad at which sound may begin (6 were seen)."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive samples of a segment.

    Attributes:
        samples: [n] at 24 kHz, trimmed if at an edge of the segment.
        start: sample of the untrimmed segment at which it begins.
        first: whether the segment begins here.
        last: whether it ends here.
    """

    samples: Samples
    start: int
    first: bool
    last: bool


def vocode(
    model: Kokoro, prosody: Prosody, statistics: VoiceStatistics, *, soon: bool
) -> Iterator[Stretch]:
    """Yield a segment's stretches in order; each ``next`` is one run of the model's vocoder.

    Args:
        model: the loaded model.
        prosody: what its front predicted.
        statistics: of the voice.
        soon: somebody waits for the first sound, so begin with small windows.
    """
    if not model.windowed or prosody.frames <= WHOLE_FRAMES:
        yield _trimmed(model.vocode(prosody), 0, first=True, last=True)
        return
    decoded = model.decode(prosody)
    foretold = statistics.of(decoded.hidden, decoded.harmonics)
    begin = max(0, int(prosody.frames_per_token[0]) - _ONSET_MARGIN)
    for first, last in plan_windows(begin, prosody.frames, soon=soon):
        samples = model.vocode_window(decoded, foretold, first, last)
        yield _trimmed(
            samples,
            first * SAMPLES_PER_FRAME,
            first=first == begin,
            last=last == prosody.frames,
        )


def plan_windows(begin: int, end: int, *, soon: bool) -> Iterator[tuple[int, int]]:
    """Cut frames ``begin`` to ``end`` into windows, growing if ``soon``; yields (first, last).

    Sizes are those that the model is compiled for, but at the end.
    """
    at = begin
    sizes = iter(WINDOW_FRAMES if soon else WINDOW_FRAMES[-1:])
    size = next(sizes)
    while at < end:
        left = end - at
        if left - size < LEAST_WINDOW:
            # The last window, or a smaller one before it.
            size = left if left <= WINDOW_FRAMES[-1] else WINDOW_FRAMES[1]
        yield at, at + size
        at += size
        size = next(sizes, WINDOW_FRAMES[-1])


def _trimmed(samples: Samples, start: int, *, first: bool, last: bool) -> Stretch:
    """Cut silence at the outer edges, but for a breath."""
    peaks = np.abs(samples.reshape(-1, SAMPLES_PER_FRAME)).max(axis=1)
    loud = np.nonzero(peaks > _SPEECH_THRESHOLD)[0]
    left, right = 0, peaks.size
    if loud.size and first:
        left = max(0, int(loud[0]) - _LEAD_FRAMES)
    if loud.size and last:
        right = min(peaks.size, int(loud[-1]) + 1 + _TAIL_FRAMES)
    elif last and not first:
        right = min(peaks.size, _TAIL_FRAMES)  # speech ended in an earlier window
    cut = samples[left * SAMPLES_PER_FRAME : right * SAMPLES_PER_FRAME]
    return Stretch(cut, start + left * SAMPLES_PER_FRAME, first, last)
