"""How long a segment will sound, from its phonemes alone.

A mean length for each class of symbols, fitted to the model's own durations by
``tools/measure_durations.py``; the model itself is not run.
"""

from groundswell.text.phonemise.symbols import PUNCTUATION
from groundswell.text.plan import Segment

_SLOWEST, _FASTEST = 0.5, 2.0  # what the model can

#: Seconds of one symbol of each class.
CLASSES: dict[str, float] = {
    "vowel": 0.079,
    "consonant": 0.065,
    "stress": 0.030,
    "length": 0.008,
    "pause": 0.174,
    "space": 0.014,
}
BREATH = 0.175  #: seconds of near silence that are left at both edges of a segment

_VOWELS = frozenset("aeiouyAIOQWYæɑɐɒɔəɚɛɜɨɪøœɤɯʊʌᵊᵻ")
_STRESS = frozenset("ˈˌ")
_LENGTH = frozenset("ː\u0303ʰʲᵝ→↗↘↓")


def class_of(symbol: str) -> str:
    """Name the class of one of Kokoro's symbols."""
    if symbol in _VOWELS:
        return "vowel"
    if symbol in _STRESS:
        return "stress"
    if symbol in _LENGTH:
        return "length"
    if symbol in PUNCTUATION:
        return "pause"
    return "space" if symbol == " " else "consonant"


def duration(segment: Segment, speed: float) -> float:
    """Predict the length of a segment in seconds, its silences included.

    Args:
        segment: of the plan.
        speed: of the request; what the text asks for comes on top.

    """
    factor = min(max(speed * segment.rate, _SLOWEST), _FASTEST)
    sound = BREATH + sum(CLASSES[class_of(symbol)] for symbol in segment.phonemes)
    return segment.lead + (sound + segment.pause) / factor + segment.silence
