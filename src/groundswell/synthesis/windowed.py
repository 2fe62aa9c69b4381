"""Rewrite the vocoder so that its costly half can run on a slice of a sentence.

ISTFTNet normalises over time (AdaIN) at every residual block, so that each sample depends on the
whole sentence. Here the vocoder is cut behind its cheap low-rate half:

* **decode**: features, f0, noise, style → ``hidden`` [1, 512, 2T] and ``harmonics``
  [1, 22, 120T + 1] (the harmonic source and its phase, after STFT), over the whole sentence;
* **generator**: a slice of both, style, and the statistics of each normalisation → ``audio``.

With the statistics given, each AdaIN is an affine map per channel and the generator is
convolutional: a slice with enough context on both sides gives the very samples of the whole. Its
quantised convolutions are turned back into float32, which runs as fast and does not make one
slice's rounding depend on its loudest sample.

Source: Kaneko et al., ISTFTNet (2022); Huang and Belongie, AdaIN (2017).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_GENERATOR = "/decoder/decoder/generator/"
_HIDDEN = f"{_GENERATOR}LeakyRelu_output_0"
_HARMONICS = f"{_GENERATOR}Concat_3_output_0"
_WAVE = f"{_GENERATOR}istft/stft/ConvTranspose_output_0"
_WAVE_SCALE = 4.0  # FFT size over hop, which the export multiplies at the very end
_WAVE_EDGE = 10  # half an FFT frame on both sides

SAMPLES_PER_HIDDEN = 300
"""Output samples of one step of ``hidden``."""
HARMONICS_RATE = 60
"""Steps of ``harmonics`` for one of ``hidden``; there is one more at the end."""
CONTEXT = 10
"""Steps of ``hidden`` (0.125 s) on each side after which a window equals the whole: its receptive
field. 8 steps leave a difference of -95 dBFS."""

Array = NDArray[Any]


class NotRewritable(Exception):
    """The vocoder is not built as expected."""


@dataclass(frozen=True, slots=True)
class WindowedGraphs:
    """The rewritten vocoder.

    Attributes:
        decode: the low-rate half.
        generator: the high-rate half for slices, statistics given.
        measuring: the high-rate half for whole sentences; also returns the statistics it finds.
        channels: normalised channels of all sites together.
    """

    decode: onnx.ModelProto
    generator: onnx.ModelProto
    measuring: onnx.ModelProto
    channels: int


@dataclass(slots=True)
class _Site:
    """One AdaIN: y = (x - mean) / deviation * scale + shift."""

    prefix: str
    x: str
    mean: str
    deviation: str
    scale: str
    shift: str
    output: str
    channels: int


def rewrite(vocoder: onnx.ModelProto) -> WindowedGraphs:
    """Cut and rewrite a vocoder graph, as ``prepare`` makes it.

    Raises:
        NotRewritable: the graph lacks the parts this relies on.
    """
    try:
        return _Rewriter(vocoder).rewrite()
    except (KeyError, IndexError, AssertionError, StopIteration) as error:
        raise NotRewritable(f"another vocoder than Kokoro's ({error})") from error


@dataclass(slots=True)
class _Rewriter:
    model: onnx.ModelProto
    weights: dict[str, onnx.TensorProto] = field(default_factory=dict)
    maker: dict[str, onnx.NodeProto] = field(default_factory=dict)
    users: dict[str, list[onnx.NodeProto]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.weights = {weight.name: weight for weight in self.model.graph.initializer}
        for node in self.model.graph.node:
            self.maker.update(dict.fromkeys(node.output, node))
            for name in node.input:
                self.users[name].append(node)

    def rewrite(self) -> WindowedGraphs:
        sites = self._sites()
        channels = sum(site.channels for site in sites)
        given = {info.name: info for info in self.model.graph.input}
        cut = [_tensor(_HIDDEN, [1, 512, "n"]), _tensor(_HARMONICS, [1, 22, "m"])]
        decode = self._model("decode", list(given.values()), cut, {})
        floats = self._float_operations()
        sliced = [*cut, given["style"]]
        means = [site.mean for site in sites]
        deviations = [site.deviation for site in sites]
        measuring = self._model(
            "measuring",
            sliced,
            [_tensor("audio", ["samples"]), _tensor("means", None), _tensor("deviations", None)],
            floats
            | _wave()
            | {
                name: [helper.make_node("Concat", sources, [name], axis=1)]
                for name, sources in (("means", means), ("deviations", deviations))
            },
        )
        sizes = numpy_helper.from_array(np.array([s.channels for s in sites], np.int64), "sizes")
        statistics = [_tensor(name, [1, channels, 1]) for name in ("means", "deviations")]
        split: dict[str, list[onnx.NodeProto | onnx.TensorProto]] = {}
        for name, targets in (("means", means), ("deviations", deviations)):
            node = helper.make_node("Split", [name, "sizes"], targets, axis=1)
            split |= {target: [node, sizes] for target in targets}
        generator = self._model(
            "generator",
            [*sliced, *statistics],
            [_tensor("audio", ["samples"])],
            floats | _wave() | split | {site.output: _affine(site) for site in sites},
        )
        return WindowedGraphs(decode, generator, measuring, channels)

    def _sites(self) -> list[_Site]:
        sites = []
        for node in self.model.graph.node:
            if node.op_type != "Sqrt" or not node.name.startswith(_GENERATOR):
                continue
            prefix = node.name.removesuffix("Sqrt")
            if "/adain" not in prefix:
                continue
            centre = self.maker[f"{prefix}Sub_output_0"]
            scaled = self.maker[f"{prefix}Mul_3_output_0"]
            shifted = self.maker[f"{prefix}Add_3_output_0"]
            shift = next(name for name in shifted.input if name not in scaled.output)
            scale = next(name for name in scaled.input if not name.endswith("Div_1_output_0"))
            bias = self.weights[f"{prefix.strip('/').replace('/', '.').removesuffix('.')}.fc.bias"]
            sites.append(
                _Site(
                    prefix=prefix,
                    x=centre.input[0],
                    mean=centre.input[1],
                    deviation=node.output[0],
                    scale=scale,
                    shift=shift,
                    output=shifted.output[0],
                    channels=bias.dims[0] // 2,
                )
            )
        assert sites, "no normalisation found"
        return sites

    def _value(self, name: str) -> Array | None:
        if name in self.weights:
            return np.asarray(numpy_helper.to_array(self.weights[name]))
        node = self.maker.get(name)
        if node is not None and node.op_type == "Constant":
            return np.asarray(numpy_helper.to_array(node.attribute[0].t))
        return None

    def _float_operations(self) -> "_Replacements":
        """Float twins of the dynamically quantised operations, by the tensors they make.

        The export computes Mul(Cast(ConvInteger(quantise(x), W) + round(bias / scale)), scale).
        """
        made: _Replacements = {}
        for node in self.model.graph.node:
            if node.op_type not in {"ConvInteger", "MatMulInteger"}:
                continue
            x = self.maker[node.input[0]].input[0]
            weight, zero = self._value(node.input[1]), self._value(node.input[3])
            assert weight is not None
            assert zero is not None
            bias: Array | None = None
            last, current = node, self.users[node.output[0]][0]
            while current.op_type != "Mul":
                if current.op_type == "Add":
                    rounded = next(name for name in current.input if name not in last.output)
                    division = self.maker[rounded]
                    while division.op_type != "Div":
                        division = self.maker[division.input[0]]
                    bias = self._value(division.input[0])
                last, current = current, self.users[current.output[0]][0]
            scales = next(name for name in current.input if name not in last.output)
            known = (self._value(name) for name in self.maker[scales].input)
            scale = next(value for value in known if value is not None)
            twin = (weight.astype(np.float32) - zero.astype(np.float32)) * scale
            inputs = [x, f"{node.name}_weight"]
            tensors = [numpy_helper.from_array(twin.astype(np.float32), inputs[1])]
            if bias is not None:
                inputs.append(f"{node.name}_bias")
                flat = bias.astype(np.float32).reshape(-1)
                tensors.append(numpy_helper.from_array(flat, inputs[2]))
            kind = "Conv" if node.op_type == "ConvInteger" else "MatMul"
            operation = helper.make_node(kind, inputs, [current.output[0]])
            operation.attribute.extend(node.attribute)
            made[current.output[0]] = [operation, *tensors]
        return made

    def _model(
        self,
        name: str,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        replacements: "_Replacements",
    ) -> onnx.ModelProto:
        """The part of the graph between inputs and outputs, with replacements in place."""
        nodes: list[onnx.NodeProto] = []
        weights: dict[str, onnx.TensorProto] = {}
        have = {info.name for info in inputs} | {""}
        pending = [(info.name, False) for info in reversed(outputs)]
        while pending:
            wanted, ready = pending.pop()
            if wanted in have:
                continue
            if wanted in self.weights and wanted not in replacements:
                weights[wanted] = self.weights[wanted]
                have.add(wanted)
                continue
            parts = replacements.get(wanted) or [self.maker[wanted]]
            if ready:
                # All that these nodes read has been placed: depth first gives a valid order.
                nodes.extend(part for part in parts if isinstance(part, onnx.NodeProto))
                have.update(
                    out for part in parts if isinstance(part, onnx.NodeProto) for out in part.output
                )
                continue
            pending.append((wanted, True))
            inner = {
                out for part in parts if isinstance(part, onnx.NodeProto) for out in part.output
            }
            for part in parts:
                if isinstance(part, onnx.TensorProto):
                    weights[part.name] = part
                    have.add(part.name)
            for part in parts:
                if isinstance(part, onnx.NodeProto):
                    pending.extend((read, False) for read in part.input if read not in inner)
        renames = {_HIDDEN: "hidden", _HARMONICS: "harmonics"}
        graph = helper.make_graph(
            [_renamed(node, renames) for node in nodes],
            name,
            [_renamed_info(info, renames) for info in inputs],
            [_renamed_info(info, renames) for info in outputs],
            list(weights.values()),
        )
        return helper.make_model(
            graph,
            opset_imports=list(self.model.opset_import),
            ir_version=self.model.ir_version,
            producer_name="groundswell",
        )


_Replacements = dict[str, list[onnx.NodeProto | onnx.TensorProto]]


def _affine(site: _Site) -> list[onnx.NodeProto | onnx.TensorProto]:
    p = site.prefix
    return [
        helper.make_node("Div", [site.scale, site.deviation], [f"{p}factor"]),
        helper.make_node("Mul", [site.mean, f"{p}factor"], [f"{p}centre"]),
        helper.make_node("Sub", [site.shift, f"{p}centre"], [f"{p}offset"]),
        helper.make_node("Mul", [site.x, f"{p}factor"], [f"{p}scaled"]),
        helper.make_node("Add", [f"{p}scaled", f"{p}offset"], [site.output]),
    ]


def _wave() -> _Replacements:
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
    return {"audio": [*nodes, *tensors]}


def _tensor(name: str, shape: list[int | str] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _renamed(node: onnx.NodeProto, renames: dict[str, str]) -> onnx.NodeProto:
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    copy.input[:] = _names(node.input, renames)
    copy.output[:] = _names(node.output, renames)
    return copy


def _renamed_info(info: onnx.ValueInfoProto, renames: dict[str, str]) -> onnx.ValueInfoProto:
    copy = onnx.ValueInfoProto()
    copy.CopyFrom(info)
    copy.name = renames.get(info.name, info.name)
    return copy


def _names(names: Iterable[str], renames: dict[str, str]) -> list[str]:
    return [renames.get(name, name) for name in names]
