"""Pronunciation dictionaries: which stretches of a text are said otherwise, and how.

Pure matching; ``groundswell.accounts.dictionaries`` keeps them. ``docs/dictionaries.md`` says what
a word is in each script.

Every prefix of a text that is an entry is also a prefix of the greatest entry not above the text,
in the order of strings. So one binary search in the sorted words, and a walk along "the longest
entry that this one begins with", finds the longest entry at a position: no automaton, little
memory, and time that hardly depends on how many entries there are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from groundswell.errors import InvalidInput
from groundswell.text.phonemise.ipa import from_ipa
from groundswell.text.whole_words import Folded

Entry = tuple[str, str]
"""A word as it is written, and its pronunciation: a respelling, or IPA between slashes."""

_Spoken = tuple[str, bool, str]
"""The replacement, whether it is IPA, and the entry's word as its owner wrote it."""
_Found = tuple[int, int, _Spoken]
"""Where an entry matches in folded text, and what is said there."""
_IPA = re.compile(r"/(.*)/", re.DOTALL)
_SIBILANT, _VOICELESS = frozenset("szʃʒʧʤ"), frozenset("ptkfθ")


class InvalidEntry(InvalidInput):
    """An entry that cannot be used.

    Args:
        index: its place in the list, from 0.
        part: ``word`` or ``pronunciation``.
        problem: what is wrong, and the fix.
    """

    def __init__(self, index: int, part: str, problem: str) -> None:
        super().__init__(f"items[{index}].{part}: {problem}", field="items")
        self.index = index
        self.part = part


@dataclass(frozen=True, slots=True)
class Match:
    """``text[start:end]`` is said as ``replacement``.

    Args:
        start: first character.
        end: one past the last; a possessive "'s" belongs to a match in IPA, which then says it.
        replacement: a respelling, to be read on as text; or Kokoro's symbols.
        ipa: which of the two.
        entry: the word of the entry, as its owner wrote it.
    """

    start: int
    end: int
    replacement: str
    ipa: bool
    entry: str


@dataclass(frozen=True, slots=True)
class _Table:
    """The entries of one dictionary, sorted by word."""

    words: tuple[str, ...]
    spoken: tuple[_Spoken, ...]
    shorter: tuple[int, ...] = field(compare=False)
    """For each word: the longest other one that it begins with, or -1."""
    longest: int = field(compare=False)


@dataclass(frozen=True)
class Dictionary:
    """What to say otherwise. Immutable; safe to share between threads and to pickle.

    Args:
        tables: of several dictionaries, the first before the others: a later one sees only what
            the earlier ones left.
    """

    tables: tuple[_Table, ...] = ()

    @classmethod
    def of(cls, *lists: Iterable[Entry]) -> "Dictionary":
        """Build from lists of entries; of equal words in one list the last counts.

        Raises:
            InvalidEntry: an entry cannot be used.
        """
        return cls(tuple(_table(entries) for entries in lists))

    def then(self, other: "Dictionary") -> "Dictionary":
        """Both: this one first."""
        return Dictionary(self.tables + other.tables)

    @cached_property
    def _hash(self) -> int:
        return hash(self.tables)

    def __hash__(self) -> int:
        """Hash once: it may be long."""
        return self._hash

    def __reduce__(self) -> tuple[type["Dictionary"], tuple[tuple[_Table, ...]]]:
        """Pickle without the hash: strings hash differently in every process."""
        return Dictionary, (self.tables,)

    def __bool__(self) -> bool:
        """Whether there is any entry."""
        return any(table.words for table in self.tables)

    def find(self, text: str) -> list[Match]:
        """Find all matches, in order; none overlaps another.

        Of one dictionary, the match that begins first counts, of several that begin together the
        longest. Time is proportional to the length of the text.
        """
        if not self or not text:
            return []
        folded = Folded(text)
        found: list[_Found] = []
        for table in self.tables:
            starts = [0, *(end for _, end, _ in found)]
            ends = [*(start for start, _, _ in found), len(folded.text)]
            gaps = zip(starts, ends, strict=True)
            news = [new for gap in gaps for new in _matches(table, folded, *gap)]
            found = sorted(found + news)
        return [_match(folded, *each) for each in found]


def _table(entries: Iterable[Entry]) -> _Table:
    spoken: dict[str, _Spoken] = {}
    for index, (word, pronunciation) in enumerate(entries):
        folded = Folded(word).text.strip()
        if not folded:
            raise InvalidEntry(index, "word", "nothing can match an empty word; write it out")
        spoken[folded] = (*_spoken(index, pronunciation), word)
    words = sorted(spoken)
    shorter: list[int] = []
    for at, word in enumerate(words):
        before = at - 1
        while before >= 0 and not word.startswith(words[before]):
            before = shorter[before]
        shorter.append(before)
    return _Table(
        tuple(words),
        tuple(spoken[word] for word in words),
        tuple(shorter),
        max(map(len, words), default=0),
    )


def _spoken(index: int, pronunciation: str) -> tuple[str, bool]:
    given = pronunciation.strip()
    if found := _IPA.fullmatch(given):
        try:
            return from_ipa(found[1]), True
        except InvalidInput as error:
            raise InvalidEntry(index, "pronunciation", f"{given[:60]!r} is {error}") from None
    if not any(character.isalnum() for character in given):
        raise InvalidEntry(
            index,
            "pronunciation",
            f"{given[:60]!r} has nothing to say; respell the word in letters, or write IPA "
            "between slashes",
        )
    return given, False


def _matches(table: _Table, folded: Folded, start: int, end: int) -> Iterator[_Found]:
    """Yield the matches of one dictionary inside ``[start, end)`` of the folded text."""
    text, words = folded.text, table.words
    at = start
    while at < end:
        if not folded.cut(at):
            at += 1
            continue
        ahead = text[at : min(end, at + table.longest)]
        which = bisect_right(words, ahead) - 1
        while which >= 0:
            word = words[which]
            if ahead.startswith(word) and folded.cut(at + len(word)):
                break
            which = table.shorter[which]
        if which < 0:
            at += 1
            continue
        yield at, at + len(words[which]), table.spoken[which]
        at += len(words[which])


def _match(folded: Folded, start: int, end: int, spoken: _Spoken) -> Match:
    replacement, ipa, entry = spoken
    if ipa and folded.possessive(end):
        end += 2
        last = replacement.rstrip("ˈˌː ")[-1:]
        replacement += "ᵻz" if last in _SIBILANT else "s" if last in _VOICELESS else "z"
    return Match(*folded.typed(start, end), replacement, ipa, entry)


NO_DICTIONARY = Dictionary()
