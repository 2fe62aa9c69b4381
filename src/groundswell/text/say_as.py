"""What ``<say-as>``, ``<sub>`` and ``<phoneme>`` make of the text inside them."""

from groundswell.text.markup import Override
from groundswell.text.normalise import NormaliseOptions
from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.registry import grammar
from groundswell.text.render import read_aloud
from groundswell.text.spoken_form import Stretch

_MAX_ORDINAL = 15  # digits


def say(text: str, override: Override, language: str, options: NormaliseOptions) -> Stretch:
    """Give the stretch that a tag prescribes.

    Args:
        text: cleaned text.
        override: the tag.
        language: of the text around.
        options: of normalisation.

    """
    start, end = override.start, override.end
    typed = text[start:end].strip()
    match override.kind:
        case "phoneme":
            return Stretch(start, end, typed, language, "phoneme", override.value)
        case "sub":
            return Stretch(
                start, end, read_aloud(override.value, language, options), language, "sub"
            )
        case "say-as":
            numbers = _by_digits(typed, override.value)
            reader = options.number_language if numbers and options.number_language else language
            said = _interpreted(typed, override.value, reader, options)
            return Stretch(start, end, said, reader, f"say-as: {override.value}")


def _by_digits(typed: str, kind: str) -> bool:
    return kind not in {"characters", "spell-out", "verbatim"} and any(map(str.isdecimal, typed))


def _interpreted(typed: str, kind: str, language: str, options: NormaliseOptions) -> str:
    """Read text as the kind says; as usual where it has nothing of that kind."""
    digits = "".join(str(int(char)) for char in typed if char.isdecimal())
    own = grammar(language)
    token: t.Token | None = None
    match kind:
        case "characters" | "spell-out" | "verbatim":
            return " ".join(_character(char, language, options) for char in typed if char.strip())
        case "digits" | "digit" | "telephone" | "phone" if digits:
            token = t.Digits(_groups(typed), plus=typed.startswith("+"))
        case "ordinal" if digits and len(digits) <= _MAX_ORDINAL:
            token = t.Ordinal(int(digits))
        case "cardinal" | "number" if digits and typed.isdecimal():
            token = t.Number(t.Quantity(digits))
        case _:
            return read_aloud(typed, language, options)
    if own is not None:
        return own.say(token)
    return " ".join(digits) if isinstance(token, t.Digits) else read_aloud(typed, language, options)


def _groups(typed: str) -> tuple[str, ...]:
    """Digits as they are grouped: "(020) 7946-0958" → 020, 7946, 0958."""
    kept = "".join(str(int(char)) if char.isdecimal() else " " for char in typed)
    return tuple(kept.split())


def _character(char: str, language: str, options: NormaliseOptions) -> str:
    own = grammar(language)
    if char.isdecimal() and own is not None:
        return own.digits(str(int(char)))
    if char.isalpha() and own is not None:
        return own.letter(char)
    if own is not None and char in own.signs:
        return own.signs[char]
    return read_aloud(char, language, options)
