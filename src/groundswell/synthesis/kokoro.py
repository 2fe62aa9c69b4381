"""Kokoro-82M: the front in ONNX Runtime, the vocoder in OpenVINO.

Source: hexgrad/Kokoro-82M (StyleTTS 2 with an ISTFTNet decoder). ``prepare`` cuts the graph,
``windowed`` rewrites its vocoder half and ``accelerated`` runs it. Where that could not be built,
the vocoder runs whole, as exported.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from groundswell.audio.resample import Samples
from groundswell.errors import ModelUnavailable
from groundswell.synthesis.accelerated import Decoder, Generator, Runtime
from groundswell.synthesis.geometry import (
    CONTEXT,
    HARMONICS_RATE,
    HIDDEN_PER_FRAME,
    SAMPLES_PER_HIDDEN,
)
from groundswell.synthesis.model_files import ModelPaths
from groundswell.synthesis.source import HarmonicSource
from groundswell.synthesis.statistics import Statistics
from groundswell.text.phonemise.symbols import ids

Float32 = NDArray[np.float32]


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
        scales: [1, channels, 1], what the style asks each normalisation to multiply by.
        shifts: [1, channels, 1], and to add.
    """

    hidden: Float32
    harmonics: Float32
    scales: Float32
    shifts: Float32


class Kokoro:
    """The loaded model. Runs are deterministic: same input, same samples.

    Raises:
        ModelUnavailable: a graph file does not load.
    """

    def __init__(self, paths: ModelPaths, *, threads: int) -> None:
        self._front = _session(paths.front, threads)
        self._plain: onnxruntime.InferenceSession | None = None
        if paths.windowed is None:
            self._plain = _session(paths.vocoder, threads)
        else:
            runtime = Runtime(threads=threads)
            self._decoder = Decoder(paths.windowed.decode, runtime)
            self._generator = Generator(paths.windowed.generator, runtime)
            self._source = HarmonicSource.load(paths.windowed.source)

    @property
    def windowed(self) -> bool:
        """Whether ``decode`` and ``vocode_window`` work with these files."""
        return self._plain is None

    def warm(self) -> None:
        """Do what costs time once, before there is a listener to wait for it."""
        if self.windowed:
            self._decoder.warm()

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
        """Run the whole vocoder over all frames; returns samples [600 T] at 24 kHz.

        If ``windowed``, only for segments up to ``WHOLE_FRAMES``.
        """
        if self._plain is None:
            decoded = self.decode(prosody)
            return self._generator.whole(
                decoded.hidden, decoded.harmonics, decoded.scales, decoded.shifts
            )
        (audio,) = self._plain.run(["audio"], _prosody_inputs(prosody))
        samples: Samples = audio.reshape(-1)
        return samples

    def decode(self, prosody: Prosody) -> Decoded:
        """Run the low-rate half of the vocoder over all frames."""
        hidden, scales, shifts = self._decoder.run(**_prosody_inputs(prosody))
        return Decoded(hidden, self._source.harmonics(prosody.f0), scales, shifts)

    def vocode_window(
        self, decoded: Decoded, statistics: Statistics, first: int, last: int
    ) -> Samples:
        """Run the high-rate half over some frames, with context on both sides.

        Args:
            decoded: the segment.
            statistics: of the whole segment.
            first: first frame wanted.
            last: one past the last; no more frames than the longest window has.

        Returns:
            Samples [600 (last - first)]; what the whole would have there.
        """
        start, end = first * HIDDEN_PER_FRAME, last * HIDDEN_PER_FRAME
        left, right = max(0, start - CONTEXT), min(decoded.hidden.shape[2], end + CONTEXT)
        factors = decoded.scales / statistics.deviations
        audio = self._generator.window(
            decoded.hidden[:, :, left:right],
            decoded.harmonics[:, :, left * HARMONICS_RATE : right * HARMONICS_RATE + 1],
            factors,
            decoded.shifts - statistics.means * factors,
        )
        inner = (start - left) * SAMPLES_PER_HIDDEN
        return audio[inner : inner + (end - start) * SAMPLES_PER_HIDDEN]


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
    # Threads that go on spinning after a run take the cores from the runtime that goes on with it.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Warnings about the export's unused initialisers say nothing to an operator.
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own untyped hierarchy
        raise ModelUnavailable(path, f"does not load ({type(error).__name__})") from error
