"""An ONNX graph as a file for OpenVINO, which says what may run in bfloat16.

Only the convolutions of the residual blocks may, which no judge of ours hears; everything else,
their sums included, stays float32: with all of it in bfloat16, DistillMOS falls by 0.2
(``docs/performance.md``).
"""

import io
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import onnx
import openvino

_BLOCKS = ("generator/resblocks", "generator/noise_res")


def build(fusible: onnx.ModelProto) -> dict[str, bytes]:
    """Convert the graph and say which operations keep float32; returns ``.xml`` and ``.bin``.

    Raises:
        RuntimeError: OpenVINO does not take it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generator.xml"
        model = openvino.Core().read_model(io.BytesIO(fusible.SerializeToString()))
        openvino.save_model(model, path, compress_to_fp16=True)
        weights = path.with_suffix(".bin").read_bytes()
        tree = ElementTree.parse(path)  # noqa: S314 - written by the line before
    for layer in tree.getroot().iterfind("layers/layer"):
        kind, name = layer.get("type", ""), layer.get("name", "")
        if kind in {"Const", "Parameter", "Result"}:
            continue
        if kind == "Convolution" and any(block in name for block in _BLOCKS):
            continue
        info = layer.find("rt_info")
        info = ElementTree.SubElement(layer, "rt_info") if info is None else info
        # What OpenVINO's own passes attach to a node that must not be narrowed.
        keep = {"name": "DisablePrecisionConversion", "version": "0", "value": "dynamic:f16,bf16"}
        ElementTree.SubElement(info, "attribute", keep)
    return {"generator.xml": ElementTree.tostring(tree.getroot()), "generator.bin": weights}
