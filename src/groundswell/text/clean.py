"""Typed text made safe for phonemisers, with the way back to what was typed.

Nothing that sounds is lost here except letters of scripts we have no phonemiser for. What goes:
lone surrogates, control and format characters, emoji and other pictographs, marks piled on one
letter beyond need. What is added: spaces inside runs that nobody can read at a stretch (digits
beyond 10^15, "words" of 50 letters), which also bounds the cost of every later step.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.text.scripts import UNSPACED, script_of

MAX_DIGITS = 15  #: a longer number is read digit by digit
MAX_WORD = 48  #: a longer run without a space is broken
MAX_MARKS = 6  #: combining marks kept on one base
MAX_TURNS = 10  #: changes between letters, capitals, digits and signs after which a run is broken

_JOINERS = "\u200c\u200d"  # they choose conjunct forms in the scripts of India
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_KEPT_SYMBOLS = frozenset("°©®™№℃℉^")
_BREAK_AFTER = frozenset("-/._,:;=&?@")
# Compatibility forms of ordinary letters and digits: fullwidth, circled, mathematical, ligatures.
_COMPATIBLE = ((0xFF01, 0xFF5E), (0x2460, 0x24FF), (0x1D400, 0x1D7FF), (0xFB00, 0xFB06))


@dataclass(frozen=True, slots=True)
class Clean:
    """Cleaned text and, for each of its characters (and its end), the index typed.

    Args:
        text: what the phonemisers see.
        source: what the caller typed.
        starts: ``len(text) + 1`` indices into ``source``, never decreasing.

    """

    text: str
    source: str
    starts: list[int]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of ``text`` into the span of ``source``, without white space around it."""
        left, right = self.starts[start], self.starts[end]
        while left < right and self.source[left].isspace():
            left += 1
        while right > left and self.source[right - 1].isspace():
            right -= 1
        return left, right

    def cleaned(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of ``source`` into the span of ``text``."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)


def clean(source: str) -> Clean:
    """Clean ``source``; linear in its length."""
    chars: list[str] = []
    starts: list[int] = []
    for at, cluster in _clusters(source):
        for char in _kept(cluster):
            if char in _JOINERS and not (chars and "\u0900" <= chars[-1] <= "\u0dff"):
                continue
            chars.append(char)
            starts.append(at)
    return _broken(source, chars, starts)


def _clusters(source: str) -> Iterator[tuple[int, str]]:
    """Yield each base character with its combining marks, and where it starts."""
    at = 0
    while at < len(source):
        end = at + 1
        while end < len(source) and unicodedata.combining(source[end]):
            end += 1
        yield at, source[at : min(end, at + 1 + MAX_MARKS)]
        at = end


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
    if char in _JOINERS:
        return char
    category = unicodedata.category(char)
    if category in ("Cf", "Me") or "\ufe00" <= char <= "\ufe0f":
        return ""
    if category[0] == "C" or category[0] == "Z":
        return " "
    if category in ("So", "Sk"):
        return char if char in _KEPT_SYMBOLS else " "
    if category[0] == "L" and script_of(char) is None:
        return _latin_or_nothing(char)
    if category[0] == "N" and not char.isdecimal():
        folded = unicodedata.normalize("NFKC", char)
        return char if category == "No" and folded != char else " "
    return char


def _latin_or_nothing(char: str) -> str:
    """Letters outside our blocks: their compatibility form if we know it (ª ﬁ ⅷ), else a gap."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if all(script_of(c) for c in folded) else " "


def _broken(source: str, chars: list[str], starts: list[int]) -> Clean:
    """Insert spaces into runs that are too long to read."""
    spelled = _spelled_digits(chars)
    text: list[str] = []
    index: list[int] = []
    run = turns = kind = 0
    for at, char in enumerate(chars):
        unspaced = char.isspace() or script_of(char) in UNSPACED
        here = _kind(char)
        turns += here not in (0, kind)
        kind = here or kind
        too_long = (run >= MAX_WORD or turns > MAX_TURNS) and here
        at_break = run >= MAX_WORD - 8 and text[-1] in _BREAK_AFTER
        if at in spelled or (not unspaced and (too_long or at_break)):
            text.append(" ")
            index.append(starts[at])
            run = turns = 0
        turns = 0 if unspaced else turns
        run = 0 if unspaced else run + 1
        text.append(char)
        index.append(starts[at])
    index.append(len(source))
    return Clean("".join(text), source, index)


def _kind(char: str) -> int:
    """Classify for counting turns; 0 for a mark, in front of which no break may fall."""
    category = unicodedata.category(char)
    if category[0] == "M":
        return 0
    if category[0] == "L":
        return 1 if char.isupper() else 2
    return 3 if category[0] == "N" else 4


def _spelled_digits(chars: list[str]) -> set[int]:
    """Find the positions before which a space makes an endless number read digit by digit."""
    found: set[int] = set()
    at = 0
    while at < len(chars):
        if not chars[at].isdecimal():
            at += 1
            continue
        digits: list[int] = []
        while at < len(chars) and (chars[at].isdecimal() or chars[at] in ".,"):
            if chars[at].isdecimal():
                digits.append(at)
            at += 1
        if len(digits) > MAX_DIGITS:
            found.update(digits[1:])
    return found
