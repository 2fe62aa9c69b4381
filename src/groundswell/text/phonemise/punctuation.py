"""Typed punctuation → Kokoro's thirteen marks, and text cut into words and marks."""

from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.text.scripts import UNSPACED, script_of

#: Marks of all our scripts. An empty value is read over on purpose.
MARKS: dict[str, str] = {
    **{c: c for c in ';:,.!?—…"()“”'},
    "–": "—",
    "―": "—",
    "‒": "—",
    "〜": "—",
    "～": "—",
    "«": "“",
    "»": "”",
    "„": "“",
    "‟": "“",
    "‹": "“",
    "›": "”",
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "《": "“",
    "》": "”",
    "〈": "“",
    "〉": "”",
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
    "【": "(",
    "】": ")",
    "（": "(",
    "）": ")",
    "〔": "(",
    "〕": ")",
    "।": ".",
    "॥": ".",
    "۔": ".",
    "。": ".",
    "．": ".",
    "｡": ".",
    "､": ",",
    "、": ",",
    "，": ",",
    "،": ",",
    "؛": ";",
    "；": ";",
    "：": ":",
    "؟": "?",
    "？": "?",
    "！": "!",
    "‼": "!",
    "⁇": "?",
    "\u0387": ";",  # Greek ano teleia
    "·": " ",
    "・": " ",
    "•": ",",
    "‣": ",",
    "|": ",",
    "¿": "",  # the pitch is planned from the closing mark
    "¡": "",
    "*": "",
    "_": " ",
    "~": "",
    "`": "",
    "\\": " ",
    "‘": "",
    "‚": "",
    "\n": " ",
}
_APOSTROPHES = "'’"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: words (``symbols`` is None), or marks with their symbols."""

    start: int
    end: int
    symbols: str | None


def runs(text: str, language: str) -> Iterator[Run]:
    """Cut text into stretches of words and of marks; every character is in exactly one.

    A mark inside a number or a word (3.5, 12:30, Wi_Fi, l'eau) stays with the words.
    """
    start = at = 0
    while at < len(text):
        symbols = _mark(text, at, language)
        if symbols is None:
            at += 1
            continue
        if at > start:
            yield Run(start, at, None)
        end = at + 1
        while end < len(text) and text[end] == text[at] and text[at] in ".!?…—-*_~":
            end += 1
        yield Run(at, end, "…" if text[at] == "." and end - at > 1 else symbols)
        start = at = end
    if at > start:
        yield Run(start, at, None)


def _mark(text: str, at: int, language: str) -> str | None:
    """Symbols for the mark at ``at``; None when it is not a mark there."""
    char = text[at]
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if char in _APOSTROPHES:
        return None if before.isalnum() and after.isalnum() else ""
    if char == "-":
        if before.isspace() and after.isspace():
            return "—"
        return None if before.isalnum() or after.isalnum() else ""
    if char not in MARKS:
        return None
    if char in ".:" and _spaced_letter(before) and _spaced_letter(after):
        return None
    if char == "," and before.isdecimal() and after.isdecimal():
        return None
    if char in ".," and before.isspace() and after.isdecimal():
        return None
    if char == "“" and not before.isspace() and before not in "(":
        return "”"  # German closes with it
    if language == "el" and char == ";":
        return "?"
    return MARKS[char]


def _spaced_letter(char: str) -> bool:
    """Tell letters and digits of scripts that set words apart by spaces."""
    return char.isalnum() and script_of(char) not in UNSPACED
