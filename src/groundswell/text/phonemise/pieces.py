"""What phonemisers hand back, and how it becomes one phoneme string with its word map."""

from dataclasses import dataclass, replace
from functools import lru_cache

from groundswell.text.phonemise.symbols import CLOSING, OPENING, SYMBOL_IDS, is_speech, nearest
from groundswell.text.spoken_form import SpokenForm


@dataclass(frozen=True, slots=True)
class Piece:
    """Phonemes of one stretch of what is said.

    Args:
        start: first character of the stretch.
        end: one past its last.
        phonemes: Kokoro symbols, spaces and punctuation included; may be empty.
        word: the stretch is a word by itself although no space sets it off (Japanese, Chinese).
        said: what is said, filled in by ``speak``.
        language: who read it, filled in by ``speak``.
        rule: what chose these phonemes, where there was a choice (a homograph).

    """

    start: int
    end: int
    phonemes: str
    word: bool = False
    said: str = ""
    language: str = ""
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """``text[start:end]`` is said as ``said``, by ``phonemes[begin:stop]``.

    ``text`` is cleaned text; ``rule`` names what made it sound otherwise than typed.
    """

    start: int
    end: int
    begin: int
    stop: int
    word: bool = False
    said: str = ""
    language: str = ""
    rule: str | None = None

    def at(self, begin: int, stop: int) -> "Mark":
        """Return the same over other phonemes; ``dataclasses.replace`` is six times slower."""
        return Mark(
            self.start, self.end, begin, stop, self.word, self.said, self.language, self.rule
        )


@dataclass(frozen=True, slots=True)
class Spoken:
    """A phoneme string and its marks, ordered in the text and in the phonemes."""

    phonemes: str
    marks: tuple[Mark, ...]

    @property
    def audible(self) -> bool:
        """Whether anything but punctuation is in it."""
        return any(map(is_speech, self.phonemes))


def assemble(pieces: list[Piece], form: SpokenForm) -> Spoken:
    """Join pieces of a spoken form; single spaces only, none at the ends or before closing marks.

    A symbol outside the vocabulary is replaced by the nearest one (``symbols.nearest``).
    """
    out: list[str] = []
    marks: list[Mark] = []
    gap = False
    for piece in pieces:
        begin = -1
        rest = piece.phonemes
        if rest and _plain(rest):
            if gap and rest[0] not in CLOSING and out[-1] not in OPENING:
                out.append(" ")
            gap = False
            begin = len(out)
            out.extend(rest)
            rest = ""
        for raw in rest:
            for symbol in raw if raw in SYMBOL_IDS else nearest(raw):
                if symbol == " ":
                    gap = bool(out)
                    continue
                if gap and symbol not in CLOSING and out[-1] not in OPENING:
                    out.append(" ")
                gap = False
                if begin < 0:
                    begin = len(out)
                out.append(symbol)
        if begin < 0:
            begin = len(out)
        start, end = form.span(piece.start, piece.end)
        rule = piece.rule or form.rule(piece.start, piece.end)
        mark = Mark(start, end, begin, len(out), piece.word, piece.said, piece.language or "", rule)
        marks.append(mark)
        if len(marks) > 1 and start < end and (marks[-2].start, marks[-2].end) == (start, end):
            marks[-2:] = [_merged(marks[-2], mark)]
    return Spoken("".join(out), tuple(marks))


@lru_cache(maxsize=16384)
def _plain(phonemes: str) -> bool:
    """Whether all are symbols of the vocabulary, and none a space."""
    return " " not in phonemes and all(symbol in SYMBOL_IDS for symbol in phonemes)


def _merged(left: Mark, right: Mark) -> Mark:
    """Two marks of one stretch."""
    begin = left.begin if left.stop > left.begin else right.begin
    stop = right.stop if right.stop > right.begin else left.stop
    return replace(
        left,
        begin=begin,
        stop=stop,
        word=left.word or right.word,
        said=left.said + right.said,
        rule=left.rule or right.rule,
    )
