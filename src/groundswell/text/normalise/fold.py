"""Text as recognisers see it: digits of every script as ASCII, Indian vowel signs as letters.

To Python's regular expressions a combining mark is no letter, so in the scripts of India every
vowel sign would end a word. Each is replaced, one for one, by a letter of a script that
nobody types (Tangut), in the text and in the tables that are matched against it, and put back in
what is said.
"""

import re
import unicodedata

_STRANGER = 0x17000  # the Tangut block: letters, contiguous
_MARKS = {
    code: _STRANGER + code - 0x0900
    for code in range(0x0900, 0x0E00)
    if unicodedata.category(chr(code))[0] == "M"
}
_BACK = {stranger: chr(code) for code, stranger in _MARKS.items()}
_JOINER = re.compile("(?<=[\u0900-\u0dff])[\u200c\u200d]")
_JOINERS = {"\u200c": "\U00017600", "\u200d": "\U00017601"}
_BACK |= {ord(stranger): joiner for joiner, stranger in _JOINERS.items()}
_INDIAN = re.compile("[\u0900-\u0dff]")


def fold(text: str) -> str:
    """Fold ``text``; the length stays."""
    if text.isascii():
        return text
    if _INDIAN.search(text):
        text = _JOINER.sub(lambda m: _JOINERS[m[0]], text).translate(_MARKS)
    return "".join(
        str(unicodedata.decimal(char)) if char > "\x7f" and char.isdecimal() else char
        for char in text
    )


def unfold(text: str) -> str:
    """Put the vowel signs back."""
    return text if text.isascii() else text.translate(_BACK)
