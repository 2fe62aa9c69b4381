"""Hindi heard in any script: words reduced to their consonants.

Whisper's small models write spoken Hindi in Urdu letters as readily as in Devanagari: the same
words, another spelling, without short vowels. So both sides are reduced to consonant classes that
the two scripts share; vowels, ``v``/``w`` and ``y`` (vowel letters in Urdu), final nasalisation and
final ``h`` are dropped, doubled consonants count once. What is left still tells words apart and is
not kind to noise, but a wrong vowel goes unnoticed.
"""

import unicodedata

_DEVANAGARI = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n",
    "च": "c", "छ": "ch", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n",
    "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m",
    "र": "r", "ऋ": "r", "\u0943": "r", "ल": "l", "ळ": "l",
    "श": "S", "ष": "S", "स": "s", "ह": "h",
}  # fmt: skip
_WITH_NUKTA = {"क": "k", "ख": "kh", "ग": "g", "ज": "z", "ड": "r", "ढ": "rh", "फ": "ph"}
_URDU = {
    **dict.fromkeys("بٻ", "b"), **dict.fromkeys("پ", "p"), **dict.fromkeys("تٹطة", "t"),
    **dict.fromkeys("ثسص", "s"), "ج": "j", "چ": "c", **dict.fromkeys("حہھهۃۂ", "h"),
    "خ": "kh", **dict.fromkeys("دڈ", "d"), **dict.fromkeys("ذزضظژ", "z"),
    **dict.fromkeys("رڑ", "r"), "ش": "S", "غ": "g", "ف": "ph", **dict.fromkeys("قکك", "k"),
    "گ": "g", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
_SILENT_AT_END = "हہه"  # written in one of the scripts only, in short words like "that"
_NUKTA, _ANUSVARA = "\u093c", "\u0902"


def skeleton(text: str) -> str:
    """Return the consonants of each word in a script-neutral spelling, joined by spaces.

    A word that has none becomes ``-``, so that it still counts; so does one of any other script.
    """
    words = (_word(word) for word in unicodedata.normalize("NFD", text).split())
    return " ".join(words)


def _word(word: str) -> str:
    sounds: list[str] = []
    if len(word) > 1 and word[-1] in _SILENT_AT_END:
        word = word[:-1]
    for at, letter in enumerate(word):
        following = word[at + 1 : at + 2]
        if letter == _ANUSVARA:
            sound = "n" if following else ""
        elif following == _NUKTA:
            sound = _WITH_NUKTA.get(letter, "")
        elif letter.isascii() and letter.isalnum():
            sound = letter.lower()
        else:
            sound = _DEVANAGARI.get(letter) or _URDU.get(letter, "")
        if not sound:
            continue
        if sounds and sound.startswith(sounds[-1]):
            sounds.pop()  # doubled, or doubled and aspirated
        sounds.append(sound)
    return "".join(sounds) or "-"
