"""Mandarin: jieba's words, pypinyin's readings, misaki's pinyin → IPA with tone arrows.

This is the path of Kokoro v1.0 (misaki's ``ZHG2P.legacy_call``), taken word by word to keep the
word map. Words are cut by jieba-rs: it finds those of jieba, in a quarter of its memory.
"""

import difflib
import logging
import re
import threading
from functools import lru_cache
from typing import Any

from groundswell.memory import release_freed
from groundswell.text.phonemise.pieces import Piece
from groundswell.text.phonemise.punctuation import Run, runs
from groundswell.text.phonemise.rewrite import Rewrite, add_word
from groundswell.text.scripts import script_of

logger = logging.getLogger(__name__)

_lock = threading.Lock()  # of the first use, which loads dictionaries
_loaded: dict[str, Any] = {}

_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_SAID: dict[str, str] = {
    "&": "和",
    "+": "加",
    "=": "等于",
    "@": "艾特",
    "%": "百分号",
    "％": "百分号",
    "$": "美元",
    "€": "欧元",
    "£": "英镑",
    "¥": "元",
    "₹": "卢比",
    "°": "度",
    "℃": "摄氏度",
    ".": "点",
    "〇": "零",
}
_NUMBER = re.compile(r"[0-9]")
_SYLLABIC = "\u0329"
# The marks of Kokoro's Mandarin (misaki's ``ZHG2P.retone``): tones as arrows, third tone first.
_MARKS = (
    ("˧˩˧", "↓"),
    ("˧˥", "↗"),
    ("˥˩", "↘"),
    ("˥", "→"),
    (f"ɻ{_SYLLABIC}", "ɨ"),
    (f"ɹ{_SYLLABIC}", "ɨ"),
    ("\u032f", ""),  # "not syllabic"
)


def load() -> None:
    """Load the dictionaries of words and readings (0.4 s, 90 MB)."""
    _get()


def pieces(text: str) -> list[Piece]:
    """Phonemise Mandarin; the words are jieba's."""
    out: list[Piece] = []
    for run in runs(text, "zh"):
        if run.symbols is not None:
            glue = " " if run.symbols not in {"(", "“"} else ""
            lead = " " if run.symbols in {"(", "“"} else ""
            out.append(Piece(run.start, run.end, lead + run.symbols + glue))
        else:
            out.extend(_words(text, run))
    return out


def _words(text: str, run: Run) -> list[Piece]:
    tools = _get()
    new = _rewritten(text[run.start : run.end], run.start)
    out: list[Piece] = []
    at = 0
    for word in tools["words"](new.text):
        start, end = new.span(at, at + len(word))
        at += len(word)
        spoken = "".join(_spoken(char_or_run) for char_or_run in _readings(word))
        add_word(out, text, Piece(start, end, spoken, word=bool(spoken)))
        out.append(Piece(end, end, " "))
    return out


def _rewritten(stretch: str, offset: int) -> Rewrite:
    """Numbers and signs as characters; cn2an's changes are laid beside what was typed."""
    stretch_said = stretch
    if _NUMBER.search(stretch):
        try:
            stretch_said = _get()["transform"](stretch, "an2cn")
        except Exception:
            logger.warning("cn2an cannot read a number", exc_info=True)
    new = Rewrite()
    blocks = difflib.SequenceMatcher(None, stretch, stretch_said, autojunk=False).get_opcodes()
    for _, a, b, c, d in blocks:
        if b - a == d - c:
            for step in range(b - a):
                char = stretch_said[c + step]
                said = _DIGITS.get(char) or _SAID.get(char, char)
                new.add(said, offset + a + step, offset + a + step + 1)
            continue
        said = "".join(_DIGITS.get(x) or _SAID.get(x, x) for x in stretch_said[c:d])
        new.add(said, offset + a, offset + b)
    return new


@lru_cache(maxsize=16384)
def _readings(word: str) -> tuple[str, ...]:
    """Pinyin with tone numbers, one for each character; nothing for a word not in Han."""
    if not any(script_of(char) == "han" for char in word):
        return ()
    tools = _get()
    return tuple(tools["pinyin"](word, style=tools["style"], neutral_tone_with_five=True))


@lru_cache(maxsize=4096)  # Mandarin has 1,300 syllables with their tones
def _spoken(reading: str) -> str:
    try:
        ipa = "".join(_marked(phoneme) for phoneme in _get()["ipa"](reading)[0])
    except (ValueError, AssertionError, KeyError, IndexError):
        # A character without a reading comes back as itself, and m̀ ǹg ê are no syllables to misaki.
        logger.warning("no Mandarin reading for %r", reading)
        return ""
    return ipa


def _marked(phoneme: str) -> str:
    for mark, ours in _MARKS:
        phoneme = phoneme.replace(mark, ours)
    if _SYLLABIC in phoneme:
        raise ValueError(phoneme)
    return phoneme


def _get() -> dict[str, Any]:
    if _loaded:
        return _loaded
    with _lock:
        if not _loaded:
            from cn2an import transform
            from misaki.transcription import pinyin_to_ipa
            from pypinyin import Style, lazy_pinyin
            from rjieba import cut

            cut("")  # jieba-rs builds its dictionary on first use
            _loaded.update(
                {
                    "transform": transform,
                    "ipa": pinyin_to_ipa,
                    "pinyin": lazy_pinyin,
                    "style": Style.TONE3,
                    "words": cut,
                }
            )
            release_freed()  # the dictionaries as they were read
    return _loaded
