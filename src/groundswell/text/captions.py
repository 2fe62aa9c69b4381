"""Captions: words and their times gathered into lines that can be read, as SRT and WebVTT."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Protocol

MOST_CHARACTERS = 80
"""Of one caption: two lines of 40, as subtitles are usually set."""
MOST_SECONDS = 6.0
_PAUSE_SECONDS = 0.7
_ENOUGH_CHARACTERS = 24
"""A sentence shorter than this shares its caption with the next."""
_ENDS = frozenset(".!?…。！？।॥")
_TRAILING = frozenset(".,;:!?…%)]}»”’\"'。、，；：！？।॥")


class TimedWord(Protocol):
    """A word of a text and when it is heard."""

    @property
    def text(self) -> str:
        """As typed."""

    @property
    def start(self) -> float:
        """Seconds."""

    @property
    def end(self) -> float:
        """Seconds."""

    @property
    def until(self) -> int:
        """Characters of the text up to its end."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown from ``start`` to ``end``, in seconds."""

    text: str
    start: float
    end: float


def captions(source: str, words: Iterable[TimedWord]) -> Iterator[Caption]:
    """Gather words into captions.

    Args:
        source: the text the words are of; its punctuation is shown.
        words: in order.
    """
    shown, start, end, until = "", 0.0, 0.0, 0
    for word in words:
        piece = word.text + _trailing(source, word.until)
        spaced = any(char.isspace() for char in source[until : word.until - len(word.text)])
        full = (
            len(shown) + len(piece) > MOST_CHARACTERS
            or word.end - start > MOST_SECONDS
            or word.start - end > _PAUSE_SECONDS
            or (shown[-1:] in _ENDS and len(shown) >= _ENOUGH_CHARACTERS)
        )
        if shown and full:
            yield Caption(shown, start, end)
            shown = ""
        if shown:
            shown += " " * spaced + piece
        else:
            shown, start = piece, word.start
        end, until = word.end, word.until
    if shown:
        yield Caption(shown, start, end)


def srt(number: int, caption: Caption) -> str:
    """Write a caption as one block of a SubRip file; numbers begin at 1."""
    span = f"{_time(caption.start, ',')} --> {_time(caption.end, ',')}"
    return f"{number}\n{span}\n{caption.text}\n\n"


VTT_HEAD = "WEBVTT\n\n"


def vtt(caption: Caption) -> str:
    """Write a caption as one block of a WebVTT file, which begins with ``VTT_HEAD``."""
    span = f"{_time(caption.start, '.')} --> {_time(caption.end, '.')}"
    return f"{span}\n{escape(caption.text, quote=False)}\n\n"


def _trailing(source: str, at: int) -> str:
    end = at
    while end < len(source) and source[end] in _TRAILING:
        end += 1
    return source[at:end]


def _time(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return (
        f"{minutes // 60:02}:{minutes % 60:02}:"
        f"{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"
    )
