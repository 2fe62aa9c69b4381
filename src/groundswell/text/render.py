"""A sentence of cleaned text → its spoken form.

What says otherwise than typed, strongest first: controls in the text, pronunciation dictionaries,
normalisation. Everything else is said as typed, apart from symbols that nobody can say and runs
that nobody could read at a stretch. Text that normalisation fails on is read without it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import inf

from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.guests import guests
from groundswell.text.normalise import NormaliseOptions, Reading, read
from groundswell.text.normalise import spoken as read_out
from groundswell.text.phonemise.punctuation import MARKS
from groundswell.text.scripts import UNSPACED, script_of
from groundswell.text.spoken_form import Stretch

MAX_DIGITS = 15  #: a longer number that nothing has read is read digit by digit
MAX_WORD = 48  #: a longer run without a space is broken
MAX_TURNS = 10  #: changes between letters, capitals, digits and signs after which a run is broken

_KEPT_SYMBOLS = frozenset("°©®™℃℉^")
_BREAK_AFTER = frozenset("-/._,:;=&?@")
_CLAUSE = frozenset(",;!?")
_LONG_RUN = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_DIGIT_RUN = re.compile(r"\d[\d.,]*")
_MAX_SHARING = 20_000  # typed words x said words^2 up to which a spoken form is shared out
_KEPT_WORD = 100.0  # what it is worth, in letters, that a word keeps its own
_GROUP = 4.0  # that a share ends with a group of digits
_DIGIT = 4  # letters that say a digit
_LETTER = 3  # letters that say a letter by its name
_OPENERS = frozenset("([{“‘\"'«„¿¡")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is to be read.

    Args:
        normalise: options of normalisation.
        dictionary: words with a pronunciation of their own.
        language: contract code, or ``auto``.

    """

    normalise: NormaliseOptions
    dictionary: Dictionary = NO_DICTIONARY
    language: str = "en"


def render(
    text: str, start: int, end: int, language: str, fixed: Sequence[Stretch], manner: Manner
) -> list[Stretch]:
    """Say what is said for ``text[start:end]``, all of one language.

    Args:
        text: cleaned text.
        start: first character.
        end: one past the last.
        language: contract code.
        fixed: what controls prescribe in there; in order, disjoint.
        manner: dictionary and options.

    Returns:
        stretches that cover it, in order.

    """
    taken = _with_dictionary(text, start, end, language, fixed, manner)
    out: list[Stretch] = []
    at = start
    for stretch in _read_around(text, start, end, language, taken, manner.normalise):
        _add_typed(out, text, at, stretch.start, language)
        _add(out, text, stretch)
        at = stretch.end
    _add_typed(out, text, at, end, language)
    return out


def _with_dictionary(
    text: str,
    start: int,
    end: int,
    language: str,
    fixed: Sequence[Stretch],
    manner: Manner,
) -> list[Stretch]:
    found = list(fixed)
    for match in manner.dictionary.find(text[start:end]):
        low, high = match.start + start, match.end + start
        if any(each.start < high and low < each.end for each in fixed):
            continue
        # A respelling is text: its own numbers are read, its words not looked up again.
        respelled = match.replacement
        said = text[low:high] if match.ipa else read_aloud(respelled, language, manner.normalise)
        phonemes = match.replacement if match.ipa else None
        found.append(Stretch(low, high, said, language, f"dictionary: {match.entry}", phonemes))
    return sorted(found, key=lambda each: each.start)


def _read_around(
    text: str,
    start: int,
    end: int,
    language: str,
    taken: list[Stretch],
    options: NormaliseOptions,
) -> list[Stretch]:
    """Add to what is taken the readings of the rest.

    The whole is read at once, so that a number sees the word before it. Of a reading that a taken
    stretch cuts into, the remains are read by themselves.
    """
    out: list[Stretch] = []
    at = 0  # first taken stretch that does not end before the reading
    for reading in _readings(text[start:end], language, options):
        low, high = reading.start + start, reading.end + start
        while at < len(taken) and taken[at].end <= low:
            at += 1
        if at == len(taken) or taken[at].start >= high:
            out.append(_stretch(reading, start, language))
            continue
        for stretch in taken[at:]:
            if stretch.start >= high:
                break
            out += _remains(text, low, stretch.start, language, options)
            low = max(low, stretch.end)
        out += _remains(text, low, high, language, options)
    if out and _takes_the_stop(text, out[-1], end):
        out[-1] = replace(out[-1], spoken=f"{out[-1].spoken}.")
    return sorted(taken + out, key=lambda each: each.start) if taken else out


def _takes_the_stop(text: str, last: Stretch, end: int) -> bool:
    """Whether the dot of an abbreviation also ends the sentence ("at 5 p.m.", "250 kr.")."""
    said = last.spoken[-1:].isalnum() and text[last.end - 1] == "."
    return said and not text[last.end : end].strip()


def _remains(
    text: str, start: int, end: int, language: str, options: NormaliseOptions
) -> list[Stretch]:
    if start >= end:
        return []
    found = _readings(text[start:end], language, options)
    return [_stretch(each, start, language) for each in found]


def _readings(text: str, language: str, options: NormaliseOptions) -> list[Reading]:
    """Normalise; text that normalisation fails on is said as typed, so that speech goes on.

    A fault of ours is no reason to refuse a text. ``normalise.read`` itself raises it.
    """
    try:
        return read(text, language, options)
    except Exception:
        return []


def read_aloud(text: str, language: str, options: NormaliseOptions) -> str:
    """Put a whole text into its spoken form; what normalisation fails on stays as typed."""
    try:
        return read_out(text, language, options)
    except Exception:
        return text


def _stretch(reading: Reading, offset: int, language: str) -> Stretch:
    return Stretch(
        reading.start + offset,
        reading.end + offset,
        reading.spoken,
        reading.language or language,
        reading.rule,
    )


def _add(out: list[Stretch], text: str, stretch: Stretch) -> None:
    """Append a stretch not as typed, word by word where that can be told, set off by spaces."""
    if out and _touches(out[-1].spoken[-1:], stretch.spoken[:1]):
        out.append(Stretch(stretch.start, stretch.start, " ", stretch.language))
    if stretch.phonemes is not None:
        out.append(stretch)
        return
    spoken = " ".join(stretch.spoken.split())
    if len(spoken) > MAX_WORD:
        spoken = _LONG_RUN.sub(lambda run: _in_runs(run.group()), spoken)
    out.extend(divided(text, replace(stretch, spoken=spoken)))


def _touches(before: str, after: str) -> bool:
    """Whether two neighbours would run into one word."""
    if not before or not after or before.isspace() or after.isspace() or before in _OPENERS:
        return False
    if script_of(before) in UNSPACED or script_of(after) in UNSPACED:
        return False
    return after.isalnum() or unicodedata.category(after)[0] == "M"


def _in_runs(run: str) -> str:
    if script_of(run[0]) in UNSPACED:
        return run
    return " ".join(run[at : at + MAX_WORD] for at in range(0, len(run), MAX_WORD))


def divided(text: str, stretch: Stretch) -> Iterator[Stretch]:
    """Share a spoken form out over the typed words it says, in their order.

    "5 km" is "five" and "kilometres". With fewer words said than typed ("1 000 000"), or in another
    order ("Rs. 500"), it stays one.
    """
    typed = [(m.start(), m.end()) for m in re.finditer(r"\S+", text[stretch.start : stretch.end])]
    said = stretch.spoken.split(" ")
    words = [text[stretch.start + a : stretch.start + b] for a, b in typed]
    size = len(words) * len(said) ** 2
    turned = stretch.rule == "money" and words and not any(map(str.isdecimal, words[0]))
    if len(typed) < 2 or len(said) < len(typed) or size > _MAX_SHARING or turned:
        yield stretch
        return
    at, before = 0, stretch.start
    for (low, high), stop in zip(typed, _shares(words, said), strict=True):
        if at:
            yield Stretch(before, stretch.start + low, " ", stretch.language)
        share = replace(
            stretch,
            start=stretch.start + low if at else stretch.start,
            end=stretch.end if stop == len(said) else stretch.start + high,
            spoken=" ".join(said[at:stop]),
        )
        yield share
        at, before = stop, share.end


def _shares(typed: list[str], said: list[str]) -> list[int]:
    """Where in ``said`` each typed word's share ends: every share near the length expected of it.

    A typed word that is said as it is keeps its word.
    """
    weights = [_weight(word) for word in typed]
    sizes = [max(len(word), _LETTER) for word in said]
    scale = sum(sizes) / sum(weights)
    lengths = [0, *accumulate(sizes)]
    plain = [word.strip(".,;:()").casefold() for word in typed]
    folded = [word.casefold() for word in said]
    nothing: tuple[float, tuple[int, ...]] = (inf, ())
    best = [(0.0, ()), *[nothing] * len(said)]
    for which, weight in enumerate(weights):
        row = [nothing] * (len(said) + 1)
        for stop in range(which + 1, len(said) - (len(typed) - which - 1) + 1):
            for begin in range(which, stop):
                before, ends = best[begin]
                cost = before + abs(lengths[stop] - lengths[begin] - weight * scale)
                if plain[which] in folded[begin:stop]:
                    cost -= _KEPT_WORD
                if said[stop - 1].endswith(","):  # digits in groups, as typed
                    cost -= _GROUP
                if cost < row[stop][0]:
                    row[stop] = (cost, (*ends, stop))
        best = row
    return list(best[len(said)][1])


def _weight(typed: str) -> int:
    """How much there is to say for a typed word, in letters."""
    spelled = not any(char in "aeiouyAEIOUY" for char in typed) and typed.isascii()
    return sum(
        _DIGIT if char.isdecimal() else _LETTER if spelled and char.isalpha() else 1
        for char in typed
    )


def _add_typed(out: list[Stretch], text: str, start: int, end: int, language: str) -> None:
    """Append what is said as typed."""
    if start >= end:
        return
    if out and not out[-1].as_typed and _touches(out[-1].spoken[-1:], text[start]):
        out.append(Stretch(start, start, " ", language))
    at = start
    for low, high in guests(text, start, end, language):
        _add_own(out, text, at, low, language)
        out.append(Stretch(low, high, text[low:high], "en"))
        at = high
    _add_own(out, text, at, end, language)


def _add_own(out: list[Stretch], text: str, start: int, end: int, language: str) -> None:
    """Append words of the language itself."""
    at = start
    for low, high, new, rule in _changes(text, start, end):
        if low > at:
            out.append(Stretch(at, low, text[at:low], language))
        out.append(Stretch(low, high, new, language, rule))
        at = high
    if end > at:
        out.append(Stretch(at, end, text[at:end], language))


def _changes(text: str, start: int, end: int) -> list[tuple[int, int, str, str | None]]:
    """Symbols to fold or leave out, and spaces to break long runs with."""
    part = text[start:end]
    odd = {char: said for char in set(part) if (said := sifted(char)) != char}
    changes: list[tuple[int, int, str, str | None]] = [
        (at, at + 1, odd[text[at]], None if len(odd[text[at]]) == 1 else "symbol")
        for at in (range(start, end) if odd else ())
        if text[at] in odd
    ]
    if len(part) > MAX_TURNS and (breaks := _breaks(text, start, end)):
        spaces = ((at, at, " ", None) for at in breaks)
        changes = sorted([*changes, *spaces], key=lambda change: change[:2])
    return changes


@lru_cache(maxsize=8192)
def sifted(char: str) -> str:
    """Give what remains of a typed character for the phonemisers: itself, its letters, a space."""
    if char in "\u200c\u200d" or char in MARKS or char == "\n":
        return char
    category = unicodedata.category(char)
    if category in ("So", "Sk"):
        return char if char in _KEPT_SYMBOLS else " "
    if category[0] == "L" and script_of(char) is None:
        folded = unicodedata.normalize("NFKC", char)
        return folded if all(script_of(each) for each in folded) else " "
    if category[0] == "N" and not char.isdecimal():
        folded = unicodedata.normalize("NFKC", char).replace("\u2044", "/")
        return folded if folded != char else " "
    return " " if category[0] == "C" or category == "Me" or "\ufe00" <= char <= "\ufe0f" else char


def _breaks(text: str, start: int, end: int) -> list[int]:
    """Where a space breaks a run that is too long to read."""
    spelled = _spelled_digits(text, start, end)
    found: list[int] = []
    run = turns = kind = 0
    for at in range(start, end):
        char = text[at]
        unspaced = char.isspace() or script_of(char) in UNSPACED
        here = _kind(char)
        turns += here not in (0, kind)
        kind = here or kind
        too_long = (run >= MAX_WORD or turns > MAX_TURNS) and here
        at_break = run >= MAX_WORD - 8 and text[at - 1] in _BREAK_AFTER
        if at in spelled or (not unspaced and (too_long or at_break)):
            found.append(at)
            run = turns = 0
        turns = 0 if unspaced or char in _CLAUSE else turns
        run = 0 if unspaced else run + 1
    return found


@lru_cache(maxsize=8192)
def _kind(char: str) -> int:
    """Classify for counting turns; 0 for a mark, in front of which no break may fall."""
    category = unicodedata.category(char)
    if category[0] == "M":
        return 0
    if category[0] == "L":
        return 1 if char.isupper() else 2
    return 3 if category[0] == "N" else 4


def _spelled_digits(text: str, start: int, end: int) -> set[int]:
    """Find the positions before which a space makes an endless number read digit by digit."""
    found: set[int] = set()
    for run in _DIGIT_RUN.finditer(text, start, end):
        digits = [run.start() + at for at, char in enumerate(run.group()) if char.isdecimal()]
        if len(digits) > MAX_DIGITS:
            found.update(digits[1:])
    return found
