"""Sample-rate conversion with state, so that chunk edges leave no trace."""

import numpy as np
import soxr
from numpy.typing import NDArray

from groundswell.errors import InvalidInput

MODEL_RATE = 24_000
"""Samples per second of everything the vocoder makes."""

Samples = NDArray[np.float32]


class Resampler:
    """Converts a stream of mono float32 chunks from one rate to another (libsoxr, HQ).

    The concatenated output does not depend on how the input was cut.
    """

    def __init__(self, source_rate: int, target_rate: int) -> None:
        if not 1000 <= target_rate <= 192_000:
            raise InvalidInput(f"Cannot resample to {target_rate} Hz.", field="sample_rate")
        self._identity = source_rate == target_rate
        self._stream = soxr.ResampleStream(
            source_rate, target_rate, num_channels=1, dtype="float32", quality="HQ"
        )

    def feed(self, samples: Samples) -> Samples:
        """Take samples [n], return those that are ready, [m] with m about n × ratio."""
        if self._identity or samples.size == 0:
            return samples
        ready: Samples = self._stream.resample_chunk(samples, last=False)
        return ready

    def finish(self) -> Samples:
        """Return the samples still inside the filter."""
        if self._identity:
            return np.zeros(0, np.float32)
        rest: Samples = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        return rest
