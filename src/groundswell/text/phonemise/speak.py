"""Text of one language, perhaps with words of others in it → phonemes with their word map."""

from collections.abc import Iterable, Iterator

from groundswell.text.languages import LANGUAGES, reader_of
from groundswell.text.phonemise import chinese, english, espeak, japanese
from groundswell.text.phonemise.pieces import Piece, Spoken, assemble
from groundswell.text.scripts import script_of


def speak(text: str, language: str, british: bool) -> Spoken:
    """Phonemise cleaned text of at most a few hundred characters.

    Args:
        text: cleaned text (``clean.clean``).
        language: concrete code; words in a script it does not use are read by a language that
            does (English inside Hindi, Hindi inside English).
        british: accent of whatever English is in it.

    """
    found: list[Piece] = []
    for start, end, reader in spans(text, language):
        found.extend(
            Piece(p.start + start, p.end + start, p.phonemes, p.word)
            for p in _pieces(text[start:end], reader, british)
        )
    return assemble(found)


def spans(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Cut text into stretches of one reader each: (start, end, language).

    Digits and marks go with the letters of their own word ("MP3"); a word without letters ("42")
    is read in the language asked for.
    """
    start = at = 0
    current: str | None = None
    while at < len(text):
        begin = at
        while at < len(text) and text[at].isspace():
            at += 1
        word = at
        while at < len(text) and not text[at].isspace():
            at += 1
        for first, reader in _word_readers(text, word, at, language):
            if current is not None and reader != current:
                cut = begin if first == word else first
                if cut > start:
                    yield start, cut, current
                start = cut
            current = reader
    if start < len(text):
        yield start, len(text), current or language


def _word_readers(text: str, start: int, end: int, language: str) -> Iterable[tuple[int, str]]:
    """Readers inside one word, each with where it begins."""
    found: list[tuple[int, str]] = []
    for at in range(start, end):
        script = script_of(text[at])
        if script is None:
            continue
        reader = reader_of(script, language)
        if not found:
            found.append((start, reader))
        elif reader != found[-1][1]:
            found.append((at, reader))
    return found or [(start, language)]


def load(language: str, *, british: bool = False) -> None:
    """Load what a language needs before its first word."""
    match LANGUAGES[language].phonemiser:
        case "english":
            english.load(british=british)
        case "japanese":
            japanese.load()
        case "chinese":
            chinese.load()
        case _:
            espeak.espeak().ipa(["a"], LANGUAGES[language].voice)


def _pieces(text: str, language: str, british: bool) -> list[Piece]:
    match LANGUAGES[language].phonemiser:
        case "english":
            return english.pieces(text, british=british)
        case "japanese":
            return japanese.pieces(text)
        case "chinese":
            return chinese.pieces(text)
        case _:
            return espeak.pieces(text, language)
