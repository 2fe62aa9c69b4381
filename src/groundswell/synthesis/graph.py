"""An ONNX graph that can be cut, and whose operations can be replaced.

``windowed`` says what is to become of the vocoder; here is what it takes: constants by name, float
twins of quantised operations, and the part of a graph between given tensors.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

DECODER = "/decoder/decoder/"
GENERATOR = f"{DECODER}generator/"
"""How the names of the vocoder's operations begin, and those of its high-rate half."""

Array = NDArray[Any]

Part = list[onnx.NodeProto | onnx.TensorProto]
Replacements = dict[str, Part]
"""What makes a tensor instead, by its name: nodes in order, and the constants they read."""


class Graph:
    """A model by its tensors.

    Attributes:
        nodes: in order.
        weights: constants by name.
        maker: of each tensor, the node.
        users: of each tensor, the nodes that read it.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._model = model
        self.nodes = list(model.graph.node)
        self.inputs = list(model.graph.input)
        self.weights = {weight.name: weight for weight in model.graph.initializer}
        self.maker: dict[str, onnx.NodeProto] = {}
        self.users: dict[str, list[onnx.NodeProto]] = defaultdict(list)
        for node in self.nodes:
            self.maker.update(dict.fromkeys(node.output, node))
            for name in node.input:
                self.users[name].append(node)

    def value(self, name: str) -> Array | None:
        """A constant's value; none when the tensor depends on the input."""
        if name in self.weights:
            return np.asarray(numpy_helper.to_array(self.weights[name]))
        node = self.maker.get(name)
        if node is not None and node.op_type == "Constant":
            return np.asarray(numpy_helper.to_array(node.attribute[0].t))
        return None

    def float_operations(self) -> Replacements:
        """Float twins of the dynamically quantised operations, by the tensors they make.

        The export computes Mul(Cast(ConvInteger(quantise(x), W) + round(bias / scale)), scale).
        """
        made: Replacements = {}
        for node in self.nodes:
            if node.op_type not in {"ConvInteger", "MatMulInteger"}:
                continue
            x = self.maker[node.input[0]].input[0]
            weight, zero = self.value(node.input[1]), self.value(node.input[3])
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
                    bias = self.value(division.input[0])
                last, current = current, self.users[current.output[0]][0]
            scales = next(name for name in current.input if name not in last.output)
            known = (self.value(name) for name in self.maker[scales].input)
            scale = next(value for value in known if value is not None)
            twin = (weight.astype(np.float32) - zero.astype(np.float32)) * scale
            inputs = [x, f"{node.name}_weight"]
            tensors = [numpy_helper.from_array(twin.astype(np.float32), inputs[1])]
            if bias is not None:
                inputs.append(f"{node.name}_bias")
                flat = bias.astype(np.float32).reshape(-1)
                tensors.append(numpy_helper.from_array(flat, inputs[2]))
            kind = "Conv" if node.op_type == "ConvInteger" else "MatMul"
            operation = helper.make_node(kind, inputs, [current.output[0]], name=node.name)
            operation.attribute.extend(node.attribute)
            made[current.output[0]] = [operation, *tensors]
        return made

    def part(
        self,
        name: str,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        replacements: Replacements,
        renames: dict[str, str],
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
        graph = helper.make_graph(
            [_renamed(node, renames) for node in nodes],
            name,
            [_renamed_info(info, renames) for info in inputs],
            [_renamed_info(info, renames) for info in outputs],
            list(weights.values()),
        )
        return helper.make_model(
            graph,
            opset_imports=list(self._model.opset_import),
            ir_version=self._model.ir_version,
            producer_name="groundswell",
        )


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
