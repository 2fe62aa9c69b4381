"""The text plan: typed text → segments of phonemes, each with its words and its pause.

Lazy, so that the first segment can be spoken while the rest is still text. The same input gives
the same plan, from any thread.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from groundswell.errors import InvalidInput
from groundswell.text.clean import Clean, clean
from groundswell.text.detect import detect
from groundswell.text.detect import load as load_detector
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.languages import AUTO, check
from groundswell.text.phonemise.speak import load, speak
from groundswell.text.segment import (
    MAX_PHONEMES,
    TARGET,
    Part,
    joined,
    parts,
    portions,
    sentences,
)
from groundswell.text.words import PlannedWord, WordMap

__all__ = ["MAX_PHONEMES", "PlanOptions", "PlannedWord", "Segment", "plan", "warm"]

#: Seconds of silence after a clause, a sentence and a paragraph, beside what the model leaves.
PAUSE_CLAUSE, PAUSE_SENTENCE, PAUSE_PARAGRAPH = 0.06, 0.16, 0.4


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text to be synthesised in one run.

    Args:
        text: the stretch as typed.
        start: its first character in the input.
        end: one past its last.
        language: concrete code, never ``auto``; single words may be read in another.
        phonemes: 1 to ``MAX_PHONEMES`` Kokoro symbols.
        words: its words in order, their phoneme ranges ordered and disjoint.
        pause: seconds of silence that belong after it.

    """

    text: str
    start: int
    end: int
    language: str
    phonemes: str
    words: tuple[PlannedWord, ...]
    pause: float


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to read a text.

    Args:
        language: contract code, or ``auto``.
        british: English accent, by voice.
        dictionary: what to say otherwise.

    """

    language: str = "en"
    british: bool = False
    dictionary: Dictionary = NO_DICTIONARY


def plan(text: str, options: PlanOptions = PlanOptions()) -> Iterator[Segment]:
    """Plan a text; segments come as they are ready.

    Raises:
        UnknownLanguage: at once.
        InvalidInput: at once for empty text; at the first ``next`` when nothing can be spoken.

    """
    language = check(options.language)
    if not text.strip():
        raise InvalidInput("The text is empty: nothing to say.", field="text")
    return _segments(text, language, options)


def warm(languages: Iterable[str] = ("en",), *, british: bool = False) -> None:
    """Load what these languages need, so that the first plan is as fast as the next.

    Raises:
        UnknownLanguage: for a code outside the contract's list.

    """
    for language in languages:
        if check(language) == AUTO:
            load_detector()
        else:
            load(language, british=british)


def _segments(text: str, language: str, options: PlanOptions) -> Iterator[Segment]:
    cleaned = clean(text)
    language = detect(cleaned.text) if language == AUTO else language
    words = WordMap(cleaned)
    # One part is held back: whether a pause follows shows only when something more is heard.
    held: tuple[Part, float] | None = None
    for part, pause in _groups(cleaned.text, language, options):
        if held is not None:
            yield _segment(cleaned, words, held[0], language, held[1])
        held = (part, pause)
    if held is None:
        raise InvalidInput(
            "Nothing in the text can be spoken: it has no letters or digits of a supported script.",
            field="text",
        )
    yield _segment(cleaned, words, held[0], language, 0.0)


def _groups(text: str, language: str, options: PlanOptions) -> Iterator[tuple[Part, float]]:
    """Parts joined up to the target within a paragraph, each with the pause that follows.

    The first is never joined: the sooner it is planned and predicted, the sooner there is sound.
    """
    held: Part | None = None
    pause = 0.0
    silent: int | None = None  # where text begins that nothing is heard of yet
    first = True
    for part, after, fresh in _parts(text, language, options):
        if not part.spoken.audible:
            if held is None:
                silent = part.start if silent is None else silent
            else:
                held, pause = replace(held, end=part.end), max(pause, after)
            continue
        heard = part if silent is None else replace(part, start=silent)
        silent = None
        if held is None:
            held = heard
        elif fresh and _fits(held, heard) and pause < PAUSE_PARAGRAPH:
            held = joined(held, heard)
        else:
            yield held, pause
            held = heard
        pause = after
        if first:
            yield held, pause
            held, first = None, False
    if held is not None:
        yield held, pause


def _fits(held: Part, part: Part) -> bool:
    return len(held.spoken.phonemes) + 1 + len(part.spoken.phonemes) <= TARGET


def _parts(text: str, language: str, options: PlanOptions) -> Iterator[tuple[Part, float, bool]]:
    """Parts of every sentence, with the pause after, and whether a sentence begins there."""
    for sentence in sentences(text, language):
        fresh = True
        for start, end in portions(text, sentence.start, sentence.end):
            said = speak(text[start:end], language, options.british).shifted(start)
            for part in parts(start, end, said):
                if part.end == sentence.end:
                    pause = PAUSE_PARAGRAPH if sentence.last else PAUSE_SENTENCE
                else:
                    pause = PAUSE_CLAUSE if part.clause else 0.0
                yield part, pause, fresh
                fresh = False


def _segment(cleaned: Clean, words: WordMap, part: Part, language: str, pause: float) -> Segment:
    start, end = cleaned.typed(part.start, part.end)
    return Segment(
        text=cleaned.source[start:end],
        start=start,
        end=end,
        language=language,
        phonemes=part.spoken.phonemes,
        words=words.words(part, start, end),
        pause=pause,
    )
