"""Rewrite the vocoder so that its costly half can run on a slice of a sentence.

ISTFTNet normalises over time (AdaIN) at every residual block, so that each sample depends on the
whole sentence. Here the vocoder is cut behind its cheap low-rate half:

* **decode**: features, f0, noise, style → ``hidden`` [1, 512, 2T] and ``harmonics``
  [1, 22, 120T + 1] (the harmonic source and its phase, after STFT), over the whole sentence, and
  what the style asks of each normalisation, ``scales`` and ``shifts``;
* **generator**: a slice of both, and a factor and an offset for each channel → ``audio``
  (``accelerated`` runs it).

With the statistics given, each AdaIN is an affine map per channel and the generator is
convolutional: a slice with enough context on both sides gives the very samples of the whole. Its
quantised convolutions are turned back into float32, which runs as fast and does not make one
slice's rounding depend on its loudest sample.

The STFT of the source becomes two convolutions, twice as fast as all of ``decode`` was. Where the
imaginary part is zero and the real part negative the phase is +π, as in PyTorch, with which the
model was trained; the exported operator left the sign to rounding.

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

from groundswell.synthesis.accelerated import USED

_GENERATOR = "/decoder/decoder/generator/"
_HIDDEN = f"{_GENERATOR}LeakyRelu_output_0"
_HARMONICS = f"{_GENERATOR}Concat_3_output_0"
_WAVE = f"{_GENERATOR}istft/stft/ConvTranspose_output_0"
_WAVE_SCALE = 4.0  # FFT size over hop, which the export multiplies at the very end
_WAVE_EDGE = 10  # half an FFT frame on both sides

_SINE_TERMS = 5
_LEAST_VARIANCE = 1e-5

Array = NDArray[Any]


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
        channels: normalised channels of all sites together.
    """

    decode: onnx.ModelProto
    measuring: onnx.ModelProto
    fusible: onnx.ModelProto
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
        given = list(self.model.graph.input)
        cut = [_tensor(_HIDDEN, [1, 512, "n"]), _tensor(_HARMONICS, [1, 22, "m"])]
        audio = [_tensor("audio", ["samples"])]
        floats = self._float_operations()

        def of_sites(*names: str) -> list[onnx.ValueInfoProto]:
            return [_tensor(name, [1, channels, 1]) for name in names]

        asked = of_sites("scales", "shifts")
        decode = self._model(
            "decode",
            given,
            [*cut, *asked],
            # The blocks at low rate stay quantised: in float32 they take half as long again.
            {name: made for name, made in floats.items() if name.startswith(_GENERATOR)}
            | self._stft()
            | _joined("scales", [site.scale for site in sites])
            | _joined("shifts", [site.shift for site in sites]),
        )
        split_asked = _split("scales", [site.scale for site in sites], sites)
        split_asked |= _split("shifts", [site.shift for site in sites], sites)
        factors = [f"{site.prefix}factor" for site in sites]
        offsets = [f"{site.prefix}offset" for site in sites]
        split_given = _split("factors", factors, sites) | _split("offsets", offsets, sites)
        measuring = self._model(
            "measuring",
            [*cut, *asked],
            [*audio, *of_sites("means", "deviations")],
            floats
            | _wave()
            | split_asked
            | _joined("means", [site.mean for site in sites])
            | _joined("deviations", [site.deviation for site in sites]),
        )
        fusible = self._model(
            "fusible",
            [*cut, *asked, *of_sites("factors", "offsets"), _tensor("own", [1])],
            audio,
            floats
            | _wave()
            | split_asked
            | split_given
            | self._squared_sines()
            | self._upsampling()
            | {site.output: _adaptive(site) for site in sites},
        )
        return WindowedGraphs(decode, measuring, fusible, channels)

    def _sites(self) -> list[_Site]:
        """Every normalisation; those of one tensor share what is measured."""
        sites = []
        for node in self.model.graph.node:
            normal = next((name for name in node.input if name.endswith("Div_1_output_0")), "")
            if node.op_type != "Mul" or not normal.startswith(_GENERATOR) or "/adain" not in normal:
                continue
            prefix = node.output[0].rpartition("/")[0] + "/"
            shifted = self.users[node.output[0]][0]
            centred, deviation = self.maker[normal].input
            x, mean = self.maker[centred].input
            bias = self.weights[f"{prefix.strip('/').replace('/', '.')}.fc.bias"]
            sites.append(
                _Site(
                    prefix=prefix,
                    x=x,
                    mean=mean,
                    deviation=deviation,
                    scale=next(name for name in node.input if name != normal),
                    shift=next(name for name in shifted.input if name not in node.output),
                    output=shifted.output[0],
                    channels=bias.dims[0] // 2,
                )
            )
        assert sites, "no normalisation found"
        return sites

    def _stft(self) -> "_Replacements":
        """The STFT of the harmonic source as two strided convolutions."""
        stft = next(node for node in self.model.graph.node if node.op_type == "STFT")
        hop, window = self._value(stft.input[1]), self._value(stft.input[2])
        assert hop is not None
        assert window is not None
        size = window.size
        turns = np.outer(np.arange(size // 2 + 1), np.arange(size)) * 2 * np.pi / size
        imaginary = -np.sin(turns)
        imaginary[[0, -1]] = 0  # exactly, where the sine of a multiple of pi is rounding
        made: _Replacements = {}
        for name, wave in (("Gather_4", np.cos(turns)), ("Gather_5", imaginary)):
            weight = (wave * window)[:, None, :].astype(np.float32)
            tensor = numpy_helper.from_array(weight, f"stft_{name}")
            made[f"{_GENERATOR}{name}_output_0"] = [
                helper.make_node(
                    "Conv",
                    [f"{_GENERATOR}Pad_output_0", tensor.name],
                    [f"{_GENERATOR}{name}_output_0"],
                    strides=[int(hop)],
                ),
                tensor,
            ]
        positive = self.maker[f"{_GENERATOR}Greater_output_0"]
        assert positive.input[0] == f"{_GENERATOR}Gather_5_output_0", "phase"
        made[positive.output[0]] = [
            helper.make_node("GreaterOrEqual", list(positive.input), list(positive.output))
        ]
        return made

    def _squared_sines(self) -> "_Replacements":
        """The squared sines of the Snake activations as polynomials, which runtimes can fuse.

        The sine is taken after reduction to ±π/2; the sign that is lost there does not matter to
        its square. The error stays below 1e-8.
        """
        x = np.linspace(-np.pi / 2, np.pi / 2, 4001)
        powers = range(1, 2 * _SINE_TERMS, 2)
        terms = np.linalg.lstsq(np.stack([x**n for n in powers], 1), np.sin(x), rcond=None)[0]
        numbers = {"turns": 1 / np.pi, "back": -np.pi}
        numbers |= {f"term{n}": term for n, term in enumerate(terms)}
        tensors = [
            numpy_helper.from_array(np.array(value, np.float32), f"sine_{name}")
            for name, value in numbers.items()
        ]
        made: _Replacements = {}
        for node in self.model.graph.node:
            sine = self.maker.get(node.input[0]) if node.input else None
            if node.op_type != "Pow" or sine is None or sine.op_type != "Sin":
                continue
            p, angle = f"{node.name}_", sine.input[0]
            steps = [
                ("Mul", angle, "sine_turns", f"{p}turns"),
                ("Mul", f"{p}whole", "sine_back", f"{p}back"),
                ("Add", angle, f"{p}back", f"{p}rest"),
                ("Mul", f"{p}rest", f"{p}rest", f"{p}square"),
            ]
            value = f"sine_term{_SINE_TERMS - 1}"
            for n in reversed(range(_SINE_TERMS - 1)):
                steps.append(("Mul", f"{p}square", value, f"{p}product{n}"))
                value = f"{p}sum{n}"
                steps.append(("Add", f"{p}product{n}", f"sine_term{n}", value))
            steps.append(("Mul", value, f"{p}rest", f"{p}sine"))
            steps.append(("Mul", f"{p}sine", f"{p}sine", node.output[0]))
            nodes = [helper.make_node(kind, [a, b], [out], name=out) for kind, a, b, out in steps]
            nodes.insert(1, helper.make_node("Round", [f"{p}turns"], [f"{p}whole"]))
            made[node.output[0]] = [*nodes, *tensors]
        assert made, "no Snake activation found"
        return made

    def _upsampling(self) -> "_Replacements":
        """Transposed convolutions as plain ones that make all phases of a step at once."""
        made: _Replacements = {}
        for node in self.model.graph.node:
            if node.op_type != "ConvTranspose" or not node.name.startswith(f"{_GENERATOR}ups"):
                continue
            weight, bias = (self._value(name) for name in node.input[1:])
            assert weight is not None
            assert bias is not None
            settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            (step,), (pad, _) = settings["strides"], settings["pads"]
            inner, outer, size = weight.shape
            assert size == 2 * step
            # Sample q of step t reads step t - tap + 1 through weight q + pad + (tap - 1) * step.
            phases = np.zeros((outer, step, inner, 3), np.float32)
            for q in range(step):
                for tap in range(3):
                    at = q + pad + (tap - 1) * step
                    if 0 <= at < size:
                        phases[:, q, :, 2 - tap] = weight[:, :, at].T
            p = f"{node.name}_"
            tensors = {
                "weight": phases.reshape(outer * step, inner, 3),
                "bias": np.repeat(bias, step),
                "phases": np.array([1, outer, step, -1], np.int64),
                "row": np.array([1, outer, -1], np.int64),
            }
            made[node.output[0]] = [
                helper.make_node(
                    "Conv",
                    [node.input[0], f"{p}weight", f"{p}bias"],
                    [f"{p}made"],
                    name=f"{p}made",
                    pads=[1, 1],
                ),
                helper.make_node("Reshape", [f"{p}made", f"{p}phases"], [f"{p}apart"]),
                helper.make_node("Transpose", [f"{p}apart"], [f"{p}turned"], perm=[0, 1, 3, 2]),
                helper.make_node("Reshape", [f"{p}turned", f"{p}row"], [node.output[0]]),
                *(numpy_helper.from_array(value, f"{p}{name}") for name, value in tensors.items()),
            ]
        assert made, "no upsampling found"
        return made

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


def _adaptive(site: _Site) -> list[onnx.NodeProto | onnx.TensorProto]:
    """The site with factor and offset given (``own`` 0) or measured (``own`` 1).

    Differences are written as sums with a negated term: a runtime that runs some operations in a
    lower precision turns a difference into a sum of its own making, and forgets its precision.
    """
    p = f"{site.prefix}own_"
    given_factor, given_offset = f"{site.prefix}factor", f"{site.prefix}offset"
    steps = [
        ("ReduceMean", [site.x, "own_over"], "mean"),
        ("Mul", [f"{p}mean", "own_minus"], "negated"),
        ("Add", [site.x, f"{p}negated"], "centred"),
        ("Mul", [f"{p}centred", f"{p}centred"], "squared"),
        ("ReduceMean", [f"{p}squared", "own_over"], "variance"),
        ("Add", [f"{p}variance", "own_least"], "raised"),
        ("Sqrt", [f"{p}raised"], "deviation"),
        ("Div", [site.scale, f"{p}deviation"], "factor"),
        ("Mul", [f"{p}negated", f"{p}factor"], "moved"),
        ("Add", [site.shift, f"{p}moved"], "offset"),
    ]
    for name, given in (("factor", given_factor), ("offset", given_offset)):
        steps += [
            ("Mul", [given, "own_minus"], f"less_{name}"),
            ("Add", [f"{p}{name}", f"{p}less_{name}"], f"more_{name}"),
            ("Mul", [f"{p}more_{name}", "own"], f"added_{name}"),
            ("Add", [given, f"{p}added_{name}"], f"{USED}{name}"),
        ]
    nodes = [helper.make_node(kind, inputs, [p + out], name=p + out) for kind, inputs, out in steps]
    constants = {
        "own_over": np.array([2], np.int64),
        "own_minus": np.array(-1, np.float32),
        "own_least": np.array(_LEAST_VARIANCE, np.float32),
    }
    return [
        *nodes,
        helper.make_node("Mul", [site.x, f"{p}{USED}factor"], [f"{p}scaled"], name=f"{p}scaled"),
        helper.make_node(
            "Add", [f"{p}scaled", f"{p}{USED}offset"], [site.output], name=f"{p}output"
        ),
        *(numpy_helper.from_array(value, name) for name, value in constants.items()),
    ]


def _joined(name: str, sources: list[str]) -> _Replacements:
    return {name: [helper.make_node("Concat", sources, [name], axis=1)]}


def _split(name: str, targets: list[str], sites: list[_Site]) -> _Replacements:
    sizes = numpy_helper.from_array(np.array([s.channels for s in sites], np.int64), "sizes")
    node = helper.make_node("Split", [name, sizes.name], targets, axis=1)
    return {target: [node, sizes] for target in targets}


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
