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

Both graphs take padded input, since runtimes are fastest with few, fixed sizes: a mask for each
rate, one where there is something and zero behind the end. A convolution sees zeros there, as it
would see its own padding, and statistics do not count it; so padding changes nothing.

Source: Kaneko et al., ISTFTNet (2022); Huang and Belongie, AdaIN (2017).
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from groundswell.synthesis.accelerated import OWN, USED
from groundswell.synthesis.graph import Graph, Part, Replacements
from groundswell.synthesis.source import FFT_SIZE, HOP, HarmonicSource

_DECODER = "/decoder/decoder/"
_GENERATOR = f"{_DECODER}generator/"
_HIDDEN = f"{_GENERATOR}LeakyRelu_output_0"
_HARMONICS = f"{_GENERATOR}Concat_3_output_0"
_WAVE = f"{_GENERATOR}istft/stft/ConvTranspose_output_0"
_WAVE_SCALE = FFT_SIZE / HOP  # which the export multiplies at the very end
_WAVE_EDGE = FFT_SIZE // 2  # half an FFT frame on both sides
_RENAMES = {_HIDDEN: "hidden", _HARMONICS: "harmonics"}

_MASKS = (
    (f"{_GENERATOR}noise_convs", ""),  # reads the source, which comes padded with zeros
    (f"{_GENERATOR}ups.0", ""),  # reads hidden, likewise
    (f"{_GENERATOR}noise_res.0", "mask_coarse"),
    (f"{_GENERATOR}resblocks.0", "mask_coarse"),
    (f"{_GENERATOR}resblocks.1", "mask_coarse"),
    (f"{_GENERATOR}resblocks.2", "mask_coarse"),
    (f"{_GENERATOR}ups.1", "mask_coarse"),
    (_GENERATOR, "mask_fine"),
    (f"{_DECODER}decode.3/norm1", "mask_frames"),
    (f"{_DECODER}decode.3/pool", "mask_frames"),
    (f"{_DECODER}decode.3", "mask_hidden"),
    (f"{_DECODER}decode", "mask_frames"),
    (f"{_DECODER}encode", "mask_frames"),
)
"""The mask of what an operation reads, by the beginning of its name; the first that fits."""

_SINE_TERMS = 5
_LEAST_VARIANCE = 1e-5


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
        return _rewrite(Graph(vocoder))
    except (KeyError, IndexError, AssertionError, StopIteration) as error:
        raise NotRewritable(f"another vocoder than Kokoro's ({error})") from error


def _rewrite(graph: Graph) -> WindowedGraphs:
    sites = _sites(graph)
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
        _masked(floats)
        | _masked_means(graph)
        | _pooling(graph)
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
        | _wave(graph, masked=False)
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
        _masked(floats)
        | _wave(graph, masked=True)
        | split_asked
        | _split("factors", factors, sites)
        | _split("offsets", offsets, sites)
        | _squared_sines(graph)
        | _upsampling(graph)
        | {site.output: _adaptive(site) for site in sites},
        _RENAMES,
    )
    return WindowedGraphs(decode, measuring, fusible, _source(graph), channels)


def _sites(graph: Graph) -> list[_Site]:
    """Every normalisation of the generator; those of one tensor share what is measured."""
    sites = []
    for node in graph.nodes:
        normal = next((name for name in node.input if name.endswith("Div_1_output_0")), "")
        if node.op_type != "Mul" or not normal.startswith(_GENERATOR) or "/adain" not in normal:
            continue
        prefix = node.output[0].rpartition("/")[0] + "/"
        shifted = graph.users[node.output[0]][0]
        centred, deviation = graph.maker[normal].input
        x, mean = graph.maker[centred].input
        bias = graph.weights[f"{prefix.strip('/').replace('/', '.')}.fc.bias"]
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


def _mask_of(name: str) -> str:
    """The mask of what a node reads; "" if it is padded with zeros already."""
    return next((mask for prefix, mask in _MASKS if name.startswith(prefix)), "")


def _masked(operations: Replacements) -> Replacements:
    """The same, with convolutions that see zeros behind the end."""
    made = {}
    for tensor, part in operations.items():
        (operation, *weights) = part
        assert isinstance(operation, onnx.NodeProto)
        mask = _mask_of(operation.name)
        if operation.op_type == "Conv" and mask and _kernel(operation) > 1:
            zeroed, reads = _zeroed(operation, mask)
            made[tensor] = [zeroed, reads, *weights]
        else:
            made[tensor] = part
    return made


def _kernel(operation: onnx.NodeProto) -> int:
    shape = next(a for a in operation.attribute if a.name == "kernel_shape")
    return int(shape.ints[0])


def _zeroed(operation: onnx.NodeProto, mask: str) -> tuple[onnx.NodeProto, onnx.NodeProto]:
    """A product with the mask, and the operation reading that."""
    product = f"{operation.name}_masked"
    reads = onnx.NodeProto()
    reads.CopyFrom(operation)
    reads.input[0] = product
    return helper.make_node("Mul", [operation.input[0], mask], [product], name=product), reads


def _masked_means(graph: Graph) -> Replacements:
    """The means over time in ``decode``, of what is there."""
    made: Replacements = {}
    for node in graph.nodes:
        mask = _mask_of(node.name)
        if node.op_type == "ReduceMean" and mask in {"mask_frames", "mask_hidden"}:
            made[node.output[0]] = _mean(node.input[0], mask, node.output[0])
    assert made, "no normalisation found in the low-rate half"
    return made


def _mean(x: str, mask: str, output: str) -> Part:
    """The mean over time where the mask is one."""
    p = f"{output}_"
    return [
        helper.make_node("Mul", [x, mask], [f"{p}there"], name=f"{p}there"),
        helper.make_node("ReduceMean", [f"{p}there", "over_time"], [f"{p}all"], name=f"{p}all"),
        helper.make_node("ReduceMean", [mask, "over_time"], [f"{p}share"], name=f"{p}share"),
        helper.make_node("Div", [f"{p}all", f"{p}share"], [output], name=output),
        numpy_helper.from_array(np.array([2], np.int64), "over_time"),
    ]


def _pooling(graph: Graph) -> Replacements:
    """The upsampling of ``decode``, one filter a channel, as sums: runtimes do it badly.

    Step 2t reads x[t] through the middle weight; step 2t + 1 reads x[t] through the last and
    x[t + 1] through the first.
    """
    node = next(n for n in graph.nodes if n.name.startswith(f"{_DECODER}decode.3/pool"))
    settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    assert (settings["strides"], settings["pads"]) == ([2], [1, 1]), "pooling"
    weight, bias = (graph.value(name) for name in node.input[1:])
    assert weight is not None
    assert bias is not None
    assert weight.shape == (bias.size, 1, 3), "pooling"
    p = f"{node.name}_"
    first, middle, last = (weight[:, :, tap][None] for tap in range(3))
    values = {
        "first": first,
        "middle": middle,
        "last": last,
        "bias": bias.reshape(1, -1, 1),
        "ahead": np.array([0, 0, 0, 0, 0, 1], np.int64),
        "from": np.array([1], np.int64),
        "to": np.array([np.iinfo(np.int64).max], np.int64),
        "axis": np.array([2], np.int64),
        "pairs": np.array([3], np.int64),
        "row": np.array([0, 0, -1], np.int64),
    }
    zeroed, _ = _zeroed(node, _mask_of(node.name))
    x = zeroed.output[0]
    steps = [
        ("Pad", [x, f"{p}ahead"], "longer"),
        ("Slice", [f"{p}longer", f"{p}from", f"{p}to", f"{p}axis"], "next"),
        ("Mul", [x, f"{p}middle"], "even_only"),
        ("Add", [f"{p}even_only", f"{p}bias"], "even"),
        ("Mul", [x, f"{p}last"], "odd_here"),
        ("Mul", [f"{p}next", f"{p}first"], "odd_next"),
        ("Add", [f"{p}odd_here", f"{p}odd_next"], "odd_only"),
        ("Add", [f"{p}odd_only", f"{p}bias"], "odd"),
        ("Unsqueeze", [f"{p}even", f"{p}pairs"], "even_column"),
        ("Unsqueeze", [f"{p}odd", f"{p}pairs"], "odd_column"),
    ]
    return {
        node.output[0]: [
            zeroed,
            *(helper.make_node(kind, reads, [p + out], name=p + out) for kind, reads, out in steps),
            helper.make_node("Concat", [f"{p}even_column", f"{p}odd_column"], [f"{p}both"], axis=3),
            helper.make_node("Reshape", [f"{p}both", f"{p}row"], [node.output[0]]),
            *(numpy_helper.from_array(value, p + name) for name, value in values.items()),
        ]
    }


def _squared_sines(graph: Graph) -> Replacements:
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
    made: Replacements = {}
    for node in graph.nodes:
        sine = graph.maker.get(node.input[0]) if node.input else None
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


def _upsampling(graph: Graph) -> Replacements:
    """Transposed convolutions as plain ones that make all phases of a step at once."""
    made: Replacements = {}
    for node in graph.nodes:
        if node.op_type != "ConvTranspose" or not node.name.startswith(f"{_GENERATOR}ups"):
            continue
        weight, bias = (graph.value(name) for name in node.input[1:])
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
        reads: Part = [
            helper.make_node(
                "Conv",
                [node.input[0], f"{p}weight", f"{p}bias"],
                [f"{p}made"],
                name=f"{p}made",
                pads=[1, 1],
            )
        ]
        if mask := _mask_of(node.name):
            assert isinstance(reads[0], onnx.NodeProto)
            reads = [*_zeroed(reads[0], mask)]
        made[node.output[0]] = [
            *reads,
            helper.make_node("Reshape", [f"{p}made", f"{p}phases"], [f"{p}apart"]),
            helper.make_node("Transpose", [f"{p}apart"], [f"{p}turned"], perm=[0, 1, 3, 2]),
            helper.make_node("Reshape", [f"{p}turned", f"{p}row"], [node.output[0]]),
            *(numpy_helper.from_array(value, f"{p}{name}") for name, value in tensors.items()),
        ]
    assert made, "no upsampling found"
    return made


def _adaptive(site: _Site) -> Part:
    """The site with factor and offset given (``own`` 0) or measured (``own`` 1).

    Differences are written as sums with a negated term: a runtime that runs some operations in a
    lower precision turns a difference into a sum of its own making, and forgets its precision.
    """
    p = f"{site.prefix}{OWN}"
    used_factor, used_offset = (f"{site.prefix}{USED}{name}" for name in ("factor", "offset"))
    mask = _mask_of(site.prefix)
    given_factor, given_offset = f"{site.prefix}factor", f"{site.prefix}offset"
    scaled = f"{site.prefix}scaled"
    centre = [
        ("Mul", [f"{p}mean", "own_minus"], "negated"),
        ("Add", [site.x, f"{p}negated"], "centred"),
        ("Mul", [f"{p}centred", f"{p}centred"], "squared"),
    ]
    steps = [
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
            ("Add", [given, f"{p}added_{name}"], USED.removeprefix(OWN) + name),
        ]

    def nodes(listed: list[tuple[str, list[str], str]]) -> Part:
        return [
            helper.make_node(kind, reads, [p + out], name=p + out) for kind, reads, out in listed
        ]

    return [
        *_mean(site.x, mask, f"{p}mean"),
        *nodes(centre),
        *_mean(f"{p}squared", mask, f"{p}variance"),
        *nodes(steps),
        helper.make_node("Mul", [site.x, used_factor], [scaled], name=scaled),
        helper.make_node("Add", [scaled, used_offset], [site.output], name=site.output),
        numpy_helper.from_array(np.array(-1, np.float32), "own_minus"),
        numpy_helper.from_array(np.array(_LEAST_VARIANCE, np.float32), "own_least"),
    ]


def _wave(graph: Graph, *, masked: bool) -> Replacements:
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
    if masked:
        transform = graph.maker[_WAVE]
        made[_WAVE] = [*_zeroed(transform, _mask_of(transform.name))]
    return made


def _joined(name: str, sources: list[str]) -> Replacements:
    return {name: [helper.make_node("Concat", sources, [name], axis=1)]}


def _split(name: str, targets: list[str], sites: list[_Site]) -> Replacements:
    sizes = numpy_helper.from_array(np.array([s.channels for s in sites], np.int64), "sizes")
    node = helper.make_node("Split", [name, sizes.name], targets, axis=1)
    return {target: [node, sizes] for target in targets}


def _tensor(name: str, shape: list[int | str] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
