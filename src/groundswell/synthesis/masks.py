"""Padding that changes nothing: what a convolution or a mean must not see is zero.

Both halves of the vocoder run on padded input. A mask for each rate is one where there is something
and zero behind the end. A convolution sees zeros there, as it would see its own padding, and
statistics do not count it; so padding changes nothing.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from groundswell.synthesis.graph import DECODER, GENERATOR, Graph, Part, Replacements

_MASKS = (
    (f"{GENERATOR}noise_convs", ""),  # reads the source, which comes padded with zeros
    (f"{GENERATOR}ups.0", ""),  # reads hidden, likewise
    (f"{GENERATOR}noise_res.0", "mask_coarse"),
    (f"{GENERATOR}resblocks.0", "mask_coarse"),
    (f"{GENERATOR}resblocks.1", "mask_coarse"),
    (f"{GENERATOR}resblocks.2", "mask_coarse"),
    (f"{GENERATOR}ups.1", "mask_coarse"),
    (GENERATOR, "mask_fine"),
    (f"{DECODER}decode.3/norm1", "mask_frames"),
    (f"{DECODER}decode.3/pool", "mask_frames"),
    (f"{DECODER}decode.3", "mask_hidden"),
    (f"{DECODER}decode", "mask_frames"),
    (f"{DECODER}encode", "mask_frames"),
)
"""The mask of what an operation reads, by the beginning of its name; the first that fits."""


def mask_of(name: str) -> str:
    """The mask of what a node reads; "" if it is padded with zeros already."""
    return next((mask for prefix, mask in _MASKS if name.startswith(prefix)), "")


def masked(operations: Replacements) -> Replacements:
    """The same, with convolutions that see zeros behind the end."""
    made = {}
    for tensor, part in operations.items():
        (operation, *weights) = part
        assert isinstance(operation, onnx.NodeProto)
        mask = mask_of(operation.name)
        if operation.op_type == "Conv" and mask and _kernel(operation) > 1:
            made[tensor] = [*zeroed(operation, mask), *weights]
        else:
            made[tensor] = part
    return made


def _kernel(operation: onnx.NodeProto) -> int:
    shape = next(a for a in operation.attribute if a.name == "kernel_shape")
    return int(shape.ints[0])


def zeroed(operation: onnx.NodeProto, mask: str) -> tuple[onnx.NodeProto, onnx.NodeProto]:
    """A product with the mask, and the operation reading that."""
    product = f"{operation.name}_masked"
    reads = onnx.NodeProto()
    reads.CopyFrom(operation)
    reads.input[0] = product
    return helper.make_node("Mul", [operation.input[0], mask], [product], name=product), reads


def masked_means(graph: Graph) -> Replacements:
    """The means over time in ``decode``, of what is there."""
    made: Replacements = {}
    for node in graph.nodes:
        mask = mask_of(node.name)
        if node.op_type == "ReduceMean" and mask in {"mask_frames", "mask_hidden"}:
            made[node.output[0]] = mean_over_time(node.input[0], mask, node.output[0])
    assert made, "no normalisation found in the low-rate half"
    return made


def mean_over_time(x: str, mask: str, output: str) -> Part:
    """The mean over time where the mask is one."""
    p = f"{output}_"
    return [
        helper.make_node("Mul", [x, mask], [f"{p}there"], name=f"{p}there"),
        helper.make_node("ReduceMean", [f"{p}there", "over_time"], [f"{p}all"], name=f"{p}all"),
        helper.make_node("ReduceMean", [mask, "over_time"], [f"{p}share"], name=f"{p}share"),
        helper.make_node("Div", [f"{p}all", f"{p}share"], [output], name=output),
        numpy_helper.from_array(np.array([2], np.int64), "over_time"),
    ]
