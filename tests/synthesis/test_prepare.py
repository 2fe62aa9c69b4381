"""The split: halves equal the whole, and what is not Kokoro's graph is refused by name."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from groundswell.errors import ModelUnavailable
from groundswell.synthesis import prepare as preparation
from groundswell.synthesis.prepare import CUTS, is_prepared, prepare, split

STYLE = np.linspace(-1, 1, 256, dtype=np.float32).reshape(1, 256)


def small_model(
    *, half: bool = False, hub_names: bool = False, without: str = ""
) -> onnx.ModelProto:
    """A graph of a few nodes with the tensors at which Kokoro is cut, and 512 features."""
    inside = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    tokens, sound = ("input_ids", "waveform") if hub_names else ("tokens", "audio")
    features, f0, noise, frames = CUTS
    weights = np.random.default_rng(0).normal(size=(512, 1)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", [tokens], ["wide"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["wide", "speed"], ["paced"]),
        helper.make_node("ReduceMean", ["style"], ["mean"], keepdims=1),
        helper.make_node("Add", ["paced", "mean"], ["toned_wide"]),
        helper.make_node("Cast", ["toned_wide"], ["toned"], to=inside),
        helper.make_node("Unsqueeze", ["toned", "one"], ["row"]),
        helper.make_node("MatMul", ["weights", "row"], [features]),
        helper.make_node("Concat", ["toned", "toned"], [f0], axis=1),
        helper.make_node("Neg", [f0], [noise]),
        helper.make_node("Clip", ["toned"], [frames]),
        helper.make_node("Add", [f0, noise], ["silence"]),
        helper.make_node("ReduceMax", [features], ["peak"], keepdims=0),
        helper.make_node("Cast", ["style"], ["style_inside"], to=inside),
        helper.make_node("ReduceMax", ["style_inside"], ["loudness"], keepdims=0),
        helper.make_node("Mul", ["peak", "loudness"], ["gain"]),
        helper.make_node("Add", ["silence", "gain"], ["sound"]),
        helper.make_node("Cast", ["sound"], [sound], to=TensorProto.FLOAT),
    ]
    if without:
        for node in nodes:
            node.input[:] = [n.replace(without, "elsewhere") for n in node.input]
            node.output[:] = [n.replace(without, "elsewhere") for n in node.output]
    graph = helper.make_graph(
        nodes,
        "small",
        [
            helper.make_tensor_value_info(tokens, TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
            helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
        ],
        [helper.make_tensor_value_info(sound, TensorProto.FLOAT, [1, "samples"])],
        [
            numpy_helper.from_array(weights.astype(np.float16) if half else weights, "weights"),
            numpy_helper.from_array(np.array([1], dtype=np.int64), "one"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "model.onnx"
    onnx.save(small_model(), path)
    return path


@pytest.mark.parametrize("half", [False, True], ids=["float32", "float16"])
@pytest.mark.parametrize("hub_names", [False, True], ids=["packages", "hub"])
def test_halves_have_our_names_in_float32_and_equal_the_whole(
    tmp_path: Path, half: bool, hub_names: bool
) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(small_model(half=half, hub_names=hub_names), path)
    halves = split(path, STYLE)
    assert halves.difference == 0
    front = onnxruntime.InferenceSession(halves.front)
    vocoder = onnxruntime.InferenceSession(halves.vocoder)
    assert [i.name for i in front.get_inputs()] == ["tokens", "style", "speed"]
    outputs = {o.name: o.type for o in front.get_outputs()}
    assert list(outputs) == ["features", "f0", "noise", "frames_per_token"]
    assert set(outputs.values()) == {"tensor(float)"}
    assert [i.name for i in vocoder.get_inputs()] == ["features", "f0", "noise", "style"]
    (audio,) = vocoder.get_outputs()
    assert (audio.name, audio.type, len(audio.shape)) == ("audio", "tensor(float)", 1)


def test_prepared_graphs_are_recorded_and_noticed_when_damaged(tmp_path: Path, saved: Path) -> None:
    folder = tmp_path / "prepared"
    assert not is_prepared(folder)
    prepare(saved, "0" * 64, STYLE, folder)
    assert sorted(p.name for p in folder.iterdir()) == [
        "front.onnx",
        "prepared.json",
        "vocoder.onnx",
    ]
    assert is_prepared(folder)
    content = bytearray((folder / "vocoder.onnx").read_bytes())
    content[100] ^= 1
    (folder / "vocoder.onnx").write_bytes(content)
    assert not is_prepared(folder)
    prepare(saved, "0" * 64, STYLE, folder)
    assert is_prepared(folder)


@pytest.mark.parametrize("lacking", list(CUTS))
def test_a_graph_without_the_tensors_of_the_cut_is_refused(tmp_path: Path, lacking: str) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(small_model(without=lacking), path)
    with pytest.raises(ModelUnavailable, match="not Kokoro's graph") as caught:
        split(path, STYLE)
    assert lacking in caught.value.problem
    assert str(path) in str(caught.value)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\xff" * 1000)
    with pytest.raises(ModelUnavailable, match="not an ONNX model"):
        split(path, STYLE)


def test_a_graph_that_does_not_run_is_refused(tmp_path: Path) -> None:
    model = small_model()
    model.graph.node[6].op_type = "NoSuchOperator"
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    with pytest.raises(ModelUnavailable, match="ONNX Runtime cannot load it"):
        split(path, STYLE)


@pytest.mark.parametrize("heard", [1e-5, float("nan")])
def test_halves_that_sound_different_are_refused(
    saved: Path, monkeypatch: pytest.MonkeyPatch, heard: float
) -> None:
    run = preparation._run

    def spoiled(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        outputs = run(model, feeds)
        if model.graph.name == "vocoder":
            outputs[0] = outputs[0] + np.float32(heard) * 1000
        return outputs

    monkeypatch.setattr(preparation, "_run", spoiled)
    with pytest.raises(ModelUnavailable, match="sound different"):
        split(saved, STYLE)
