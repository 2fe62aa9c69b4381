"""What will be said for a text, and why: the plan of a synthesis, written out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from groundswell.text.plan import PlannedWord, Segment
from groundswell.text.timing import duration


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """A word of the text.

    Args:
        word: as typed; several words where one reading says them together.
        span: its first character and one past its last.
        spoken: what is said for it.
        phonemes: Kokoro's symbols that say it.
        language: of the phonemiser that read it.
        rule: what made it sound otherwise than typed, or None.

    """

    word: str
    span: tuple[int, int]
    spoken: str
    phonemes: str
    language: str
    rule: str | None

    def shown(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "word": self.word,
            "span": list(self.span),
            "spoken": self.spoken,
            "phonemes": self.phonemes,
            "language": self.language,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """What will be said for a text.

    Args:
        text: as typed.
        speed: of the request.
        segments: the plan.
        words: all its words, each once.

    """

    text: str
    speed: float
    segments: tuple[Segment, ...]
    words: tuple[ExplainedWord, ...]

    @property
    def language(self) -> str:
        """The language that most of the text is read in."""
        sizes: dict[str, int] = {}
        for segment in self.segments:
            size = sizes.get(segment.language, 0) + len(segment.phonemes)
            sizes[segment.language] = size
        return max(sizes, key=lambda code: sizes[code])

    @property
    def spoken(self) -> str:
        """The whole spoken form."""
        return " ".join(segment.spoken for segment in self.segments)

    @property
    def phonemes(self) -> str:
        """All phonemes."""
        return " ".join(segment.phonemes for segment in self.segments)

    @property
    def duration(self) -> float:
        """Predicted length in seconds, silences included (``timing.duration``)."""
        return sum(duration(segment, self.speed) for segment in self.segments)

    def shown(self) -> dict[str, Any]:
        """As JSON has it; ``docs/text.md`` describes the keys."""
        return {
            "language": self.language,
            "spoken": self.spoken,
            "phonemes": self.phonemes,
            "duration": round(self.duration, 2),
            "words": [word.shown() for word in self.words],
            "segments": [
                {
                    "text": segment.text,
                    "span": [segment.start, segment.end],
                    "language": segment.language,
                    "spoken": segment.spoken,
                    "phonemes": segment.phonemes,
                    "rate": segment.rate,
                    "lead": round(segment.lead, 3),
                    "pause": round(segment.pause, 3),
                    "silence": round(segment.silence, 3),
                    "duration": round(duration(segment, self.speed), 2),
                }
                for segment in self.segments
            ],
        }


def explain(text: str, segments: Iterable[Segment], speed: float = 1.0) -> Explanation:
    """Write out a plan.

    Args:
        text: as typed.
        segments: its plan.
        speed: of the request.

    Raises:
        InvalidInput: from the plan, when nothing can be spoken.

    """
    planned = tuple(segments)
    words: list[ExplainedWord] = []
    last = -1
    for segment in planned:
        for word in _units(segment.words, text):
            new = _explained(word, segment)
            if word.index == last:  # a segment's end cut it in two
                new = _joined(words.pop(), new, text)
            words.append(new)
            last = word.index
    return Explanation(text, speed, planned, tuple(words))


def _units(words: Iterable[PlannedWord], text: str) -> list[PlannedWord]:
    """Typed words that are said as one ("Rs. 500") put together."""
    out: list[PlannedWord] = []
    for word in words:
        if out and word.rule and not word.spoken and word.rule == out[-1].rule:
            first = out.pop()
            begin, stop = first.phonemes[0], max(first.phonemes[1], word.phonemes[1])
            typed = text[first.start : word.end]
            out.append(replace(first, text=typed, end=word.end, phonemes=(begin, stop)))
        else:
            out.append(word)
    return out


def _explained(word: PlannedWord, segment: Segment) -> ExplainedWord:
    return ExplainedWord(
        word.text,
        (word.start, word.end),
        word.spoken,
        segment.phonemes[slice(*word.phonemes)],
        word.language,
        word.rule,
    )


def _joined(left: ExplainedWord, right: ExplainedWord, text: str) -> ExplainedWord:
    span = (left.span[0], right.span[1])
    return ExplainedWord(
        text[slice(*span)],
        span,
        f"{left.spoken} {right.spoken}".strip(),
        f"{left.phonemes} {right.phonemes}".strip(),
        left.language,
        left.rule or right.rule,
    )
