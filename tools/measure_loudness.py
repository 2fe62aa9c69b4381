"""Measure the integrated loudness of every style pack and write it into the package.

Run after a change of model or packs: ``.venv/bin/python tools/measure_loudness.py``. Then look at
the residuals it prints: how far mixes, whose gain is interpolated, end up from the target.
"""

import random
from pathlib import Path

import numpy as np

from groundswell.audio.loudness import integrated
from groundswell.audio.resample import MODEL_RATE
from groundswell.settings import settings
from groundswell.synthesis.catalogue import catalogue
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.loudness import TARGET_LUFS, gain
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.statistics import voice_statistics
from groundswell.synthesis.synthesise import synthesise
from groundswell.synthesis.utterance import Utterance, VoiceModel
from groundswell.synthesis.voices import PACKS, Mix, VoicePacks, parse_mix
from groundswell.text.plan import plan

TEXT = (
    "The morning ferry left the harbour a little late, but nobody on deck seemed to mind. "
    "Could you hand me the second folder from the left, please? Thank you, that is the one."
)
TARGET = Path(__file__).parent.parent / "src/groundswell/synthesis/loudness.toml"


def main() -> None:
    """Measure, write, and check mixes against the interpolation."""
    paths = locate(settings().models_dir)
    model, packs = Kokoro(paths, threads=2), VoicePacks(paths.voices)

    def measure(mix: Mix, factor: float) -> tuple[float, float]:
        voice = VoiceModel(packs.style(mix), voice_statistics(mix), factor)
        utterance = Utterance(plan(TEXT), voice)
        samples = np.concatenate([frames.samples for frames in synthesise(model, utterance)])
        return integrated(samples, MODEL_RATE), float(np.abs(samples).max())

    lines = ["# LUFS (ITU-R BS.1770) of each pack at gain 1; made by tools/measure_loudness.py."]
    for pack in PACKS:
        loudness, peak = measure(parse_mix(pack), 0.5)
        lines.append(f"{pack} = {loudness + 6.02:.1f}")
        print(lines[-1], f"peak {peak * 2:.2f}", flush=True)
    TARGET.write_text("\n".join(lines) + "\n")
    gain.cache_clear()
    sample = random.Random(1).sample([voice for voice in catalogue() if not voice.native], 40)
    off = []
    for voice in sample:
        loudness, peak = measure(voice.mix, gain(voice.mix))
        off.append(loudness - TARGET_LUFS)
        print(f"{voice.id}: {loudness:.1f} LUFS, peak {peak:.2f}", flush=True)
    print(f"mixes off target: mean {np.mean(off):+.2f} dB, worst {max(off, key=abs):+.2f} dB")


if __name__ == "__main__":
    main()
