"""Split the acoustic model into front and vocoder, once, and prove the halves equal the whole.

The front turns ``tokens``, ``style`` and ``speed`` into ``features`` [1, 512, T], ``f0`` [1, 2T],
``noise`` [1, 2T] and ``frames_per_token``; the vocoder turns the first three and ``style`` into
``audio`` [samples]. All of them are float32, whatever the precision of the model inside. The cut
runs through three tensors of Kokoro's export, so nothing is computed twice or lost.
"""

import hashlib
import json
import logging
import math
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper

from groundswell.errors import ModelUnavailable
from groundswell.synthesis.accelerated import WHOLE_SIZE, Decoder, Generator, Runtime
from groundswell.synthesis.atomic_files import clear_leftovers, holds, place
from groundswell.synthesis.convert import build
from groundswell.synthesis.geometry import CONTEXT, HARMONICS_RATE, SAMPLES_PER_HIDDEN
from groundswell.synthesis.model_files import PREPARATION_VERSION, read_prepared
from groundswell.synthesis.windowed import NotRewritable, rewrite

CUTS = {
    "/encoder/MatMul_1_output_0": "features",
    "/encoder/Reshape_output_0": "f0",
    "/encoder/Reshape_1_output_0": "noise",
    "/encoder/Clip_output_0": "frames_per_token",
}
_SHAPES: dict[str, list[int | str] | None] = {
    "features": [1, 512, "frames"],
    "f0": [1, "half_frames"],
    "noise": [1, "half_frames"],
    "frames_per_token": None,
    "audio": ["samples"],
}
_INPUT_ALIASES = {"input_ids": "tokens"}  # the hub's exports
TOLERANCE = 1e-6
LEAST_SIGNAL_TO_NOISE = 25.0
"""Least distance in dB of the accelerated vocoder from float32; 39 to 42 were measured."""
LEAST_LIKENESS = 0.8
"""Least correlation with the graph as exported, which is quantised and leaves the sign of some
phases to chance; 0.93 was measured."""
logger = logging.getLogger(__name__)

# "Hello." in Kokoro's symbols, as token numbers with the 0 at both ends.
_PHRASE = (0, 50, 83, 54, 156, 31, 4, 0)

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Split:
    """The two halves, serialised, and how far their sound is from that of the whole."""

    front: bytes
    vocoder: bytes
    difference: float


def style_for_proof(styles: Float32) -> Float32:
    """The row of a style pack that belongs to the length of the phrase of the proof."""
    row = len(_PHRASE) - 3
    return styles[row : row + 1]


def is_prepared(folder: Path) -> bool:
    """Whether the folder holds both graphs with the recorded hashes (reads them fully)."""
    try:
        return all(holds(folder / name, *rest) for name, rest in read_prepared(folder).items())
    except ModelUnavailable:
        return False


def prepare(model: Path, model_sha256: str, style: Float32, folder: Path) -> None:
    """Split the model into ``folder`` and record what was made.

    Args:
        model: the whole model; its hash has been checked.
        model_sha256: that hash, for the record.
        style: a row of a style pack, [1, 256], for the proof.
        folder: receives the graphs and, last of all, prepared.json.

    Raises:
        ModelUnavailable: when the model cannot be split, or the halves sound different.
        OSError: when the disk refuses.
    """
    halves = split(model, style)
    folder.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    graphs = windowed_graphs(halves, style) or {"vocoder.onnx": halves.vocoder}
    graphs["front.onnx"] = halves.front
    files = {}
    for name, content in graphs.items():
        files[name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        place(folder / name, [content])
    record = {
        "version": PREPARATION_VERSION,
        "model_sha256": model_sha256,
        "max_difference": halves.difference,
        "files": files,
    }
    place(folder / "prepared.json", [json.dumps(record, indent=2).encode() + b"\n"])


def split(model: Path, style: Float32) -> Split:
    """Cut the model in two and run a short phrase through both ways.

    Raises:
        ModelUnavailable: when the file is no ONNX graph, lacks the tensors where the cut goes,
            does not run, or the halves give another sound than the whole.
    """
    try:
        whole = onnx.load(model)
    except Exception as error:  # protobuf's own, which onnx does not re-export
        raise _unusable(model, f"not an ONNX model ({_first_line(error)})") from error
    names = {output for node in whole.graph.node for output in node.output}
    if lacking := [cut for cut in CUTS if cut not in names]:
        raise _unusable(model, f"not Kokoro's graph: no tensor {', '.join(lacking)}")
    inputs = {_INPUT_ALIASES.get(i.name, i.name): i for i in whole.graph.input}
    if set(inputs) != {"tokens", "style", "speed"} or len(whole.graph.output) != 1:
        raise _unusable(model, "not Kokoro's graph: other inputs or outputs")
    try:
        front, vocoder = _halves(whole, inputs)
        heard = _run(whole, {inputs[k].name: v for k, v in _phrase(style).items()})[0]
        heard = heard.reshape(-1)
        del whole
        parts = dict(zip(CUTS.values(), _run(front, _phrase(style)), strict=True))
        del parts["frames_per_token"]
        joined = _run(vocoder, {**parts, "style": style})[0]
    except _NotRunnableError as error:
        raise _unusable(model, str(error)) from error
    if heard.shape != joined.shape or not heard.size:
        raise _unusable(model, f"its halves give {joined.shape} samples, not {heard.shape}")
    difference = float(np.max(np.abs(heard.astype(np.float64) - joined)))
    if not difference <= TOLERANCE:  # NaN too
        raise _unusable(model, f"its halves sound different from the whole (by {difference:.3g})")
    return Split(front.SerializeToString(), vocoder.SerializeToString(), difference)


def windowed_graphs(halves: Split, style: Float32) -> dict[str, bytes]:
    """Rewrite the vocoder for windows, and prove that they sound as the whole does.

    Returns:
        The graphs by file name; none when the model does not allow it or they sound different,
        which is logged: the plain vocoder serves then.
    """
    try:
        graphs = rewrite(onnx.load_from_string(halves.vocoder))
        features, f0, noise, _ = _run(onnx.load_from_string(halves.front), _phrase(style))
        prosody = {"features": features, "f0": f0, "noise": noise, "style": style}
        exported = _run(onnx.load_from_string(halves.vocoder), prosody)[0]
        harmonics = graphs.source.harmonics(f0)
        built = {
            **build(graphs.decode, "decode"),
            "source.npz": graphs.source.serialised(),
            **build(graphs.fusible, "generator"),
        }
        with tempfile.TemporaryDirectory() as folder:
            for name, content in built.items():
                (Path(folder) / name).write_bytes(content)
            runtime = Runtime(threads=1)
            hidden, scales, shifts = Decoder(Path(folder) / "decode.xml", runtime).run(**prosody)
            source = {"hidden": hidden, "harmonics": harmonics, "scales": scales, "shifts": shifts}
            audio, means, deviations = _run(graphs.measuring, source)
            generator = Generator(Path(folder) / "generator.xml", runtime)
            short = {
                **source,
                "hidden": hidden[:, :, :WHOLE_SIZE],
                "harmonics": harmonics[:, :, : HARMONICS_RATE * WHOLE_SIZE + 1],
            }
            short_audio = _run(graphs.measuring, short)[0]
            whole = generator.whole(**short)
            right = hidden.shape[2] // 2 + CONTEXT
            factors = scales / deviations
            window = generator.window(
                hidden[:, :, :right],
                harmonics[:, :, : HARMONICS_RATE * right + 1],
                factors,
                shifts - means * factors,
            )[: -CONTEXT * SAMPLES_PER_HIDDEN]
    except (NotRewritable, _NotRunnableError, RuntimeError, ModelUnavailable) as error:
        logger.warning("no windowed vocoder: %s", _first_line(error))
        return {}
    noise_whole = _signal_to_noise(short_audio, whole)
    noise_window = _signal_to_noise(audio[: window.size], window)
    alike = float(np.corrcoef(audio, exported)[0, 1])
    if not (min(noise_whole, noise_window) >= LEAST_SIGNAL_TO_NOISE and alike >= LEAST_LIKENESS):
        logger.warning(
            "no windowed vocoder: whole %.1f dB, window %.1f dB, %.3f alike",
            *(noise_whole, noise_window, alike),
        )
        return {}
    return built


def _signal_to_noise(wanted: Float32, made: Float32) -> float:
    """How far the difference lies below the signal, in dB."""
    power = float(np.mean(np.square(wanted, dtype=np.float64)))
    difference = float(np.mean(np.square(wanted.astype(np.float64) - made)))
    return 10 * math.log10(power / max(difference, 1e-30)) if power > 0 else math.nan


class _NotRunnableError(Exception):
    """ONNX Runtime refuses a graph."""


def _halves(
    whole: onnx.ModelProto, inputs: dict[str, onnx.ValueInfoProto]
) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The front and the vocoder as ONNX models with readable names."""
    renames = {**CUTS, **{info.name: name for name, info in inputs.items()}}
    renames[whole.graph.output[0].name] = "audio_as_exported"
    given = {name: _renamed(info, name) for name, info in inputs.items()}
    nodes, weights = _needed(whole.graph, CUTS, ())
    outputs = [onnx.ValueInfoProto(name=name) for name in CUTS.values()]
    graph = helper.make_graph(nodes, "front", list(given.values()), outputs, weights)
    front = _model(whole, graph, renames)
    half_precision = _half_precision(front)
    _cast_outputs(front.graph, half_precision)

    carried = [cut for cut, name in CUTS.items() if name != "frames_per_token"]
    nodes, weights = _needed(whole.graph, [whole.graph.output[0].name], carried)
    sources = [_float32(CUTS[cut]) for cut in carried]
    audio = [_float32("audio")]
    graph = helper.make_graph(nodes, "vocoder", [*sources, given["style"]], audio, weights)
    vocoder = _model(whole, graph, renames)
    _flatten_audio(vocoder.graph)
    _cast_inputs(vocoder.graph, [n for n in half_precision if n != "frames_per_token"])
    return front, vocoder


def _needed(
    graph: onnx.GraphProto, ends: Iterable[str], starts: Iterable[str]
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """The nodes, in order, and the weights on the way from ``starts`` to ``ends``."""
    maker = {output: number for number, node in enumerate(graph.node) for output in node.output}
    seen, chosen, open_ends = set(starts), set(), list(ends)
    while open_ends:
        name = open_ends.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in maker:
            chosen.add(maker[name])
            open_ends.extend(graph.node[maker[name]].input)
    nodes = [node for number, node in enumerate(graph.node) if number in chosen]
    return nodes, [weight for weight in graph.initializer if weight.name in seen]


def _model(
    whole: onnx.ModelProto,
    graph: onnx.GraphProto,
    renames: dict[str, str],
) -> onnx.ModelProto:
    """The graph as a model of its own, its tensors renamed."""
    for node in graph.node:
        node.input[:] = [renames.get(n, n) for n in node.input]
        node.output[:] = [renames.get(n, n) for n in node.output]
    return helper.make_model(
        graph,
        opset_imports=list(whole.opset_import),
        ir_version=whole.ir_version,
        producer_name="groundswell",
    )


def _half_precision(front: onnx.ModelProto) -> list[str]:
    """Which outputs are float16, as ONNX Runtime infers them."""
    return [o.name for o in _session(front).get_outputs() if o.type == "tensor(float16)"]


def _cast_outputs(graph: onnx.GraphProto, names: list[str]) -> None:
    """Declare every output float32, widening the named ones (exact)."""
    for node in graph.node:
        for field in (node.input, node.output):
            field[:] = [f"{n}_float16" if n in names else n for n in field]
    graph.node.extend(
        helper.make_node("Cast", [f"{n}_float16"], [n], to=TensorProto.FLOAT) for n in names
    )
    declared = [_float32(output.name) for output in graph.output]
    del graph.output[:]
    graph.output.extend(declared)


def _cast_inputs(graph: onnx.GraphProto, names: list[str]) -> None:
    """Narrow the named float32 inputs to float16 again, which undoes the widening exactly."""
    for node in graph.node:
        node.input[:] = [f"{n}_float16" if n in names else n for n in node.input]
    for name in names:
        cast = helper.make_node("Cast", [name], [f"{name}_float16"], to=TensorProto.FLOAT16)
        graph.node.insert(0, cast)


def _flatten_audio(graph: onnx.GraphProto) -> None:
    """Give ``audio`` one dimension, in float32; exports differ there."""
    flat = helper.make_tensor("audio_shape", TensorProto.INT64, [1], [-1])
    graph.initializer.append(flat)
    graph.node.extend(
        [
            helper.make_node("Cast", ["audio_as_exported"], ["audio_wide"], to=TensorProto.FLOAT),
            helper.make_node("Reshape", ["audio_wide", "audio_shape"], ["audio"]),
        ]
    )


def _float32(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, _SHAPES[name])


def _renamed(info: onnx.ValueInfoProto, name: str) -> onnx.ValueInfoProto:
    copy = onnx.ValueInfoProto()
    copy.CopyFrom(info)
    copy.name = name
    return copy


def _phrase(style: Float32) -> dict[str, npt.NDArray[Any]]:
    tokens = np.array([_PHRASE], dtype=np.int64)
    return {"tokens": tokens, "style": style, "speed": np.ones(1, dtype=np.float32)}


def _run(model: onnx.ModelProto, feeds: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    try:
        outputs: list[npt.NDArray[Any]] = _session(model).run(None, feeds)
    except _NotRunnableError:
        raise
    except Exception as error:
        raise _NotRunnableError(f"ONNX Runtime cannot run it: {_first_line(error)}") from error
    return outputs


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # its exceptions share no base of their own
        raise _NotRunnableError(f"ONNX Runtime cannot load it: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def _unusable(model: Path, problem: str) -> ModelUnavailable:
    return ModelUnavailable(
        model, problem, "Delete the file and run 'groundswell models pull'; see 'models verify'."
    )
