"""The spoken form of a sentence: stretch by stretch what is said, and where that was typed.

This is the one map between the text as typed (cleaned) and what phonemisers read.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Stretch:
    """``text[start:end]`` is said as ``spoken``.

    Args:
        start: first character of cleaned text.
        end: one past the last; equal to ``start`` for what is only said.
        spoken: what is said, to be read in ``language``.
        language: contract code; letters of a script it does not use are read by another.
        rule: what made the spoken form differ from what was typed; None when it does not: then
            the two are equally long.
        phonemes: Kokoro's symbols that say it, instead of a reading of ``spoken``.

    """

    start: int
    end: int
    spoken: str
    language: str
    rule: str | None = None
    phonemes: str | None = None

    @property
    def as_typed(self) -> bool:
        """Whether every character stands for the one typed at its place."""
        return self.rule is None and len(self.spoken) == self.end - self.start


class SpokenForm:
    """The stretches of a sentence, in order, one after the other without gaps.

    Args:
        stretches: what covers ``[start, end)``.
        start: where the sentence starts in cleaned text.
        end: one past its last character.

    """

    def __init__(self, stretches: list[Stretch], start: int, end: int) -> None:
        self.stretches = [each for each in stretches if each.spoken or each.end > each.start]
        self.start = start
        self.end = end
        self._offsets = [0, *accumulate(len(each.spoken) for each in self.stretches)]

    @cached_property
    def text(self) -> str:
        """What is said, as one string."""
        return "".join(each.spoken for each in self.stretches)

    def span(self, begin: int, stop: int) -> tuple[int, int]:
        """Give the cleaned text that ``text[begin:stop]`` says; a stretch not as typed is whole."""
        if begin >= stop:
            at = self.position(begin)
            return at, at
        first, last = self._at(begin), self._at(stop - 1)
        left, right = self.stretches[first], self.stretches[last]
        low = left.start + (begin - self._offsets[first] if left.as_typed else 0)
        high = right.start + stop - self._offsets[last] if right.as_typed else right.end
        return low, max(low, high)

    def position(self, at: int) -> int:
        """Give the place in cleaned text where ``text[at:]`` begins, in proportion inside one."""
        if at >= len(self.text):
            return self.end
        which = self._at(at)
        stretch = self.stretches[which]
        into = at - self._offsets[which]
        return stretch.start + (stretch.end - stretch.start) * into // len(stretch.spoken)

    def rule(self, begin: int, stop: int) -> str | None:
        """Name the first rule that made something of ``text[begin:stop]``."""
        at = self._at(begin) if begin < len(self.text) else len(self.stretches)
        while at < len(self.stretches) and self._offsets[at] < stop:
            if self.stretches[at].rule is not None:
                return self.stretches[at].rule
            at += 1
        return None

    def edge(self, at: int, least: int) -> int:
        """Move a cut out of a stretch not as typed, to its beginning when that is after least."""
        if at >= len(self.text):
            return at
        which = self._at(at)
        outside = self.stretches[which].as_typed or self._offsets[which] <= least
        return at if outside else self._offsets[which]

    def cut(self, begin: int, stop: int) -> Iterator[tuple[int, Stretch, str]]:
        """Yield the stretches of ``text[begin:stop]``: offset, stretch, the part of it inside."""
        which = self._at(begin) if begin < len(self.text) else len(self.stretches)
        for at in range(which, len(self.stretches)):
            offset = self._offsets[at]
            if offset >= stop:
                return
            stretch = self.stretches[at]
            low, high = max(begin - offset, 0), min(stop - offset, len(stretch.spoken))
            yield offset + low, stretch, stretch.spoken[low:high]

    def _at(self, at: int) -> int:
        """Index of the stretch that has this character (the last of those that begin there)."""
        return bisect_right(self._offsets, at) - 1
