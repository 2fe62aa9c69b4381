"""How high and how lively a voice is: statistics of log F0, and the map from one to another.

F0 is read by SwiftF0 (Nieradzik, arXiv:2508.18440), a small network.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from swift_f0 import SwiftF0

from groundswell.cloning.encoder import RATE

_LOWEST, _HIGHEST = 55.0, 600.0
_SURE = 0.5
PITCH_SECONDS = 256 / RATE
"""Between two values of a track."""
_OUTLIER = 3.5
"""Robust standard deviations from the median beyond which a frame is an octave error."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """Statistics of a voice's pitch.

    Attributes:
        mean: of log F0 in Hz over voiced frames.
        deviation: of the same.
        voiced: seconds of voiced speech they were taken from.
    """

    mean: float
    deviation: float
    voiced: float


def track(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """F0 in Hz of samples at 16 kHz, every ``PITCH_SECONDS``, 0 where unvoiced."""
    found = SwiftF0(threads=1).detect(samples, RATE, fmin=_LOWEST, fmax=_HIGHEST)
    f0: NDArray[np.float64] = np.where(found.confidence >= _SURE, found.pitch_hz, 0.0)
    return f0


def describe(f0: NDArray[np.floating], seconds_per_frame: float) -> Pitch:
    """Summarise a track of F0, in which 0 is unvoiced.

    Octave errors are left out in a second pass over the frames near the median.
    """
    logs = np.log(f0[f0 >= _LOWEST])
    if logs.size < 2:
        return Pitch(0.0, 0.0, 0.0)
    centre = float(np.median(logs))
    spread = 1.4826 * float(np.median(np.abs(logs - centre)))
    kept = logs[np.abs(logs - centre) <= _OUTLIER * max(spread, 0.05)]
    return Pitch(float(kept.mean()), float(kept.std()), kept.size * seconds_per_frame)
