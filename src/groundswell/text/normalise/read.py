"""Reading a text: recognisers find tokens, the language's grammar says them."""

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.reading import NormaliseOptions, Reading
from groundswell.text.normalise.registry import grammar
from groundswell.text.normalise.scan import scan

_DEFAULT = NormaliseOptions()


def read(text: str, language: str, options: NormaliseOptions = _DEFAULT) -> list[Reading]:
    """Find what is not said as typed.

    Args:
        text: of one language; cleaned or not.
        language: contract code, never ``auto``. One without a grammar has only its numeric tokens
            read, and only when ``options.number_language`` has one.
        options: how to read.

    Returns:
        Readings in order, disjoint. Everything between them is said as typed.

    """
    own = grammar(language)
    numbers = grammar(options.number_language) if options.number_language else own
    out: list[Reading] = []
    for found in scan(text, language, options):
        numeric = isinstance(found.token, t.NUMERIC)
        sayer = numbers if numeric else own
        if sayer is None:
            continue
        code = sayer.code if sayer.code != language else None
        out.append(Reading(found.start, found.end, sayer.say(found.token), found.rule, code))
    return out


def spoken(text: str, language: str, options: NormaliseOptions = _DEFAULT) -> str:
    """Give the whole text with its readings in place."""
    parts: list[str] = []
    at = 0
    for reading in read(text, language, options):
        parts += [text[at : reading.start], f" {reading.spoken} "]
        at = reading.end
    parts.append(text[at:])
    return " ".join("".join(parts).split())
