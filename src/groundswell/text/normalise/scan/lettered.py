"""Abbreviations, initials, acronyms and roman numerals."""

import re
from dataclasses import replace

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context
from groundswell.text.normalise.units import SPELLINGS

_ROMAN = re.compile(
    r"(?=[IVXLC])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![^\W_])"
)
_SMALL_ROMAN = re.compile(r"x{0,2}(?:ix|iv|vi{0,3}|i{1,3})(?!\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_DOTTED = re.compile(r"(?:[A-Z]\.[ ]?){2,6}(?![a-z])|(?:[A-Z]\.){1,5}[A-Z](?![^\W_])")
_CAPITALS = re.compile(
    r"(?P<letters>[A-Z]{2,8})(?P<ending>['’]?s|['’](?:d|ll|re|ve))?(?![^\W_]|[-&][A-Z0-9])"
)
_SMALL = re.compile(r"[a-z]{2,5}")
_AMPERSAND = re.compile(r"(?P<a>[A-Z]{1,4})&(?P<b>[A-Z]{1,3})(?P<ending>['’]?s)?(?![^\W_])")
_MIXED = re.compile(r"(?P<word>[A-Za-z]{2,12}?)(?P<ending>['’]?s)?(?![^\W_])")
_CHAIN = re.compile(r"(?P<letters>[A-Z]{2,6})(?=-[A-Za-z0-9])")


def known(cx: Context, word: str) -> bool:
    """Say whether a lower-case word without marks may be read otherwise than typed."""
    table = cx.table
    return (
        word in table.abbreviations
        or word in table.before_number
        or word in table.acronyms
        or word in SPELLINGS
        or word == "x"
        or _SMALL_ROMAN.fullmatch(word) is not None
        or table.spells(word)
    )


def per_unit(cx: Context, at: int) -> list[t.Found]:
    """Written "per km": a unit after the word that it is counted by."""
    m = _MIXED.match(cx.text, at)
    if m is None or cx.before(at)[0] != cx.table.per or cx.char(at - 1) != " ":
        return []
    noun = cx.table.units.get(SPELLINGS.get(m["word"], ""))
    return [t.Found(at, m.end(), t.Words(noun.forms[0]), "unit")] if noun else []


def consonants(cx: Context, at: int) -> list[t.Found]:
    """Small letters that cannot be a word: "npm", "pcm"."""
    m = _SMALL.match(cx.text, at)
    if (
        m is None
        or not (cx.ends_word(m.end()) or cx.char(m.end()) in "²³")
        or cx.char(at - 1).isalnum()
        or not cx.table.spells(m[0])
    ):
        return []
    if cx.char(at - 1) in ("'", "’", ".") or cx.char(m.end()) in ("'", "’"):
        return []
    return [t.Found(at, m.end(), t.Letters(m[0]), "letters")]


def abbreviation(cx: Context, at: int) -> list[t.Found]:
    """Written "Dr.", "etc.", "No. 5", "vs": by the language's tables and its ``expand``."""
    if cx.char(at - 1).isalnum() or cx.char(at - 1) in ("@", "#", "'", "’"):
        return []
    span = day_span(cx, at)
    if span:
        return span
    m = cx.lexicon.abbreviation.match(cx.text, at)
    if m is None:
        return []
    typed, end = m[0], m.end()
    if not cx.table.abbreviates(typed):
        typed = typed[0].lower() + typed[1:]
    if (
        not typed.endswith(".")
        and cx.char(end) in ("'", "’", "-", "&")
        and cx.char(end + 1).isalpha()
    ):
        return []
    said = cx.table.expand(
        typed, cx.before(at), cx.text[max(0, at - 24) : at], cx.text[end : end + 24]
    )
    return [t.Found(at, end, t.Words(said), "abbreviation")] if said is not None else []


def day_span(cx: Context, at: int) -> list[t.Found]:
    """Written "Mon-Fri", "Jan–Mar": both names in full."""
    if cx.char(at - 1).isalnum():
        return []
    m = cx.lexicon.day_span.match(cx.text, at)
    if m is None:
        return []
    first, second = cx.table.short_days[m["a"]], cx.table.short_days[m["b"]]
    out = [t.Found(m.start("a"), m.end("a"), t.Words(first), "day")]
    to = "" if cx.text[m.end("a") : m.start("b")].strip(" .") == "/" else cx.table.to
    out.append(t.Found(m.end("a"), m.start("b"), t.Words(to), "range"))
    return [*out, t.Found(m.start("b"), m.end("b"), t.Words(second), "day")]


def roman(cx: Context, at: int) -> list[t.Found]:
    """Written "Henry VIII", "World War II", "Chapter IV", "siglo XX": after words that number."""
    if cx.char(at - 1).isalnum() or cx.text[at] not in "IVXLCDMivx":
        return []
    m = _ROMAN.match(cx.text, at)
    if cx.text[at].islower():  # "Scene iii"
        m = _SMALL_ROMAN.match(cx.text, at) if cx.before(at)[0] in cx.table.numbered_words else None
        if m is None:
            return []
    if m is None or not m[0]:
        m = cx.lexicon.suffixed_roman.match(cx.text, at)
    if m is None or not m[0]:
        return []
    value, last = 0, 0
    figure = (m.groupdict().get("figure") or m[0]).upper()
    for char in reversed(figure):
        digit = _ROMAN_VALUES[char]
        value += digit if digit >= last else -digit
        last = max(last, digit)
    head = cx.text[max(0, at - 40) : at]
    if figure != m[0].upper():
        feminine = m[0].endswith(("re", "res"))
        return [t.Found(at, m.end(), t.Roman(value, True, feminine, suffixed=True), "roman")]
    token = cx.table.roman_token(figure, value, head, cx.after(m.end()))
    if token:
        after = cx.after(m.end()).casefold()
        token = replace(token, before=cx.before(at)[0], after=after)
    return [t.Found(at, m.end(), token, "roman")] if token else []


def initials(cx: Context, at: int) -> list[t.Found]:
    """Written "U.S.A.", "J. K. Rowling"."""
    if cx.char(at - 1).isalnum() or cx.char(at - 1) == ".":
        return []
    m = _DOTTED.match(cx.text, at)
    if m is None:
        return []
    end = at + len(m[0].rstrip(" "))
    letters = "".join(char for char in m[0] if char.isalpha())
    ending = re.compile(r"['’]?s(?![^\W_])").match(cx.text, end)
    if ending:
        return [
            t.Found(at, ending.end(), t.Letters(letters, ending[0].replace("’", "'")), "initials")
        ]
    return [t.Found(at, end, t.Letters(letters), "initials")]


def acronym(cx: Context, at: int) -> list[t.Found]:
    """Written "FBI", "CEOs", "AT&T", "PhD", "iOS": spelled, said, or left to be read."""
    if cx.char(at - 1).isalnum() or cx.char(at - 1) in ("'", "’"):
        return []
    m = _AMPERSAND.match(cx.text, at)
    if m:
        and_ = cx.table.signs.get("&", cx.table.and_)
        said = f"{cx.table.letters(m['a'])} {and_} {cx.table.letters(m['b'])}"
        return [t.Found(at, m.end(), t.Words(said + (m["ending"] or "")), "acronym")]
    m = _MIXED.match(cx.text, at)
    if m and m["word"] in cx.table.acronyms and not m["word"].isupper():
        said = cx.table.acronyms[m["word"]]
        if not said:
            return []
        return [t.Found(at, m.end(), t.Words(said + (m["ending"] or "")), "acronym")]
    m = _CAPITALS.match(cx.text, at)
    if m is None:
        chain = _CHAIN.match(cx.text, at)
        if chain and not cx.shouted and not cx.table.reads(chain["letters"]):
            return [t.Found(at, chain.end(), t.Letters(chain["letters"]), "letters")]
        return []
    letters = m["letters"]
    if cx.shouted and letters.casefold() in cx.table.common_words:
        return []
    if cx.table.emphasised(letters, cx.before(at)[0], cx.after(m.end())):
        return []
    if letters in cx.table.acronyms:
        said = cx.table.acronyms[letters]
        if not said:
            return []
        return [t.Found(at, m.end(), t.Words(said + (m["ending"] or "")), "acronym")]
    if cx.table.reads(letters) or (cx.shouted and not cx.table.unpronounceable(letters)):
        return []
    ending = (m["ending"] or "").replace("’", "'")
    return [t.Found(at, m.end(), t.Letters(letters, ending), "letters")]


ALL = (per_unit, roman, initials, acronym, consonants)
SIGN = ()
