"""Rewrite the vocoder so that its costly half can run on a slice of a sentence.

ISTFTNet normalises over time (AdaIN) at every residual block, so that each sample depends on the
whole sentence. Here the vocoder is cut behind its cheap low-rate half:

* **decode**: features, f0, noise, style → ``hidden`` [1, 512, 2T], over the whole sentence, and
  what the style asks of each normalisation, ``scales`` and ``shifts``;
* **source** (``synthesis/source.py``): f0 → ``harmonics`` [1, 22, 120T + 1];
* **generator**: a slice of both, and a factor and an offset for each channel → ``audio``
  (``accelerated`` runs it).

With the statistics given, each AdaIN is an affine map per channel and the generator is
convolutional: a slice with enough context on both sides gives the very samples of the whole.
Quantised operations are float again: that is no slower, nearer to what the model was trained as,
and does not make one slice's rounding depend on its loudest sample.

Both graphs take padded input, since runtimes are fastest with few, fixed sizes (``masks``).

Source: Kaneko et al., ISTFTNet (2022).
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from groundswell.synthesis.adaptive import Site, adaptive, find_sites
from groundswell.synthesis.equivalents import pooling, squared_sines, upsampling
from groundswell.synthesis.graph import GENERATOR, Graph, Replacements
from groundswell.synthesis.masks import mask_of, masked, masked_means, zeroed
from groundswell.synthesis.source import FFT_SIZE, HOP, HarmonicSource

_HIDDEN = f"{GENERATOR}LeakyRelu_output_0"
_HARMONICS = f"{GENERATOR}Concat_3_output_0"
_WAVE = f"{GENERATOR}istft/stft/ConvTranspose_output_0"
_WAVE_SCALE = FFT_SIZE / HOP  # which the export multiplies at the very end
_WAVE_EDGE = FFT_SIZE // 2  # half an FFT frame on both sides
_RENAMES = {_HIDDEN: "hidden", _HARMONICS: "harmonics"}


class NotRewritable(Exception):
    """The vocoder is not built as expected."""


@dataclass(frozen=True, slots=True)
class WindowedGraphs:
    """The rewritten vocoder.

    Attributes:
        decode: the low-rate half.
        measuring: the high-rate half for whole sentences; also returns the statistics it finds.
        fusible: the high-rate half, built for a runtime that fuses element-wise operations: without
            a sine, and with plain convolutions only. Where its input ``own`` is 1 it normalises by
            the statistics it finds, where 0 by the factors and offsets it is given.
        source: the harmonic source.
        channels: normalised channels of all sites together.
    """

    decode: onnx.ModelProto
    measuring: onnx.ModelProto
    fusible: onnx.ModelProto
    source: HarmonicSource
    channels: int


def rewrite(vocoder: onnx.ModelProto) -> WindowedGraphs:
    """Cut and rewrite a vocoder graph, as ``prepare`` makes it.

    Raises:
        NotRewritable: the graph lacks the parts this relies on.
    """
    try:
        return _rewrite(Graph(vocoder))
    except (KeyError, IndexError, AssertionError, StopIteration) as error:
        raise NotRewritable(f"another vocoder than Kokoro's ({error})") from error


def _rewrite(graph: Graph) -> WindowedGraphs:
    sites = find_sites(graph)
    channels = sum(site.channels for site in sites)
    floats = graph.float_operations()
    hidden, harmonics = _tensor(_HIDDEN, [1, 512, "n"]), _tensor(_HARMONICS, [1, 22, "m"])
    audio = _tensor("audio", ["samples"])

    def of_sites(*names: str) -> list[onnx.ValueInfoProto]:
        return [_tensor(name, [1, channels, 1]) for name in names]

    def masks(*names: str) -> list[onnx.ValueInfoProto]:
        return [_tensor(name, [1, 1, f"{name}_steps"]) for name in names]

    asked = of_sites("scales", "shifts")
    decode = graph.part(
        "decode",
        [*graph.inputs, *masks("mask_frames", "mask_hidden")],
        [hidden, *asked],
        masked(floats)
        | masked_means(graph)
        | pooling(graph)
        | _joined("scales", [site.scale for site in sites])
        | _joined("shifts", [site.shift for site in sites]),
        _RENAMES,
    )
    split_asked = _split("scales", [site.scale for site in sites], sites)
    split_asked |= _split("shifts", [site.shift for site in sites], sites)
    factors = [f"{site.prefix}factor" for site in sites]
    offsets = [f"{site.prefix}offset" for site in sites]
    measuring = graph.part(
        "measuring",
        [hidden, harmonics, *asked],
        [audio, *of_sites("means", "deviations")],
        floats
        | _wave(graph, padded=False)
        | split_asked
        | _joined("means", [site.mean for site in sites])
        | _joined("deviations", [site.deviation for site in sites]),
        _RENAMES,
    )
    given = [*of_sites("factors", "offsets"), _tensor("own", [1])]
    fusible = graph.part(
        "fusible",
        [hidden, harmonics, *asked, *given, *masks("mask_coarse", "mask_fine")],
        [audio],
        masked(floats)
        | _wave(graph, padded=True)
        | split_asked
        | _split("factors", factors, sites)
        | _split("offsets", offsets, sites)
        | squared_sines(graph)
        | upsampling(graph)
        | {site.output: adaptive(site) for site in sites},
        _RENAMES,
    )
    return WindowedGraphs(decode, measuring, fusible, _source(graph), channels)


def _source(graph: Graph) -> HarmonicSource:
    """The weights with which the harmonics are added up, behind the tanh."""
    tanh = next(node for node in graph.nodes if node.op_type == "Tanh")
    added = graph.maker[tanh.input[0]]
    bias = next(value for name in added.input if (value := graph.value(name)) is not None)
    product = next(graph.maker[name] for name in added.input if name in graph.maker)
    weights = graph.value(product.input[1])
    assert product.op_type == "MatMul", "harmonic source"
    assert weights is not None
    assert weights.shape == (9, 1), "harmonics"
    return HarmonicSource(weights.reshape(-1).astype(np.float32), float(bias.reshape(-1)[0]))


def _wave(graph: Graph, *, padded: bool) -> Replacements:
    """The end of the generator: the samples between the half frames at both edges."""
    tensors = [
        numpy_helper.from_array(np.array(value), name)
        for name, value in (
            ("wave_shape", np.array([-1], np.int64)),
            ("wave_start", np.array([_WAVE_EDGE], np.int64)),
            ("wave_end", np.array([-_WAVE_EDGE], np.int64)),
            ("wave_scale", np.array(_WAVE_SCALE, np.float32)),
        )
    ]
    nodes = [
        helper.make_node("Reshape", [_WAVE, "wave_shape"], ["wave_flat"]),
        helper.make_node("Slice", ["wave_flat", "wave_start", "wave_end"], ["wave_inner"]),
        helper.make_node("Mul", ["wave_inner", "wave_scale"], ["audio"]),
    ]
    made: Replacements = {"audio": [*nodes, *tensors]}
    if padded:
        transform = graph.maker[_WAVE]
        made[_WAVE] = [*zeroed(transform, mask_of(transform.name))]
    return made


def _joined(name: str, sources: list[str]) -> Replacements:
    return {name: [helper.make_node("Concat", sources, [name], axis=1)]}


def _split(name: str, targets: list[str], sites: list[Site]) -> Replacements:
    sizes = numpy_helper.from_array(np.array([s.channels for s in sites], np.int64), "sizes")
    node = helper.make_node("Split", [name, sizes.name], targets, axis=1)
    return {target: [node, sizes] for target in targets}


def _tensor(name: str, shape: list[int | str] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
