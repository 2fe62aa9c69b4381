"""Kokoro's symbols, and the maps onto them from espeak-ng's IPA.

The vocabulary is that of the model's ``config.json`` (hexgrad/Kokoro-82M, ``vocab``); the ids are
its token ids, 0 being the padding at both ends. The folding of diphthongs and affricates into one
letter is misaki's (``misaki/espeak.py``), which is what the model was trained on. The tables of
``nearest`` cover every symbol in the phoneme tables of the espeak voices we use: the test suite
walks those tables.
"""

import logging
import unicodedata
from collections import Counter
from collections.abc import Iterator

from groundswell.text.phonemise.nearest import NEAREST, PATTERNS, TIED

logger = logging.getLogger(__name__)

# fmt: off
SYMBOL_IDS: dict[str, int] = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13,
    "“": 14, "”": 15, " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22,
    "\uab67": 23, "A": 24, "I": 25, "O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41,
    "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52,
    "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62,
    "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72,
    "β": 75, "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86,
    "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111,
    "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123,
    "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133, "ʊ": 135,
    "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156,
    "ˌ": 157, "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}
# fmt: on

PUNCTUATION = frozenset(';:,.!?—…"()“”')
OPENING = frozenset("(“")
CLOSING = frozenset(";:,.!?…)”")
#: After these a clause ends.
CLAUSE_END = frozenset(";:,.!?—…)”")
_SILENT = PUNCTUATION | frozenset(" ˈˌː\u0303ʰʲ→↗↘↓")
#: Symbols that belong to the one before them, so that no cut may fall in front.
TRAILING = frozenset("ːʰʲᵝ\u0303→↗↘↓") | CLOSING

#: English words that espeak reads (names misaki does not know): misaki's EspeakFallback.
ENGLISH: tuple[tuple[str, str], ...] = (
    ("ʔˌn\u0329", "ʔn"),
    ("ʔn\u0329", "ʔn"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("e^ə", "ɛː"),  # before the lone e: British "there"
    ("o^ʊ", "O"),
    ("ə^ʊ", "Q"),
    ("ʲ", ""),
    ("e", "A"),
    ("ɚ", "əɹ"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɐ", "ə"),
    ("ɬ", "l"),
    ("\u0303", ""),
)

_unmapped: Counter[str] = Counter()


def ids(phonemes: str) -> list[int]:
    """Token ids, without the padding at the ends.

    Raises:
        KeyError: for a symbol outside the vocabulary, which a ``Segment`` never has.

    """
    return [SYMBOL_IDS[symbol] for symbol in phonemes]


def is_speech(symbol: str) -> bool:
    """Whether a symbol is a sound, not punctuation, stress, length or tone."""
    return symbol not in _SILENT


def nearest(symbol: str) -> str:
    """Replace a symbol outside the vocabulary, by table, else by its base letter.

    What neither knows is counted, logged once, and becomes nothing.
    """
    known = NEAREST.get(symbol)
    if known is not None:
        return known
    base = [c for c in unicodedata.normalize("NFKD", symbol) if c in SYMBOL_IDS or c in NEAREST]
    if symbol not in _unmapped:
        logger.warning("no Kokoro symbol for %r (U+%04X)", symbol, ord(symbol))
    _unmapped[symbol] += 1
    return "".join(c if c in SYMBOL_IDS else NEAREST[c] for c in base)


def unmapped() -> dict[str, int]:
    """Symbols met so far that no table foresaw, with how often; for tests and ``explain``."""
    return dict(_unmapped)


def forget_unmapped() -> None:
    """Start counting anew; for tests."""
    _unmapped.clear()


def from_espeak(ipa: str, language: str) -> str:
    """Turn espeak's IPA of any language but English into Kokoro's symbols."""
    for pattern, new in PATTERNS.get(language, ()):
        ipa = pattern.sub(new, ipa)
    for row in TIED:
        ipa = ipa.replace(row.old, row.new)
    return _composed(_syllabics(ipa))


def from_espeak_english(ipa: str, *, british: bool) -> str:
    """Turn espeak's English IPA into misaki's American or British set."""
    table = ENGLISH if british else [row for row in ENGLISH if row[0] != "e^ə"]
    for old, new in table:
        ipa = ipa.replace(old, new)
    ipa = _syllabics(ipa)
    if british:
        ipa = ipa.replace("iə", "ɪə")
    else:
        for old, new in (("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", "")):
            ipa = ipa.replace(old, new)
    ipa = ipa.replace("o", "ɔ").replace("ɾ", "T").replace("ʔ", "t")
    return _composed(ipa)


def _syllabics(ipa: str) -> str:
    """Write a syllabic consonant as a short schwa and the consonant (``l̩`` → ``ᵊl``)."""
    out: list[str] = []
    for symbol in ipa:
        if symbol == "\u0329" and out and out[-1] not in " ˈˌ":
            out.insert(-1, "ᵊ")
        else:
            out.append(symbol)
    return "".join(out)


def _composed(ipa: str) -> str:
    """Map symbol by symbol, and give a palatal mark with no consonant before it its glide."""
    out: list[str] = []
    for symbol in _known(ipa):
        if symbol == "ʲ" and (not out or out[-1] in " ˈˌ"):
            out.append("j")
        elif symbol == "\u0303" and out and out[-1] == symbol:
            continue
        else:
            out.append(symbol)
    return "".join(out)


def _known(ipa: str) -> Iterator[str]:
    """Kokoro's symbols one by one, letters with a tilde and the like taken apart."""
    for char in ipa:
        if char in PUNCTUATION:
            continue  # part of a phoneme's inner name (ar s., ru u"), never a pause
        if char in SYMBOL_IDS:
            yield char
        elif char in NEAREST:
            yield from NEAREST[char]
        else:
            for symbol in unicodedata.normalize("NFD", char):
                yield from symbol if symbol in SYMBOL_IDS else nearest(symbol)
