"""Japanese: misaki's Cutlet (MeCab with unidic-lite, readings to Kokoro's symbols).

``misaki.ja`` is not imported: it wants pyopenjtalk, which has to be compiled. Cutlet gives no
pitch accent, as Kokoro's own fallback path.
"""

import logging
import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from groundswell.text.phonemise.pieces import Piece
from groundswell.text.phonemise.punctuation import Run, runs
from groundswell.text.phonemise.rewrite import Rewrite, add_word

logger = logging.getLogger(__name__)

_lock = threading.Lock()  # MeCab's tagger reuses one lattice
_reader: Any = None

_TOKENS = re.compile(r"\d+|[〜～]|\D")
_SAID: dict[str, str] = {
    "%": "パーセント",
    "％": "パーセント",
    "&": "アンド",
    "+": "プラス",
    "=": "イコール",
    "@": "アット",
    "#": "シャープ",
    "/": "スラッシュ",
    "$": "ドル",
    "€": "ユーロ",
    "£": "ポンド",
    "¥": "えん",
    "₹": "ルピー",
    "°": "ど",
    "℃": "ど",
    ".": "てん",
    "-": "の",
}


def load() -> None:
    """Load MeCab's dictionary and Cutlet (0.25 s, 24 MB)."""
    with _lock:
        _get()


def pieces(text: str) -> list[Piece]:
    """Phonemise Japanese; the words are MeCab's, grouped by misaki's word list."""
    out: list[Piece] = []
    for run in runs(text, "ja"):
        if run.symbols is not None:
            glue = " " if run.symbols in {".", ",", "?", "!", ":", ";", "…", ")", "”"} else ""
            lead = " " if run.symbols in {"(", "“"} else ""
            out.append(Piece(run.start, run.end, lead + run.symbols + glue))
        else:
            out.extend(_words(text, run))
    return out


def _words(text: str, run: Run) -> list[Piece]:
    new = _rewritten(text, run)
    with _lock:
        try:
            read = _get().read(new.text)
        except Exception:
            logger.warning("Cutlet cannot read a stretch of Japanese", exc_info=True)
            read = _one_by_one(new.text)
    # MeCab's words may reach over spaces, so they are looked up in the text without.
    solid = [at for at, char in enumerate(new.text) if not char.isspace()]
    compact = "".join(new.text[at] for at in solid)
    out: list[Piece] = []
    at = 0
    for typed, phonemes, space in read:
        surface = "".join(typed.split())
        found = compact.find(surface, at)
        if found < 0 or not surface:
            continue
        at = found + len(surface)
        start, end = new.span(solid[found], solid[at - 1] + 1)
        if phonemes.startswith("ʔ") and out and out[-1].phonemes == " ":
            out.pop()
        add_word(out, text, Piece(start, end, phonemes, word=True))
        if space and not phonemes.endswith("ʔ"):
            out.append(Piece(end, end, " "))
    return out


def _rewritten(text: str, run: Run) -> Rewrite:
    """Digits as kana, signs as words, forms normalised: what MeCab and Cutlet can read."""
    from misaki.num2kana import Convert

    reader = _get_unlocked()
    new = Rewrite()
    for match in _TOKENS.finditer(text, run.start, run.end):
        sign, start, end = match.group(), match.start(), match.end()
        before = text[start - 1 : start].isdecimal()
        after = text[end : end + 1].isdecimal()
        if sign.isdecimal():
            try:
                new.add(Convert(str(int(sign))), start, end)
            except (KeyError, IndexError, ValueError):
                new.add("".join(Convert(str(int(digit))) for digit in sign), start, end)
        elif sign == "," and before and after:
            continue
        elif sign in "〜～" and after:
            new.add("から", start, end)
        elif sign in ".-":
            new.add(_SAID[sign] if before and after else " ", start, end)
        elif sign in _SAID:
            new.add(_SAID[sign], start, end)
        elif sign.isascii() or not (sign.isalnum() or unicodedata.category(sign)[0] == "M"):
            new.add(" ", start, end)
        else:
            new.add(reader._normalize_text(sign), start, end)
    return new


def _one_by_one(text: str) -> list[tuple[str, str, bool]]:
    """Read character by character what fails as a whole."""
    out: list[tuple[str, str, bool]] = []
    for char in text:
        try:
            out.extend(_reader.read(char))
        except Exception:
            logger.warning("no Japanese reading for %r", char)
    return out


def _get_unlocked() -> Any:
    with _lock:
        return _get()


def _get() -> Any:
    global _reader  # noqa: PLW0603  one tagger for the process
    if _reader is None:
        _reader = _build()
    return _reader


def _build() -> Any:
    import jaconv
    from misaki.cutlet import Cutlet, Word

    class Reader(Cutlet):  # type: ignore[misc]  # misaki has no types
        _normalize_text = lru_cache(maxsize=16384)(Cutlet._normalize_text)

        def read(self, text: str) -> list[tuple[str, str, bool]]:
            """Words as (surface, phonemes, whether a space follows)."""
            words = [
                Word(
                    w.surface,
                    jaconv.kata2hira(w.feature.pron or w.feature.kana or w.surface),
                    6 if w.char_type == 7 or not w.is_unk else w.char_type,
                )
                for w in self.tagger(text)
            ]
            self.seen: list[str] = []
            tokens = self._romaji_tokens(words)
            return [
                (surface, token.surface, token.space)
                for surface, token in zip(self.seen, tokens, strict=True)
            ]

        def _romaji_word(self, word: Any) -> str:
            self.seen.append(word.surface)
            spoken: str = super()._romaji_word(word)
            return spoken

    return Reader()
