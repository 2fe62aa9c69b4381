"""The two halves of Kokoro-82M as ONNX Runtime sessions: front and vocoder.

Source: hexgrad/Kokoro-82M (StyleTTS 2 with an ISTFTNet decoder). ``prepare`` cuts the graph.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.errors import ModelUnavailable
from groundswell.synthesis.model_files import ModelPaths
from groundswell.text.phonemise.symbols import ids

SAMPLES_PER_FRAME = 600
"""Output samples of one front frame (40 frames a second)."""

FRAMES_PER_SECOND = MODEL_RATE // SAMPLES_PER_FRAME


@dataclass(frozen=True, slots=True)
class Prosody:
    """What the front predicts for one segment, T frames long.

    Attributes:
        features: [1, 512, T] acoustic features.
        f0: [1, 2T] fundamental frequency in Hz, 0 where unvoiced.
        noise: [1, 2T] noise energy.
        frames_per_token: [N] integer frames of each token, the pads at both ends included.
        style: [1, 256] the style row the front was given; the vocoder needs the same.
    """

    features: NDArray[np.float32]
    f0: NDArray[np.float32]
    noise: NDArray[np.float32]
    frames_per_token: NDArray[np.int64]
    style: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Length of the audio these frames make."""
        return int(self.frames_per_token.sum()) / FRAMES_PER_SECOND


class Kokoro:
    """The loaded model. Runs are deterministic: same input, same samples.

    Raises:
        ModelUnavailable: a graph file does not load.
    """

    def __init__(self, paths: ModelPaths, *, threads: int) -> None:
        self._front = _session(paths.front, threads)
        self._vocoder = _session(paths.vocoder, threads)

    def predict(self, phonemes: str, style: NDArray[np.float32], speed: float) -> Prosody:
        """Run the front half.

        Args:
            phonemes: Kokoro symbols, 1 to 510 of them.
            style: [1, 256] style row.
            speed: 0.5 to 2; larger speaks faster.
        """
        tokens = np.array([[0, *ids(phonemes), 0]], np.int64)
        features, f0, noise, frames = self._front.run(
            ["features", "f0", "noise", "frames_per_token"],
            {"tokens": tokens, "style": style, "speed": np.array([speed], np.float32)},
        )
        return Prosody(features, f0, noise, np.rint(frames).astype(np.int64).reshape(-1), style)

    def vocode(self, prosody: Prosody) -> Samples:
        """Run the vocoder over all frames; returns samples [600 T] at 24 kHz."""
        (audio,) = self._vocoder.run(
            ["audio"],
            {
                "features": prosody.features,
                "f0": prosody.f0,
                "noise": prosody.noise,
                "style": prosody.style,
            },
        )
        samples: Samples = audio.reshape(-1)
        return samples


def _session(path: Any, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Warnings about the export's unused initialisers say nothing to an operator.
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own untyped hierarchy
        raise ModelUnavailable(path, f"does not load ({type(error).__name__})") from error
