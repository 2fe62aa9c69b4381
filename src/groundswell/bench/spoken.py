"""Accuracy of spoken forms on written cases: one comparison, for the tests and the bench.

A case is (category, text, spoken form of the whole text). Two spoken forms are equal when they
have the same words: case, punctuation outside words, and hyphens against spaces do not count.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from groundswell.text.normalise import NormaliseOptions, spoken


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a case file; ``held_out`` cases were written last and scored once, unseen."""

    language: str
    category: str
    text: str
    expected: str
    held_out: bool = False
    known: bool = False


def comparable(form: str) -> str:
    """Reduce a spoken form to what is compared: casefolded words with single spaces.

    Combining marks and joiners count as parts of their word, so that Indian words stay whole.
    """
    form = unicodedata.normalize("NFC", form).casefold().replace("’", "'")
    form = re.sub(r"[-‐‑–—/\u200b]", " ", form)
    kept = "".join(
        char
        if char.isalnum() or char in "'\u200c\u200d" or unicodedata.category(char)[0] == "M"
        else " "
        for char in form
    )
    words = (word.strip("'") for word in kept.split())
    return " ".join(word for word in words if word)


def cases(folder: Path) -> list[Case]:
    """Read every ``<language>.tsv``: category, text, expected and, perhaps, marks.

    The fourth column may hold ``held-out`` and ``known`` (a known failure), separated by spaces.
    Lines that begin with ``#`` are comments.
    """
    out: list[Case] = []
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            category, text, expected, *rest = line.split("\t")
            marks = rest[0].split() if rest else []
            held, known = "held-out" in marks, "known" in marks
            out.append(Case(path.stem, category, text, expected, held, known))
    return out


def is_right(case: Case) -> bool:
    """Say whether the spoken form of a case is as expected."""
    said = spoken(case.text, case.language, NormaliseOptions())
    return comparable(said) == comparable(case.expected)


def accuracy(scored: Iterable[Case]) -> dict[tuple[str, str], tuple[int, int]]:
    """Count right and all cases by (language, category)."""
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for case in scored:
        key = (case.language, case.category)
        total[key] += 1
        right[key] += is_right(case)
    return {key: (right[key], total[key]) for key in sorted(total)}
