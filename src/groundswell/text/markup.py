"""Inline controls: pauses in brackets, and a subset of SSML, in plain text or inside ``<speak>``.

What is a control is taken out of the text by writing over it, so that every later index is still
one of the text as typed: spaces where it parts words, else ``SEAM``, which cleaning drops.

In plain text only a complete control counts: ``<break/>``, or a known element with its attribute
and its end tag. Everything else that has ``<`` or ``[`` in it is text. Inside ``<speak>`` the
text is XML: every tag must be known and closed, and ``&lt;`` and its like are characters.

Meanings are those of SSML 1.1 (https://www.w3.org/TR/speech-synthesis11/); ``docs/text.md`` has
the list.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from typing import Literal

from groundswell.errors import InvalidInput
from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise.ipa import from_ipa

MAX_PAUSE = 10.0  #: seconds of one pause; a longer one is cut to it
MAX_PAUSES = 60.0  #: seconds of all pauses of one text; what exceeds it is left out
SEAM = "\u2061"  #: stands for the characters of a tag inside a line
MIN_RATE, MAX_RATE = 0.25, 4.0  #: bounds of a rate before the request's speed

_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z-]*+)
        (?P<attributes>(?:\s++[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))*+)
        \s*+(?P<empty>/?)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PAUSE = re.compile(r"\[pause(?:[ :]\s?(?P<size>\d{1,6}(?:\.\d{1,6})?)\s?(?P<unit>ms|s))?\]", re.I)
_IGNORED = re.compile(r"<\?[^<>?]*+\?>|<!--[^<>]*?-->|<!DOCTYPE[^<>]*+>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_SPEAK = re.compile(r"\s*+(?:<\?[^<>?]*+\?>\s*+)?<speak[\s>]")
_BEGUN = re.compile(r"(?:</?|\[)([a-z-]*)", re.I)
_LAST_TAG = 600
"""Characters for which an open bracket may still become a control."""
_LAST_ELEMENT = 2000
"""Characters for which an open element is waited for."""
_FILLER = "\u2060"  # over a reference: a character that cleaning drops, too
_INLINE = frozenset({"sub", "say-as", "phoneme", "lang"})

_STRENGTH = {
    **{"none": 0.0, "x-weak": 0.1, "weak": 0.25},
    **{"medium": 0.5, "strong": 0.8, "x-strong": 1.2},
}
_RATE = {
    **{"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0},
    **{"fast": 1.25, "x-fast": 1.5},
}
_NEEDED = {
    "say-as": "interpret-as",
    "phoneme": "ph",
    "sub": "alias",
    "prosody": "rate",
    "lang": "xml:lang",
}
_KNOWN = frozenset({"speak", "break", "p", "s", *_NEEDED})
SAY_AS = frozenset(
    """characters spell-out verbatim cardinal number ordinal digits digit telephone phone date time
    currency money fraction unit address""".split()  # noqa: SIM905  a list of words, as prose
)

OverrideKind = Literal["say-as", "sub", "phoneme"]


@dataclass(frozen=True, slots=True)
class Override:
    """``text[start:end]`` is to be read as the tag around it says.

    Args:
        start: first character.
        end: one past the last.
        kind: the element.
        value: how to interpret it, its alias, or Kokoro's symbols.

    """

    start: int
    end: int
    kind: OverrideKind
    value: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where no segment may go on.

    Args:
        at: where in the text.
        seconds: silence asked for; None when only the boundary is marked.
        kind: what ends there: nothing in particular, a sentence, or a paragraph.

    """

    at: int
    seconds: float | None = None
    kind: Literal["", "sentence", "paragraph"] = ""


@dataclass(frozen=True, slots=True)
class Markup:
    """Text without its controls, and what they ask for; all indices are those typed.

    Args:
        text: as long as what was typed, written over where controls are.
        overrides: disjoint, in order.
        languages: disjoint stretches (start, end, code), in order.
        rates: disjoint stretches (start, end, factor), in order.
        breaks: in order.

    """

    text: str
    overrides: tuple[Override, ...] = ()
    languages: tuple[tuple[int, int, str], ...] = ()
    rates: tuple[tuple[int, int, float], ...] = ()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int
    end: int
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    closes: bool = False
    empty: bool = False

    def fault(self, problem: str) -> InvalidInput:
        """Blame this tag."""
        end = "/" if self.closes else ""
        return InvalidInput(
            f"<{end}{self.name[:40]}> at character {self.start}: {problem}.", field="text"
        )


def parse(text: str) -> Markup:
    """Find the controls of a text; linear in its length.

    Raises:
        InvalidInput: a control asks for what does not exist, or, inside ``<speak>``, markup is
            unknown or unbalanced; with the tag and its position.

    """
    if "<" not in text and "[" not in text:
        return Markup(text)
    document = _SPEAK.match(text) is not None
    tags = _document_tags(text) if document else _plain_tags(text)
    pairs = _paired(tags, strict=document)
    out = _Collector(text)
    for tag, end in pairs:
        out.add(tag, end)
    out.pauses(_PAUSE.finditer(text))
    if document:
        out.entities(_ENTITY.finditer(text))
        out.blanks.extend(m.span() for m in _IGNORED.finditer(text))
    return out.finish()


def unfinished(text: str) -> int:
    """Say where text begins that may yet become a control, or belongs to one still open.

    The length of the text when all of it is settled. For text that arrives in pieces: what this
    leaves open is held back, up to a bound.
    """
    size = len(text)
    if "<" not in text and "[" not in text:
        return size
    cut = size
    for bracket, closing, names in (("<", ">", _KNOWN), ("[", "]", {"pause"})):
        last = text.rfind(bracket)
        if last < 0 or size - last > _LAST_TAG or closing in text[last:]:
            continue
        begun = _BEGUN.match(text, last)
        if begun and _may_become(begun[1].lower(), begun.end() < size, names):
            cut = min(cut, last)
    open_tags: list[_Tag] = []
    for tag in _tags(text):
        if tag.name not in _KNOWN or tag.name == "break" or tag.empty:
            continue
        if not tag.closes:
            if tag.name == "speak" or _NEEDED.get(tag.name) is None or tag.attributes:
                open_tags.append(tag)
        elif any(each.name == tag.name for each in open_tags[-8:]):
            while open_tags.pop().name != tag.name:
                pass
    return min(
        [cut, *(tag.start for tag in open_tags if size - tag.start <= _LAST_ELEMENT)],
    )


def _may_become(name: str, ended: bool, names: Collection[str]) -> bool:
    """Whether a bracket and these letters begin a control."""
    return name in names if ended else any(known.startswith(name) for known in names)


def _tags(text: str) -> Iterator[_Tag]:
    for found in _TAG.finditer(text):
        attributes = {
            name: unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(found["attributes"])
        }
        yield _Tag(
            found.start(),
            found.end(),
            found["name"],
            attributes,
            bool(found["end"]),
            bool(found["empty"]),
        )


def _plain_tags(text: str) -> list[_Tag]:
    """Tags that mean something in plain text; a closing one only shows later whether it does."""
    found: list[_Tag] = []
    for tag in _tags(text):
        if tag.closes or tag.name in ("p", "s"):
            meant = True
        elif tag.name == "break":
            meant = tag.empty or bool(tag.attributes)
        else:  # "H<sub>2</sub>O" is no control; <prosody pitch> is one that we lack
            needed = _NEEDED.get(tag.name, "")
            meant = needed in tag.attributes or (tag.name == "prosody" and bool(tag.attributes))
        if tag.name in _KNOWN and tag.name != "speak" and meant:
            found.append(tag)
    return found


def _document_tags(text: str) -> list[_Tag]:
    """All tags of a document, which must be known, and nothing else with ``<`` in it."""
    found: list[_Tag] = []
    skipped = dict(m.span() for m in _IGNORED.finditer(text))
    by_start = {tag.start: tag for tag in _tags(text)}
    at = text.find("<")
    while at >= 0:
        tag = by_start.get(at)
        if at in skipped:
            at = text.find("<", skipped[at])
            continue
        if tag is None:
            raise InvalidInput(
                f"The '<' at character {at} begins no complete tag; inside <speak> write &lt;.",
                field="text",
            )
        if tag.name not in _KNOWN:
            known = ", ".join(sorted(_KNOWN))
            raise tag.fault(f"not supported; known tags: {known}")
        found.append(tag)
        at = text.find("<", tag.end)
    return found


def _paired(tags: list[_Tag], *, strict: bool) -> list[tuple[_Tag, _Tag]]:
    """Match opening tags with closing ones; an empty one with itself. In the order of opening."""
    pairs: list[tuple[_Tag, _Tag]] = []
    opened: list[_Tag] = []
    waiting: Counter[str] = Counter()
    for tag in tags:
        if tag.empty or (tag.name == "break" and not tag.closes):
            pairs.append((tag, tag))
        elif not tag.closes:
            opened.append(tag)
            waiting[tag.name] += 1
        elif tag.name == "break":
            pairs.append((tag, tag))
        elif not waiting[tag.name]:
            if strict:
                raise tag.fault("nothing is open that it could close")
        else:
            while True:
                last = opened.pop()
                waiting[last.name] -= 1
                if last.name == tag.name:
                    break
                if strict:
                    raise tag.fault(f"<{last.name}> at character {last.start} is still open")
            pairs.append((last, tag))
    if strict and opened:
        raise opened[-1].fault(f"it is never closed; end it with </{opened[-1].name}>")
    return sorted(pairs, key=lambda pair: pair[0].start)


class _Collector:
    """Gathers what the controls ask for."""

    def __init__(self, text: str) -> None:
        self.blanks: list[tuple[int, int]] = []
        self._text = text
        self._seams: list[tuple[int, int]] = []
        self._characters: list[tuple[int, int, str]] = []
        self._overrides: list[Override] = []
        self._languages: list[tuple[int, int, str]] = []
        self._rates: list[tuple[int, int, float]] = []
        self._breaks: list[Break] = []
        self._whole: _Tag | None = None

    def add(self, tag: _Tag, end: _Tag) -> None:
        """Take in one element, from its opening tag to its closing one."""
        if self._overrides and tag.start < self._overrides[-1].end:
            raise tag.fault("it stands inside an element that can only hold text")
        if self._whole is not None and tag.start > self._whole.end:
            raise tag.fault("it stands behind </speak>")
        covered = self._seams if tag.name in _INLINE else self.blanks
        covered += {(tag.start, tag.end), (end.start, end.end)}
        inside = (tag.end, end.start)
        match tag.name:
            case "speak":
                self._document(tag, end)
            case "break":
                if not tag.closes:
                    self._breaks.append(Break(tag.start, _break_seconds(tag)))
            case "p" | "s":
                kind: Literal["sentence", "paragraph"] = (
                    "paragraph" if tag.name == "p" else "sentence"
                )
                self._breaks += [Break(tag.start, None, kind), Break(end.start, None, kind)]
            case "lang":
                self._languages.append((*inside, _language(tag)))
            case "prosody":
                self._rates.append((*inside, _rate(tag)))
                self._breaks += [Break(inside[0]), Break(inside[1])]
            case "sub":
                self._override(tag, inside, "sub", tag.attributes.get("alias", ""))
            case "phoneme":
                self._override(tag, inside, "phoneme", _phonemes(tag))
            case "say-as":
                self._override(tag, inside, "say-as", _interpretation(tag))
            case _:
                raise tag.fault("not supported")

    def _document(self, tag: _Tag, end: _Tag) -> None:
        outside = self._text[: tag.start], self._text[end.end :]
        if tag.start == end.start or self._whole is not None:
            raise tag.fault("it must stand once, around the whole text")
        for part, where in zip(outside, (0, end.end), strict=True):
            rest = _IGNORED.sub("", part)
            if rest.strip():
                raise tag.fault(f"text stands outside it at character {where}")
        self._whole = end
        if "xml:lang" in tag.attributes:
            self._languages.append((tag.end, end.start, _language(tag)))

    def _override(self, tag: _Tag, inside: tuple[int, int], kind: OverrideKind, value: str) -> None:
        if _NEEDED[tag.name] not in tag.attributes:
            raise tag.fault(f"it needs the attribute {_NEEDED[tag.name]}")
        if self._text[slice(*inside)].strip():
            self._overrides.append(Override(*inside, kind, value))
        elif kind != "say-as":
            raise tag.fault("it holds no text for its words to stand at")

    def pauses(self, found: Iterator[re.Match[str]]) -> None:
        """Take in pauses in brackets; inside ``<sub>`` and the like they are text."""
        inside = [(each.start, each.end) for each in self._overrides]
        at = 0
        for pause in found:
            while at < len(inside) and inside[at][1] <= pause.start():
                at += 1
            if at < len(inside) and inside[at][0] < pause.end():
                continue
            seconds = float(pause["size"]) if pause["size"] else _STRENGTH["medium"]
            if (pause["unit"] or "").lower() == "ms":
                seconds /= 1000
            self.blanks.append(pause.span())
            self._breaks.append(Break(pause.start(), min(seconds, MAX_PAUSE)))

    def entities(self, found: Iterator[re.Match[str]]) -> None:
        """Take in characters written as references."""
        for entity in found:
            char = unescape(entity.group())
            if len(char) == 1:
                self._characters.append((*entity.span(), char))

    def finish(self) -> Markup:
        """Put it together."""
        covers = [(a, b, " " * (b - a)) for a, b in set(self.blanks)]
        covers += [(a, b, SEAM * (b - a)) for a, b in self._seams]
        covers += [(a, b, char + _FILLER * (b - a - 1)) for a, b, char in self._characters]
        parts: list[str] = []
        at = 0
        for start, end, cover in sorted(covers):
            if start < at:
                continue  # a reference inside a tag's attribute
            parts += [self._text[at:start], cover]
            at = end
        parts.append(self._text[at:])
        return Markup(
            "".join(parts),
            tuple(self._overrides),
            tuple(_flattened(self._languages)),
            tuple(_flattened_rates(self._rates)),
            tuple(_bounded(sorted(self._breaks, key=lambda each: each.at))),
        )


def _bounded(breaks: list[Break]) -> Iterator[Break]:
    left = MAX_PAUSES
    for each in breaks:
        seconds = None if each.seconds is None else min(each.seconds, left)
        left -= seconds or 0.0
        yield Break(each.at, seconds, each.kind)


def _flattened(nested: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Disjoint stretches of nested ones: the innermost counts."""
    for start, end, inside in _levels(nested):
        yield start, end, nested[inside[-1]][2]


def _flattened_rates(nested: list[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Disjoint stretches of nested ones: factors multiply."""
    for start, end, inside in _levels(nested):
        rate = 1.0
        for each in inside:
            rate = min(max(rate * nested[each][2], MIN_RATE), MAX_RATE)
        yield start, end, rate


def _levels(
    nested: list[tuple[int, int, str]] | list[tuple[int, int, float]],
) -> Iterator[tuple[int, int, list[int]]]:
    """Stretches between the edges of nested elements, with the elements around each."""
    edges = sorted({edge for each in nested for edge in each[:2]})
    stack: list[int] = []
    coming = 0
    for start, end in pairwise(edges):
        while stack and nested[stack[-1]][1] <= start:
            stack.pop()
        while coming < len(nested) and nested[coming][0] <= start:
            if nested[coming][1] > start:
                stack.append(coming)
            coming += 1
        if stack:
            yield start, end, stack[:_DEEPEST]


_DEEPEST = 16  # elements inside each other that are looked at


def _break_seconds(tag: _Tag) -> float:
    if "time" in tag.attributes:
        found = re.fullmatch(r"\+?(\d{0,6}(?:\.\d{1,6})?)\s?(ms|s)", tag.attributes["time"].strip())
        if not found or not found[1]:
            raise tag.fault('time must be like "500ms" or "1.5s"')
        return min(float(found[1]) / (1000 if found[2] == "ms" else 1), MAX_PAUSE)
    strength = tag.attributes.get("strength", "medium")
    if strength not in _STRENGTH:
        raise tag.fault(f"strength must be one of {', '.join(_STRENGTH)}")
    return _STRENGTH[strength]


def _rate(tag: _Tag) -> float:
    for attribute in tag.attributes:
        if attribute != "rate":
            raise tag.fault(f"{attribute[:40]} cannot be changed, only rate")
    given = tag.attributes.get("rate", "").strip()
    if given in _RATE:
        return _RATE[given]
    found = re.fullmatch(r"([+-]?)(\d{1,4}(?:\.\d{1,4})?)(%?)", given)
    if not found:
        raise tag.fault(f'rate must be one of {", ".join(_RATE)}, or like "80%", "+20%" or "1.2"')
    size = float(found[2]) / (100 if found[3] else 1)
    rate = {"": size, "+": 1 + size, "-": 1 - size}[found[1]]
    return min(max(rate, MIN_RATE), MAX_RATE)


def _language(tag: _Tag) -> str:
    given = tag.attributes.get("xml:lang")
    if given is None:
        raise tag.fault("it needs the attribute xml:lang")
    code = re.split("[-_]", given.strip().lower())[0]
    code = {"nb": "no", "nn": "no", "cmn": "zh"}.get(code, code)
    if code not in LANGUAGES:
        raise tag.fault(f"unknown language {given[:40]!r}")
    return code


def _phonemes(tag: _Tag) -> str:
    alphabet = tag.attributes.get("alphabet", "ipa")
    if alphabet != "ipa":
        raise tag.fault(f"unknown alphabet {alphabet[:40]!r}; only ipa is known")
    try:
        return from_ipa(tag.attributes.get("ph", "").strip("/[] "))
    except InvalidInput as error:
        raise tag.fault(f"ph: {str(error).rstrip('.')}") from None


def _interpretation(tag: _Tag) -> str:
    given = tag.attributes.get("interpret-as", "")
    if given not in SAY_AS:
        raise tag.fault(f"interpret-as must be one of {', '.join(sorted(SAY_AS))}")
    return given
