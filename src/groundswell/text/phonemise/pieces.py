"""What phonemisers hand back, and how it becomes one phoneme string with its word map."""

from dataclasses import dataclass

from groundswell.text.phonemise.symbols import CLOSING, OPENING, SYMBOL_IDS, is_speech, nearest


@dataclass(frozen=True, slots=True)
class Piece:
    """Phonemes of one stretch of text.

    Args:
        start: first character of the stretch.
        end: one past its last.
        phonemes: Kokoro symbols, spaces and punctuation included; may be empty.
        word: the stretch is a word by itself although no space sets it off (Japanese, Chinese).

    """

    start: int
    end: int
    phonemes: str
    word: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """``text[start:end]`` is spoken by ``phonemes[begin:stop]``."""

    start: int
    end: int
    begin: int
    stop: int
    word: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A phoneme string and its marks, ordered in the text and in the phonemes."""

    phonemes: str
    marks: tuple[Mark, ...]

    @property
    def audible(self) -> bool:
        """Whether anything but punctuation is in it."""
        return any(map(is_speech, self.phonemes))

    def shifted(self, by: int) -> "Spoken":
        """Move the text positions by ``by``."""
        marks = (Mark(m.start + by, m.end + by, m.begin, m.stop, m.word) for m in self.marks)
        return Spoken(self.phonemes, tuple(marks))


def assemble(pieces: list[Piece]) -> Spoken:
    """Join pieces; single spaces only, none at the ends or before closing punctuation.

    A symbol outside the vocabulary is replaced by the nearest one (``symbols.nearest``).
    """
    out: list[str] = []
    marks: list[Mark] = []
    gap = False
    for piece in pieces:
        begin = -1
        for raw in piece.phonemes:
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
        marks.append(Mark(piece.start, piece.end, begin, len(out), piece.word))
    return Spoken("".join(out), tuple(marks))
