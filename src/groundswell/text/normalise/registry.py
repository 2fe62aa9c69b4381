"""Which grammar reads which language: the one place that names them."""

from functools import cache
from importlib import import_module

from groundswell.text.normalise.grammar import Grammar

#: Contract code → module under ``normalise`` and class.
_GRAMMARS = {
    "en": ("english", "English"),
    "es": ("spanish", "Spanish"),
    "fr": ("french", "French"),
    "it": ("italian", "Italian"),
    "pt": ("portuguese", "Portuguese"),
    "de": ("german", "German"),
    "nl": ("dutch", "Dutch"),
    "sv": ("swedish", "Swedish"),
    "pl": ("polish", "Polish"),
    "ru": ("russian", "Russian"),
    "hi": ("indic.indo_aryan", "Hindi"),
    "mr": ("indic.indo_aryan", "Marathi"),
    "bn": ("indic.indo_aryan", "Bengali"),
    "gu": ("indic.indo_aryan", "Gujarati"),
    "pa": ("indic.indo_aryan", "Punjabi"),
    "or": ("indic.indo_aryan", "Odia"),
    "te": ("indic.dravidian", "Telugu"),
    "ta": ("indic.dravidian", "Tamil"),
    "kn": ("indic.dravidian", "Kannada"),
    "ml": ("indic.dravidian", "Malayalam"),
}
_BRITISH = ("english", "BritishEnglish")


@cache
def grammar(language: str, british: bool = False) -> Grammar | None:
    """Give the grammar of a language; None where there is none and espeak reads the figures."""
    if language not in _GRAMMARS:
        return None
    module, name = _BRITISH if british and language == "en" else _GRAMMARS[language]
    made: Grammar = getattr(import_module(f"groundswell.text.normalise.{module}"), name)()
    return made


def languages() -> tuple[str, ...]:
    """Codes that have a grammar of their own."""
    return tuple(_GRAMMARS)
