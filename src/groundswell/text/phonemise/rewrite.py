"""Text rewritten piece by piece, every new character knowing the span it stands for."""

from dataclasses import dataclass, field

from groundswell.text.phonemise.pieces import Piece


@dataclass(slots=True)
class Rewrite:
    """New text and, for each of its characters, the (start, end) it came from."""

    chars: list[str] = field(default_factory=list)
    origin: list[tuple[int, int]] = field(default_factory=list)

    def add(self, new: str, start: int, end: int) -> None:
        """Add ``new``, which stands for ``[start, end)``; one for one when the lengths agree."""
        for at, char in enumerate(new):
            self.chars.append(char)
            self.origin.append(
                (start + at, start + at + 1) if len(new) == end - start else (start, end)
            )

    @property
    def text(self) -> str:
        """The new text."""
        return "".join(self.chars)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span of the old text that ``[start, end)`` of the new one stands for."""
        return self.origin[start][0], self.origin[end - 1][1]


def add_word(out: list[Piece], text: str, word: Piece) -> None:
    """Append a word, or join it to the last where both say parts of one typed number."""
    at = len(out) - 1
    while at >= 0 and not out[at].phonemes.strip():
        at -= 1
    if at >= 0 and out[at].word and out[at].end >= word.start:
        last = out[at]
        inside = word.start < last.end or word.start == word.end
        number = 0 < last.end < len(text) and text[last.end - 1 : last.end + 1].isdecimal()
        if inside or number:
            gap = " " if at < len(out) - 1 else ""
            del out[at:]
            end = max(last.end, word.end)
            out.append(Piece(last.start, end, last.phonemes + gap + word.phonemes, word=True))
            return
    out.append(word)
