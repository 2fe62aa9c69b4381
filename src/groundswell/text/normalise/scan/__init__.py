"""Recognisers: what is written in a text, as tokens. Shared by all languages.

Each takes a context and a position and gives the tokens that begin there, or none. They are tried
in order, the more specific first. Every pattern is anchored and bounded, so that a scan is linear.
"""

import re
from collections.abc import Callable, Iterator

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.fold import fold
from groundswell.text.normalise.reading import NormaliseOptions
from groundswell.text.normalise.scan import (
    addresses,
    calendar,
    identifiers,
    lettered,
    numeric,
    signs,
)
from groundswell.text.normalise.scan.context import Context, lexicon

Recogniser = Callable[[Context, int], list[t.Found]]

_DIGIT: tuple[Recogniser, ...] = (
    *calendar.ISO, *identifiers.BEFORE_DATES, *numeric.BEFORE_DATES,
    lettered.abbreviation, *calendar.DIGIT, *identifiers.DIGIT, *numeric.DIGIT,
)  # fmt: skip
_LETTER: tuple[Recogniser, ...] = (
    *signs.LETTER, *calendar.LETTER, *numeric.LETTER, lettered.abbreviation, *identifiers.LETTER,
    *lettered.ALL,
)  # fmt: skip
_SIGN: tuple[Recogniser, ...] = (
    *identifiers.SIGN, *calendar.SIGN, *numeric.SIGN, *lettered.SIGN, *signs.ALL,
)  # fmt: skip

_CHUNK = re.compile(r"\S+")
_RUN = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_²³¹⁰⁴-⁹½¼¾]+")
_OPENING = "([{<\"'“‘«¿¡„‹*_"
_SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{2,}\b")
_PLAIN_WORD = re.compile(r"\b[^\W\d_]*[a-zß-ÿ][^\W\d_]*\b")
_MANY_CAPITALS = 3


def scan(text: str, language: str, options: NormaliseOptions) -> Iterator[t.Found]:
    """Find tokens, in order, disjoint."""
    cx = Context(fold(text), lexicon(language, options.british), options)
    if len(_SHOUTED.findall(text[:2000])) >= _MANY_CAPITALS:
        cx.shouted = len(_PLAIN_WORD.findall(text[:2000])) < len(_SHOUTED.findall(text[:2000])) / 2
    end = 0
    for chunk in _CHUNK.finditer(cx.text):
        if chunk.end() > end:
            for found in _chunk(cx, max(chunk.start(), end), chunk.end()):
                end = max(end, found.end)
                yield found


def _chunk(cx: Context, at: int, end: int) -> Iterator[t.Found]:
    word = cx.text[at:end]
    if word.isalpha() and word.islower() and not lettered.known(cx, word):
        return
    whole = addresses.find(cx, at, end)
    while at < end:
        if whole and at >= whole[0].start:
            yield from whole
            at, whole = whole[-1].end, []
            continue
        found = _at(cx, at)
        if found:
            if whole and found[-1].end > whole[0].start:
                whole = []  # "0,000@0" begins as a number
            yield from found
            at = found[-1].end
        elif cx.text[at].isalnum():
            run = _LETTERS if cx.text[at].isalpha() else _RUN
            m = run.match(cx.text, at)
            at = m.end() if m else at + 1
        else:
            at += 1


def _at(cx: Context, at: int) -> list[t.Found]:
    char = cx.text[at]
    recognisers = _DIGIT if char.isdecimal() else _LETTER if char.isalpha() else _SIGN
    for recogniser in recognisers:
        found = recogniser(cx, at)
        if found:
            return found
    return []
