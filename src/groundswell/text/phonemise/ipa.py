"""IPA as people write it → Kokoro's symbols; what cannot be said is refused, never dropped."""

import re
import unicodedata

from groundswell.errors import InvalidInput
from groundswell.text.phonemise.nearest import NEAREST
from groundswell.text.phonemise.symbols import PUNCTUATION, SYMBOL_IDS, is_speech

#: Two letters that Kokoro knows as one. A syllable dot between them keeps them apart.
_FOLDED = (
    *(("aɪ", "I"), ("aʊ", "W"), ("eɪ", "A"), ("oʊ", "O"), ("əʊ", "Q"), ("ɔɪ", "Y")),
    *(("tʃ", "ʧ"), ("dʒ", "ʤ"), ("tɕ", "ʨ"), ("dʑ", "ʥ"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ")),
)
#: Only with a tie bar: without one, "ts" is as in "cats".
_TIED = (("t͡s", "ʦ"), ("d͡z", "ʣ"))
_TIE = re.compile("[\u0361\u035c]")
_SYLLABIC = re.compile(r"([lmnɹrŋ])[\u0329\u030d]")
#: Letters of the ordinary keyboard for IPA's own, and marks that structure but do not sound.
_SPELLED = str.maketrans({"g": "ɡ", "'": "ˈ", "’": "ˈ", "ˈ": "ˈ", ":": "ː", "‿": "", "-": ""})
#: Letters of the IPA chart that no voice of ours has: the nearest articulation.
_RARE = str.maketrans(
    {"ɦ": "h", "ʱ": "ʰ", "ɘ": "ə", "ɞ": "ɜ", "ɶ": "œ", "ɧ": "ʃ", "ʟ": "l", "ɺ": "ɾ", "ɮ": "ʒ"}
    | {"ɠ": "ɡ", "ʛ": "ɡ", "ʄ": "ɟ", "ʙ": "b", "ʜ": "h", "ʢ": "ʔ", "ʡ": "ʔ", "ⱱ": "v", "˞": "ɹ"}
    | {"ʼ": ""}
)
#: Diacritics that refine a sound beyond what Kokoro tells apart.
_REFINING = frozenset("\u0324\u0330\u033c\u033a\u033b\u031f\u0320\u0308\u033d\u0318\u0319\u031c")
_VOWEL = "[AIOQWYaæɑɐɒɔəɚɛɜeiɨɪoøœɤɯuʊʌyᵻ]"
_EARLY_STRESS = re.compile(rf"([ˈˌ])([^ˈˌ ]*?)(?={_VOWEL})")
_WEAK = "əᵻɐ"
_REFUSED = frozenset("124567_|^+F")
"""Names inside espeak's tables that ``NEAREST`` covers; nobody means them as IPA."""


def from_ipa(ipa: str) -> str:
    """Turn IPA without its slashes into Kokoro's symbols; those are taken as they are, too.

    Raises:
        InvalidInput: a symbol that is neither, or nothing that sounds.
    """
    text = unicodedata.normalize("NFC", " ".join(ipa.split())).translate(_SPELLED).translate(_RARE)
    text = text.replace("\u035c", "\u0361")
    for pair, one in _TIED:
        text = text.replace(pair, one)
    text = _SYLLABIC.sub(r"ᵊ\1", _TIE.sub("", text))
    for pair, one in _FOLDED:
        text = text.replace(pair, one)
    out: list[str] = []
    unknown: list[str] = []
    for symbol in unicodedata.normalize("NFD", text.replace("ç", "\0")).replace("\0", "ç"):
        if symbol == "." or symbol in _REFINING:
            continue
        if symbol in SYMBOL_IDS and symbol not in PUNCTUATION:
            out.append(symbol)
        elif symbol in NEAREST and symbol not in _REFUSED:
            out.append(NEAREST[symbol])
        else:
            unknown.append(symbol)
    if unknown:
        named = ", ".join(f"{s!r} (U+{ord(s):04X})" for s in dict.fromkeys(unknown[:20]))
        raise InvalidInput(
            f"not IPA: {named}; use IPA letters between the slashes, or respell the word in "
            "ordinary letters without slashes"
        )
    phonemes = "".join(out)
    if not any(map(is_speech, phonemes)):
        raise InvalidInput("the IPA has no sound; write at least one vowel or consonant")
    return _stressed(phonemes)


def _stressed(phonemes: str) -> str:
    """Put stress where the model was trained to see it: in front of the vowel.

    A word of one syllable is stressed, which IPA in dictionaries leaves unsaid.
    """
    if not any(mark in phonemes for mark in "ˈˌ"):
        return " ".join(map(_as_stressed, phonemes.split(" ")))
    return _EARLY_STRESS.sub(r"\2\1", phonemes)


def _as_stressed(word: str) -> str:
    vowels = [found.start() for found in re.finditer(_VOWEL, word)]
    if len(vowels) != 1 or word[vowels[0]] in _WEAK:
        return word
    return f"{word[: vowels[0]]}ˈ{word[vowels[0] :]}"


_AMERICAN = str.maketrans({"r": "ɹ", "e": "ɛ", "a": "æ", "ɒ": "ɑ", "Q": "O", "ː": "", "ɐ": "ə"})
_BRITISH = str.maketrans({"r": "ɹ", "e": "ɛ", "æ": "a", "O": "Q", "ᵻ": "ɪ", "ɐ": "ə", "ɾ": "t"})


def in_accent(phonemes: str, *, british: bool) -> str:
    """Write phonemes from IPA as Kokoro's English voices were trained to read them.

    Dictionaries of English write "r" and "e" for ɹ and ɛ; American voices know no length marks.
    """
    return phonemes.translate(_BRITISH if british else _AMERICAN)
