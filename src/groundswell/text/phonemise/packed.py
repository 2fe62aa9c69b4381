"""A large dictionary of readings in a tenth of the memory of Python's own."""

from collections.abc import Iterator, Mapping

from marisa_trie import BytesTrie

Reading = str | dict[str, str | None]
"""Phonemes; or phonemes by tag, for a word that is not always said alike."""


class PackedReadings(Mapping[str, Reading]):
    """Readings by word, immutable; words with one reading lie in a trie.

    Args:
        readings: by word.
    """

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        plain = ((word, said.encode()) for word, said in readings.items() if isinstance(said, str))
        self._plain = BytesTrie(plain)
        self._by_tag = {word: said for word, said in readings.items() if isinstance(said, dict)}

    def __getitem__(self, word: str) -> Reading:
        """Look a word up."""
        said = self._by_tag.get(word)
        return self._plain[word][0].decode() if said is None else said

    def __contains__(self, word: object) -> bool:
        """Tell whether the word is known."""
        return word in self._by_tag or word in self._plain

    def __iter__(self) -> Iterator[str]:
        """All words."""
        yield from self._by_tag
        yield from self._plain.iterkeys()

    def __len__(self) -> int:
        """Count the words."""
        return len(self._by_tag) + len(self._plain)
