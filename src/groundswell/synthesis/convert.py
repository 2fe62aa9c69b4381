"""An ONNX graph as a file for OpenVINO, which says what may run in bfloat16.

Only the convolutions of residual blocks may, those between blocks, and in the generator what lies
between the two convolutions of a block: that is made by one and read by the other. No judge of ours
hears it. Everything else, the sums of blocks included, stays float32: with all of it in bfloat16,
DistillMOS falls by 0.2 (``docs/performance.md``).
"""

import io
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import onnx
import openvino

from groundswell.synthesis.accelerated import OWN
from groundswell.synthesis.graph import Graph

_NARROW = (
    *("decoder/encode/", "decoder/decode."),
    *("generator/resblocks", "generator/noise_res", "generator/ups"),
)
_FIRST_OF_BLOCK = "/convs1."


def build(graph: onnx.ModelProto, name: str) -> dict[str, bytes]:
    """Convert a graph and say which operations keep float32.

    Args:
        graph: the graph.
        name: of the files, without ending.

    Returns:
        The ``.xml`` and the ``.bin`` by file name.

    Raises:
        RuntimeError: OpenVINO does not take it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.xml"
        model = openvino.Core().read_model(io.BytesIO(graph.SerializeToString()))
        openvino.save_model(model, path, compress_to_fp16=True)
        weights = path.with_suffix(".bin").read_bytes()
        tree = ElementTree.parse(path)  # noqa: S314 - written by the line before
    inside = _inside_blocks(graph)
    for layer in tree.getroot().iterfind("layers/layer"):
        kind, layer_name = layer.get("type", ""), layer.get("name", "")
        if kind in {"Const", "Parameter", "Result"}:
            continue
        narrow = kind == "Convolution" and any(part in layer_name for part in _NARROW)
        if narrow or layer_name in inside:
            continue
        info = layer.find("rt_info")
        info = ElementTree.SubElement(layer, "rt_info") if info is None else info
        # What OpenVINO's own passes attach to a node that must not be narrowed.
        keep = {"name": "DisablePrecisionConversion", "version": "0", "value": "dynamic:f16,bf16"}
        ElementTree.SubElement(info, "attribute", keep)
    return {f"{name}.xml": ElementTree.tostring(tree.getroot()), f"{name}.bin": weights}


def _inside_blocks(graph: onnx.ModelProto) -> set[str]:
    """The operations from a block's first convolution to its second, but those that measure."""
    whole = Graph(graph)
    found: set[str] = set()
    first = (n for n in whole.nodes if n.op_type == "Conv" and _FIRST_OF_BLOCK in n.name)
    tensors = [tensor for node in first for tensor in node.output]
    while tensors:
        for node in whole.users[tensors.pop()]:
            name = node.name or node.output[0]
            measures = name.rpartition("/")[2].startswith(OWN)
            if node.op_type == "Conv" or measures or name in found:
                continue
            found.add(name)
            tensors.extend(node.output)
    return found
