"""Which writing system a character belongs to.

``unicodedata`` does not know scripts, so this is a table of the blocks we can speak, after
Unicode 15 ``Scripts.txt``, coarsened: a block is given to its script whole.
"""

from bisect import bisect_right
from functools import lru_cache

_BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x005A, "latin"),
    (0x0061, 0x007A, "latin"),
    (0x00AA, 0x00AA, "latin"),
    (0x00BA, 0x00BA, "latin"),
    (0x00C0, 0x00D6, "latin"),
    (0x00D8, 0x00F6, "latin"),
    (0x00F8, 0x024F, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x08A0, 0x08FF, "arabic"),
    (0x0900, 0x0963, "devanagari"),
    (0x0966, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bengali"),
    (0x0A00, 0x0A7F, "gurmukhi"),
    (0x0A80, 0x0AFF, "gujarati"),
    (0x0B00, 0x0B7F, "odia"),
    (0x0B80, 0x0BFF, "tamil"),
    (0x0C00, 0x0C7F, "telugu"),
    (0x0C80, 0x0CFF, "kannada"),
    (0x0D00, 0x0D7F, "malayalam"),
    (0x1100, 0x11FF, "hangul"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x3005, 0x3007, "han"),
    (0x3041, 0x30FF, "kana"),
    (0x3130, 0x318F, "hangul"),
    (0x31F0, 0x31FF, "kana"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7A3, "hangul"),
    (0xF900, 0xFAFF, "han"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFC, "arabic"),
    (0xFF66, 0xFF9F, "kana"),
    (0x20000, 0x323AF, "han"),
)
_STARTS = [block[0] for block in _BLOCKS]

#: Scripts written without spaces between words; their words are the phonemiser's.
UNSPACED = frozenset({"han", "kana"})


@lru_cache(maxsize=16384)
def script_of(char: str) -> str | None:
    """Name the script of one letter, digit or vowel sign; None for anything common or unknown."""
    code = ord(char)
    if code < 0x80:
        return "latin" if char.isalpha() else None
    at = bisect_right(_STARTS, code) - 1
    if at < 0:
        return None
    _, last, script = _BLOCKS[at]
    if code > last or (not char.isalpha() and _is_shared(char)):
        return None
    return script


def _is_shared(char: str) -> bool:
    """Punctuation and separators inside a script's block (؟ ، · ・) belong to no script."""
    return char in "؛،؟٪٫٬·\u037e\u0387・゠" or char.isspace()
