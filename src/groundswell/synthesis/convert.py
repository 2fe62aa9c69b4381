"""An ONNX graph as a file for OpenVINO, which says what may run in bfloat16.

Only the convolutions of residual blocks may, and those between them, which no judge of ours hears;
everything else, their sums included, stays float32: with all of it in bfloat16, DistillMOS falls by
0.2 (``docs/performance.md``).
"""

import io
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import onnx
import openvino

_NARROW = (
    *("decoder/encode/", "decoder/decode."),
    *("generator/resblocks", "generator/noise_res", "generator/ups"),
)


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
    for layer in tree.getroot().iterfind("layers/layer"):
        kind, layer_name = layer.get("type", ""), layer.get("name", "")
        if kind in {"Const", "Parameter", "Result"}:
            continue
        if kind == "Convolution" and any(part in layer_name for part in _NARROW):
            continue
        info = layer.find("rt_info")
        info = ElementTree.SubElement(layer, "rt_info") if info is None else info
        # What OpenVINO's own passes attach to a node that must not be narrowed.
        keep = {"name": "DisablePrecisionConversion", "version": "0", "value": "dynamic:f16,bf16"}
        ElementTree.SubElement(info, "attribute", keep)
    return {f"{name}.xml": ElementTree.tostring(tree.getroot()), f"{name}.bin": weights}
