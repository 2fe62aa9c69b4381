"""Kokoro-82M as ONNX Runtime sessions: the front, the whole vocoder, and the vocoder in windows.

Source: hexgrad/Kokoro-82M (StyleTTS 2 with an ISTFTNet decoder). ``prepare`` cuts the graph, and
``windowed`` rewrites its vocoder half.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from groundswell.audio.resample import Samples
from groundswell.errors import ModelUnavailable
from groundswell.synthesis.model_files import ModelPaths
from groundswell.synthesis.statistics import Statistics
from groundswell.synthesis.windowed import CONTEXT, HARMONICS_RATE, SAMPLES_PER_HIDDEN
from groundswell.text.phonemise.symbols import ids

Float32 = NDArray[np.float32]

SAMPLES_PER_FRAME = 600
"""Output samples of one front frame (40 frames a second)."""

HIDDEN_PER_FRAME = SAMPLES_PER_FRAME // SAMPLES_PER_HIDDEN


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

    features: Float32
    f0: Float32
    noise: Float32
    frames_per_token: NDArray[np.int64]
    style: Float32

    @property
    def frames(self) -> int:
        """T: frames of the whole segment."""
        return int(self.features.shape[2])


@dataclass(frozen=True, slots=True)
class Decoded:
    """A segment after the low-rate half of the vocoder.

    Attributes:
        hidden: [1, 512, 2T]
        harmonics: [1, 22, 120T + 1]
        style: [1, 256]
    """

    hidden: Float32
    harmonics: Float32
    style: Float32


class Kokoro:
    """The loaded model. Runs are deterministic: same input, same samples.

    Raises:
        ModelUnavailable: a graph file does not load.
    """

    def __init__(self, paths: ModelPaths, *, threads: int) -> None:
        self._front = _session(paths.front, threads)
        self._vocoder = _session(paths.vocoder, threads)
        self.windowed = paths.decode is not None and paths.generator is not None
        """Whether ``decode`` and ``vocode_window`` work with these files."""
        if paths.decode is not None and paths.generator is not None:
            self._decode = _session(paths.decode, threads)
            self._generator = _session(paths.generator, threads)

    def predict(self, phonemes: str, style: Float32, speed: float) -> Prosody:
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
        """Run the whole vocoder over all frames; returns samples [600 T] at 24 kHz."""
        (audio,) = self._vocoder.run(["audio"], _prosody_inputs(prosody))
        samples: Samples = audio.reshape(-1)
        return samples

    def decode(self, prosody: Prosody) -> Decoded:
        """Run the low-rate half of the vocoder over all frames."""
        hidden, harmonics = self._decode.run(["hidden", "harmonics"], _prosody_inputs(prosody))
        return Decoded(hidden, harmonics, prosody.style)

    def vocode_window(
        self, decoded: Decoded, statistics: Statistics, first: int, last: int
    ) -> Samples:
        """Run the high-rate half over some frames, with context on both sides.

        Args:
            decoded: the segment.
            statistics: of the whole segment.
            first: first frame wanted.
            last: one past the last.

        Returns:
            Samples [600 (last - first)]; what the whole would have there.
        """
        start, end = first * HIDDEN_PER_FRAME, last * HIDDEN_PER_FRAME
        left = max(0, start - CONTEXT)
        right = min(decoded.hidden.shape[2], end + CONTEXT)
        (audio,) = self._generator.run(
            ["audio"],
            {
                "hidden": np.ascontiguousarray(decoded.hidden[:, :, left:right]),
                "harmonics": np.ascontiguousarray(
                    decoded.harmonics[:, :, left * HARMONICS_RATE : right * HARMONICS_RATE + 1]
                ),
                "style": decoded.style,
                "means": statistics.means,
                "deviations": statistics.deviations,
            },
        )
        inner = (start - left) * SAMPLES_PER_HIDDEN
        samples: Samples = audio[inner : inner + (end - start) * SAMPLES_PER_HIDDEN]
        return samples


def _prosody_inputs(prosody: Prosody) -> dict[str, Float32]:
    return {
        "features": prosody.features,
        "f0": prosody.f0,
        "noise": prosody.noise,
        "style": prosody.style,
    }


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Warnings about the export's unused initialisers say nothing to an operator.
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own untyped hierarchy
        raise ModelUnavailable(path, f"does not load ({type(error).__name__})") from error
