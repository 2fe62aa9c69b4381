"""A peak limiter without memory: it cannot click, and chunking cannot change it."""

import numpy as np

from groundswell.audio.resample import Samples

KNEE = 0.7
"""Amplitude up to which samples pass unchanged (-3.1 dBFS)."""
CEILING = 0.95
"""Amplitude no sample exceeds (-0.45 dBFS): room for what resampling adds between samples."""


def limit(samples: Samples) -> Samples:
    """Bend amplitudes above the knee smoothly towards the ceiling; shape [n] in and out."""
    magnitude = np.abs(samples)
    if samples.size == 0 or float(magnitude.max()) <= KNEE:
        return samples
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((magnitude - KNEE) / room)
    limited: Samples = np.where(magnitude <= KNEE, samples, np.copysign(bent, samples)).astype(
        np.float32
    )
    return limited
