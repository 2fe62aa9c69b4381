"""Homographs of English: which reading a word's context asks for.

misaki chooses by part of speech; the tagger is wrong now and then, and some readings share one.
The rules in ``homographs.toml`` look at neighbours, tags and the words around.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Parts of speech that change nothing about where a reading is decided.
_SKIPPED = ("RB",)
_OPENING = frozenset("\"'“‘(—")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark.

    Args:
        text: as typed.
        tag: Penn part of speech.
    """

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, and the reading they ask for. Each condition: field, its set, turned round."""

    words: frozenset[str]
    conditions: tuple[tuple[str, frozenset[str], bool], ...]
    say: str

    def fits(self, sentence: "Sentence", at: int) -> bool:
        """Whether all conditions hold."""
        return all(
            sentence.holds(name, values, at) is not negated
            for name, values, negated in self.conditions
        )


class Sentence:
    """Tokens, as the conditions see them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._lower = [token.text.lower().replace("’", "'") for token in tokens]
        self._words = frozenset(self._lower)

    def holds(self, name: str, values: frozenset[str], at: int) -> bool:
        """Whether a condition of a rule holds for the word at a place."""
        match name:
            case "is":
                return _tagged(self._tokens[at].tag, values)
            case "form":
                return self._tokens[at].text in values
            case "before":
                found = (at - 1, self._content_before(at))
                return any(each >= 0 and self._lower[each] in values for each in found)
            case "after":
                return at + 1 < len(self._tokens) and self._lower[at + 1] in values
            case "before_is":
                return at > 0 and _tagged(self._tokens[at - 1].tag, values)
            case "after_is":
                return at + 1 < len(self._tokens) and _tagged(self._tokens[at + 1].tag, values)
            case "then_is":
                return at + 2 < len(self._tokens) and _tagged(self._tokens[at + 2].tag, values)
            case "earlier":
                return not values.isdisjoint(self._lower[:at])
            case "near":
                return not values.isdisjoint(self._words)
            case "near_is":
                others = (t.tag for i, t in enumerate(self._tokens) if i != at)
                return any(_tagged(tag, values) for tag in others)
            case _:
                return all(each in _OPENING for each in self._lower[:at]) is bool(values)

    def _content_before(self, at: int) -> int:
        """Give the place before, adverbs skipped; below 0 at the start."""
        at -= 1
        while at >= 0 and self._tokens[at].tag.startswith(_SKIPPED):
            at -= 1
        return at


def _tagged(tag: str, values: frozenset[str]) -> bool:
    return tag in values or any(tag.startswith(value) for value in values if value.isalpha())


def readings(tokens: Sequence[Token], ambiguous: frozenset[str]) -> dict[int, str]:
    """Choose the readings that differ from what the tags alone would give.

    Args:
        tokens: a sentence.
        ambiguous: words, in lower case, that parts of speech say differently.

    Returns:
        For the place of a token the name of its reading: one of ``extra_readings``, or a tag.
    """
    chosen: dict[int, str] = {}
    sentence: Sentence | None = None
    for at, token in enumerate(tokens):
        word = token.text.lower()
        rules = _rules().get(word, ())
        if not rules and word not in ambiguous:
            continue
        sentence = sentence or Sentence(tokens)
        for rule in (*rules, *_rules()[ANY]):
            if rule.fits(sentence, at):
                chosen[at] = rule.say
                break
    return chosen


@cache
def extra_readings(*, british: bool) -> dict[str, dict[str, str]]:
    """Readings that the dictionaries lack: word in lower case → name → Kokoro's symbols."""
    return {
        word: {name: said[british] for name, said in named.items()}
        for word, named in _data()["readings"].items()
    }


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("groundswell.text") / "homographs.toml").read_text("utf-8"))


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    """Rules by the word they are about."""
    sets = {f"@{name}": words for name, words in _data()["sets"].items()}
    found: dict[str, list[Rule]] = {}
    for given in _data()["rules"]:
        conditions = tuple(
            (
                name.removeprefix("unless_"),
                _values(values, sets),
                name.startswith("unless_"),
            )
            for name, values in given.items()
            if name not in ("words", "say")
        )
        rule = Rule(frozenset(given["words"]), conditions, given["say"])
        for word in rule.words:
            found.setdefault(word, []).append(rule)
    return {word: tuple(rules) for word, rules in found.items()}


def _values(given: list[str] | bool, sets: dict[str, list[str]]) -> frozenset[str]:
    if isinstance(given, bool):
        return frozenset(["first"] if given else [])
    return frozenset(word for each in given for word in sets.get(each, [each]))
