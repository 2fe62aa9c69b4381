"""The texts that are spoken: ``sentences.toml``, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Corpus:
    """The sentences of one language.

    Attributes:
        language: contract code.
        voices: native voices that read them.
        lines: the sentences as typed.
    """

    language: str
    voices: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence of a language that is spoken but not judged."""

    language: str
    voice: str
    text: str


@cache
def corpora() -> tuple[Corpus, ...]:
    """Return the judged languages, English first."""
    return tuple(
        Corpus(language, tuple(entry["voices"]), tuple(entry["lines"]))
        for language, entry in _document().items()
        if language != "phrases"
    )


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return a sentence of each other language."""
    entries = _document()["phrases"]
    return tuple(Phrase(language, voice, text) for language, (voice, text) in entries.items())


def corpus(language: str) -> Corpus:
    """Return the sentences of a judged language."""
    return next(entry for entry in corpora() if entry.language == language)


def passages(language: str, sentences: int = 2) -> tuple[str, ...]:
    """Join every ``sentences`` lines of a language: two make about ten seconds of speech."""
    lines = corpus(language).lines
    groups = [lines[at : at + sentences] for at in range(0, len(lines), sentences)]
    return tuple(" ".join(group) for group in groups if len(group) == sentences)


@cache
def _document() -> dict[str, dict[str, list[str]]]:
    document = files("groundswell.bench") / "sentences.toml"
    table: dict[str, dict[str, list[str]]] = tomllib.loads(document.read_text("utf-8"))
    return table
