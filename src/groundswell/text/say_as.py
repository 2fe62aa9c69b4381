"""What ``<say-as>``, ``<sub>`` and ``<phoneme>`` make of the text inside them."""

from groundswell.text.markup import Override
from groundswell.text.normalise import NormaliseOptions
from groundswell.text.normalise import spoken as read_out
from groundswell.text.spoken_form import Stretch


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
            return Stretch(start, end, read_out(override.value, language, options), language, "sub")
        case _:
            said = read_out(typed, language, options)
            return Stretch(start, end, said, language, f"say-as: {override.value}")
