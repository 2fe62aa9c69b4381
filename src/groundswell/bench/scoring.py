"""How far what was heard is from what was typed.

Normalisation of both sides: Unicode NFC, lower case, digits to words (num2words), apostrophes
removed, all other punctuation and symbols to spaces. Hindi words are compared by their consonants
(``hindi``). Error rates are pooled: all errors over all words.
"""

import re
import unicodedata
from dataclasses import dataclass

import jiwer
import numpy as np
from num2words import num2words  # type: ignore[import-untyped]

from groundswell.bench.hindi import skeleton

_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_SIGNS = {"en": {"%": " percent ", "&": " and "}, "es": {"%": " por ciento ", "&": " y "}}
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one utterance, in words and in characters."""

    word_errors: int
    words: int
    character_errors: int
    characters: int


def normalise(text: str, language: str) -> str:
    """Bring a text to the form in which it is compared."""
    text = unicodedata.normalize("NFC", text).lower()
    for sign, words in _SIGNS.get(language, {}).items():
        text = text.replace(sign, words)
    if language in ("en", "es"):
        text = _ORDINAL.sub(
            lambda found: num2words(int(found[1]), to="ordinal", lang=language), text
        )
        text = _NUMBER.sub(
            lambda found: " " + num2words(int(found[0].replace(",", "")), lang=language) + " ", text
        )
    text = text.replace("'", "").replace("’", "")
    kept = (" " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in text)
    text = " ".join("".join(kept).split())
    return skeleton(text) if language == "hi" else text


def score(typed: str, heard: str, language: str) -> Score:
    """Compare one utterance with what a recogniser heard."""
    reference, hypothesis = normalise(typed, language), normalise(heard, language)
    words = len(reference.split())
    by_word = jiwer.process_words(reference, hypothesis)
    # Where a word ends is spelling, and the two scripts of Hindi differ in it.
    if language == "hi":
        reference, hypothesis = reference.replace(" ", ""), hypothesis.replace(" ", "")
    by_character = jiwer.process_characters(reference, hypothesis)
    return Score(
        by_word.substitutions + by_word.deletions + by_word.insertions,
        words,
        by_character.substitutions + by_character.deletions + by_character.insertions,
        len(reference),
    )


def word_error_rate(scores: list[Score]) -> float:
    """Pooled word error rate."""
    return sum(s.word_errors for s in scores) / max(1, sum(s.words for s in scores))


def character_error_rate(scores: list[Score]) -> float:
    """Pooled character error rate."""
    return sum(s.character_errors for s in scores) / max(1, sum(s.characters for s in scores))


def difference_interval(ours: list[Score], theirs: list[Score]) -> tuple[float, float]:
    """Return the 95 % interval of our pooled word error rate minus theirs.

    Args:
        ours: one score per utterance.
        theirs: the same utterances in the same order: the bootstrap draws pairs.
    """
    table = np.array(
        [
            (a.word_errors, a.words, b.word_errors, b.words)
            for a, b in zip(ours, theirs, strict=True)
        ]
    )
    drawn = np.random.default_rng(0).integers(0, len(table), (_RESAMPLES, len(table)))
    sums = table[drawn].sum(axis=1).astype(float)
    differences = sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)
