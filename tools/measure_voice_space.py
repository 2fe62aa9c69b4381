"""Measure how points of the voice space sound to the speaker encoder, and fit the forward model.

Run after a change of model or packs; takes ten to twenty minutes on two cores:
``.venv/bin/python tools/measure_voice_space.py``. Prints how well recordings that the fit has not
seen are foretold, and writes ``src/groundswell/cloning/voice_space.npz``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products: threads only wait

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from groundswell.cloning.encoder import SpeakerEncoder
from groundswell.cloning.pitch import describe
from groundswell.cloning.space import COORDINATES, VoiceSpace, pitch_features
from groundswell.settings import settings
from groundswell.synthesis.kokoro import Kokoro, Prosody
from groundswell.synthesis.model_files import locate, speaker_encoder_path
from groundswell.synthesis.utterance import PitchMap
from groundswell.synthesis.vocode import vocode
from groundswell.synthesis.voices import PACKS, VoicePacks, style_row
from groundswell.text.plan import PlanOptions, plan

TARGET = Path(__file__).parent.parent / "src/groundswell/cloning/voice_space.npz"
PHRASES = (
    "The boat was pulled up on the beach before the storm arrived.",
    "Please leave the keys on the kitchen table when you go.",
    "A young man with a brown hat asked us where the station was.",
    "We have enough bread and cheese for everybody this evening.",
    "Why would anyone paint a perfectly good wooden door yellow?",
    "Thousands of people walked through the old town that summer.",
    "My father usually reads the newspaper after he has had breakfast.",
    "It took them three hours to climb from the valley to the lake.",
    "She laughed, closed the book and put it back on the shelf.",
    "The church bells rang just as the first guests came in.",
    "Could you show me how this strange machine is supposed to work?",
    "Fresh air and good food are worth more than any medicine.",
    "The quick brown fox jumps over the lazy dog near the river bank.",
)
"""The last is what every stock voice says at its own pitch."""
MIXES = 400
RIDGE = 20.0
_PHRASE_WEIGHT = 3.0
"""Scale of the phrases' indicators: they are many recordings each, and need less of a prior."""

Array = NDArray[Any]


def measure(space: VoiceSpace, paths: Any, phonemes: list[str]) -> dict[str, Array]:
    """Speak the stock voices, then mixes and extrapolations of them at random pitches."""
    model = Kokoro(paths, threads=2)
    encoder = SpeakerEncoder(speaker_encoder_path(settings().models_dir))
    choose = np.random.default_rng(17)
    kept: dict[str, list[Any]] = {name: [] for name in ("weights", "embedding", "pitch", "phrase")}

    def speak(weights: Array, phrase: int, *, own_pitch: bool) -> None:
        point = space.mixed(weights)
        style = style_row(space.style(point), len(phonemes[phrase]))
        prosody: Prosody = model.predict(phonemes[phrase], style, 1.0)
        pitch = describe(prosody.f0.reshape(-1), 1 / 80)
        if not own_pitch:
            mean = np.clip(pitch.mean + choose.normal() * 0.2, 4.5, 5.7)
            scale = np.clip(choose.uniform(0.06, 0.3) / pitch.deviation, 0.4, 2.0)
            moved = PitchMap(float(scale), float(mean - scale * pitch.mean)).apply(prosody.f0)
            prosody = replace(prosody, f0=moved)
            pitch = describe(moved.reshape(-1), 1 / 80)
        stretches = vocode(model, prosody, space.statistics(point), soon=False)
        speech = np.concatenate([stretch.samples for stretch in stretches])
        embedding = encoder.embed(soxr.resample(speech, 24000, 16000).astype(np.float32))
        row = (weights, embedding, (pitch.mean, pitch.deviation), phrase)
        for name, value in zip(kept, row, strict=True):
            kept[name].append(value)

    for number in range(len(PACKS)):
        speak(np.eye(len(PACKS))[number], len(phonemes) - 1, own_pitch=True)
    for number in range(MIXES):
        main, away = _random_mix(choose), _random_mix(choose)
        beyond = choose.choice([0, 0.25, 0.5])
        phrase = number % (len(phonemes) - 1)
        speak((1 + beyond) * main - beyond * away, phrase, own_pitch=False)
        print(f"{number + 1} of {MIXES}", flush=True)
    return {name: np.array(values) for name, values in kept.items()}


def _random_mix(choose: np.random.Generator) -> Array:
    weights = np.zeros(len(PACKS))
    count = choose.choice([1, 1, 2, 3])
    weights[choose.choice(len(PACKS), count, replace=False)] = choose.dirichlet(np.full(count, 2))
    return weights


def regressors(space: VoiceSpace, raw: dict[str, Array]) -> Array:
    """Coordinates, pitch and phrase of every recording."""
    points = np.stack([space.mixed(weights) for weights in raw["weights"]])
    pitches = np.stack([pitch_features(*pitch) for pitch in raw["pitch"]])
    phrases = _PHRASE_WEIGHT * np.eye(len(PHRASES))[raw["phrase"]]
    return np.hstack([points, pitches, phrases])


def ridge(x: Array, y: Array) -> tuple[Array, Array]:
    """Coefficients and offset."""
    centre, level = x.mean(axis=0), y.mean(axis=0)
    away = x - centre
    weights = np.linalg.solve(away.T @ away + RIDGE * np.eye(x.shape[1]), away.T @ (y - level))
    return weights, level - centre @ weights


def fit(x: Array, raw: dict[str, Array], phonemes: list[str]) -> dict[str, Array]:
    """The tables of ``groundswell.cloning.space.Forward``."""
    weights, offset = ridge(x, raw["embedding"])
    of_phrase = _PHRASE_WEIGHT * weights[COORDINATES + 4 :]
    usual = x[:, COORDINATES + 4 :].mean(axis=0) @ weights[COORDINATES + 4 :]
    tables = {
        "offset": offset + usual,
        "of_point": weights[:COORDINATES],
        "of_pitch": weights[COORDINATES : COORDINATES + 4],
        "of_phrase": of_phrase - usual,
    }
    return {name: table.astype(np.float32) for name, table in tables.items()} | {
        "phrases": np.array(phonemes)
    }


def check(x: Array, y: Array) -> float:
    """Mean cosine between foretold and measured embeddings, eight-fold."""
    cosines = []
    for held in np.array_split(np.random.default_rng(0).permutation(len(x)), 8):
        rest = np.setdiff1d(np.arange(len(x)), held)
        weights, offset = ridge(x[rest], y[rest])
        foretold = x[held] @ weights + offset
        cosines += list((foretold * y[held]).sum(axis=1) / np.linalg.norm(foretold, axis=1))
    return float(np.mean(cosines))


def main() -> None:
    """Measure (or read what was measured), check, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, help="Keep, or reuse, the measurements in this .npz.")
    path = parser.parse_args().raw
    paths = locate(settings().models_dir)
    space = VoiceSpace(VoicePacks(paths.voices))
    phonemes = [next(iter(plan(text, PlanOptions(language="en")))).phonemes for text in PHRASES]
    if path and path.exists():
        with np.load(path) as data:
            raw = {name: data[name] for name in data.files}
    else:
        raw = measure(space, paths, phonemes)
        if path:
            np.savez(path, allow_pickle=False, **raw)
    x = regressors(space, raw)
    print(f"{len(x)} recordings, foretold at a cosine of {check(x, raw['embedding']):.4f}")
    np.savez_compressed(TARGET, allow_pickle=False, **fit(x, raw, phonemes))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
