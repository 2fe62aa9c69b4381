"""Recognisers: what is written in a text, as tokens. Shared by all languages."""

import re
from collections.abc import Iterator

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.reading import NormaliseOptions


def scan(text: str, language: str, options: NormaliseOptions) -> Iterator[t.Found]:
    """Find tokens, in order, disjoint."""
    for m in re.finditer(r"\d+", text):
        yield t.Found(m.start(), m.end(), t.Number(t.Quantity(m[0])), "number")
