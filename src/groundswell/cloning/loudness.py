"""The loudness of a clone's speech, after ITU-R BS.1770-4: K-weighting and two gates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.resample import MODEL_RATE
from groundswell.synthesis.loudness import TARGET_LUFS

_BLOCK, _HOP = int(0.4 * MODEL_RATE), int(0.1 * MODEL_RATE)
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691


def gain_of(samples: NDArray[np.float32]) -> float:
    """The linear factor that brings speech at 24 kHz to the loudness of all voices."""
    return float(10 ** ((TARGET_LUFS - integrated(samples)) / 20))


def integrated(samples: NDArray[np.float32]) -> float:
    """Integrated loudness in LUFS of one channel at 24 kHz."""
    weighted = np.fft.irfft(np.fft.rfft(samples) * _weighting(samples.size), samples.size)
    padded = np.pad(weighted, (0, max(0, _BLOCK - weighted.size)))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::_HOP]
    power = np.mean(np.square(blocks), axis=1)
    levels = _OFFSET + 10 * np.log10(power + 1e-20)
    audible = power[levels > _ABSOLUTE_GATE]
    if not audible.size:
        return _ABSOLUTE_GATE
    gate = _OFFSET + 10 * np.log10(audible.mean()) + _RELATIVE_GATE
    return float(_OFFSET + 10 * np.log10(power[levels > max(gate, _ABSOLUTE_GATE)].mean()))


def _weighting(size: int) -> NDArray[Any]:
    """K-weighting as the analogue filters it was made from: a high shelf and a high pass."""
    s = 2j * np.pi * np.fft.rfftfreq(size, 1 / MODEL_RATE)
    shelf, high = 2 * np.pi * 1681.974, 2 * np.pi * 38.13547
    top, middle = 10 ** (3.99984 / 20), 10 ** (3.99984 / 20 * 0.4996668)
    quality, slope = 0.7071752, 0.5003270
    first = (top * s**2 + middle * shelf / quality * s + shelf**2) / (
        s**2 + shelf / quality * s + shelf**2
    )
    second: NDArray[Any] = s**2 / (s**2 + high / slope * s + high**2)
    return np.asarray(first * second)
