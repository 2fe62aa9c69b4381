"""Typed text made safe to read, with the way back to what was typed.

Letters and digits are composed and folded to their ordinary forms; what nobody sees goes, and so
do marks piled on one letter beyond need, and all but one of several spaces. Symbols stay: what
they mean is for normalisation to say.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from groundswell.text.markup import SEAM
from groundswell.text.scripts import script_of

MAX_MARKS = 6  #: combining marks kept on one base

_JOINERS = "\u200c\u200d"  # they choose conjunct forms in the scripts of India
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_EMOJI_PARTS = "\u200d\ufe0f\u20e3"
# Compatibility forms of ordinary letters and digits: fullwidth, circled, mathematical, ligatures.
_COMPATIBLE = (
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
    (0x2460, 0x24FF),
    (0x1D400, 0x1D7FF),
    (0xFB00, 0xFB06),
)


@dataclass(frozen=True, slots=True)
class Clean:
    """Cleaned text and, for each of its characters (and its end), the index typed.

    Args:
        text: what is read.
        source: what the caller typed.
        starts: ``len(text) + 1`` indices into ``source``, never decreasing.

    """

    text: str
    source: str
    starts: Sequence[int]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of ``text`` into the span of ``source``, without blanks around it."""
        left, right = self.starts[start], self.starts[end]
        while left < right and _blank(self.source[left]):
            left += 1
        while right > left and _blank(self.source[right - 1]):
            right -= 1
        return left, right

    def cleaned(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of ``source`` into the span of ``text``."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)


def _blank(char: str) -> bool:
    return char == SEAM or char.isspace()


def clean(source: str) -> Clean:
    """Clean ``source``; linear in its length."""
    if "  " not in source and all(map(_plain, set(source))):
        return Clean(source, source, range(len(source) + 1))
    chars: list[str] = []
    starts: list[int] = []
    before = ""
    for at, cluster in _clusters(source):
        for char in _kept(cluster):
            if char in _EMOJI_PARTS or char in _JOINERS:
                indic = char in _JOINERS and "\u0900" <= before <= "\u0dff"
                if not indic and (char == "\u200c" or not _pictograph(before)):
                    continue
            elif char == " " == before:
                continue
            chars.append(char)
            starts.append(at)
            before = char
    starts.append(len(source))
    return Clean("".join(chars), source, starts)


@lru_cache(maxsize=4096)
def _plain(char: str) -> bool:
    """Whether a character is itself when cleaned, whatever stands around it."""
    part = char in _EMOJI_PARTS or char in _JOINERS or unicodedata.combining(char)
    return not part and _kept(char) == char and unicodedata.normalize("NFC", char) == char


def _clusters(source: str) -> Iterator[tuple[int, str]]:
    """Yield each base character with its combining marks, and where it starts."""
    at = 0
    while at < len(source):
        end = at + 1
        while end < len(source) and unicodedata.combining(source[end]):
            end += 1
        yield at, source[at : min(end, at + 1 + MAX_MARKS)]
        at = end


@lru_cache(maxsize=16384)
def _kept(cluster: str) -> str:
    char = cluster[0]
    if len(cluster) == 1 and char.isascii():
        return char if char.isprintable() else "\n" if char in _LINE_ENDS else " "
    if any(low <= ord(char) <= high for low, high in _COMPATIBLE):
        cluster = unicodedata.normalize("NFKC", cluster)
    else:
        cluster = unicodedata.normalize("NFC", cluster)
    if script_of(cluster[0]) == "latin":  # what did not compose with a letter changes no sound
        cluster = "".join(char for char in cluster if not unicodedata.combining(char))
    return "".join(_kept_char(char) for char in cluster)


def _kept_char(char: str) -> str:
    if char in _LINE_ENDS:
        return "\n"
    if char in _JOINERS or char in _EMOJI_PARTS:
        return char
    category = unicodedata.category(char)
    if category in ("Cf", "Me") or "\ufe00" <= char <= "\ufe0f":
        return ""
    if category[0] == "C" or category[0] == "Z":
        return " "
    return char


def _pictograph(char: str) -> bool:
    """Whether an emoji may go on behind this character."""
    return bool(char) and (
        char in "\u200d\ufe0f#*0123456789" or unicodedata.category(char) in ("So", "Sk")
    )
