"""``auto``: which language a text is in.

The script decides wherever it can. Latin text is told apart by its function words and letters,
then, when they are silent and the text is long enough, by lingua in its low-accuracy mode (25 MB
and 0.2 s to load; the full models take 350 MB). Short text that nothing decides is English.
"""

import threading
from collections import Counter
from functools import cache
from typing import Any

from groundswell.text.languages import LANGUAGES, SCRIPT_LANGUAGE
from groundswell.text.scripts import script_of

_SAMPLE = 2000  # characters looked at
_LEAST_FOR_LINGUA = 24  # letters; below that its trigrams guess wildly ("Hello." → Norwegian)
_LEAST_WITHOUT_ENGLISH = 12  # letters, when no English function word is among them
_SHARE = 0.3  # of another script than Latin that makes it the text's own: English words are guests
_WEIGHT = {"han": 3, "hangul": 2, "kana": 2}

_WORDS: dict[str, str] = {
    "en": "the and is are was were you i it to of that this with for have what how my your we "
    "please can will not hello yes they be on at from thanks he she his her a an but so do don't "
    "i'm it's there here go let's who when where",
    "es": "el la los las y es está que de en un una por para con no me qué cómo gracias hola muy "
    "pero su mi usted del al lo se más",
    "de": "der die das und ist nicht ich sie wir ein eine mit für auf den dem zu von wie was bitte "
    "danke hallo guten es im auch sind haben",
    "fr": "le la les et est un une des de je vous nous que qui dans pour avec pas ce bonjour merci "
    "où du au il elle sur mais votre c'est j'ai",
    "it": "il lo la gli e è un una di che non per con sono mi come ciao grazie della nel questo "
    "dove si ho ma buongiorno anche del",
    "nl": "de het een en is van ik je niet dat op met voor zijn maar hoe wat goedemorgen dank u "
    "bij ook naar wij heb",
    "sv": "och är en ett jag det att inte som på för med du hur vad tack hej vi av till den har "
    "var idag",
    "pt": "o a os as e é um uma de que não para com eu você do da em obrigado olá bom por mais "
    "tudo está no na mas seu",
    "fi": "ja on ei se että hän minä olen mitä kiitos hei hyvää kuinka mutta tämä ovat myös niin "
    "kun sinä",
    "no": "og er en et jeg det å ikke som på for med du hvordan hva takk hei vi av til den har "
    "var dag",
    "pl": "i w na jest nie się z że do to jak co dzień dziękuję proszę cześć mam ale pan pani czy "
    "jestem dla od",
    "id": "yang dan di ini itu untuk dengan tidak saya anda kamu apa kabar adalah dari bisa karena "
    "akan terima kasih sudah ke besok uang",
    "ms": "yang dan di ini itu untuk dengan tidak saya anda awak apa khabar ialah dari boleh "
    "kerana akan terima kasih sudah ke esok wang encik",
    "tr": "ve bir bu için ile ne nasıl değil ben sen çok merhaba teşekkür ederim var yok da de mi "
    "evet gün günaydın",
    "vi": "và là của có không tôi bạn một cho được này với những các xin chào cảm ơn người đã",
}
_LETTERS: dict[str, str] = {
    "es": "ñ¿¡",
    "de": "ßäöü",
    "fr": "œçêèàùëï",
    "it": "òìùèà",
    "nl": "",
    "sv": "åäö",
    "pt": "ãõçâêô",
    "fi": "äö",
    "no": "åøæ",
    "pl": "ąćęłńśźż",
    "tr": "ğışçöü",
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}
_MARATHI = frozenset(
    [
        "आहे",
        "आहेत",
        "आणि",
        "मी",
        "नाही",
        "होते",
        "होता",
        "काय",
        "माझे",
        "माझा",
        "तुम्ही",
        "आम्ही",
        "मला",
        "तुला",
        "हे",
        "ते",
        "करा",
    ]
)
_HINDI = frozenset(
    [
        "है",
        "हैं",
        "और",
        "में",
        "नहीं",
        "का",
        "की",
        "के",
        "से",
        "को",
        "मैं",
        "हूँ",
        "था",
        "थी",
        "थे",
        "क्या",
        "आप",
        "यह",
        "वह",
        "पर",
        "ने",
    ]
)

_lock = threading.Lock()
_lingua: list[Any] = []


def detect(text: str) -> str:
    """Name the language of cleaned text; ``en`` when there is nothing to go by."""
    sample = text[:_SAMPLE]
    counts: Counter[str] = Counter()
    for char in sample:
        script = script_of(char)
        if script is not None:
            counts[script] += _WEIGHT.get(script, 1)
    if not counts:
        return "en"
    latin = counts.pop("latin", 0)
    total = latin + counts.total()
    if counts.total() < _SHARE * total:
        return _latin(sample)
    if counts["kana"] and counts["kana"] * 10 >= counts["kana"] + counts["han"]:
        return "ja"
    # Of two equally frequent scripts the first met, so that the answer does not depend on hashing.
    script = max(counts, key=lambda name: counts[name])
    return _devanagari(sample) if script == "devanagari" else SCRIPT_LANGUAGE[script]


def detect_sentence(text: str, whole: str) -> str:
    """Name the language of one sentence of a text; that of the whole unless there is evidence."""
    counts = Counter(filter(None, map(script_of, text[:_SAMPLE])))
    if not counts:
        return whole
    scripts = LANGUAGES[whole].scripts
    if set(counts) == {"latin"}:
        scores = _scores(text)
        best = max(scores, key=lambda code: (scores[code], code == whole))
        own = scores.get(whole, 0)
        # More than one word of evidence more: one alone may be a guest or a name.
        return best if scores[best] >= own + _SURE else "en" if scripts != _LATIN else whole
    if any(counts[script] for script in scripts):
        return whole
    return detect(text)


_SURE = 3
_LATIN = ("latin",)


def _devanagari(text: str) -> str:
    words = _words(text)
    marathi = sum(word in _MARATHI for word in words) + text.count("ळ")
    hindi = sum(word in _HINDI for word in words)
    return "mr" if marathi > hindi else "hi"


def _latin(text: str) -> str:
    scores = _scores(text)
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    letters = sum(char.isalpha() for char in text)
    if scores[first] >= scores[second] + 2 or (
        scores[first] > scores[second] and letters < _LEAST_FOR_LINGUA
    ):
        return first
    if letters < (_LEAST_FOR_LINGUA if scores["en"] else _LEAST_WITHOUT_ENGLISH):
        return "en"
    return _by_lingua(text)


def _scores(text: str) -> dict[str, int]:
    """How much speaks for each Latin language: its function words, its letters."""
    words = _words(text)
    lowered = text.lower()
    return {
        code: 2 * sum(word in _function_words(code) for word in words)
        + sum(lowered.count(letter) for letter in _LETTERS.get(code, ""))
        for code in _WORDS
    }


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?¿¡\"'()…।“”«»") for word in text.lower().split()]


@cache
def _function_words(code: str) -> frozenset[str]:
    return frozenset(_WORDS[code].split())


def _by_lingua(text: str) -> str:
    found = load().detect_language_of(text)
    if found is None:
        return "en"
    code = found.iso_code_639_1.name.lower()
    return "no" if code == "nb" else code if code in LANGUAGES else "en"


def load() -> Any:
    """Load lingua's detector for the Latin languages of the contract, once."""
    with _lock:
        if not _lingua:
            from lingua import IsoCode639_1, LanguageDetectorBuilder

            codes = [getattr(IsoCode639_1, "NB" if c == "no" else c.upper()) for c in _WORDS]
            builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
            _lingua.append(builder.with_low_accuracy_mode().build())
        return _lingua[0]
