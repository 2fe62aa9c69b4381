"""Text that arrives in fragments, released in pieces worth speaking.

A language model sends words or parts of words; speech wants sentences. ``feed`` returns what may be
spoken now: up to the last sentence end that is certain, and sooner for the very first piece, since
until then there is silence.

Some clients send whole sentences instead, with no space between. A fragment of several words is
taken for one of those: it is certain to end where it ends, and is set apart from what came before.

An inline control (``markup``) is never parted: what stands from the beginning of an open one on is
held until it ends, or proves too long to be one.
"""

import re

from groundswell.text.markup import unfinished

_SENTENCE_END = re.compile(r"""(?:[.!?…]+["'”’)\]]*\s+|[。！？।॥؟]+["'”’)\]」』]*\s*|\n\s*)""")
_WHOLE_SENTENCE = re.compile(r"""\s*\S+\s(?:.*[^\d\s])?[.!?…।॥。！？]["'”’)\]]*\s*""", re.DOTALL)
_CLOSERS = tuple(".!?…।॥。！？\"'”’)]")
_CLAUSE_END = re.compile(r"(?:[,;:—–]\s+|[，、；：]\s*)")
_ABBREVIATION = re.compile(
    r"(?:^|\s)(?:[A-Za-z]|Dr|Mr|Mrs|Ms|Prof|St|No|vs|etc|e\.g|i\.e|Sr|Sra|डॉ|श्री)\.\s+$"
)

FIRST_PIECE = 40
"""Characters from which the first piece may end at a clause."""
LONG_PIECE = 200
"""Characters from which any piece may end at a clause, or else between words."""


class TextBuffer:
    """Fragments of one turn that have not been released yet."""

    def __init__(self) -> None:
        self._held = ""
        self._released_any = False

    def __len__(self) -> int:
        """Characters held."""
        return len(self._held)

    @property
    def speakable(self) -> bool:
        """Whether anything but white space is held."""
        return bool(self._held.strip())

    def feed(self, fragment: str) -> str:
        """Add a fragment; returns what is released by it, possibly nothing."""
        sentence = _WHOLE_SENTENCE.fullmatch(fragment) is not None
        if sentence and self._apart(fragment[0]):
            self._held += " "
        self._held += fragment
        cut = len(self._held) if sentence and not self._abbreviated() else self._cut()
        cut = unfinished(self._held[:cut])
        released, self._held = self._held[:cut], self._held[cut:]
        self._released_any = self._released_any or bool(released.strip())
        return released

    def release(self, last: str = "") -> str:
        """Add a last fragment and return all that is held."""
        released, self._held = self._held + last, ""
        self._released_any = self._released_any or bool(released.strip())
        return released

    def _apart(self, first: str) -> bool:
        """Whether a sentence that begins with this character begins a new word."""
        last = self._held[-1:]
        return bool(last.strip()) and (first.isupper() or (last in _CLOSERS and first.isalpha()))

    def _abbreviated(self) -> bool:
        return _ABBREVIATION.search(self._held[-12:].rstrip() + " ") is not None

    def _cut(self) -> int:
        cut = 0
        for end in _SENTENCE_END.finditer(self._held):
            if not _ABBREVIATION.search(self._held[max(0, end.end() - 12) : end.end()]):
                cut = end.end()
        enough = LONG_PIECE if self._released_any else FIRST_PIECE
        if cut or len(self._held) < enough:
            return cut
        clauses = [
            end.end() for end in _CLAUSE_END.finditer(self._held) if end.end() >= enough // 2
        ]
        if clauses:
            return clauses[-1]
        return self._held.rfind(" ") + 1 if len(self._held) >= LONG_PIECE else 0
