"""Text as whole words are compared in it, and where words begin and end in each script.

After Unicode's word boundaries (UAX #29), with what speech needs beyond: an apostrophe joins, but
a possessive "'s" and an elided article are words of their own, and in a script written without
spaces a word may begin and end at any letter.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from groundswell.text.scripts import script_of

_ELIDED = frozenset(
    ("c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")
).union(("un", "all", "dall", "dell", "nell", "sull"))
"""French, Italian and Catalan words that stand before an apostrophe as words of their own."""
_LONGEST_ELIDED = 6
_INVISIBLE = (
    0x00AD,
    *range(0x200B, 0x2010),
    *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
    0xFEFF,
)
_SAME: dict[int, str] = {
    **dict.fromkeys(map(ord, "’ʼ＇"), "'"),
    0x2011: "-",  # the hyphen at which no line breaks
    **dict.fromkeys(_INVISIBLE, ""),
}
_SPACE = re.compile(r"\s{2}|[^\S ]")
# Thai, Lao, Myanmar, Khmer and hiragana; Han has several blocks.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3041, 0x309F))


class Folded:
    """Text as it is compared, with the way back, and where words may begin and end in it.

    Composed (NFC), one space for each run of white space, one kind of apostrophe and hyphen,
    without characters that nobody sees.
    """

    def __init__(self, typed: str) -> None:
        self._typed = typed
        self._starts: Sequence[int] = range(len(typed) + 1)
        self.text = typed
        same = typed.isascii() or (
            unicodedata.is_normalized("NFC", typed) and typed.translate(_SAME) == typed
        )
        if not same or _SPACE.search(typed):
            self._fold()
        self._kinds: list[str] = []
        for character in self.text:
            kind = _kind(character)
            # A mark is of its letter's kind.
            self._kinds.append(self._kinds[-1] if kind == "mark" and self._kinds else kind)

    def _fold(self) -> None:
        characters: list[str] = []
        starts: list[int] = []
        at = 0
        while at < len(self._typed):
            end = at + 1
            while end < len(self._typed) and _extends(self._typed[end]):
                end += 1
            for character in unicodedata.normalize("NFC", self._typed[at:end]):
                new = " " if character.isspace() else character.translate(_SAME)
                if new and not (new == " " and characters[-1:] == [" "]):
                    characters.append(new)
                    starts.append(at)
            at = end
        self.text, self._starts = "".join(characters), [*starts, len(self._typed)]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the folded text into the span as typed."""
        return self._starts[start], self._starts[end]

    def cut(self, at: int) -> bool:
        """Whether a word may begin or end at a position."""
        text, kinds = self.text, self._kinds
        if at in (0, len(text)):
            return True
        before, after = kinds[at - 1], kinds[at]
        if _kind(text[at]) == "mark":
            return False
        if before and after:
            return "unspaced" in (before, after) or (
                before != after and "digit" not in (before, after)
            )
        if not before and after and at > 1 and (left := kinds[at - 2]):
            joined = self._joins(left, text[at - 1], after)
            return not joined or (text[at - 1] == "'" and self._elided(at - 1))
        if before and not after and at + 1 < len(text) and (right := kinds[at + 1]):
            return not self._joins(before, text[at], right) or self.possessive(at)
        return True

    @staticmethod
    def _joins(left: str, sign: str, right: str) -> bool:
        """Whether a sign makes one word of what stands on its two sides."""
        if left == right == "digit":
            return sign in "'.,:_"
        return sign in "'_" and "unspaced" not in (left, right)

    def possessive(self, at: int) -> bool:
        """Whether "'s" stands here at the end of a word."""
        return self.text[at : at + 2] in ("'s", "'S") and (
            at + 2 == len(self.text) or not self._kinds[at + 2]
        )

    def _elided(self, at: int) -> bool:
        """Whether what stands before the apostrophe here is an elided word."""
        start = at
        while start and at - start <= _LONGEST_ELIDED and self._kinds[start - 1]:
            start -= 1
        return self.text[start:at].lower() in _ELIDED


def _extends(character: str) -> bool:
    """Whether a character composes with the one before: a mark, or a later part of a syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    """Name what a character is to a word: its script, ``digit``, ``unspaced``, ``mark``, or ""."""
    category = unicodedata.category(character)
    if category[0] == "M":
        return "mark"
    if category[0] == "N":
        return "digit" if category == "Nd" else "unspaced" if script_of(character) else "digit"
    if category[0] != "L":
        return ""
    script = script_of(character) or "other"
    code = ord(character)
    if script == "han" or any(low <= code <= high for low, high in _UNSPACED):
        return "unspaced"
    return script
