"""Text into sentences, sentences into portions, phonemes into lengths the model can afford.

Memory and time of synthesis grow with the phonemes of one run, so the sizes here are phonemes.
A cut is sought at a sentence, then at a clause, then between words, then anywhere that does not
part a letter from its marks.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from groundswell.text.phonemise.pieces import Mark, Spoken
from groundswell.text.phonemise.symbols import CLAUSE_END, TRAILING
from groundswell.text.scripts import script_of
from groundswell.text.spoken_form import SpokenForm

TARGET = 200  #: phonemes a segment should have at most
MAX_PHONEMES = 300  #: phonemes no segment exceeds
_LEAST = 12  #: a clause shorter than this is not worth a segment of its own
_PORTION = 400  # estimated phonemes of text phonemised at once
_LINE = 60  # a line shorter than this that ends is a list or a heading, not a wrapped paragraph
_WEIGHT = {"han": 5, "kana": 2, "hangul": 3}
#: Abbreviations that stand before a name or a number, where sentencex lacks them.
_ABBREVIATIONS = frozenset(
    """mme mlle mr mrs dr sra srta dña fr gen hr kl nr rs inr tel ca ul डॉ डा श्री श्रीमती कु सौ प्रो पं
    स्व रु रू मो नं ড ডা ডঃ মো মোঃ শ্রী অধ্যাপক টা રૂ ડૉ ડો શ્રી પ્રો ਡਾ ਸ਼੍ਰੀ ਪ੍ਰੋ ਰੁ ਸ ଡା ଶ୍ରୀ ଟ ରୂ
    ரூ திரு திருமதி செல்வி பேரா డా శ్రీ రూ ప్రొ ಡಾ ಶ್ರೀ ರೂ ಪ್ರೊ ഡോ ശ്രീ രൂ പ്രൊഫ
    г ул д им руб тыс млн млрд""".split()  # noqa: SIM905  a list of words, as prose
)
SENTENCE_END = (".", "!", "?", "…", "।", "॥", "。", "！", "？", "؟", "۔")
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
        language: of its sentence.
        rate: how fast it is said, before the speed of the request.

    """

    start: int
    end: int
    spoken: Spoken
    clause: bool
    language: str = ""
    rate: float = 1.0


def sentences(
    text: str, language: str, whole: Sequence[tuple[int, int]] = ()
) -> Iterator[Sentence]:
    """Cut cleaned text into sentences that cover it.

    Args:
        text: the text.
        language: its code.
        whole: stretches in order that no sentence ends inside of.

    """
    kept = 0
    for start, end in _paragraphs(text):
        begin = at = start
        for size in _boundaries(text[start:end], language):
            at += size
            while kept < len(whole) and whole[kept][1] <= at:
                kept += 1
            inside = kept < len(whole) and whole[kept][0] < at
            if at < end and (inside or not _ends(text, at)):
                continue
            yield Sentence(begin, at, at == end)
            begin = at


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


def _ends(text: str, at: int) -> bool:
    """Whether a sentence may end here, where the splitter, which knows few languages, says so."""
    before = text[max(0, at - 40) : at]
    stem = before.rstrip()
    word = stem.split()[-1] if stem else ""
    if not word.isascii() and word.rstrip(".").lower() in _ABBREVIATIONS:
        return not word.endswith(".")
    if len(stem) == len(before) and stem[-1:].isascii():  # no space: "x!=y", "a.com/?q=1"
        return text[at].isupper() and word.rstrip(".!?").isalpha()
    if word.endswith(".") and word.isascii():
        initial = len(word) == 2 and word[0].isupper() and word[0] != "I"
        return not (initial or word[:-1].lower() in _ABBREVIATIONS)
    return True


def portions(form: SpokenForm) -> Iterator[tuple[int, int]]:
    """Cut what a sentence says into stretches short enough to phonemise at once; mostly itself."""
    text, start, end = form.text, 0, len(form.text)
    while start < end:
        stop = _reach(text, start, end)
        if stop < end:
            stop = form.edge(_good_cut(text, start, stop), start)
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
    first, last = begin, stop
    while stop > begin and spoken.phonemes[stop - 1] == " ":
        stop -= 1
    while begin < stop and spoken.phonemes[begin] == " ":
        begin += 1
    if begin == 0 and stop == len(spoken.phonemes):
        return spoken
    marks: list[Mark] = []
    # Both edges of marks never decrease.
    for mark in islice(spoken.marks, bisect_left(spoken.marks, first, key=_stop), None):
        if mark.begin >= last:
            break
        if mark.begin == mark.stop:  # what is not heard is still said
            if first <= mark.begin < last:
                at = min(max(mark.begin, begin), stop) - begin
                marks.append(mark.at(at, at))
            continue
        if begin <= mark.begin and mark.stop <= stop:
            marks.append(mark.at(mark.begin - begin, mark.stop - begin))
            continue
        left, right = max(mark.begin, begin), min(mark.stop, stop)
        if left >= right:
            continue
        size, width = mark.end - mark.start, mark.stop - mark.begin
        high = mark.start + size * (right - mark.begin) // width
        marks.append(
            replace(
                mark,
                start=mark.start + size * (left - mark.begin) // width,
                end=high if right < mark.stop else mark.end,
                begin=left - begin,
                stop=right - begin,
                said=mark.said if left == mark.begin else "",
            )
        )
    return Spoken(spoken.phonemes[begin:stop], tuple(marks))


def _stop(mark: Mark) -> int:
    return mark.stop


def separated(spoken: Spoken, edges: Sequence[int]) -> list[Spoken]:
    """Cut what several sentences say at the sentences' beginnings in the text."""
    out: list[Spoken] = []
    begin = at = 0
    for edge in edges:
        while at < len(spoken.marks) and spoken.marks[at].start < edge:
            at += 1
        stop = spoken.marks[at].begin if at < len(spoken.marks) else len(spoken.phonemes)
        out.append(_within(_slice(spoken, begin, stop), edge))
        begin = stop
    out.append(_slice(spoken, begin, len(spoken.phonemes)))
    return out


def _within(spoken: Spoken, end: int) -> Spoken:
    """Clip marks that reach beyond the end of their sentence."""
    if all(mark.end <= end for mark in spoken.marks):
        return spoken
    marks = (replace(m, start=min(m.start, end), end=min(m.end, end)) for m in spoken.marks)
    return Spoken(spoken.phonemes, tuple(marks))


def joined(left: Part, right: Part) -> Part:
    """Two neighbouring parts as one, a space between their phonemes."""
    if not right.spoken.phonemes:
        return replace(left, end=right.end)
    if not left.spoken.phonemes:
        return replace(right, start=left.start)
    shift = len(left.spoken.phonemes) + 1
    marks = left.spoken.marks + tuple(
        mark.at(mark.begin + shift, mark.stop + shift) for mark in right.spoken.marks
    )
    phonemes = f"{left.spoken.phonemes} {right.spoken.phonemes}"
    return replace(right, start=left.start, spoken=Spoken(phonemes, marks))
