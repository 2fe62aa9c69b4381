"""Measure the normalisation statistics of every pack and fit the correction between sentences.

Run after a change of model, packs or ``synthesis/windowed.py``; takes ten minutes on two cores:
``.venv/bin/python tools/measure_statistics.py``. Prints how well sentences that
the fit has not seen are foretold. Its texts are ``calibration.tsv``; no judged text is among them.
"""

import argparse
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from groundswell.settings import settings
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.prepare import split, style_for_proof
from groundswell.synthesis.statistics import describe
from groundswell.synthesis.voices import PACKS, VoicePacks, parse_mix, style_row
from groundswell.synthesis.windowed import rewrite
from groundswell.text.plan import PlanOptions, plan

TARGET = Path(__file__).parent.parent / "src/groundswell/synthesis/statistics.npz"
TEXTS = Path(__file__).parent / "calibration.tsv"
LANGUAGES = {"e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt", "z": "zh"}
SENTENCES = 6
RANK = 24
RIDGE = 100.0

Array = NDArray[Any]


@dataclass(frozen=True)
class Sample:
    """One sentence of one voice."""

    voice: int
    description: Array
    means: Array
    log_deviations: Array


def measure() -> list[Sample]:
    """Run the sentences of every pack through the measuring generator."""
    paths = locate(settings().models_dir)
    model, packs = Kokoro(paths, threads=2), VoicePacks(paths.voices)
    halves = split(paths.model, style_for_proof(packs.style(parse_mix(PACKS[0]))))
    measuring = rewrite(onnx.load_from_string(halves.vocoder)).measuring
    generator = onnxruntime.InferenceSession(
        measuring.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    texts: dict[str, list[str]] = {}
    for line in TEXTS.read_text().splitlines():
        language, _, text = line.partition("\t")
        texts.setdefault(language, []).append(text)
    choose = np.random.default_rng(7)
    samples = []
    for number, pack in enumerate(PACKS):
        native = LANGUAGES.get(pack[0])
        chosen = [("en", t) for t in choose.choice(texts["en"], SENTENCES // 2, replace=False)]
        rest = texts[native or "en"]
        chosen += [(native or "en", t) for t in choose.choice(rest, SENTENCES // 2, replace=False)]
        for language, text in chosen:
            options = PlanOptions(language=language, british=pack[0] == "b")
            segment = next(iter(plan(str(text), options)))
            style = style_row(packs.style(parse_mix(pack)), len(segment.phonemes))
            prosody = model.predict(segment.phonemes, style, float(choose.uniform(0.8, 1.25)))
            decoded = model.decode(prosody)
            names = ("hidden", "harmonics", "scales", "shifts")
            source = {name: getattr(decoded, name) for name in names}
            _, means, deviations = generator.run(None, source)
            description = describe(decoded.hidden, decoded.harmonics)
            samples.append(
                Sample(number, description, means.reshape(-1), np.log(deviations.reshape(-1)))
            )
        print(pack, flush=True)
    return samples


def fit(samples: list[Sample]) -> dict[str, Array]:
    """Fit averages and correction; see ``groundswell.synthesis.statistics``."""
    voice = np.array([sample.voice for sample in samples])
    described = np.array([sample.description for sample in samples])
    means = np.array([sample.means for sample in samples])
    logs = np.array([sample.log_deviations for sample in samples])
    average = {
        name: np.array([values[voice == number].mean(axis=0) for number in range(len(PACKS))])
        for name, values in (("d", described), ("m", means), ("l", logs))
    }
    scale = described.std(axis=0) + 1e-6
    x = (described - average["d"][voice]) / scale
    y = np.hstack(
        [(means - average["m"][voice]) / np.exp(average["l"][voice]), logs - average["l"][voice]]
    )
    # Ridge in dual form, then the leading directions of what it foretells (reduced rank).
    dual = np.linalg.solve(x @ x.T + RIDGE * np.eye(len(x)), y)
    _, _, directions = np.linalg.svd(x @ (x.T @ dual), full_matrices=False)
    outward = directions[:RANK]
    inward = (x.T @ dual) @ outward.T
    return {
        "means": average["m"].astype(np.float16),
        "log_deviations": average["l"].astype(np.float16),
        "descriptions": average["d"].astype(np.float32),
        "description_scale": scale.astype(np.float32),
        "inward": inward.astype(np.float32),
        "outward": outward.astype(np.float16),
        "reach": (x @ inward).std(axis=0).astype(np.float32),
    }


def errors(table: dict[str, Array], samples: list[Sample]) -> tuple[float, float]:
    """Root mean square errors of means (in deviations) and of log deviations."""
    worst: list[tuple[float, float]] = []
    for sample in samples:
        away = (sample.description - table["descriptions"][sample.voice]) / table[
            "description_scale"
        ]
        reach = 3 * table["reach"]
        correction = np.clip(away @ table["inward"], -reach, reach) @ table["outward"]
        logs = table["log_deviations"][sample.voice].astype(float)
        half = logs.size
        mean = table["means"][sample.voice] + correction[:half] * np.exp(logs)
        worst.append(
            (
                float(np.mean(((mean - sample.means) / np.exp(sample.log_deviations)) ** 2)),
                float(np.mean((logs + correction[half:] - sample.log_deviations) ** 2)),
            )
        )
    first, second = np.sqrt(np.mean(worst, axis=0))
    return float(first), float(second)


def check(samples: list[Sample]) -> None:
    """Foretell the last sentence of each pack from the others, with and without the correction."""
    last = {sample.voice: sample for sample in samples}
    held = list(last.values())
    table = fit([sample for sample in samples if sample is not last[sample.voice]])
    print("foretold: means %.4f, log deviations %.4f" % errors(table, held))  # noqa: UP031
    table["outward"] = table["outward"] * 0
    print("averages: means %.4f, log deviations %.4f" % errors(table, held))  # noqa: UP031


def main() -> None:
    """Measure (or read what was measured), check, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, help="Keep, or reuse, the measurements in this file.")
    raw = parser.parse_args().raw
    samples = pickle.loads(raw.read_bytes()) if raw and raw.exists() else measure()
    if raw:
        raw.write_bytes(pickle.dumps(samples))
    check(samples)
    np.savez_compressed(TARGET, allow_pickle=False, **fit(samples))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
