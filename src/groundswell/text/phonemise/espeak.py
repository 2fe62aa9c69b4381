"""espeak-ng, bound through ctypes: one instance for the process, behind a lock.

The library keeps its voice and its translator in globals and is not thread-safe. Text goes in
clause by clause (``espeak.h``: ``espeak_TextToPhonemes`` moves the pointer on and sets it to NULL
at the end); punctuation never goes in, because espeak would drop it and Kokoro wants it.
"""

import ctypes
import re
import threading
from collections.abc import Sequence

from groundswell.errors import ModelUnavailable
from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise.align import align
from groundswell.text.phonemise.orthography import respelled
from groundswell.text.phonemise.pieces import Piece
from groundswell.text.phonemise.punctuation import Run, runs
from groundswell.text.phonemise.symbols import from_espeak

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: no audio device is opened
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report trouble instead of ending the process
_UTF8 = 1
_IPA_TIED = 0x02 | 0x80 | ord("^") << 8  # IPA, '^' inside letters that are one phoneme
_MAX_PATH = 160  # N_PATH_HOME_DEF: espeak copies its data path into a buffer of this size
_MAX_ROUNDS = 1000
_SWITCH = re.compile(r"\([a-z^-]*\)")  # "(en)…(hi)": espeak changed its voice inside a clause


class Espeak:
    """The library with its data loaded.

    Raises:
        ModelUnavailable: the library or its data cannot be loaded.

    """

    def __init__(self) -> None:
        import espeakng_loader

        library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        remedy = "Reinstall espeakng-loader."
        if len(data.encode()) >= _MAX_PATH:
            raise ModelUnavailable(data, "this path is too long for espeak-ng", remedy)
        try:
            self._lib = ctypes.CDLL(library)
        except OSError as error:
            raise ModelUnavailable(library, f"cannot be loaded ({error})", remedy) from error
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_TextToPhonemes.argtypes = [
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
        ]
        rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DONT_EXIT)
        if rate <= 0:
            raise ModelUnavailable(data, "espeak-ng cannot use its data", remedy)
        self._lock = threading.Lock()
        self._voice = ""

    def ipa(self, texts: Sequence[str], voice: str) -> list[str]:
        """IPA of each text, voice switch flags taken out, clauses joined by a space.

        Raises:
            ModelUnavailable: the data has no such voice.

        """
        with self._lock:
            if voice != self._voice:
                self._voice = ""
                if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
                    raise ModelUnavailable("espeak-ng-data", f"no voice {voice!r}", "")
                self._voice = voice
            return [self._one(text) for text in texts]

    def _one(self, text: str) -> str:
        buffer = text.replace("\0", " ").encode("utf-8", "ignore")
        pointer = ctypes.c_char_p(buffer)
        clauses: list[str] = []
        for _ in range(_MAX_ROUNDS):
            if pointer.value is None:
                break
            out = self._lib.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA_TIED)
            clauses.append((out or b"").decode("utf-8", "replace"))
        return " ".join(" ".join(_SWITCH.sub("", clause).split()) for clause in clauses).strip()


_instance: Espeak | None = None
_instance_lock = threading.Lock()


def espeak() -> Espeak:
    """Give the process's one instance."""
    global _instance  # noqa: PLW0603  the library itself is a process-wide global
    if _instance is None:
        with _instance_lock:
            if _instance is None:
                _instance = Espeak()
    return _instance


def pieces(text: str, language: str) -> list[Piece]:
    """Phonemise text of one of espeak's languages, word by word in its context."""
    out: list[Piece] = []
    for run in runs(text, language):
        if run.symbols is not None:
            out.append(Piece(run.start, run.end, run.symbols))
        else:
            out.extend(_clause(text, run, language))
    return out


def _clause(text: str, run: Run, language: str) -> list[Piece]:
    """Phonemise a stretch without punctuation, and share its phonemes out over its words."""
    clause = text[run.start : run.end]
    asked = respelled(clause, language)
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", clause)]
    if not words:
        return [Piece(run.start, run.end, " ")]
    voice = LANGUAGES[language].voice
    spoken = from_espeak(espeak().ipa([asked], voice)[0], language)
    if len(words) == 1 or len(spoken.split()) == len(words):
        shares = [spoken] if len(words) == 1 else spoken.split()
    else:
        alone = espeak().ipa(asked.split(), voice)
        shares = align(spoken, [from_espeak(ipa, language) for ipa in alone])
    out: list[Piece] = []
    at = 0
    for (start, end), share in zip(words, shares, strict=True):
        if start > at:
            out.append(Piece(run.start + at, run.start + start, " "))
        out.append(Piece(run.start + start, run.start + end, share))
        at = end
    if at < len(clause):
        out.append(Piece(run.start + at, run.end, " "))
    return out
