"""The two halves of the rewritten vocoder in OpenVINO, their convolutions in bfloat16 if that pays.

OpenVINO fuses chains of element-wise operations (normalisation, Snake activation) into one pass,
and on a processor with bfloat16 instructions runs convolutions at two to four times the speed of
float32. Only those of the residual blocks are given to bfloat16, and what lies between two of them,
as ``convert`` wrote it into the files. Elsewhere the same files run in float32.

Fixed shapes are twice as fast as free ones in the generator, so it is compiled for a few sizes
only, and what is shorter is padded. The low-rate half is as fast with free shapes, but each new
length costs it as much again, once, and some MB: lengths are rounded up, to two in an octave.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from groundswell.audio.resample import Samples
from groundswell.errors import ModelUnavailable
from groundswell.memory import release_file
from groundswell.synthesis.geometry import (
    COARSE_RATE,
    CONTEXT,
    HARMONICS_RATE,
    HIDDEN_PER_FRAME,
    SAMPLES_PER_HIDDEN,
    WHOLE_FRAMES,
    WINDOW_FRAMES,
)

Float32 = NDArray[np.float32]

WINDOW_SIZES = tuple(HIDDEN_PER_FRAME * frames + 2 * CONTEXT for frames in WINDOW_FRAMES)
"""Steps of ``hidden`` for which the generator is compiled: each window with its context."""
WHOLE_SIZE = HIDDEN_PER_FRAME * WHOLE_FRAMES
"""The same, for segments that are normalised by their own statistics."""

OWN = "own_"
"""Begins the names of the operations that measure a segment's own statistics."""
USED = f"{OWN}used_"
"""Begins those of the operations that choose between its own and given ones."""

_LEAST_FRAMES = 48
_WARM_FRAMES = 768
"""Lengths up to this (19 s) are met before there is a listener to wait for it."""


class Runtime:
    """Where and how models run here.

    Args:
        threads: of inference.
    """

    def __init__(self, *, threads: int) -> None:
        self._core = openvino.Core()
        narrow = "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self._settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if narrow else "f32",
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
            # The server's own process needs a core now and then; a pinned thread would wait for it.
            "ENABLE_CPU_PINNING": False,
            # What is kept for each free size is several MB, and saves no time that shows.
            "CPU_RUNTIME_CACHE_CAPACITY": 0,
        }

    def read(self, path: Path) -> openvino.Model:
        """Read a model file.

        Raises:
            ModelUnavailable: OpenVINO does not load it.
        """
        try:
            return self._core.read_model(path)
        except RuntimeError as error:
            raise _unavailable(path, error) from error

    def compile(self, path: Path, models: list[openvino.Model]) -> list[openvino.InferRequest]:
        """Compile models made of one file.

        Raises:
            ModelUnavailable: OpenVINO does not load them.
        """
        try:
            # Much of compiling runs in one thread: side by side they take half as long.
            with ThreadPoolExecutor(len(models)) as compilers:
                compiled = compilers.map(
                    lambda each: self._core.compile_model(each, "CPU", self._settings), models
                )
                return [each.create_infer_request() for each in compiled]
        except RuntimeError as error:
            raise _unavailable(path, error) from error


class Decoder:
    """The low-rate half, for whole segments; for one thread at a time.

    Args:
        path: ``decode.xml``, with ``decode.bin`` beside it.

    Raises:
        ModelUnavailable: OpenVINO does not load it.
    """

    def __init__(self, path: Path, runtime: Runtime) -> None:
        self._path = path
        (self._request,) = runtime.compile(path, [runtime.read(path)])

    def run(
        self, features: Float32, f0: Float32, noise: Float32, style: Float32
    ) -> tuple[Float32, Float32, Float32]:
        """Run a segment of T frames.

        Args:
            features: [1, 512, T]
            f0: [1, 2T]
            noise: [1, 2T]
            style: [1, 256]

        Returns:
            hidden [1, 512, 2T], and scales and shifts, both [1, channels, 1].
        """
        frames = features.shape[2]
        size = padded_frames(frames)
        self._request.infer(
            {
                "features": _padded(features, size),
                "f0": _padded(f0, HIDDEN_PER_FRAME * size),
                "noise": _padded(noise, HIDDEN_PER_FRAME * size),
                "style": style,
                "mask_frames": _mask(frames, size),
                "mask_hidden": _mask(HIDDEN_PER_FRAME * frames, HIDDEN_PER_FRAME * size),
            }
        )
        hidden, scales, shifts = (self._request.get_output_tensor(n).data for n in range(3))
        return hidden[:, :, : HIDDEN_PER_FRAME * frames].copy(), scales.copy(), shifts.copy()

    def warm(self) -> None:
        """Meet all usual lengths."""
        frames = _LEAST_FRAMES
        while frames <= _WARM_FRAMES:
            half = np.zeros((1, HIDDEN_PER_FRAME * frames), np.float32)
            features, style = np.zeros((1, 512, frames), np.float32), np.zeros((1, 256), np.float32)
            self.run(features, half, half, style)
            frames = padded_frames(frames + 1)
        _release_weights(self._path)


class Generator:
    """The high-rate half, for slices; for one thread at a time.

    Args:
        path: ``generator.xml``, with ``generator.bin`` beside it.

    Raises:
        ModelUnavailable: OpenVINO does not load it.
    """

    def __init__(self, path: Path, runtime: Runtime) -> None:
        model = runtime.read(path)
        models = [_fixed(model, size, own=False) for size in WINDOW_SIZES]
        models.append(_fixed(model, WHOLE_SIZE, own=True))
        *windows, self._whole = runtime.compile(path, models)
        self._windows = dict(zip(WINDOW_SIZES, windows, strict=True))
        _release_weights(path)

    def window(
        self, hidden: Float32, harmonics: Float32, factors: Float32, offsets: Float32
    ) -> Samples:
        """Run a slice with factor and offset of each normalisation given.

        Args:
            hidden: [1, 512, n], n at most the largest of ``WINDOW_SIZES``.
            harmonics: [1, 22, 60n + 1]
            factors: [1, channels, 1]
            offsets: [1, channels, 1]

        Returns:
            Samples [300 n].
        """
        size = next(size for size in WINDOW_SIZES if size >= hidden.shape[2])
        terms = {"factors": factors, "offsets": offsets}
        return _samples(self._windows[size], size, hidden, harmonics, terms)

    def whole(
        self, hidden: Float32, harmonics: Float32, scales: Float32, shifts: Float32
    ) -> Samples:
        """Run a whole segment, which is normalised by its own statistics.

        Args:
            hidden: [1, 512, n], n at most ``WHOLE_SIZE``.
            harmonics: [1, 22, 60n + 1]
            scales: [1, channels, 1]
            shifts: [1, channels, 1]

        Returns:
            Samples [300 n].
        """
        terms = {"scales": scales, "shifts": shifts}
        return _samples(self._whole, WHOLE_SIZE, hidden, harmonics, terms)


def padded_frames(frames: int) -> int:
    """The length with which ``decode`` runs so many frames."""
    frames = max(frames, _LEAST_FRAMES)
    step = 1 << (frames - 1).bit_length() - 2
    return -(-frames // step) * step


def _fixed(model: openvino.Model, size: int, *, own: bool) -> openvino.Model:
    """The generator for slices of a fixed size, by their own statistics or by given ones."""
    model = model.clone()
    operations = {op.get_friendly_name(): op for op in model.get_ops()}
    for name, operation in operations.items():
        if not name.rpartition("/")[2].startswith(USED):
            continue
        used = operations[name.replace(USED, OWN)].output(0) if own else operation.input_value(0)
        for reader in list(operation.output(0).get_target_inputs()):
            reader.replace_source_output(used)
    shapes = {
        "hidden": [1, 512, size],
        "harmonics": [1, 22, HARMONICS_RATE * size + 1],
        "mask_coarse": [1, 1, COARSE_RATE * size],
        "mask_fine": [1, 1, HARMONICS_RATE * size + 1],
    }
    inputs = {*shapes, *(("scales", "shifts") if own else ("factors", "offsets"))}
    parameters = [p for p in model.get_parameters() if p.get_friendly_name() in inputs]
    fixed = openvino.Model(model.get_results(), parameters, f"slice of {size}")
    names = [p.get_friendly_name() for p in parameters]
    kept = {name: p.get_partial_shape() for name, p in zip(names, parameters, strict=True)}
    fixed.reshape(kept | {name: openvino.PartialShape(shape) for name, shape in shapes.items()})
    return fixed


def _samples(
    request: openvino.InferRequest,
    size: int,
    hidden: Float32,
    harmonics: Float32,
    terms: dict[str, Float32],
) -> Samples:
    steps = hidden.shape[2]
    request.infer(
        {
            "hidden": _padded(hidden, size),
            "harmonics": _padded(harmonics, HARMONICS_RATE * size + 1),
            "mask_coarse": _mask(COARSE_RATE * steps, COARSE_RATE * size),
            "mask_fine": _mask(HARMONICS_RATE * steps + 1, HARMONICS_RATE * size + 1),
            **terms,
        }
    )
    samples: Samples = request.get_output_tensor(0).data[: SAMPLES_PER_HIDDEN * steps].copy()
    return samples


def _padded(values: Float32, size: int) -> Float32:
    """With zeros at the end of the last axis."""
    missing = size - values.shape[-1]
    if not missing:
        return values
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])


def _mask(steps: int, size: int) -> Float32:
    """[1, 1, size]: one where there is something."""
    return (np.arange(size) < steps).astype(np.float32).reshape(1, 1, size)


def _release_weights(path: Path) -> None:
    """Let the mapped file go: each compiled model has copied the weights into its own layout."""
    release_file(path.with_suffix(".bin"))


def _unavailable(path: Path, error: RuntimeError) -> ModelUnavailable:
    return ModelUnavailable(path, f"does not load ({str(error).splitlines()[0]})")
