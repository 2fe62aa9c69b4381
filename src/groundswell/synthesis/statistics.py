"""The normalisation statistics of a sentence, foretold from its cheap half.

The generator's AdaIN layers normalise by mean and deviation over the sentence, which windows
cannot know. They are foretold: the voice's own averages (measured over a few sentences per pack; a
mix takes the weighted mean), plus a linear correction from what is known of the whole sentence
before the generator runs: means and deviations of ``hidden`` and ``harmonics`` over time. The
correction is a reduced-rank ridge regression over all packs; it halves the error of the averages
alone (``docs/performance.md``). ``tools/measure_statistics.py`` makes the file.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from groundswell.synthesis.voices import PACKS, Mix

Float32 = NDArray[np.float32]

_FARTHEST = 3.0
"""Standard deviations to which a correction is limited: beyond, a sentence is no guide."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the generator normalises with: two arrays [1, channels, 1]."""

    means: Float32
    deviations: Float32


@dataclass(frozen=True, slots=True)
class VoiceStatistics:
    """The averages of one voice; ``of`` corrects them for a sentence.

    Attributes:
        means: [channels]
        log_deviations: [channels]
        description: [features] average description of its sentences.
    """

    means: Float32
    log_deviations: Float32
    description: Float32

    def of(self, hidden: Float32, harmonics: Float32) -> Statistics:
        """Foretell the statistics of a sentence.

        Args:
            hidden: [1, 512, n] of the whole sentence.
            harmonics: [1, 22, m] of the whole sentence.
        """
        table = _table()
        away = (describe(hidden, harmonics) - self.description) / table["description_scale"]
        reach = table["reach"]
        steps = np.clip(away @ table["inward"], -_FARTHEST * reach, _FARTHEST * reach)
        correction = steps @ table["outward"]
        channels = self.means.size
        deviations = np.exp(self.log_deviations + correction[channels:])
        # The regression foretells shifts of means in units of the voice's own deviations.
        means = self.means + correction[:channels] * np.exp(self.log_deviations)
        return Statistics(
            means.astype(np.float32).reshape(1, -1, 1),
            deviations.astype(np.float32).reshape(1, -1, 1),
        )


def describe(hidden: Float32, harmonics: Float32) -> Float32:
    """Describe a sentence by the mean and deviation over time of each channel."""
    x, h = hidden[0], harmonics[0]
    return np.concatenate([x.mean(1), x.std(1), h.mean(1), h.std(1)])


@lru_cache(maxsize=64)
def voice_statistics(mix: Mix) -> VoiceStatistics:
    """Return the averages of a mix: the weighted means of its packs'."""
    table = _table()
    rows = [PACKS.index(pack) for pack, _ in mix.parts]
    weights = np.array([weight for _, weight in mix.parts], np.float32)
    return VoiceStatistics(
        *(weights @ table[name][rows] for name in ("means", "log_deviations", "descriptions"))
    )


@cache
def _table() -> dict[str, Float32]:
    with as_file(files("groundswell.synthesis") / "statistics.npz") as path, np.load(path) as data:
        return {name: data[name].astype(np.float32) for name in data.files}
