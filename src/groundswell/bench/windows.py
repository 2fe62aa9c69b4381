"""What windows cost in sound: speech as served beside the same sentence whole, in float32.

The texts (``heldout.txt``) were never used to calibrate statistics. Three judges: DistillMOS, where
it is installed (it needs PyTorch, so the project does not); a recogniser; log-spectral distance.
The floor for all of them is windows by the sentence's own statistics, in the precision served.
"""

import importlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import numpy as np
import onnx
import onnxruntime
import soxr

from groundswell import Speaker
from groundswell.audio.resample import MODEL_RATE, Samples
from groundswell.bench.judges import BenchFailed
from groundswell.bench.progress import bar
from groundswell.bench.recogniser import Recogniser
from groundswell.bench.scoring import Score, score, word_error_rate
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.settings import settings
from groundswell.synthesis.kokoro import Decoded, Kokoro, Prosody
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.prepare import split
from groundswell.synthesis.statistics import Statistics
from groundswell.synthesis.vocode import plan_windows
from groundswell.synthesis.voices import style_row
from groundswell.synthesis.windowed import rewrite

VOICES = ("af_heart", "am_michael", "bf_emma", "hf_alpha", "em_alex", "magnus")
WHOLE, SERVED, FLOOR = "whole, float32", "as served", "as served, by own statistics"
MIN_MOS, MIN_MOS_WORST = -0.05, -0.10
MAX_WORD_ERRORS = 0.003
_JUDGE_RATE = 16_000
_FRAME, _HOP = 512, 128

Mos = Callable[[Samples], float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One sentence in one voice, made one way.

    Attributes:
        way: one of ``WHOLE``, ``SERVED``, ``FLOOR``.
        heard: what the recogniser wrote down, and its errors.
        distance: log-spectral, to the whole in float32, in dB.
        mos: by DistillMOS, where it is installed.
    """

    voice: str
    text: str
    way: str
    heard: str
    score: Score
    distance: float
    mos: float | None


def measure(*, texts: int | None = None) -> Section:
    """Speak, hear and compare.

    Args:
        texts: only the first so many.
    """
    lines = (files("groundswell.bench") / "heldout.txt").read_text("utf-8").splitlines()[:texts]
    recogniser, mos = Recogniser(), _distillmos()
    judgements = []
    speak = _speaking()
    for voice, text in bar([(voice, line) for voice in VOICES for line in lines], "Windows"):
        made = speak(voice, text)
        for way, samples in made.items():
            heard = recogniser.hear(samples, MODEL_RATE, "en")
            distance = log_spectral_distance(samples, made[WHOLE])
            judged = mos(samples) if mos else None
            judgements.append(
                Judgement(voice, text, way, heard, score(text, heard, "en"), distance, judged)
            )
    return _section(judgements)


def log_spectral_distance(one: Samples, other: Samples) -> float:
    """Root mean square difference of log spectra over frequency, averaged over time, in dB."""

    def spectra(samples: Samples) -> Samples:
        frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
        magnitudes = np.abs(np.fft.rfft(frames * np.hanning(_FRAME)))
        return (20 * np.log10(magnitudes + 1e-4)).astype(np.float32)

    difference = spectra(one) - spectra(other)
    return float(np.sqrt((difference**2).mean(axis=1)).mean())


def _speaking() -> Callable[[str, str], dict[str, Samples]]:
    """Load the models; returns what speaks a text in every way."""
    speaker, paths = Speaker(), locate(settings().models_dir)
    if not speaker.model.windowed:
        raise BenchFailed("These model files are vocoded whole: there are no windows to judge.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    reference: onnxruntime.InferenceSession | None = None

    def speak(voice: str, text: str) -> dict[str, Samples]:
        nonlocal reference
        utterance = speaker.utterance(text, voice=voice)
        segment = next(iter(utterance.segments))
        style = style_row(utterance.voice.style, len(segment.phonemes))
        if reference is None:
            graph = rewrite(onnx.load_from_string(split(paths.model, style).vocoder)).measuring
            reference = onnxruntime.InferenceSession(graph.SerializeToString(), options)
        prosody = speaker.model.predict(segment.phonemes, style, 1.0)
        decoded = speaker.model.decode(prosody)
        whole, *own = reference.run(["audio", "means", "deviations"], _inputs(decoded))
        foretold = utterance.voice.statistics.of(decoded.hidden, decoded.harmonics)
        made = {
            WHOLE: whole,
            SERVED: _in_windows(speaker.model, prosody, decoded, foretold),
            FLOOR: _in_windows(speaker.model, prosody, decoded, Statistics(*own)),
        }
        return {way: samples * np.float32(utterance.voice.gain) for way, samples in made.items()}

    return speak


def _inputs(decoded: Decoded) -> dict[str, Any]:
    return {name: getattr(decoded, name) for name in ("hidden", "harmonics", "scales", "shifts")}


def _in_windows(
    model: Kokoro, prosody: Prosody, decoded: Decoded, statistics: Statistics
) -> Samples:
    windows = plan_windows(0, prosody.frames, soon=True)
    return np.concatenate(
        [model.vocode_window(decoded, statistics, first, last) for first, last in windows]
    )


def _distillmos() -> Mos | None:
    """Load DistillMOS (Stahl, Gamper 2025), if it is installed."""
    if find_spec("distillmos") is None:
        return None
    torch: Any = importlib.import_module("torch")
    model = importlib.import_module("distillmos").ConvTransformerSQAModel()
    model.eval()

    def mos(samples: Samples) -> float:
        sound = soxr.resample(samples.astype(np.float32), MODEL_RATE, _JUDGE_RATE)
        with torch.no_grad():
            return float(model(torch.tensor(sound)[None]).item())

    return mos


def _section(judgements: list[Judgement]) -> Section:
    differences = {way: _Difference.of(judgements, way) for way in (SERVED, FLOOR)}
    served, sentences = differences[SERVED], sum(j.way == WHOLE for j in judgements)
    verdicts = [
        Verdict(
            "Word errors, as served minus whole",
            f"{served.errors * 100:+.2f} points",
            f"≤ +{MAX_WORD_ERRORS * 100:g} (goal 0)",
            served.errors <= MAX_WORD_ERRORS,
        )
    ]
    if served.mos:
        worst = min(served.mos.values())
        verdicts += [
            Verdict(
                "DistillMOS, as served minus whole",
                f"{served.mean:+.3f} ± {served.error:.3f}",
                f"≥ {MIN_MOS:g} (goal -0.02)",
                served.mean >= MIN_MOS,
            ),
            Verdict(
                "the same, worst voice",
                f"{worst:+.3f} ({min(served.mos, key=served.mos.__getitem__)})",
                f"≥ {MIN_MOS_WORST:g} (goal -0.05)",
                worst >= MIN_MOS_WORST,
            ),
        ]
    columns = ("", "DistillMOS", "of the voices", "Word errors", "Log-spectral distance")
    rows = tuple((way, *each.cells()) for way, each in differences.items())
    table = Table(f"{sentences} sentences, minus the same whole in float32", columns, rows)
    data = {"judgements": [asdict(judgement) for judgement in judgements]}
    return Section("windows", (table,), tuple(verdicts), data)


@dataclass(frozen=True, slots=True)
class _Difference:
    """One way minus the whole in float32.

    Attributes:
        mos: means by voice; empty without DistillMOS.
        mean: over all.
        error: standard error of that.
        errors: word error rate.
        distance: log-spectral, in dB.
    """

    mos: dict[str, float]
    mean: float
    error: float
    errors: float
    distance: float

    @classmethod
    def of(cls, judgements: list[Judgement], way: str) -> "_Difference":
        mine, whole = ([j for j in judgements if j.way == each] for each in (way, WHOLE))
        lost: dict[str, list[float]] = {}
        for one, other in zip(mine, whole, strict=True):
            if one.mos is not None and other.mos is not None:
                lost.setdefault(one.voice, []).append(one.mos - other.mos)
        every = np.concatenate(list(lost.values())) if lost else np.zeros(1)
        mine_errors, whole_errors = (
            word_error_rate([j.score for j in those]) for those in (mine, whole)
        )
        return cls(
            {voice: float(np.mean(each)) for voice, each in lost.items()},
            float(every.mean()),
            float(every.std() / np.sqrt(every.size)),
            mine_errors - whole_errors,
            float(np.mean([j.distance for j in mine])),
        )

    def cells(self) -> tuple[str, ...]:
        mos = f"{self.mean:+.3f} ± {self.error:.3f}" if self.mos else "not installed"
        voices = ", ".join(f"{voice} {lost:+.3f}" for voice, lost in self.mos.items())
        return (mos, voices, f"{self.errors * 100:+.2f} points", f"{self.distance:.2f} dB")
