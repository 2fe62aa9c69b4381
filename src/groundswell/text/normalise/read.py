"""Reading a text: recognisers find tokens, the language's grammar says them."""

import re

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.fold import fold, unfold
from groundswell.text.normalise.grammar import Grammar
from groundswell.text.normalise.reading import NormaliseOptions, Reading
from groundswell.text.normalise.registry import grammar
from groundswell.text.normalise.scan import scan

_DEFAULT = NormaliseOptions()
#: An Indian ending written right behind a figure: "১০টায়", "1947-ൽ".
_ENDING = re.compile("-?(?P<ending>[\u0900-\u0963\u0971-\u0dff\u200c\u200d]+)")


def read(text: str, language: str, options: NormaliseOptions = _DEFAULT) -> list[Reading]:
    """Find what is not said as typed.

    Args:
        text: of one language; cleaned or not.
        language: contract code, never ``auto``. One without a grammar has nothing read but
            operators and, when ``options.number_language`` has a grammar, its numeric tokens.
        options: how to read.

    Returns:
        Readings in order, disjoint. Everything between them is said as typed.

    """
    own = grammar(language, options.british)
    number_language = options.number_language or language
    numbers = grammar(number_language, options.british)
    out: list[Reading] = []
    for found in scan(text, language, options):
        sayer, code = own, language
        if isinstance(found.token, t.NUMERIC):
            sayer, code = numbers, number_language
        elif isinstance(found.token, t.Symbol) and found.token.math:
            sayer, code = numbers, number_language
            if sayer is None or found.token.text not in sayer.math_signs:
                sayer, code = grammar("en"), "en"
        if sayer is None or (out and found.start < out[-1].end):
            continue
        token, end = found.token, found.end
        ending = _ENDING.match(text, end) if sayer is own and text[end - 1].isdecimal() else None
        if ending and isinstance(token, t.Number) and _is_year(token, sayer, ending["ending"]):
            token = t.Year(int(token.quantity.whole))
        said = unfold(sayer.say(token))
        if ending:
            said, end = sayer.attached(said, ending["ending"]), ending.end()
        other = code if code != language else None
        out.append(Reading(found.start, end, said, found.rule, other))
    return out


def _is_year(token: t.Number, sayer: Grammar, ending: str) -> bool:
    """Say whether a figure with an ending is a year: "1947లో"."""
    digits = token.quantity.whole
    plain = token.quantity == t.Quantity(digits) and len(digits) == 4
    return plain and sayer.is_year(int(digits), [""], fold(ending))


def spoken(text: str, language: str, options: NormaliseOptions = _DEFAULT) -> str:
    """Give the whole text with its readings in place."""
    parts: list[str] = []
    at = 0
    for reading in read(text, language, options):
        parts += [text[at : reading.start], f" {reading.spoken} "]
        at = reading.end
    parts.append(text[at:])
    return " ".join("".join(parts).split())
