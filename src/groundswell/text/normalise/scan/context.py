"""What recognisers see: the text, its neighbourhood, and the language's ways of writing."""

# ruff: noqa: E501  word lists and patterns read better so

import re
from dataclasses import dataclass
from functools import cache, cached_property

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.currencies import CODES, SIGNS
from groundswell.text.normalise.grammar import Grammar
from groundswell.text.normalise.reading import NormaliseOptions
from groundswell.text.normalise.registry import grammar
from groundswell.text.normalise.units import SPELLINGS

_WINDOW = 48  # how far back words are looked for
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
_WORD_AFTER = re.compile(r"[ \u00a0\u202f-]([^\W\d_]+)")
_TRAILING_DASH = re.compile(r"(?<=[^\W\d_])\s?[-–]$")
_SENTENCE_END = re.compile(r"[!?;\n]|[.,](?=\s+\S)")


def either(words: "set[str] | frozenset[str] | dict[str, str] | dict[str, int]") -> str:
    """Regex for any of these strings, the longest first; matches nothing when there are none."""
    found = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, found)) + ")" if found else r"(?!)"


class Lexicon:
    """Patterns of one language, compiled once."""

    def __init__(self, table: Grammar) -> None:
        self.table = table

    @cached_property
    def number(self) -> re.Pattern[str]:
        """A number without sign: groups ``grouped``, ``fraction``, ``plain``, ``rest``."""
        group = re.escape(self.table.group + "\u00a0\u202f")
        point = re.escape(self.table.decimal)
        both = r"\d{1,3}(?:[,.’']\d{3}){1,6}[.,]\d{1,2}(?![\d])"
        spaced = r"[1-9]\d{0,2}(?: 000){1,4}(?! ?\d)|[1-9]\d?(?: \d{3}){2,4}(?! ?\d)"
        plain = r"[.,]" if self.table.decimal == "," else r"\."
        return re.compile(
            rf"(?P<grouped>\d{{1,3}}(?:[{group}]\d{{2,3}}){{0,6}}[{group}]\d{{3}})(?!\d)"
            rf"(?:{point}(?P<fraction>\d++))?|(?P<both>{both})|(?P<spaced>{spaced})|"
            rf"(?P<plain>\d++)(?:{plain}(?P<rest>\d++)(?![.]\d))?"
        )

    @cached_property
    def months(self) -> str:
        """Month names and abbreviations, with an optional dot."""
        return rf"(?P<month>{either(dict(self.table.months))})\b\.?"

    @cached_property
    def day_month(self) -> re.Pattern[str]:
        """Written "5 March 2025", "5-7 de marzo de 2025", "5th of March, 2025"."""
        ordinal = either(dict(self.table.ordinal_suffixes))
        return re.compile(
            rf"(?P<day>\d{{1,2}})(?P<suffix>{ordinal}|\.)?(?:\s?(?P<dash>[-–—/]|{either({self.table.to})})\s?"
            rf"(?P<to>\d{{1,2}})(?:{ordinal}|\.)?)?[\s\u00a0-]{{0,2}}"
            rf"(?:(?P<link>{either(set(self.table.date_links))})[\s\u00a0])?{self.months}"
            rf"(?:(?P<gap>,?[\s\u00a0-]+(?:{either(set(self.table.date_links))}[\s\u00a0])?)(?P<year>\d{{4}})(?![\d]|[.,]\d))?",
            re.IGNORECASE,
        )

    @cached_property
    def month_day(self) -> re.Pattern[str]:
        """Written "March 5th, 2025", "Mar. 5-7", "March 2025"."""
        ordinal = either(dict(self.table.ordinal_suffixes))
        return re.compile(
            rf"{self.months}[\s\u00a0]{{1,2}}(?:(?P<link>{either(set(self.table.date_links))})[\s\u00a0])?"
            rf"(?:(?P<year1>\d{{4}})(?![\d:]|[.,]\d)|(?P<the>the )?"
            rf"(?P<day>\d{{1,2}})(?![\d:]|[.,]\d)(?P<suffix>{ordinal})?(?![\w%])(?:\s?[-–—]\s?(?P<to>\d{{1,2}})(?!\d)(?P<suffix2>{ordinal})?)?"
            rf"(?:,?[\s\u00a0](?P<year2>\d{{4}})(?![\d:]|[.,]\d))?)",
            re.IGNORECASE,
        )

    @cached_property
    def clock(self) -> re.Pattern[str]:
        """A time of day: ``h``, ``sep``, ``m``, ``s`` and ``word`` ("Uhr")."""
        separator = f"[:{re.escape(self.table.time_separators)}]"
        words = either(set(self.table.hour_words))
        return re.compile(
            rf"(?P<h>\d{{1,2}})(?:(?P<sep>[ ]?{separator}[ ]?)(?P<m>[0-5]\d)"
            rf"(?::(?P<s>[0-5]\d)(?:[.,]\d+)?(?:Z(?!\w))?)?(?!\d|[.,:]\d))?(?:(?P<word>[ \u00a0]?{words})(?!\w))?"
        )

    @cached_property
    def half(self) -> re.Pattern[str]:
        """A marker of the half of the day, with dots or without."""
        dotted = {r"\.? ?".join(map(re.escape, key)) + r"\.?" for key in self.table.day_halves}
        found = "|".join(sorted(dotted, key=len, reverse=True)) or "(?!)"
        return re.compile(rf"[ \u00a0]?(?P<half>{found})(?![^\W_])", re.IGNORECASE)

    @cached_property
    def ordinal(self) -> re.Pattern[str]:
        """A figure with an ordinal ending."""
        group = re.escape(self.table.group.replace(" ", ""))
        return re.compile(
            rf"(?P<value>\d{{1,3}}(?:[{group or ','}]\d{{3}}){{1,3}}|\d{{1,12}})"
            rf"(?P<suffix>{either(dict(self.table.ordinal_suffixes))})(?![^\W_])",
            re.IGNORECASE,
        )

    @cached_property
    def dotted_ordinal(self) -> re.Pattern[str]:
        """A figure with a dot, before a word: "3. Platz"."""
        return re.compile(r"(?P<value>\d{1,4})(?P<dot>\.)[ \u00a0](?P<next>[^\W\d_]+)")

    @cached_property
    def magnitude(self) -> re.Pattern[str]:
        """A magnitude after a number, glued or after a space."""
        short = {key for key in self.table.magnitudes if len(key) <= 2 and key.isalpha()}
        long = set(self.table.magnitudes) - short
        return re.compile(
            rf"(?:(?P<short>{either(short)})|[\s\u00a0-]?(?P<long>{either(long)}))(?![^\W_])",
            re.IGNORECASE,
        )

    @cached_property
    def currency_signs(self) -> dict[str, str]:
        """Signs and typed words of currencies → code, the language's own first."""
        return {**SIGNS, **self.table.currency_signs}

    @cached_property
    def currency(self) -> re.Pattern[str]:
        """A currency sign or code before a number."""
        both = either(set(self.currency_signs) | CODES)
        return re.compile(rf"(?P<currency>{both})[ \u00a0]?(?=[-−–]?\.?\d)")

    @cached_property
    def currency_after(self) -> re.Pattern[str]:
        """A currency sign or code after a number."""
        return re.compile(
            rf"[ \u00a0]?(?P<currency>{either(set(self.currency_signs) | CODES)})(?![^\W_])"
        )

    @cached_property
    def unit(self) -> re.Pattern[str]:
        """A unit after a number, maybe "/" another."""
        units = either(set(SPELLINGS) | set(self.table.unit_spellings))
        return re.compile(
            rf"(?P<space>[ \u00a0\u202f-]?)(?P<unit>{units})(?![^\W_²³])"
            rf"(?:/(?P<per>{units}|[A-Za-z]{{2,8}})(?![^\W_]))?"
        )

    @cached_property
    def day_span(self) -> re.Pattern[str]:
        """A span of abbreviated days or months."""
        days = either(dict(self.table.short_days))
        return re.compile(rf"(?P<a>{days})\.?[ ]?[-–—/][ ]?(?P<b>{days})(?![^\W_])\.?")

    @cached_property
    def abbreviation(self) -> re.Pattern[str]:
        """Any abbreviation of the language's tables."""
        words = set(self.table.abbreviations) | set(self.table.before_name)
        # An Indian abbreviation's dot may stand right before the name: "डॉ.शर्मा".
        ends = "(?:(?<=[.])(?=[\u0900-\u0dff])|(?![^\\W_]))"
        words |= set(self.table.before_number)
        words |= {word[0].upper() + word[1:] for word in words if word.endswith(".")}
        return re.compile(either(words) + ends)

    @cached_property
    def suffixed_roman(self) -> re.Pattern[str]:
        """A roman numeral with an ordinal ending ("XXe")."""
        endings = self.table.roman_suffixes or "(?!)"
        return re.compile(rf"(?P<figure>[IVX]{{1,6}}){endings}(?![^\W_])")


@cache
def lexicon(language: str, british: bool) -> Lexicon:
    """Give the patterns of a language, those of a bare ``Grammar`` where it has none."""
    return Lexicon(grammar(language, british) or Grammar())


@dataclass(slots=True)
class Context:
    """A text being read.

    Args:
        text: as given, every digit of any script folded to ASCII; same length.
        lexicon: the language's patterns.
        options: how to read.
        shouted: most words are in capitals, so capitals mean nothing.

    """

    text: str
    lexicon: Lexicon
    options: NormaliseOptions
    shouted: bool = False

    @property
    def table(self) -> Grammar:
        """The language's grammar."""
        return self.lexicon.table

    def before(self, at: int, count: int = 3) -> list[str]:
        """Words before ``at`` in the same clause, lower case, the nearest first."""
        head = self.text[max(0, at - _WINDOW) : at].rstrip(" \u00a0#:(№'’\"“$€£=")
        head = _TRAILING_DASH.sub("", head)
        head = head[:-1] if head.endswith(".") else head
        for m in reversed(list(_SENTENCE_END.finditer(head))):
            head = head[m.end() :]
            break
        if head and not head[-1].isalpha():
            return [""]
        words = _WORD_BEFORE.findall(head)[-count:]
        return [word.casefold() for word in reversed(words)] or [""]

    def named_by(self, at: int) -> list[str]:
        """Words that may name the figure at ``at``: the nearest ones that are no fillers."""
        fillers = self.table.fillers
        words = self.before(at, 7)
        return [word for word in words if word not in fillers][:1] if words[0] else []

    def after(self, at: int) -> str:
        """Give the word right after ``at`` as typed, or empty."""
        m = _WORD_AFTER.match(self.text, at)
        return m[1] if m else ""

    def char(self, at: int) -> str:
        """Give the character at a position, empty outside the text."""
        return self.text[at] if 0 <= at < len(self.text) else ""

    def ends_word(self, at: int) -> bool:
        """Say whether no letter or digit goes on at ``at``."""
        return not self.char(at).isalnum()

    def quantity(self, at: int, *, signed: bool = False) -> tuple[t.Quantity, int] | None:
        """Parse the number at ``at`` with nothing but its own sign."""
        sign = ""
        if signed and self.char(at) in "-−–+±" and self.char(at) != "":
            sign = self.text[at].replace("−", "-").replace("–", "-")
            at += 1
        if self.char(at) == "." and self.char(at + 1).isdecimal():
            m = re.compile(r"\d+").match(self.text, at + 1)
            assert m
            return t.Quantity("0", m[0], sign), m.end()
        m = self.lexicon.number.match(self.text, at)
        if m is None:
            return None
        indian = m["grouped"] is not None and re.search(r",\d\d,", m["grouped"]) is not None
        return t.Quantity(*_parts(m), sign, indian=indian), m.end()


def _parts(m: re.Match[str]) -> tuple[str, str]:
    if m["grouped"]:
        return re.sub(r"\D", "", m["grouped"]), m["fraction"] or ""
    if m["both"]:
        whole, fraction = re.split(r"[.,](?=\d+$)", m["both"])
        return re.sub(r"\D", "", whole), fraction
    if m["spaced"]:
        return m["spaced"].replace(" ", ""), ""
    return m["plain"], m["rest"] or ""
