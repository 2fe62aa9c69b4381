"""A spoken form → phonemes with their word map, each stretch by the reader of its language."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from groundswell.text.languages import LANGUAGES, reader_of
from groundswell.text.phonemise import chinese, english, espeak, japanese
from groundswell.text.phonemise.ipa import in_accent
from groundswell.text.phonemise.pieces import Piece, Spoken, assemble
from groundswell.text.scripts import script_of
from groundswell.text.spoken_form import SpokenForm


def speak(form: SpokenForm, begin: int, stop: int, *, british: bool) -> Spoken:
    """Phonemise ``form.text[begin:stop]``, at most a few hundred characters.

    Args:
        form: the spoken form of a sentence.
        begin: first character of it.
        stop: one past the last.
        british: accent of whatever English is in it.

    Returns:
        phonemes, with marks in cleaned text: one for each stretch not as typed, else one for each
        of the phonemiser's words.

    """
    found: list[Piece] = []
    for offset, language, given, text in _runs(form, begin, stop):
        if given is not None:
            english_ = LANGUAGES[language].phonemiser == "english"
            phonemes = in_accent(given, british=british) if english_ else given
            found.append(Piece(offset, offset + len(text), phonemes, said=text, language=language))
            continue
        for start, end, reader in spans(text, language):
            at = start
            if text[start].isspace():
                found.append(Piece(start + offset, start + offset, " "))
            for piece in _pieces(text[start:end], reader, british):
                upto = piece.end + start
                found.append(
                    Piece(
                        piece.start + start + offset,
                        upto + offset,
                        piece.phonemes,
                        piece.word,
                        text[at:upto],
                        reader,
                        piece.rule,
                    )
                )
                at = max(at, upto)
    return _within(assemble(found, form), form.position(begin), form.position(stop))


def _within(spoken: Spoken, low: int, high: int) -> Spoken:
    """Clip the marks of stretches that reach out of what is said here."""
    if all(low <= mark.start and mark.end <= high for mark in spoken.marks):
        return spoken
    marks = (
        replace(mark, start=min(max(mark.start, low), high), end=max(min(mark.end, high), low))
        for mark in spoken.marks
    )
    return Spoken(spoken.phonemes, tuple(marks))


def _runs(form: SpokenForm, begin: int, stop: int) -> Iterator[tuple[int, str, str | None, str]]:
    """Join neighbouring stretches that are read together: (offset, language, phonemes, text)."""
    cut = form.cut(begin, stop)
    numbered = (
        (offset, stretch, text, offset if stretch.phonemes is not None else -1)
        for offset, stretch, text in cut
    )
    for (language, _), group in groupby(numbered, lambda each: (each[1].language, each[3])):
        run = list(group)
        text = "".join(text for _, _, text, _ in run)
        if text:
            yield run[0][0], language, run[0][1].phonemes, text


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
