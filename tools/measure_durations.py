"""Measure how long the model makes phonemes, for ``groundswell.text.timing``.

Runs the front over prose of every language with voices of several accents, fits seconds for each
class of symbols by least squares, and prints them with the error on segments left out of the fit.

    python tools/measure_durations.py
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.text.prose import PROSE

from groundswell import Speaker
from groundswell.synthesis.geometry import SAMPLES_PER_FRAME
from groundswell.synthesis.voices import style_row
from groundswell.text.plan import PlanOptions, plan
from groundswell.text.timing import CLASSES, class_of

VOICES = ("af_heart", "am_michael", "bf_emma", "hf_alpha", "ef_dora")
HELD_OUT = 5  # every fifth segment is not fitted


def main() -> None:
    """Measure and print."""
    speaker = Speaker()
    counts: list[list[int]] = []
    seconds: list[float] = []
    for language, text in PROSE.items():
        for segment in plan(text[:250], PlanOptions(language=language)):
            classes = [class_of(symbol) for symbol in segment.phonemes]
            for voice in VOICES:
                style = speaker.utterance("a", voice=voice).voice.style
                row = style_row(style, len(segment.phonemes))
                frames = speaker.model.predict(segment.phonemes, row, 1.0).frames_per_token
                counts.append([classes.count(name) for name in CLASSES])
                seconds.append(float(frames[1:-1].sum()) * SAMPLES_PER_FRAME / 24000)
    a, b = np.array(counts, float), np.array(seconds)
    held = np.arange(len(b)) % HELD_OUT == 0
    fitted = np.linalg.lstsq(a[~held], b[~held], rcond=None)[0]
    for name, value in zip(CLASSES, fitted, strict=True):
        print(f"{name}: {value:.3f}")
    error = np.abs(a[held] @ fitted - b[held]) / b[held]
    print(f"mean error {error.mean():.1%}, 95th percentile {np.quantile(error, 0.95):.1%}")


if __name__ == "__main__":
    main()
