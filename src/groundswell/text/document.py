"""A text made ready to be read: controls taken out, cleaned, every index one of cleaned text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from groundswell.text import markup
from groundswell.text.clean import Clean, clean
from groundswell.text.detect import detect, detect_sentence
from groundswell.text.languages import AUTO
from groundswell.text.markup import Override


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text that no segment reaches out of.

    Args:
        start: first character.
        end: one past the last.
        rate: how fast it is said.
        silence: seconds asked for before it.
        closing: what ends with it, beside itself.

    """

    start: int
    end: int
    rate: float
    silence: float
    closing: Literal["", "sentence", "paragraph"]


@dataclass(frozen=True)
class Document:
    """A text and what its controls ask for.

    Args:
        source: what was typed.
        clean: what is read; its ``source`` is written over where the controls were.
        sections: in order; they cover the text.
        overrides: stretches with a reading of their own, in order, disjoint.
        languages: stretches (start, end, code) in a language of their own, in order, disjoint.

    """

    source: str
    clean: Clean
    sections: tuple[Section, ...]
    overrides: tuple[Override, ...]
    languages: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, source: str) -> "Document":
        """Read the controls of a text.

        Raises:
            InvalidInput: one of them asks for what does not exist.

        """
        marked = markup.parse(source)
        cleaned = clean(marked.text)

        def at(typed: int) -> int:
            return cleaned.cleaned(typed, typed)[0]

        overrides = (Override(at(o.start), at(o.end), o.kind, o.value) for o in marked.overrides)
        languages = ((at(a), at(b), code) for a, b, code in marked.languages)
        return cls(
            source,
            cleaned,
            tuple(_sections(marked, cleaned)),
            tuple(each for each in overrides if each.start < each.end),
            tuple(each for each in languages if each[0] < each[1]),
        )

    def overrides_in(self, start: int, end: int) -> tuple[Override, ...]:
        """Give the overrides that begin in a stretch."""
        low = bisect_left(self.overrides, start, key=lambda each: each.start)
        return self.overrides[low : bisect_left(self.overrides, end, key=lambda each: each.start)]

    @cached_property
    def detected(self) -> str:
        """The language of the text as a whole."""
        return detect(self.clean.text)

    def language(self, start: int, end: int, asked: str) -> str:
        """Say which language a sentence is in: as marked, as asked, or as it looks."""
        text = self.clean.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        at = bisect_right(self.languages, start, key=lambda each: each[0]) - 1
        if at >= 0 and self.languages[at][0] <= start and end <= self.languages[at][1]:
            return self.languages[at][2]
        if asked != AUTO:
            return asked
        return detect_sentence(text[start:end], self.detected)

    def runs(self, start: int, end: int, language: str) -> Iterator[tuple[int, int, str]]:
        """Cut a sentence where its language is marked to change."""
        at = max(0, bisect_right(self.languages, start, key=lambda each: each[0]) - 1)
        for begins, ends, code in self.languages[at:]:
            if begins >= end:
                break
            low, high = max(begins, start), min(ends, end)
            if low >= high:
                continue
            if low > start:
                yield start, low, language
            yield low, high, code
            start = high
        if start < end:
            yield start, end, language


def _sections(marked: markup.Markup, cleaned: Clean) -> Iterator[Section]:
    """Cut at the breaks."""
    start, silence, rates = 0, 0.0, marked.rates
    size = len(cleaned.text)
    for each in marked.breaks:
        at = cleaned.cleaned(each.at, each.at)[0]
        if at > start:
            yield Section(start, at, _rate(rates, cleaned.starts[start]), silence, each.kind)
            start, silence = at, 0.0
        silence += each.seconds or 0.0
    if start < size or silence:
        yield Section(start, size, _rate(rates, cleaned.starts[start]), silence, "paragraph")


def _rate(rates: tuple[tuple[int, int, float], ...], typed: int) -> float:
    at = bisect_right(rates, typed, key=lambda each: each[0]) - 1
    return rates[at][2] if at >= 0 and typed < rates[at][1] else 1.0
