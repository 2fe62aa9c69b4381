"""Spellings of Indian languages that espeak-ng reads wrongly → equivalent ones it reads rightly.

All rules work on one word and follow the scripts' own structure; the blocks of Unicode lie in
parallel (ISCII order), so a rule written once serves every script by its offset. Measured on
espeak-ng 1.52; ``docs/phonemes.md`` says what each is for.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

#: First code point of each script's block.
BASES = {
    "hi": 0x0900, "mr": 0x0900, "bn": 0x0980, "pa": 0x0A00, "gu": 0x0A80, "or": 0x0B00,
    "ta": 0x0B80, "te": 0x0C00, "kn": 0x0C80, "ml": 0x0D00,
}  # fmt: skip

#: Letters with a nukta, which Unicode's NFC takes apart and espeak wants whole.
_WHOLE = {
    "क़": "\u0958", "ख़": "\u0959", "ग़": "\u095a", "ज़": "\u095b", "ड़": "\u095c", "ढ़": "\u095d",
    "फ़": "\u095e", "ড়": "\u09dc", "ঢ়": "\u09dd", "য়": "\u09df", "ਲ਼": "\u0a33", "ਸ਼": "\u0a36",
    "ਖ਼": "\u0a59", "ਗ਼": "\u0a5a", "ਜ਼": "\u0a5b", "ਫ਼": "\u0a5e", "ଡ଼": "\u0b5c", "ଢ଼": "\u0b5d",
}  # fmt: skip
_NUKTA = re.compile("[क-हক-হਕ-ਹକ-ହ][़়਼଼]")
#: Bengali য় closes a syllable as two characters and opens one as one.
_BENGALI_NUKTA = re.compile("[ড-ঢয]়(?=[া-ৌ])")

#: Malayalam's consonants without a vowel as they were typed before they had code points.
_CHILLUS = {"ണ": "ൺ", "ന": "ൻ", "ര": "ർ", "ല": "ൽ", "ള": "ൾ", "ക": "ൿ"}
_CHILLU = re.compile("([ണനരലളക])്\u200d")


def respelled(text: str, language: str) -> str:
    """Respell the words of ``text``; the number of words and the spaces stay."""
    if language not in BASES:
        return text
    # espeak ends a word at a joiner, which only chooses the shape of a conjunct.
    text = _CHILLU.sub(lambda m: _CHILLUS[m[1]], text) if language == "ml" else text
    text = text.replace("\u200c", "").replace("\u200d", "")
    for pattern, new in _rules(language):
        text = pattern.sub(new, text)
    return text


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    return tuple((re.compile(old), new) for old, new in _spellings(language))


def _spellings(language: str) -> list[tuple[str, str | Callable[[re.Match[str]], str]]]:
    match language:
        case "hi":
            return [
                (_NUKTA.pattern, _whole),
                *_homorganic("hi", "ंँ"),
                ("(?<=ल्)म(?![ऀ-ॿ])", "म्"),  # फ़िल्म: no vowel after lm
                (r"[ऀ-ॿ]{4,}", lambda m: schwas(m.group(), "hi", _KEPT_IN_HINDI)),
            ]
        case "mr":
            return [(_NUKTA.pattern, _whole), *_homorganic("mr", "ं"), *_MARATHI]
        case "gu":
            return [
                *_homorganic("gu", "ંઁ"),
                (r"(?<=[ક-હ])ં(?=[શ-હ])", "ન્"),  # સંસાર
                (r"[ઁ-્]{3,}", lambda m: schwas(m.group(), "gu")),
            ]
        case "pa":
            return [
                ("੍ਹ", ""),  # ਪੜ੍ਹ ਕੱਲ੍ਹ: a tone, no h
                ("[\u0a02\u0a70](?=ਮ)", "ਮ੍"),
                ("[\u0a02\u0a70](?=ਨ)", "ਨ੍"),
                *_homorganic("pa", "\u0a02\u0a70"),
                (r"[ਁ-ੜ]{3,}", lambda m: schwas(m.group(), "pa")),
            ]
        case "bn":
            return [(_BENGALI_NUKTA.pattern, _whole), *_BENGALI]
        case "te":
            return [*_homorganic("te", "ం"), ("ం", "మ్")]  # జీవితం ends in m
        case "or":
            return [
                (_NUKTA.pattern, _whole),
                ("(?<=୍)ୱ", "ବ"),  # ଭୁବନେଶ୍ୱର: espeak spells words with ୱ out
                ("ୱ", "ଵ"),
                ("ଘ(?=[କ-ହ])", "ଗ୍ହ"),
                ("କ୍ଷ", "ଖ"),  # espeak drops the vowel after it
            ]
        case "ml":
            return [
                ("റ്റ", "ത്ത"),  # alveolar tt, which espeak reads retroflex and without its vowel
                ("(?<!ങ്ക)(?<=[ക-ഹ])്(?![ഀ-ൿ])", "ു്"),
            ]
        case _:
            return []


def _whole(match: re.Match[str]) -> str:
    return _WHOLE.get(match.group(), match.group())


def _homorganic(language: str, marks: str) -> list[tuple[str, str]]:
    """Anusvara before a stop is the nasal of the stop's own place."""
    base = BASES[language]
    virama = chr(base + 0x4D)
    rows = ((0x15, 0x18, 0x19), (0x1A, 0x1D, 0x1E), (0x1F, 0x22, 0x23), (0x24, 0x27, 0x28),
            (0x2A, 0x2D, 0x2E))  # fmt: skip
    return [
        (f"[{marks}](?=[{chr(base + first)}-{chr(base + last)}])", chr(base + nasal) + virama)
        for first, last, nasal in rows
    ]


#: In Hindi espeak deletes schwas well except behind h and before the suffix -पन.
_KEPT_IN_HINDI = frozenset("हढ\u095d")


@lru_cache(maxsize=16384)
def schwas(word: str, language: str, only: frozenset[str] = frozenset()) -> str:
    """Mark by a virama each inherent vowel that is not spoken inside a word.

    Ohala's rule (*Aspects of Hindi Phonology*, 1983): from the right, the schwa of V C _ C V goes
    when both consonants stand alone; the last syllable's schwa is silent and espeak's affair.

    Args:
        word: letters of one script.
        language: gives the script.
        only: consonants whose schwa may go; all when empty.

    """
    base = BASES[language]
    units = _units(word, base)
    spoken = [unit.vowel for unit in units]
    if units and units[-1].bare:
        spoken[-1] = False
    out = [unit.text for unit in units]
    for at in range(len(units) - 2, 0, -1):
        unit, after, before = units[at], units[at + 1], units[at - 1]
        if not (unit.bare and unit.simple and after.simple):
            continue
        regular = spoken[at + 1] and before.vowel and (not only or unit.text in only)
        if regular or "".join(out[at + 1 :]) == "पन":
            spoken[at], out[at] = False, unit.text + chr(base + 0x4D)
    return "".join(out)


class _Unit:
    """A consonant cluster with its vowel, or a vowel: ``bare`` has the inherent vowel."""

    __slots__ = ("bare", "simple", "text", "vowel")

    def __init__(self, text: str, base: int) -> None:
        codes = [ord(char) - base for char in text]
        self.text = text
        consonants = [code for code in codes if 0x15 <= code <= 0x39 or 0x58 <= code <= 0x5F]
        signs = [code for code in codes if 0x3E <= code <= 0x4C]
        self.bare = bool(consonants) and not signs and codes[-1] != 0x4D
        self.vowel = codes[-1] != 0x4D
        self.simple = len(consonants) == 1 and 0x4D not in codes


def _units(word: str, base: int) -> list[_Unit]:
    """Cut a word into syllables as written (aksharas)."""
    virama = chr(base + 0x4D)
    c = f"[{chr(base + 0x15)}-{chr(base + 0x39)}{chr(base + 0x58)}-{chr(base + 0x5F)}]"
    c += f"{chr(base + 0x3C)}?"
    mark = f"[{chr(base)}-{chr(base + 3)}{chr(base + 0x3E)}-{chr(base + 0x4C)}]"
    found = re.findall(f"(?:{c}{virama})*{c}(?:{mark}*|{virama})|.", word)
    return [_Unit(text, base) for text in found]


_BENGALI: list[tuple[str, str]] = [
    # Words whose last inherent vowel is spoken, or whose first is æ, as one would spell it out.
    ("(?<![ঀ-৿])বড\u09bc(?![ঀ-৿])", "বড\u09bcো"),
    ("(?<![ঀ-৿])ছোট(?![ঀ-৿])", "ছোটো"),
    ("(?<![ঀ-৿])এক(?![ঀ-৿])", "অ্যাক"),
    ("ধন্যবাদ", "ধোন্নোবাদ"),
    ("ঢ\u09bc(?![া-্])", "ড\u09bc"),  # আষাঢ়
    # করছে, বলছি: the stem's vowel is raised and the next one silent.
    ("(?<![ঀ-৿])([ক-হ])([রলনসধট])(?=ছ[িেো])", "\\1ো\\2্"),
]

#: Native words in which च is ts; before i, e and y, and in learned words, it is palatal.
_MARATHI: list[tuple[str, str]] = [
    (r"(?<![ऀ-ॿ])चा(?=ंगल|न्गल|ङ्गल|ल[णतलूा]|व|खल|ट|दर|कू|ळ)", "त्सा"),
    (r"(?<![ऀ-ॿ])चो(?=र|ळ|ख)", "त्सो"),
    (r"(?<![ऀ-ॿ])चु(?=क|ल|न)", "त्सु"),
    (r"(?<![ऀ-ॿ])चू(?=क|ल|ना)", "त्सू"),
    (r"(?<![ऀ-ॿ])च(?=मच|व|पाती|ढ)", "त्स"),
    (r"(?<=[ऀ-ॿ])चा(?![ऀ-ॿ])", "त्सा"),  # त्याचा, घराचा
    (r"(?<=[ऀ-ॿ])च(?![ऀ-ॿ])", "त्स"),  # पाच, आजच
    (r"झ(?=[ाुूोौ])", "द्झ"),
]
