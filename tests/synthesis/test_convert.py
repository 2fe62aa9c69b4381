"""What of a graph may run in bfloat16."""

from xml.etree import ElementTree

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from groundswell.synthesis.convert import build

BLOCK = "/decoder/decoder/generator/resblocks.0"


def block() -> onnx.ModelProto:
    """A residual block in little, normalised between its convolutions by what it measures."""
    first, second = f"{BLOCK}/convs1.0/Conv", f"{BLOCK}/convs2.0/Conv"
    steps = [
        ("Conv", ["x", "weight"], first),
        ("ReduceMean", [first, "over_time"], f"{BLOCK}/adain2.0/own_mean"),
        ("Mul", [first, f"{BLOCK}/adain2.0/own_mean"], f"{BLOCK}/adain2.0/scaled"),
        ("Mul", [f"{BLOCK}/adain2.0/scaled", f"{BLOCK}/adain2.0/scaled"], f"{BLOCK}/Mul_1"),
        ("Conv", [f"{BLOCK}/Mul_1", "weight"], second),
        ("Add", ["x", second], f"{BLOCK}/Add_2"),
    ]
    nodes = [helper.make_node(kind, reads, [name], name=name) for kind, reads, name in steps]
    graph = helper.make_graph(
        nodes,
        "block",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2, 8])],
        [helper.make_tensor_value_info(f"{BLOCK}/Add_2", TensorProto.FLOAT, [1, 2, 8])],
        [
            numpy_helper.from_array(np.ones((2, 2, 1), np.float32), "weight"),
            numpy_helper.from_array(np.array([2], np.int64), "over_time"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def test_what_lies_between_the_convolutions_of_a_block_is_narrow_and_what_measures_is_not() -> None:
    layers = ElementTree.fromstring(build(block(), "block")["block.xml"]).iterfind("layers/layer")
    narrow = {
        layer.get("name", "").removeprefix(f"{BLOCK}/")
        for layer in layers
        if layer.get("type") not in {"Const", "Parameter", "Result"}
        and layer.find("rt_info/attribute[@name='DisablePrecisionConversion']") is None
    }
    assert narrow == {"convs1.0/Conv", "adain2.0/scaled", "Mul_1", "convs2.0/Conv"}
