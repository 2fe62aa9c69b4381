"""Operations that runtimes do badly, as ones that they do well; the result is the same."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from groundswell.synthesis.graph import DECODER, GENERATOR, Graph, Part, Replacements
from groundswell.synthesis.masks import mask_of, zeroed

_SINE_TERMS = 5


def pooling(graph: Graph) -> Replacements:
    """The upsampling of ``decode``, one filter a channel, as sums: runtimes do it badly.

    Step 2t reads x[t] through the middle weight; step 2t + 1 reads x[t] through the last and
    x[t + 1] through the first.
    """
    node = next(n for n in graph.nodes if n.name.startswith(f"{DECODER}decode.3/pool"))
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
    there, _ = zeroed(node, mask_of(node.name))
    x = there.output[0]
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
            there,
            *(helper.make_node(kind, reads, [p + out], name=p + out) for kind, reads, out in steps),
            helper.make_node("Concat", [f"{p}even_column", f"{p}odd_column"], [f"{p}both"], axis=3),
            helper.make_node("Reshape", [f"{p}both", f"{p}row"], [node.output[0]]),
            *(numpy_helper.from_array(value, p + name) for name, value in values.items()),
        ]
    }


def squared_sines(graph: Graph) -> Replacements:
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


def upsampling(graph: Graph) -> Replacements:
    """Transposed convolutions as plain ones that make all phases of a step at once."""
    made: Replacements = {}
    for node in graph.nodes:
        if node.op_type != "ConvTranspose" or not node.name.startswith(f"{GENERATOR}ups"):
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
        if mask := mask_of(node.name):
            assert isinstance(reads[0], onnx.NodeProto)
            reads = [*zeroed(reads[0], mask)]
        made[node.output[0]] = [
            *reads,
            helper.make_node("Reshape", [f"{p}made", f"{p}phases"], [f"{p}apart"]),
            helper.make_node("Transpose", [f"{p}apart"], [f"{p}turned"], perm=[0, 1, 3, 2]),
            helper.make_node("Reshape", [f"{p}turned", f"{p}row"], [node.output[0]]),
            *(numpy_helper.from_array(value, f"{p}{name}") for name, value in tensors.items()),
        ]
    assert made, "no upsampling found"
    return made
