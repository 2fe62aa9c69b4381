"""The languages we speak: contract codes, names, phonemisers and espeak-ng voices.

Codes are those of ``contract/tts.md`` §3 and §9. espeak voices are named by the files of
espeak-ng 1.52 under ``lang/`` (``en-gb`` and ``fr-fr`` are no names that
``espeak_SetVoiceByName`` knows: the files are ``en`` and ``fr``).
"""

from dataclasses import dataclass
from typing import Literal

from groundswell.errors import UnknownLanguage

AUTO = "auto"

Phonemiser = Literal["english", "japanese", "chinese", "espeak"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the contract.

    Args:
        code: contract code.
        name: English name in lower case.
        scripts: scripts its own words are written in; the first is the usual one.
        phonemiser: who turns it into phonemes.
        voice: espeak-ng voice, empty when espeak is not used.

    """

    code: str
    name: str
    scripts: tuple[str, ...]
    phonemiser: Phonemiser = "espeak"
    voice: str = ""


_LATIN = ("latin",)

_TABLE = (
    Language("en", "english", _LATIN, "english", "en-us"),
    Language("hi", "hindi", ("devanagari",), voice="hi"),
    Language("mr", "marathi", ("devanagari",), voice="mr"),
    Language("kn", "kannada", ("kannada",), voice="kn"),
    Language("ta", "tamil", ("tamil",), voice="ta"),
    Language("bn", "bengali", ("bengali",), voice="bn"),
    Language("gu", "gujarati", ("gujarati",), voice="gu"),
    Language("te", "telugu", ("telugu",), voice="te"),
    Language("ml", "malayalam", ("malayalam",), voice="ml"),
    Language("pa", "punjabi", ("gurmukhi",), voice="pa"),
    Language("or", "odia", ("odia",), voice="or"),
    # Castilian, as in Kokoro's own pipeline (lang code 'e' is espeak 'es').
    Language("es", "spanish", _LATIN, voice="es"),
    Language("de", "german", _LATIN, voice="de"),
    Language("fr", "french", _LATIN, voice="fr"),
    Language("it", "italian", _LATIN, voice="it"),
    Language("nl", "dutch", _LATIN, voice="nl"),
    Language("sv", "swedish", _LATIN, voice="sv"),
    # Brazilian, as in Kokoro's own pipeline (lang code 'p').
    Language("pt", "portuguese", _LATIN, voice="pt-br"),
    Language("ru", "russian", ("cyrillic",), voice="ru"),
    Language("el", "greek", ("greek",), voice="el"),
    Language("fi", "finnish", _LATIN, voice="fi"),
    Language("no", "norwegian", _LATIN, voice="nb"),
    Language("pl", "polish", _LATIN, voice="pl"),
    Language("ar", "arabic", ("arabic",), voice="ar"),
    Language("zh", "chinese", ("han",), "chinese"),
    Language("id", "indonesian", _LATIN, voice="id"),
    Language("ja", "japanese", ("kana", "han"), "japanese"),
    Language("ko", "korean", ("hangul",), voice="ko"),
    Language("ms", "malay", _LATIN, voice="ms"),
    Language("tr", "turkish", _LATIN, voice="tr"),
    Language("vi", "vietnamese", _LATIN, voice="vi"),
    # Legacy models only (tts.md §9).
    Language("he", "hebrew", ("hebrew",), voice="he"),
)

LANGUAGES: dict[str, Language] = {language.code: language for language in _TABLE}

#: Who reads a script when the language asked for does not use it.
SCRIPT_LANGUAGE: dict[str, str] = {
    "latin": "en",
    "greek": "el",
    "cyrillic": "ru",
    "hebrew": "he",
    "arabic": "ar",
    "devanagari": "hi",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "odia": "or",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "hangul": "ko",
    "kana": "ja",
    "han": "zh",
}


def check(code: str) -> str:
    """Return the code when it is a contract code or ``auto``.

    Raises:
        UnknownLanguage: for anything else, also another spelling ("EN", "english").

    """
    if code == AUTO or code in LANGUAGES:
        return code
    raise UnknownLanguage(code)


def reader_of(script: str, language: str) -> str:
    """Say which language reads a stretch in ``script`` inside text of ``language``."""
    return language if script in LANGUAGES[language].scripts else SCRIPT_LANGUAGE[script]
