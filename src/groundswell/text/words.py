"""Typed words, numbered, laid over the phonemes of a segment."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.text.clean import Clean
from groundswell.text.markup import SEAM
from groundswell.text.phonemise.pieces import Mark
from groundswell.text.phonemise.symbols import is_speech
from groundswell.text.segment import Part


@dataclass(frozen=True, slots=True)
class PlannedWord:
    """A word as typed and the phonemes that say it.

    A word that a segment's end cuts in two is in both, each with its part of the text and the
    same index.

    Args:
        text: as typed, with its punctuation; in Japanese and Chinese the phonemiser's word.
        index: 0-based number within the whole input.
        start: first character in the input.
        end: one past its last.
        phonemes: half-open range into the segment's phonemes; empty when nothing is said.
        spoken: what is said for it, in words.
        language: of the phonemiser that read it.
        rule: what made it sound otherwise than typed; None when nothing did.

    """

    text: str
    index: int
    start: int
    end: int
    phonemes: tuple[int, int]
    spoken: str = ""
    language: str = ""
    rule: str | None = None


def split(source: str) -> list[tuple[int, int]]:
    """Spans of the words of ``source``: what stands between white space and controls."""
    words = source.replace(SEAM, " ").split()
    spans: list[tuple[int, int]] = []
    at = 0
    for word in words:
        at = source.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


class WordMap:
    """Hands out the words of one input, part after part.

    Feed the parts in order; numbering counts words that no part says, too.

    Args:
        text: what is read; its ``source`` is written over where controls are.
        source: what was typed, controls and all.

    """

    def __init__(self, text: Clean, source: str) -> None:
        self._text = text
        self._source = source
        self._spans = [span for span in split(text.source) if not self._crumb(*span)]
        self._next = 0  # first typed word not finished by the parts so far
        self._index = 0  # its number

    def _crumb(self, start: int, end: int) -> bool:
        """Whether a "word" is but a mark that a control cut off its word."""
        read, typed = self._text.source, self._source
        cut = any(read[at] != typed[at] for at in (start - 1, end) if 0 <= at < len(read))
        return cut and not any(map(str.isalnum, read[start:end]))

    def words(self, part: Part, start: int, end: int) -> tuple[PlannedWord, ...]:
        """Words of the part whose span in the input is ``[start, end)``."""
        out: list[PlannedWord] = []
        floor = 0
        while self._next < len(self._spans) and self._spans[self._next][0] < end:
            left, right = self._spans[self._next]
            if max(left, start) < min(right, end):
                pieces = self._pieces(part, max(left, start), min(right, end))
                for at, (a, b) in enumerate(pieces):
                    begin, stop = self._range(part, a, b, floor)
                    floor = max(floor, stop)
                    out.append(self._word(part, self._index + at, (a, b), (begin, stop)))
                self._index += len(pieces) - 1
            if right > end:
                # The next part goes on with this word, or, where words have no spaces, after it.
                self._index += 1 if self._marked(part, max(left, start), end) else 0
                break
            self._next += 1
            self._index += 1
        return tuple(out)

    def _word(
        self, part: Part, index: int, typed: tuple[int, int], phonemes: tuple[int, int]
    ) -> PlannedWord:
        """Put a word together with what is said for it, and why."""
        low, high = self._text.cleaned(*typed)
        said: list[str] = []
        language, rule = "", None
        for mark in self._overlapping(part, low, high):
            if mark.start >= low:
                said.append(mark.said)
            if mark.begin < mark.stop:
                language = language or mark.language
            rule = rule or mark.rule
        return PlannedWord(
            self._source[slice(*typed)],
            index,
            *typed,
            phonemes,
            " ".join("".join(said).split()),
            language or part.language,
            rule,
        )

    @staticmethod
    def _overlapping(part: Part, low: int, high: int) -> Iterator[Mark]:
        """Yield the marks that say something of cleaned text ``[low, high)``."""
        marks = part.spoken.marks
        # Marks are in the order of the text, so that those before are found by halving.
        at = bisect_right(marks, low, key=lambda mark: mark.end)
        while at < len(marks) and marks[at].start < high:
            if marks[at].end > low:
                yield marks[at]
            at += 1

    def _marked(self, part: Part, start: int, end: int) -> list[Mark]:
        """List the marks in a span of the input that are words by themselves."""
        low, high = self._text.cleaned(start, end)
        return [m for m in part.spoken.marks if m.word and m.start >= low and m.end <= high]

    def _pieces(self, part: Part, start: int, end: int) -> list[tuple[int, int]]:
        """One typed word, cut at the phonemiser's words where the script has no spaces."""
        low, high = self._text.cleaned(start, end)
        cuts = [start]
        unit = unit_is_word = False  # the stretch since the last cut sounds; is a word by itself
        for mark in self._overlapping(part, low, high):
            if not any(is_speech(s) for s in part.spoken.phonemes[mark.begin : mark.stop]):
                continue
            at = self._text.starts[max(mark.start, low)]
            if unit and (mark.word or unit_is_word) and at > cuts[-1]:
                cuts.append(at)
            unit, unit_is_word = True, mark.word
        return list(zip(cuts, [*cuts[1:], end], strict=True))

    def _range(self, part: Part, start: int, end: int, floor: int) -> tuple[int, int]:
        """Phonemes of a span of the input, from its first sound to its last."""
        low, high = self._text.cleaned(start, end)
        begin, stop = -1, -1
        for mark in self._overlapping(part, low, high):
            if mark.begin < mark.stop:
                left, right = _share(mark, low, high)
                begin = left if begin < 0 else begin
                stop = right
        if begin < 0:
            size = len(part.spoken.phonemes)
            later = (m.begin for m in part.spoken.marks if m.start >= high and m.begin < m.stop)
            at = max(floor, next(later, size))
            return at, at
        begin = max(begin, floor)
        return _trimmed(part.spoken.phonemes, begin, max(stop, begin))


def _share(mark: Mark, low: int, high: int) -> tuple[int, int]:
    """Take the phonemes of that part of a mark that lies in ``[low, high)``."""
    if low <= mark.start and mark.end <= high:
        return mark.begin, mark.stop
    size, width = mark.end - mark.start, mark.stop - mark.begin
    left = mark.begin + width * (max(low, mark.start) - mark.start) // size
    return left, mark.begin + width * (min(high, mark.end) - mark.start) // size


def _trimmed(phonemes: str, begin: int, stop: int) -> tuple[int, int]:
    """Without punctuation and spaces around; stress and length stay with their sound."""
    first, last = begin, stop
    while first < last and not _sounds(phonemes[first]):
        first += 1
    while last > first and not _sounds(phonemes[last - 1]):
        last -= 1
    return (first, last) if first < last else (stop, stop)


def _sounds(symbol: str) -> bool:
    return is_speech(symbol) or symbol in "ˈˌː\u0303ʰʲ→↗↘↓"
