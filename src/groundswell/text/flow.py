"""A document's parts in their order, with the silences between them; lazily.

The first sentence is read alone, so that it is ready soon; those behind it in batches that grow,
since a tagger reads ten sentences at once in the time of three.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from groundswell.text.document import Document, Section
from groundswell.text.languages import AUTO
from groundswell.text.phonemise.speak import speak
from groundswell.text.render import Manner, render
from groundswell.text.say_as import say
from groundswell.text.scripts import script_of
from groundswell.text.segment import (
    SENTENCE_END,
    TARGET,
    Part,
    Sentence,
    joined,
    parts,
    portions,
    sentences,
    separated,
)
from groundswell.text.spoken_form import SpokenForm, Stretch

#: Seconds of silence after a clause, a sentence and a paragraph, beside what the model leaves.
PAUSE_CLAUSE, PAUSE_SENTENCE, PAUSE_PARAGRAPH = 0.06, 0.16, 0.4

_LOOK_AHEAD = 400  # characters in which more speech is looked for
_DOUBTFUL = frozenset({None, "han", "kana", "hangul"})  # not every letter of these has a reading
_FIRST_BATCH, _LAST_BATCH = 200, 1600  # characters of the batches behind the first sentence


@dataclass(frozen=True, slots=True)
class Item:
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


def grouped(items: Iterator[Item]) -> Iterator[Item]:
    """Parts joined up to the target within a paragraph; what is not heard goes with a neighbour.

    The first is never joined: the sooner it is planned and predicted, the sooner there is sound.
    """
    held: Item | None = None
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
        yield Item(None, silence=silence)


def _fit(held: Item, new: Item) -> bool:
    """Whether two neighbours may be one segment."""
    left, right = held.part, new.part
    if left is None or right is None or not new.fresh or new.silence:
        return False
    if held.pause >= PAUSE_PARAGRAPH or (left.language, left.rate) != (right.language, right.rate):
        return False
    return len(left.spoken.phonemes) + 1 + len(right.spoken.phonemes) <= TARGET


def items(document: Document, manner: Manner) -> Iterator[Item]:
    """Parts of every sentence, in order, and the silence behind the last."""
    text = document.clean.text
    room = 0
    for section in document.sections:
        silence = section.silence
        for batch in _batches(_sentences(document, section, manner), room):
            for sentence, found in _parts(document, batch, manner):
                fresh = True
                for part in found:
                    more = _speakable(text, part.end, section.end)
                    pause = _pause(text, section, sentence, part)
                    part_ = replace(part, rate=section.rate)
                    yield Item(part_, pause, fresh, silence, more)
                    fresh, silence = False, 0.0
            room = min(max(2 * room, _FIRST_BATCH), _LAST_BATCH)
        if silence:
            yield Item(None, silence=silence)


_Read = tuple[Sentence, str]  # a sentence and its language


def _batches(sentences: Iterator[_Read], room: int) -> Iterator[list[_Read]]:
    """Sentences of one language that are read at once: ``room`` characters, then twice as many."""
    batch: list[_Read] = []
    size = 0
    for sentence, language in sentences:
        length = sentence.end - sentence.start
        if batch and (size + length > room or language != batch[0][1]):
            yield batch
            batch, size = [], 0
            room = min(max(2 * room, _FIRST_BATCH), _LAST_BATCH)
        batch.append((sentence, language))
        size += length
        if size >= room:
            yield batch
            batch, size = [], 0
            room = min(max(2 * room, _FIRST_BATCH), _LAST_BATCH)
    if batch:
        yield batch


def _speakable(text: str, start: int, end: int) -> bool:
    """Whether something is certain to be heard of ``text[start:end]``: a letter or digit is."""
    return any(
        char.isalnum() and (char.isascii() or script_of(char) not in _DOUBTFUL)
        for char in text[start : min(end, start + _LOOK_AHEAD)]
    )


def _sentences(document: Document, section: Section, manner: Manner) -> Iterator[_Read]:
    text = document.clean.text[section.start : section.end]
    language = document.detected if manner.language == AUTO else manner.language
    whole = [
        (each.start - section.start, each.end - section.start)
        for each in document.overrides_in(section.start, section.end)
    ]
    for each in sentences(text, language, whole):
        start, end = each.start + section.start, each.end + section.start
        yield Sentence(start, end, each.last), document.language(start, end, manner.language)


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
    document: Document, batch: list[_Read], manner: Manner
) -> Iterator[tuple[Sentence, Iterator[Part]]]:
    """Read a batch of sentences; for each its parts."""
    language = batch[0][1]
    stretches = [
        stretch
        for sentence, _ in batch
        for stretch in _stretches(document, sentence, language, manner)
    ]
    form = SpokenForm(stretches, batch[0][0].start, batch[-1][0].end)
    british = manner.normalise.british
    if len(batch) == 1:
        found = (
            (form.position(begin), form.position(stop), speak(form, begin, stop, british=british))
            for begin, stop in portions(form)
        )
        yield (
            batch[0][0],
            (replace(part, language=language) for each in found for part in parts(*each)),
        )
        return
    spoken = speak(form, 0, len(form.text), british=british)
    edges = [sentence.start for sentence, _ in batch[1:]]
    for (sentence, _), own in zip(batch, separated(spoken, edges), strict=True):
        cut = parts(sentence.start, sentence.end, own)
        yield sentence, (replace(part, language=language) for part in cut)


def _stretches(
    document: Document, sentence: Sentence, language: str, manner: Manner
) -> Iterator[Stretch]:
    text = document.clean.text
    for start, end, code in document.runs(sentence.start, sentence.end, language):
        fixed = [
            say(text, each, code, manner.normalise) for each in document.overrides_in(start, end)
        ]
        yield from render(text, start, end, code, fixed, manner)
