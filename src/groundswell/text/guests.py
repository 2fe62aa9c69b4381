"""English words inside a language that is written in the same letters.

Where scripts differ, the script tells. Spanish, Italian and Portuguese write so regularly that a
word of English is mostly known by letters they never put together ("meeting", "software"): such a
word is read as English if it is in the English dictionary. Languages whose spelling overlaps more
with English's (French, German, Dutch, …) have no such test, and read all words themselves.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

_WORD = re.compile(r"(?<![\w'’@./-])[A-Za-z]{4,20}(?![\w'’@/-]|\.\w)")
_ALIEN = {
    "es": re.compile(r"[kw]|[sct]h(?<!ch)|[pg]h|ck|oo|ss|tt|ff|pp|bb|[bcfghjkmpqtvw]$|ing$"),
    "it": re.compile(r"[jkwxy]|sh|th|ph|ck|oo|[bcfghmpqtvz]$|[^aeio]s$|ing$"),
    "pt": re.compile(r"[kwy]|[st]h|ph|ck|oo|tt|ff|pp|bb|[bcdfghjkpqtv]$|ing$"),
}
#: Words that these languages took over with their English sound, though their letters are native.
_TAKEN = frozenset({"email", "emails", "mail", "online", "offline", "update", "apps", "file"})


def guests(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the English words in a stretch of text of another language, in order."""
    alien = _ALIEN.get(language)
    if alien is None:
        return
    for word in _WORD.finditer(text, start, end):
        plain = word.group().lower()
        if plain in _TAKEN or (alien.search(plain) and plain in _english()):
            yield word.span()


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Words of the dictionary that English is read with."""
    data = resources.files("misaki.data").joinpath("us_gold.json")
    return frozenset(word for word in json.loads(data.read_text("utf-8")) if word.islower())
