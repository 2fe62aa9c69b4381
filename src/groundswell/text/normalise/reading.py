"""What goes into a reading of a text and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NormaliseOptions:
    """How to read what is written.

    Args:
        number_language: language of numeric tokens (``number_pronunciation_language``); the
            text's own when None.
        math: read operators between digits as words (``math_notation``).
        emoji: say the names of emoji; otherwise they are dropped.
        british: British English forms ("one hundred and five", "half past" is never used).

    """

    number_language: str | None = None
    math: bool = False
    emoji: bool = False
    british: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of text that is said otherwise than it is typed.

    Args:
        start: first character.
        end: one past its last.
        spoken: words that say it, without digits; empty when nothing is said.
        rule: name of the rule that fired, for ``explain``.
        language: of the spoken form when it is not that of the text.

    """

    start: int
    end: int
    spoken: str
    rule: str
    language: str | None = None
