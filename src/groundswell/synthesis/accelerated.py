"""The high-rate half of the vocoder in OpenVINO, with its convolutions in bfloat16 where that pays.

OpenVINO fuses chains of element-wise operations (normalisation, Snake activation) into one pass,
and on a processor with bfloat16 instructions runs convolutions at twice the speed of float32. Only
the residual blocks are given to bfloat16, as ``convert`` wrote it into the file. Elsewhere the same
file runs in float32.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from groundswell.audio.resample import Samples
from groundswell.errors import ModelUnavailable
from groundswell.synthesis.geometry import (
    CONTEXT,
    HARMONICS_RATE,
    HIDDEN_PER_FRAME,
    WINDOW_FRAMES,
)

Float32 = NDArray[np.float32]

STATIC_SIZES = tuple(HIDDEN_PER_FRAME * frames + 2 * CONTEXT for frames in WINDOW_FRAMES)
"""Steps of ``hidden`` compiled with fixed shapes, a fifth faster than with free ones: each window
with its context."""

USED = "used_"
"""In the names of the operations behind the choice between own statistics and given ones."""

_FREE_COST = 1.2
"""Cost of a step with free shapes relative to fixed ones."""
_ROUND = 20
"""Free sizes are rounded up to this, since each new size is compiled once."""


class Accelerated:
    """The compiled generator; for one thread at a time.

    Args:
        path: ``generator.xml``, with ``generator.bin`` beside it.
        threads: of inference.

    Raises:
        ModelUnavailable: OpenVINO does not load it.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        core = openvino.Core()
        narrow = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if narrow else "f32",
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
            # The server's own process needs a core now and then; a pinned thread would wait for it.
            "ENABLE_CPU_PINNING": False,
            # What was made for each free size is 10 MB and more, and saves no time that shows.
            "CPU_RUNTIME_CACHE_CAPACITY": 0,
        }
        try:
            model = core.read_model(path)
            models = [*(_given(model, size) for size in STATIC_SIZES), model]
            # Much of compiling runs in one thread: side by side they take half as long.
            with ThreadPoolExecutor(len(models)) as compilers:
                *fixed, free = compilers.map(
                    lambda each: core.compile_model(each, "CPU", settings), models
                )
        except RuntimeError as error:
            raise ModelUnavailable(path, f"does not load ({str(error).splitlines()[0]})") from error
        self._fixed = {
            size: compiled.create_infer_request()
            for size, compiled in zip(STATIC_SIZES, fixed, strict=True)
        }
        self._free = free.create_infer_request()

    def size_for(self, steps: int, available: int) -> int:
        """Return the slice to cut when ``steps`` are needed of ``available`` ones, for speed."""
        for size in STATIC_SIZES:
            if steps <= size <= min(available, steps * _FREE_COST):
                return size
        return min(available, -(-steps // _ROUND) * _ROUND)

    def window(
        self, hidden: Float32, harmonics: Float32, factors: Float32, offsets: Float32
    ) -> Samples:
        """Run a slice with factor and offset of each normalisation given.

        Args:
            hidden: [1, 512, n]
            harmonics: [1, 22, 60n + 1]
            factors: [1, channels, 1]
            offsets: [1, channels, 1]

        Returns:
            Samples [300 n].
        """
        request = self._fixed.get(hidden.shape[2])
        if request is None:
            return self._freely(hidden, harmonics, factors=factors, offsets=offsets)
        given = {"hidden": hidden, "harmonics": harmonics, "factors": factors, "offsets": offsets}
        return _samples(request, given)

    def whole(
        self, hidden: Float32, harmonics: Float32, scales: Float32, shifts: Float32
    ) -> Samples:
        """Run a whole segment, which is normalised by its own statistics.

        Args:
            hidden: [1, 512, n]
            harmonics: [1, 22, 60n + 1]
            scales: [1, channels, 1]
            shifts: [1, channels, 1]

        Returns:
            Samples [300 n].
        """
        return self._freely(hidden, harmonics, scales=scales, shifts=shifts)

    def _freely(self, hidden: Float32, harmonics: Float32, **terms: Float32) -> Samples:
        """Run any number of steps, by the terms that are there; the others are not looked at."""
        given = dict.fromkeys(
            ("scales", "shifts", "factors", "offsets"), np.zeros_like(next(iter(terms.values())))
        )
        given |= {"hidden": hidden, "harmonics": harmonics, **terms}
        given["own"] = np.full(1, "scales" in terms, np.float32)
        return _samples(self._free, given)


def _given(model: openvino.Model, size: int) -> openvino.Model:
    """The part that takes factors and offsets, for slices of a fixed size."""
    model = model.clone()
    for operation in model.get_ops():
        if operation.get_friendly_name().rpartition("/")[2].startswith(f"own_{USED}"):
            given = operation.input_value(0)
            for reader in list(operation.output(0).get_target_inputs()):
                reader.replace_source_output(given)
    inputs = {"hidden", "harmonics", "factors", "offsets"}
    parameters = [p for p in model.get_parameters() if p.get_friendly_name() in inputs]
    fixed = openvino.Model(model.get_results(), parameters, f"window of {size}")
    fixed.reshape(
        {
            p.get_friendly_name(): {
                "hidden": [1, 512, size],
                "harmonics": [1, 22, HARMONICS_RATE * size + 1],
            }.get(p.get_friendly_name(), p.get_partial_shape())
            for p in parameters
        }
    )
    return fixed


def _samples(request: openvino.InferRequest, given: dict[str, Float32]) -> Samples:
    request.infer(given)
    samples: Samples = request.get_output_tensor(0).data.copy()
    return samples
