"""The space of voices, and what a point in it sounds like to the speaker encoder.

A voice is the mean of a pack's rows; its row for a length is that mean plus a trend with length
that all packs share. Principal components of the stock voices, whitened, are the coordinates:
those of the timbre half, which drives the vocoder, and the first few of the prosody half.

A linear model foretells the embedding of a point spoken at a pitch: a ridge regression over some
hundred stock voices, mixes and extrapolations at many pitches (``tools/measure_voice_space.py``
makes it). Inverted with the coordinates' normal distribution as prior, it gives the point that
should sound like a speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from groundswell.cloning.pitch import Pitch
from groundswell.synthesis.statistics import VoiceStatistics, voice_statistics
from groundswell.synthesis.voices import PACKS, STYLE_SIZE, VoicePacks, pack_mix

Array = NDArray[np.float64]

TIMBRE, PROSODY = 51, 10
"""Coordinates of each half."""
COORDINATES = TIMBRE + PROSODY
_HALF = STYLE_SIZE // 2
_ROWS = slice(19, 299)
"""Rows whose mean is the voice: longer ones are hardly ever used, and differ little."""
_PITCH_CENTRE, _PITCH_SPREAD = np.array([5.0, 0.18]), np.array([0.25, 0.07])


class VoiceSpace:
    """The coordinates of voices.

    Args:
        packs: the stock voices.

    Raises:
        ModelUnavailable: a pack is missing.
    """

    def __init__(self, packs: VoicePacks) -> None:
        styles = np.stack([packs.style(pack_mix(name)) for name in PACKS])
        self._stock = styles[:, _ROWS].mean(axis=1, dtype=np.float64)
        self._trend = (styles - self._stock[:, None]).mean(axis=0)
        self._mean = self._stock.mean(axis=0)
        away = self._stock - self._mean
        self._axes = np.zeros((COORDINATES, STYLE_SIZE))
        for rows, columns in (
            (slice(0, TIMBRE), slice(0, _HALF)),
            (slice(TIMBRE, None), slice(_HALF, None)),
        ):
            _, lengths, directions = np.linalg.svd(away[:, columns], full_matrices=False)
            count = len(self._axes[rows])
            deviations = lengths[:count, None] / np.sqrt(len(PACKS) - 1)
            self._axes[rows, columns] = directions[:count] * deviations
        self._inverse = np.linalg.pinv(self._axes)
        self._mixing = np.linalg.pinv(away.T)
        self._statistics = [voice_statistics(pack_mix(name)) for name in PACKS]

    def mixed(self, weights: Array) -> Array:
        """The coordinates of an affine mix of the stock voices: weights [packs], of sum 1."""
        point: Array = (weights @ self._stock - self._mean) @ self._inverse
        return point

    def style(self, point: Array) -> NDArray[np.float32]:
        """The style pack of a point: [510, 256]."""
        style: NDArray[np.float32] = (self._mean + point @ self._axes + self._trend).astype(
            np.float32
        )
        return style

    def statistics(self, point: Array) -> VoiceStatistics:
        """Normalisation averages of a point: the affine mix of stock voices nearest to it."""
        weights = self._mixing @ (point @ self._axes)
        weights += (1 - weights.sum()) / len(PACKS)
        return VoiceStatistics(
            *(
                np.tensordot(
                    weights, np.stack([getattr(s, name) for s in self._statistics]), 1
                ).astype(np.float32)
                for name in ("means", "log_deviations", "description")
            )
        )


@dataclass(frozen=True, slots=True)
class Forward:
    """The linear model from coordinates and pitch to the embedding.

    Attributes:
        offset: [256]
        of_point: [coordinates, 256]
        of_pitch: [4, 256]
        of_phrase: [phrases, 256], what each phrase of ``phrases`` adds to the embedding.
        phrases: phonemes of the phrases.
    """

    offset: Array
    of_point: Array
    of_pitch: Array
    of_phrase: Array
    phrases: Sequence[str]

    @classmethod
    def load(cls) -> "Forward":
        """Read the model that comes with the package."""
        source = files("groundswell.cloning") / "voice_space.npz"
        with as_file(source) as path, np.load(path) as table:
            phrases = tuple(str(phrase) for phrase in table["phrases"])
            names = (name for name in table.files if name != "phrases")
            return cls(**{name: table[name].astype(np.float64) for name in names}, phrases=phrases)

    def at(self, pitch: Pitch) -> Array:
        """The embedding of the origin spoken at a pitch."""
        return self.offset + pitch_features(pitch.mean, pitch.deviation) @ self.of_pitch

    def invert(self, wanted: Array, known: Array, start: Array, strictness: float) -> Array:
        """The point that should have an embedding: the maximum a posteriori estimate.

        Args:
            wanted: [256] the embedding.
            known: [256] the embedding of ``start``, foretold or measured.
            start: [coordinates] where the model begins.
            strictness: how much the embedding counts against the prior, a standard normal.
        """
        moving = self.of_point
        precision = strictness * moving @ moving.T + np.eye(len(moving))
        pull = strictness * moving @ (wanted - known) - start
        point: Array = start + np.linalg.solve(precision, pull)
        return point


def pitch_features(mean: float, deviation: float) -> Array:
    """What the forward model knows of a pitch: both statistics, scaled, and their squares."""
    scaled = (np.array([mean, deviation]) - _PITCH_CENTRE) / _PITCH_SPREAD
    return np.concatenate([scaled, scaled**2])
