"""The text plan: typed text → segments of phonemes, each with its words and its silences.

Lazy, so that the first segment can be spoken while the rest is still text. The same input gives
the same plan, from any thread.

The way of a text: controls out (``markup``), cleaned (``clean``), cut where controls say so, into
sentences (``segment``), each put into its spoken form (``render``), phonemised (``phonemise``), cut
or joined to lengths the model likes (``segment``), words laid over it (``words``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from groundswell.errors import InvalidInput
from groundswell.text.detect import load as load_detector
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.document import Document, Section
from groundswell.text.languages import AUTO, check
from groundswell.text.normalise import NormaliseOptions
from groundswell.text.phonemise.speak import load, speak
from groundswell.text.render import Manner, render
from groundswell.text.say_as import say
from groundswell.text.scripts import script_of
from groundswell.text.segment import (
    MAX_PHONEMES,
    SENTENCE_END,
    TARGET,
    Part,
    Sentence,
    joined,
    parts,
    portions,
    sentences,
)
from groundswell.text.spoken_form import SpokenForm, Stretch
from groundswell.text.words import PlannedWord, WordMap

__all__ = ["MAX_PHONEMES", "PlanOptions", "PlannedWord", "Segment", "plan", "warm"]

#: Seconds of silence after a clause, a sentence and a paragraph, beside what the model leaves.
PAUSE_CLAUSE, PAUSE_SENTENCE, PAUSE_PARAGRAPH = 0.06, 0.16, 0.4

_LOOK_AHEAD = 400  # characters in which more speech is looked for
_DOUBTFUL = frozenset({None, "han", "kana", "hangul"})  # not every letter of these has a reading


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
    return _segments(Document.of(text), options)


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


@dataclass(frozen=True, slots=True)
class _Item:
    """A part, or behind the last one none, and what surrounds it.

    Args:
        part: what is said; perhaps nothing that is heard.
        pause: seconds of natural silence after it.
        fresh: a sentence begins with it.
        silence: seconds asked for before it.
        certain: more is heard after it before any silence that is asked for.

    """

    part: Part | None
    pause: float = 0.0
    fresh: bool = True
    silence: float = 0.0
    certain: bool = False


def _segments(document: Document, options: PlanOptions) -> Iterator[Segment]:
    words = WordMap(document.clean, document.source)
    # Unless more is certain to come, one part is held back: what silence follows shows only then.
    held: _Item | None = None
    lead: float | None = None
    said = False
    for item in _groups(_items(document, options)):
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


def _groups(items: Iterator[_Item]) -> Iterator[_Item]:
    """Parts joined up to the target within a paragraph; what is not heard goes with a neighbour.

    The first is never joined: the sooner it is planned and predicted, the sooner there is sound.
    """
    held: _Item | None = None
    silent: int | None = None  # where text begins that nothing is heard of yet
    silence = 0.0  # asked for since the last part that is heard
    first = True
    for item in items:
        silence += item.silence
        part = item.part
        if part is None:
            continue
        if not part.spoken.audible:
            if held is None or held.part is None or silent is not None or silence:
                silent = part.start if silent is None else silent
            else:
                longer = replace(held.part, end=part.end)
                held = replace(held, part=longer, pause=max(held.pause, item.pause))
            continue
        part = part if silent is None else replace(part, start=silent)
        new = replace(item, part=part, silence=silence)
        silent, silence = None, 0.0
        if held is not None and held.part is not None and _fit(held, new):
            new = replace(new, part=joined(held.part, part), silence=held.silence)
        elif held is not None:
            yield held
        held = new
        if first:
            yield held
            held, first = None, False
    if held is not None:
        yield held
    if silence:
        yield _Item(None, silence=silence)


def _fit(held: _Item, new: _Item) -> bool:
    """Whether two neighbours may be one segment."""
    left, right = held.part, new.part
    if left is None or right is None or not new.fresh or new.silence:
        return False
    if held.pause >= PAUSE_PARAGRAPH or (left.language, left.rate) != (right.language, right.rate):
        return False
    return len(left.spoken.phonemes) + 1 + len(right.spoken.phonemes) <= TARGET


def _items(document: Document, options: PlanOptions) -> Iterator[_Item]:
    """Parts of every sentence, in order, and the silence behind the last."""
    text = document.clean.text
    for section in document.sections:
        silence = section.silence
        for sentence in _sentences(document, section, options):
            fresh = True
            for part in _parts(document, sentence, section.rate, options):
                more = _speakable(text, part.end, section.end)
                pause = _pause(text, section, sentence, part)
                yield _Item(part, pause, fresh, silence, more)
                fresh, silence = False, 0.0
        if silence:
            yield _Item(None, silence=silence)


def _speakable(text: str, start: int, end: int) -> bool:
    """Whether something is certain to be heard of ``text[start:end]``: a letter or digit is."""
    return any(
        char.isalnum() and (char.isascii() or script_of(char) not in _DOUBTFUL)
        for char in text[start : min(end, start + _LOOK_AHEAD)]
    )


def _sentences(document: Document, section: Section, options: PlanOptions) -> Iterator[Sentence]:
    text = document.clean.text[section.start : section.end]
    language = options.language
    if language == AUTO:
        language = document.detected
    whole = [
        (low - section.start, high - section.start)
        for low, high in document.whole
        if section.start <= low < section.end
    ]
    for each in sentences(text, language, whole):
        yield Sentence(each.start + section.start, each.end + section.start, each.last)


def _pause(text: str, section: Section, sentence: Sentence, part: Part) -> float:
    """Natural silence after a part."""
    if part.end < sentence.end:
        return PAUSE_CLAUSE if part.clause else 0.0
    closing = section.closing if sentence.end == section.end else ""
    if closing:
        return PAUSE_PARAGRAPH if closing == "paragraph" else PAUSE_SENTENCE
    if sentence.end < section.end:
        return PAUSE_PARAGRAPH if sentence.last else PAUSE_SENTENCE
    # A control cuts here: what the text has, counts.
    if text[sentence.start : sentence.end].rstrip().endswith(SENTENCE_END):
        return PAUSE_SENTENCE
    return PAUSE_CLAUSE if part.clause else 0.0


def _parts(
    document: Document, sentence: Sentence, rate: float, options: PlanOptions
) -> Iterator[Part]:
    text = document.clean.text
    language = document.language(sentence.start, sentence.end, options.language)
    stretches: list[Stretch] = []
    manner = Manner(
        NormaliseOptions(options.number_language, options.math, options.emoji, options.british),
        options.dictionary,
    )
    for start, end, code in document.runs(sentence.start, sentence.end, language):
        fixed = [
            say(text, each, code, manner.normalise)
            for each in document.overrides
            if start <= each.start < end
        ]
        stretches += render(text, start, end, code, fixed, manner)
    form = SpokenForm(stretches, sentence.start, sentence.end)
    at = sentence.start
    for begin, stop in portions(form):
        end = form.position(stop)
        spoken = speak(form, begin, stop, british=options.british)
        for part in parts(at, max(at, end), spoken):
            yield replace(part, language=language, rate=rate)
        at = max(at, end)
