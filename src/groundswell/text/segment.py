"""Text into sentences, sentences into portions, phonemes into lengths the model can afford.

Memory and time of synthesis grow with the phonemes of one run, so the sizes here are phonemes.
A cut is sought at a sentence, then at a clause, then between words, then anywhere that does not
part a letter from its marks.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.text.phonemise.pieces import Mark, Spoken
from groundswell.text.phonemise.symbols import CLAUSE_END, TRAILING
from groundswell.text.scripts import script_of

TARGET = 200  #: phonemes a segment should have at most
MAX_PHONEMES = 300  #: phonemes no segment exceeds
_LEAST = 12  #: a clause shorter than this is not worth a segment of its own
_PORTION = 400  # estimated phonemes of text phonemised at once
_LINE = 60  # a line shorter than this that ends is a list or a heading, not a wrapped paragraph
_WEIGHT = {"han": 5, "kana": 2, "hangul": 3}
_CLAUSE_TEXT = frozenset(";:,.!?—…)”।॥、，；：。！？،؛؟")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of cleaned text, and whether a paragraph ends with it."""

    start: int
    end: int
    last: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A length of phonemes and the text it says.

    Args:
        start: first character of cleaned text.
        end: one past the last.
        spoken: phonemes, marks in cleaned text.
        clause: a clause ends with it (a small pause belongs here).

    """

    start: int
    end: int
    spoken: Spoken
    clause: bool


def sentences(text: str, language: str) -> Iterator[Sentence]:
    """Cut cleaned text into sentences that cover it."""
    for start, end in _paragraphs(text):
        at = start
        bounds = _boundaries(text[start:end], language)
        for size in bounds:
            yield Sentence(at, at + size, at + size == end)
            at += size


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Cut at empty lines, and behind short lines."""
    start = at = 0
    while at < len(text):
        end = text.find("\n", at)
        if end < 0:
            break
        after = end + 1
        while after < len(text) and text[after].isspace():
            after += 1
        broken = text.count("\n", end, after) > 1
        if (broken or end - at < _LINE) and text[start:end].strip():
            yield start, after
            start = after
        at = after
    if start < len(text):
        yield start, len(text)


def _boundaries(text: str, language: str) -> list[int]:
    """Lengths of sentencex's sentences; the whole paragraph when they do not add up to it."""
    import sentencex

    if not text.strip():
        return [len(text)]
    code = "nb" if language == "no" else language
    sizes = [len(sentence) for sentence in sentencex.segment(code, text)]
    return sizes if sum(sizes) == len(text) else [len(text)]


def portions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence into stretches short enough to phonemise at once; mostly itself."""
    while start < end:
        stop = _reach(text, start, end)
        if stop < end:
            stop = _good_cut(text, start, stop)
        yield start, stop
        start = stop


def _reach(text: str, start: int, end: int) -> int:
    room = _PORTION
    for at in range(start, end):
        char = text[at]
        room -= 6 if char.isdecimal() else _WEIGHT.get(script_of(char) or "", 1)
        if room < 0:
            return at
    return end


def _good_cut(text: str, start: int, stop: int) -> int:
    """Find the last clause end in the second half of the reach, else the last space, else hard."""
    spaced = 0
    for at in range(stop - 1, start, -1):
        char, after = text[at], text[at + 1 : at + 2]
        if char.isspace():
            spaced = spaced or at + 1
        if at < start + (stop - start) // 2 and spaced:
            break
        if char in _CLAUSE_TEXT and (not char.isascii() or after.isspace()):
            return at + 1
    if spaced:
        return spaced
    cut = stop
    while cut > start + 1 and _inseparable(text, cut):
        cut -= 1
    return cut if cut > start + 1 else stop


def _inseparable(text: str, cut: int) -> bool:
    """Whether a cut would part a letter from its marks, or the digits of a number."""
    after, before = text[cut], text[cut - 1]
    if unicodedata.category(after).startswith("M") or before in "\u200c\u200d\u094d":
        return True
    return after.isdecimal() and (before.isdecimal() or before in ".,:")


def parts(start: int, end: int, spoken: Spoken) -> list[Part]:
    """Cut the phonemes of ``[start, end)`` into parts of at most ``MAX_PHONEMES``.

    Up to ``TARGET`` they stay whole.
    """
    cuts = _cuts(spoken.phonemes)
    out: list[Part] = []
    text_at = start
    for begin, stop in zip([0, *cuts], [*cuts, len(spoken.phonemes)], strict=True):
        text_stop = end if stop == len(spoken.phonemes) else _text_at(spoken, stop, text_at)
        inner = _slice(spoken, begin, stop)
        clause = bool(inner.phonemes) and inner.phonemes[-1] in CLAUSE_END
        out.append(Part(text_at, text_stop, inner, clause))
        text_at = text_stop
    return out


def _cuts(phonemes: str) -> list[int]:
    cuts: list[int] = []
    at = 0
    while (left := len(phonemes) - at) > TARGET:
        ideal = at + left // (-(-left // TARGET))
        cut = _nearest(_clause_cuts(phonemes, at + _LEAST, at + TARGET), ideal)
        if not cut or len(phonemes) - cut < _LEAST:
            if left <= MAX_PHONEMES:
                break
            spaces = [p + 1 for p in range(at + 1, at + TARGET) if phonemes[p] == " "]
            cut = _nearest(spaces, ideal) or _hard(phonemes, at, ideal)
        cuts.append(cut)
        at = cut
    return cuts


def _clause_cuts(phonemes: str, low: int, high: int) -> list[int]:
    """Positions behind the space that follows clause punctuation."""
    return [
        p + 1
        for p in range(max(low, 1), min(high, len(phonemes) - 1))
        if phonemes[p] == " " and phonemes[p - 1] in CLAUSE_END
    ]


def _nearest(candidates: list[int], ideal: int) -> int:
    return min(candidates, key=lambda cut: (abs(cut - ideal), cut), default=0)


def _hard(phonemes: str, low: int, ideal: int) -> int:
    cut = ideal
    while cut > low + 1 and (phonemes[cut] in TRAILING or phonemes[cut - 1] in "ˈˌ"):
        cut -= 1
    return cut if cut > low + 1 else ideal


def _text_at(spoken: Spoken, cut: int, least: int) -> int:
    """Where in the text the phonemes from ``cut`` on begin."""
    for mark in spoken.marks:
        if mark.stop <= cut or mark.begin == mark.stop:
            continue
        if mark.begin >= cut:
            return max(mark.start, least)
        size = mark.end - mark.start
        return max(mark.start + size * (cut - mark.begin) // (mark.stop - mark.begin), least)
    return max(spoken.marks[-1].end, least)


def _slice(spoken: Spoken, begin: int, stop: int) -> Spoken:
    """Phonemes ``[begin, stop)`` without a space at the ends, marks cut to fit."""
    while stop > begin and spoken.phonemes[stop - 1] == " ":
        stop -= 1
    while begin < stop and spoken.phonemes[begin] == " ":
        begin += 1
    if begin == 0 and stop == len(spoken.phonemes):
        return spoken
    marks: list[Mark] = []
    for mark in spoken.marks:
        left, right = max(mark.begin, begin), min(mark.stop, stop)
        if left >= right:
            continue
        size, width = mark.end - mark.start, mark.stop - mark.begin
        marks.append(
            Mark(
                mark.start + size * (left - mark.begin) // width,
                mark.start + size * (right - mark.begin) // width,
                left - begin,
                right - begin,
                mark.word,
            )
        )
    return Spoken(spoken.phonemes[begin:stop], tuple(marks))


def joined(left: Part, right: Part) -> Part:
    """Two neighbouring parts as one, a space between their phonemes."""
    if not right.spoken.phonemes:
        return Part(left.start, right.end, left.spoken, left.clause)
    if not left.spoken.phonemes:
        return Part(left.start, right.end, right.spoken, right.clause)
    shift = len(left.spoken.phonemes) + 1
    marks = left.spoken.marks + tuple(
        Mark(m.start, m.end, m.begin + shift, m.stop + shift, m.word) for m in right.spoken.marks
    )
    phonemes = f"{left.spoken.phonemes} {right.spoken.phonemes}"
    return Part(left.start, right.end, Spoken(phonemes, marks), right.clause)
