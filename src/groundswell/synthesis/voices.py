"""Style packs and mixes of them: what a voice is made of.

A *pack* is one Kokoro voice: float32, 510 rows of 256 numbers, one row for each length of the
phoneme string (row = number of phonemes - 1). A *mix* is a weighted mean of packs. Its text
form, ``af_heart:0.6+am_adam:0.4``, may stand wherever a voice id may.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import ModelUnavailable, UnknownVoice

#: Rows and columns of a pack.
STYLE_ROWS, STYLE_SIZE = 510, 256

#: Most parts a written mix may have.
MAX_PARTS = 8

_GROUPS = {
    "af": "alloy aoede bella heart jessica kore nicole nova river sarah sky",
    "am": "adam echo eric fenrir liam michael onyx puck santa",
    "bf": "alice emma isabella lily",
    "bm": "daniel fable george lewis",
    "ef": "dora",
    "em": "alex santa",
    "ff": "siwis",
    "hf": "alpha beta",
    "hm": "omega psi",
    "if": "sara",
    "im": "nicola",
    "jf": "alpha gongitsune nezumi tebukuro",
    "jm": "kumo",
    "pf": "dora",
    "pm": "alex santa",
    "zf": "xiaobei xiaoni xiaoxiao xiaoyi",
    "zm": "yunjian yunxi yunxia yunyang",
}

#: The 54 packs of Kokoro-82M. First letter: language (a American, b British, e Spanish,
#: f French, h Hindi, i Italian, j Japanese, p Brazilian, z Mandarin); second: gender.
PACKS: tuple[str, ...] = tuple(
    f"{prefix}_{name}" for prefix, names in _GROUPS.items() for name in names.split()
)
_KNOWN = frozenset(PACKS)

_MAX_TEXT = 600
_UNITS = 1_000_000  # the finest share a mix tells apart: a millionth
_MIXES_KEPT = 64  # half a megabyte each
# No exponent with a plus sign: '+' separates the parts.
_WEIGHT = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:e-?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Mix:
    """A weighted mean of packs in canonical form, so that equal mixes compare equal.

    Args:
        parts: pack and weight, sorted by pack, weights above 0 and summing to 1.

    """

    parts: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, weights: Iterable[tuple[str, float]]) -> "Mix":
        """Make the canonical mix of packs with weights of any scale; repeats are added.

        Raises:
            UnknownVoice: there are no parts, a pack is unknown, or the weights are not
                positive and finite.

        """
        summed: dict[str, float] = {}
        for pack, weight in weights:
            if pack not in _KNOWN or not 0 < weight < float("inf"):
                raise UnknownVoice(f"{pack}:{weight}")
            summed[pack] = summed.get(pack, 0.0) + weight
        total = sum(summed.values())
        if not 0 < total < float("inf"):
            raise UnknownVoice("")
        exact = {pack: summed[pack] / total * _UNITS for pack in sorted(summed)}
        units = {pack: int(share) for pack, share in exact.items()}
        # Whole units, the largest remainders rounded up: 3:2 and 0.6:0.4 are one mix, the sum
        # is exact, and the text form reads back as the same mix.
        by_remainder = sorted(exact, key=lambda pack: units[pack] - exact[pack])
        for pack in by_remainder[: _UNITS - sum(units.values())]:
            units[pack] += 1
        return cls(tuple((pack, count / _UNITS) for pack, count in units.items() if count))

    def __str__(self) -> str:
        """Write the text form, heaviest part first; a pack alone is its name."""
        if len(self.parts) == 1:
            return self.parts[0][0]
        ordered = sorted(self.parts, key=lambda part: (-part[1], part[0]))
        return "+".join(f"{pack}:{share:.6f}".rstrip("0") for pack, share in ordered)


def pack_mix(name: str) -> Mix:
    """Make the mix that is one pack alone.

    Raises:
        UnknownVoice: there is no such pack.

    """
    if name not in _KNOWN:
        raise UnknownVoice(name)
    return Mix(((name, 1.0),))


def parse_mix(text: str, part: Callable[[str], Mix] = pack_mix) -> Mix:
    """Read ``af_heart`` or ``af_heart:0.6+am_adam:0.4``; no weight means 1, any scale will do.

    Args:
        text: at most eight parts; letter case and spaces around parts do not matter.
        part: what a name stands for; packs only, unless a catalogue lends its own names.

    Raises:
        UnknownVoice: an unknown name, a weight that is not a positive number, an empty or
            overlong text, too many parts.

    """
    if len(text) > _MAX_TEXT or text.count("+") >= MAX_PARTS:
        raise UnknownVoice(text)
    weights: list[tuple[str, float]] = []
    for piece in text.lower().split("+"):
        name, colon, number = (field.strip() for field in piece.partition(":"))
        if colon and not _WEIGHT.fullmatch(number):
            raise UnknownVoice(text)
        scale = float(number) if colon else 1.0
        if scale <= 0:
            raise UnknownVoice(text)
        weights.extend((pack, share * scale) for pack, share in part(name).parts)
    return Mix.of(weights)


class VoicePacks:
    """The packs of one folder, mixed on demand; safe to share between threads.

    Files are read, not mapped: a file that is replaced under a running server must not
    crash it. The latest mixes are kept.

    Args:
        folder: holds ``<pack>.bin``, little-endian float32.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = lru_cache(maxsize=_MIXES_KEPT)(self._blend)

    def names(self) -> tuple[str, ...]:
        """Return the ids of all packs, whether their files are present or not."""
        return PACKS

    def style(self, mix: Mix) -> NDArray[np.float32]:
        """Return the weighted mean of a mix: float32, shape (510, 256), read-only.

        Raises:
            ModelUnavailable: a pack's file is missing or damaged.

        """
        return self._kept(mix)

    def _blend(self, mix: Mix) -> NDArray[np.float32]:
        if len(mix.parts) == 1:  # a pack alone comes out bit for bit
            style = self._read(mix.parts[0][0])
        else:
            total = np.zeros((STYLE_ROWS, STYLE_SIZE), dtype=np.float64)
            for pack, share in mix.parts:
                total += share * self._read(pack).astype(np.float64)
            style = total.astype(np.float32)
        style.setflags(write=False)
        return style

    def _read(self, pack: str) -> NDArray[np.float32]:
        path = self._folder / f"{pack}.bin"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelUnavailable(path, error.strerror or "cannot be read") from error
        expected = STYLE_ROWS * STYLE_SIZE * 4
        if len(data) != expected:
            raise ModelUnavailable(path, f"holds {len(data)} bytes instead of {expected}")
        values = np.frombuffer(data, dtype="<f4").astype(np.float32)
        if not np.isfinite(values).all():
            raise ModelUnavailable(path, "holds values that are no finite numbers")
        return values.reshape(STYLE_ROWS, STYLE_SIZE)


def style_row(style: NDArray[np.float32], phoneme_count: int) -> NDArray[np.float32]:
    """Return the row for a phoneme string: shape (1, 256).

    Args:
        style: shape (510, 256).
        phoneme_count: phonemes without the two end tokens; counts beyond the table take its
            nearest row.

    """
    row = min(max(phoneme_count, 1), len(style)) - 1
    return style[row : row + 1]
