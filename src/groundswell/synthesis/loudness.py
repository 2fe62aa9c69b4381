"""One loudness for all voices: a fixed gain per voice, so that streaming needs no look-ahead.

The packs differ by more than 10 dB. Each was measured once (``tools/measure_loudness.py``,
integrated loudness after ITU-R BS.1770); a mix gets the weighted mean of its packs'
gains in decibels.
"""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from groundswell.synthesis.voices import Mix

TARGET_LUFS = -20.0
"""Integrated loudness of running speech: what voice platforms send, with room for peaks."""


@cache
def _measured() -> dict[str, float]:
    table = files("groundswell.synthesis") / "loudness.toml"
    return {pack: float(lufs) for pack, lufs in tomllib.loads(table.read_text()).items()}


def gain_for(loudness: float) -> float:
    """Return the linear factor from a loudness in LUFS to ``TARGET_LUFS``."""
    return float(10 ** ((TARGET_LUFS - loudness) / 20))


@lru_cache(maxsize=1024)
def gain(mix: Mix) -> float:
    """Return the linear factor that brings a mix to ``TARGET_LUFS``."""
    loudness = sum(weight * _measured()[pack] for pack, weight in mix.parts)
    return gain_for(loudness)
