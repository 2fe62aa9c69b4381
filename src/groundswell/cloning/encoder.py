"""The speaker encoder: speech to a point on a sphere where one speaker's recordings lie close.

Generalised end-to-end loss (Wan et al., arXiv:1710.10467) in the implementation and with the
weights of Resemblyzer 0.1.4 (Resemble AI, Apache-2.0): a mel spectrogram of 40 bands, cut into
partials of 1.6 s, each through three LSTMs of 256 cells, a linear layer, a rectifier. Here in
NumPy; it agrees with the original to 1e-5 (``tests/cloning/test_encoder.py``).
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.cloning.torch_file import read_state

Float32 = NDArray[np.float32]

RATE = 16000
PARTIAL_FRAMES = 160
LEVEL_DBFS = -30.0
"""The loudness the encoder was trained at; embeddings depend on it."""

_WINDOW, _HOP, _BANDS, _CELLS = 400, 160, 40, 256
_PARTIALS_PER_SECOND = 1.3
_MIN_COVERAGE = 0.75


class SpeakerEncoder:
    """The loaded network.

    Args:
        weights: Resemblyzer's ``pretrained.pt``.

    Raises:
        ModelUnavailable: the file is missing or damaged.
    """

    def __init__(self, weights: Path) -> None:
        state = read_state(weights, "model_state")
        self._layers = [_layer(state, number) for number in range(3)]
        self._linear = state["linear.weight"].T.copy(), state["linear.bias"]

    def embed(self, samples: Float32) -> Float32:
        """Embed one recording: [256], of length 1.

        Args:
            samples: [n] at 16 kHz; brought to the encoder's loudness here.
        """
        return normalise(self.partials(samples).mean(axis=0))

    def partials(self, samples: Float32) -> Float32:
        """Embed the partials of one recording: [partials, 256], each of length 1."""
        slices = _starts(samples.size)
        needed = (slices[-1] + PARTIAL_FRAMES) * _HOP
        level = to_level(samples)
        mel = mel_spectrogram(np.pad(level, (0, max(0, needed - samples.size))))
        return self._run(np.stack([mel[start : start + PARTIAL_FRAMES] for start in slices]))

    def _run(self, mels: Float32) -> Float32:
        """[batch, frames, 40] to [batch, 256]."""
        sequence = mels.transpose(1, 0, 2)
        for inward, recurrent, bias in self._layers:
            driven = sequence @ inward + bias
            hidden = cell = np.zeros((mels.shape[0], _CELLS), np.float32)
            outputs = []
            for step in driven:
                gates = step + hidden @ recurrent
                # Input, forget and output gates first, the candidate last.
                opened = 0.5 + 0.5 * np.tanh(0.5 * gates[:, : 3 * _CELLS])
                enter, keep, leave = np.split(opened, 3, axis=1)
                cell = keep * cell + enter * np.tanh(gates[:, 3 * _CELLS :])
                hidden = leave * np.tanh(cell)
                outputs.append(hidden)
            sequence = np.stack(outputs)
        weight, bias = self._linear
        raw = np.maximum(sequence[-1] @ weight + bias, 0)
        return normalise(raw)


def normalise(rows: Float32) -> Float32:
    """Scale vectors along the last axis to length 1; a vector of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Float32 = rows / np.maximum(lengths, 1e-9)
    return scaled


def to_level(samples: Float32, decibels: float = LEVEL_DBFS) -> Float32:
    """Scale samples to a root mean square level in dBFS."""
    level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return (samples * (10 ** (decibels / 20) / max(level, 1e-9))).astype(np.float32)


def mel_spectrogram(samples: Float32) -> Float32:
    """Power mel spectrogram [frames, 40] as ``librosa.feature.melspectrogram`` makes it."""
    padded = np.pad(samples, _WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    window = np.float32(0.5) - np.float32(0.5) * np.cos(
        2 * np.pi * np.arange(_WINDOW, dtype=np.float32) / _WINDOW
    )
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return (power @ _mel_filters()).astype(np.float32)


@cache
def _mel_filters() -> Float32:
    """Slaney's triangular filters of equal area: [201 frequencies, 40 bands]."""
    # Linear below 1 kHz (15 mel), 27 steps to a factor of 6.4 above.
    knee, top = 15.0, 15.0 + 27 * np.log(RATE / 2 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, _BANDS + 2)
    edges = np.where(mels < knee, mels * 200 / 3, 1000 * 6.4 ** ((mels - knee) / 27))
    away = np.fft.rfftfreq(_WINDOW, 1 / RATE)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (away - left) / (centre - left), (right - away) / (right - centre)
    filters = np.maximum(0, np.minimum(rising, falling)) * 2 / (right - left)
    narrow: Float32 = filters.astype(np.float32)
    return narrow


def _starts(samples: int) -> list[int]:
    """The frames at which partials begin, as Resemblyzer places them."""
    frames = -(-(samples + 1) // _HOP)
    step = round(RATE / _PARTIALS_PER_SECOND / _HOP)
    starts = list(range(0, max(1, frames - PARTIAL_FRAMES + step + 1), step))
    covered = (samples - starts[-1] * _HOP) / (PARTIAL_FRAMES * _HOP)
    return starts[:-1] if covered < _MIN_COVERAGE and len(starts) > 1 else starts


def _layer(state: dict[str, NDArray[Any]], number: int) -> tuple[Float32, Float32, Float32]:
    """One layer's matrices, transposed, with the candidate's columns moved to the end."""
    # PyTorch's order is input, forget, candidate, output.
    order = np.r_[0 : 2 * _CELLS, 3 * _CELLS : 4 * _CELLS, 2 * _CELLS : 3 * _CELLS]
    inward = state[f"lstm.weight_ih_l{number}"][order].T.copy()
    recurrent = state[f"lstm.weight_hh_l{number}"][order].T.copy()
    bias = state[f"lstm.bias_ih_l{number}"] + state[f"lstm.bias_hh_l{number}"]
    return inward, recurrent, bias[order]
