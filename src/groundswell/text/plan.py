"""The text plan: typed text → segments of phonemes, each with its words and its silences.

Lazy, so that the first segment can be spoken while the rest is still text. The same input gives
the same plan, from any thread.

The way of a text: controls out (``markup``), cleaned (``clean``), cut where controls say so, into
sentences (``segment``), each put into its spoken form (``render``), phonemised (``phonemise``), cut
or joined to lengths the model likes (``segment``), words laid over it (``words``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from groundswell.errors import InvalidInput
from groundswell.text.detect import load as load_detector
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.document import Document
from groundswell.text.flow import PAUSE_SENTENCE, Item, grouped, items
from groundswell.text.languages import AUTO, check
from groundswell.text.normalise import NormaliseOptions
from groundswell.text.phonemise.speak import load
from groundswell.text.render import Manner
from groundswell.text.segment import MAX_PHONEMES, Part
from groundswell.text.words import PlannedWord, WordMap

__all__ = [
    "MAX_PHONEMES",
    "PAUSE_SENTENCE",
    "PlanOptions",
    "PlannedWord",
    "Segment",
    "plan",
    "warm",
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text to be synthesised in one run.

    Args:
        text: the stretch as typed.
        start: its first character in the input.
        end: one past the last.
        language: concrete code, never ``auto``; single words may be read in another.
        phonemes: 1 to ``MAX_PHONEMES`` Kokoro symbols.
        words: its words in order, their phoneme ranges ordered and disjoint.
        pause: seconds of silence that belong after it, at ordinary speed.
        spoken: what is said, in words.
        rate: how fast the text asks for it, times the speed of the request.
        lead: seconds of silence the text asks for before it, whatever the speed.
        silence: seconds of silence the text asks for after it, whatever the speed.

    """

    text: str
    start: int
    end: int
    language: str
    phonemes: str
    words: tuple[PlannedWord, ...]
    pause: float
    spoken: str = ""
    rate: float = 1.0
    lead: float = 0.0
    silence: float = 0.0


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to read a text.

    Args:
        language: contract code, or ``auto``.
        british: English accent, by voice.
        number_language: language in which numbers are read; the text's own when None.
        math: read operators between digits as words.
        emoji: say the names of emoji; otherwise they are left out.
        dictionary: words with a pronunciation of their own.

    """

    language: str = "en"
    british: bool = False
    number_language: str | None = None
    math: bool = False
    emoji: bool = False
    dictionary: Dictionary = NO_DICTIONARY


def plan(text: str, options: PlanOptions = PlanOptions()) -> Iterator[Segment]:
    """Plan a text; segments come as they are ready.

    Raises:
        UnknownLanguage: at once.
        InvalidInput: at once for empty text and for controls that ask for what does not exist; at
            the first ``next`` when nothing can be spoken.

    """
    check(options.language)
    if options.number_language is not None:
        check(options.number_language)
    if not text.strip():
        raise InvalidInput("The text is empty: nothing to say.", field="text")
    normalise = NormaliseOptions(
        options.number_language, options.math, options.emoji, options.british
    )
    manner = Manner(normalise, options.dictionary, options.language)
    return _segments(Document.of(text), manner)


def warm(languages: Iterable[str] = ("en",), *, british: bool = False) -> None:
    """Load what these languages need, so that the first plan is as fast as the next.

    Raises:
        UnknownLanguage: for a code outside the contract's list.

    """
    for language in languages:
        if check(language) == AUTO:
            load_detector()
            continue
        load(language, british=british)
        for _ in plan("1 a.", PlanOptions(language=language, british=british)):
            pass


def _segments(document: Document, manner: Manner) -> Iterator[Segment]:
    words = WordMap(document.clean, document.source)
    # Unless more is certain to come, one part is held back: what silence follows shows only then.
    held: Item | None = None
    lead: float | None = None
    said = False
    for item in grouped(items(document, manner)):
        lead = item.silence if lead is None else lead
        if held is not None and held.part is not None:
            pause = 0.0 if item.part is None or item.silence else held.pause
            yield _segment(document, words, held.part, (lead, pause, item.silence))
            lead = 0.0
        held = item
        if item.part is not None:
            said = True
            if item.certain:
                yield _segment(document, words, item.part, (lead, item.pause, 0.0))
                lead, held = 0.0, None
    if held is not None and held.part is not None:
        yield _segment(document, words, held.part, (lead or 0.0, 0.0, 0.0))
    if not said:
        raise InvalidInput(
            "Nothing in the text can be spoken: it has no letters or digits of a supported script.",
            field="text",
        )


def _segment(
    document: Document, words: WordMap, part: Part, silences: tuple[float, float, float]
) -> Segment:
    start, end = document.clean.typed(part.start, part.end)
    lead, pause, silence = silences
    return Segment(
        text=document.source[start:end],
        start=start,
        end=end,
        language=part.language,
        phonemes=part.spoken.phonemes,
        words=words.words(part, start, end),
        pause=pause,
        spoken=" ".join("".join(mark.said for mark in part.spoken.marks).split()),
        rate=part.rate,
        lead=lead,
        silence=silence,
    )
