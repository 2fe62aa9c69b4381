"""Figures that name things: phones, cards, PINs, codes, plates, versions, IP addresses."""

# ruff: noqa: SIM905  word lists and patterns read better so

import re

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context

_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?![\d]|\.\d)")
_IP_TAIL = re.compile(r"(?:/(?P<mask>\d{1,2}))?(?::(?P<port>\d{1,5}))?(?![\d])")
_VERSION = re.compile(
    r"(?P<v>[vV]\.?\s?)?(?P<parts>\d{1,6}(?:\.\d{1,6}){1,6})(?P<tail>-?(?:alpha|beta|rc|b|a|dev|post)\.?\d*)?"
    r"(?![\d]|[^\W_]|\.\d)"
)
_PHONE_PLUS = re.compile(r"\+\d{1,3}(?:[ .\u00a0-]?\(?\d{1,5}\)?){1,6}(?![\d])")
_PHONE = re.compile(
    r"(?:1[ .-])?\(\d{2,4}\)[ ]?\d{2,4}[ .-]\d{2,4}(?:[ .-]\d{2,4})?(?!\d)"  # (555) 123-4567
    r"|(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4}(?!\d)"  # 555-123-4567
    r"|0\d{1,5}(?:[ .-]\d{2,8}){1,5}(?!\d)"  # 020 7946 0958, 01 23 45 67 89
    r"|[2-9]\d{2}-\d{4}(?![\d-])"  # 555-1234
    r"|[6-9]\d{4}[ -]\d{5}(?!\d)"  # 98765 43210
    r"|\d{3}([ -])\d{3}\2\d{3}(?!\d)"  # 612 345 678
    r"|[6-9]\d{1,2} \d{2,3} \d{2} \d{2,3}(?: \d{2})?(?![ ]?\d)"  # 91 123 45 67
    r"|1800[ -]\d{3}[ -]\d{3,4}(?!\d)"
)
_NAMED_PHONE = re.compile(r"\d{1,5}(?:[ .-]\d{2,4}){2,5}(?!\d)")
_CARD = re.compile(
    r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)|\d{4}([ -])\d{6}\2\d{5}(?!\d)|\d{4} \d{4} \d{4}(?! ?\d)"
)
_MASKED = re.compile(r"[Xx*•]{2,16}[ -]?(?P<last>\d{3,5})(?!\w)")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}(?![\d-])|\d{5}-\d{4}(?![\d-])")
_BARE = re.compile(r"\d+(?![\d]|[.,:/]\d|[^\W_])")
_HYPHENED = re.compile(r"\d{1,6}(?:-\d{1,8}){1,5}(?![\w-])")
_SPACED = re.compile(r"\d{2,4}(?: \d{2,4}){1,5}(?![\w.,:/%-]\w| ?\d|\w)")
_DIGITS = re.compile(r"\d+")
_CODE = re.compile(r"(?=[A-Za-z]{0,24}\d)[A-Za-z\d]{2,24}(?:[-–][A-Za-z\d]{1,12}){0,5}(?![^\W_])")
_LETTERED = re.compile(
    r"(?P<letters>[A-Za-z]{1,12})-(?P<rest>[A-Za-z\d]{1,10}(?:-[A-Za-z\d]{1,12}){0,4})(?![^\W_])"
)
_VOWELS = frozenset("aeiouyAEIOUY")
_DECIMAL = re.compile(r"\.(\d{1,4})(?![\w.]\w|\d)")  # "PM2.5"
_SERIAL = re.compile(
    r"\d{1,8}(?P<letters>[A-Za-z]{1,4})\d[A-Za-z\d]{0,20}(?:-[A-Za-z\d]{1,12}){0,4}(?![^\W_])"
)
_NO_CODE = frozenset("x h m s d min e u uhr".split())
_SCREEN_LINES = re.compile(r"([1-9]?\d?[1-9]0)[pi](?!\w)")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]|\d+")
_NUMBER_SIGN = re.compile(r"(?:#|№)\s?(?=[A-Z]{0,5}-?\d)")
_HEXADECIMAL = re.compile(r"0x[\dA-Fa-f]{1,16}(?!\w)")
_HARDWARE = re.compile(
    r"[\dA-Fa-f]{2}(?P<sep>[:-])(?:[\dA-Fa-f]{2}(?P=sep)){4}[\dA-Fa-f]{2}(?![\w:-])"
)
_TOLL_FREE = re.compile(r"\+?1-8\d\d-[A-Z]{3,8}(?!\w)|1-8\d\d-\d{3}-\d{4}(?!\d)")
_LONG = 9  # a bare figure of this many digits and more is said one by one
_TEN = 10


def _digits(
    start: int, end: int, groups: list[str], rule: str, *, plus: bool = False
) -> list[t.Found]:
    return [t.Found(start, end, t.Digits(tuple(groups), plus), rule)]


def _grouped(digits: str) -> list[str]:
    """Ten digits 3-4-3 (``contract/tts.md`` §4), sixteen by four, others by three and four."""
    if len(digits) == _TEN:
        return [digits[:3], digits[3:7], digits[7:]]
    if len(digits) <= 6:
        return [digits]
    size = 4 if len(digits) % 4 == 0 else 3
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    if len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def ip(cx: Context, at: int) -> list[t.Found]:
    """Written "192.168.0.1", with "/24" or ":8080"."""
    m = _IP.match(cx.text, at)
    if m is None or any(int(part) > 255 for part in m[0].split(".")):
        return []
    out = [t.Found(at, m.end(), t.Dotted("ip", tuple(m[0].split("."))), "ip")]
    tail = _IP_TAIL.match(cx.text, m.end())
    if tail and tail["mask"]:
        out.append(
            t.Found(
                m.end(), tail.end("mask"), t.Series("prefix", (t.Quantity(tail["mask"]),)), "ip"
            )
        )
    if tail and tail["port"]:
        start = tail.start("port") - 1
        out.append(
            t.Found(start, tail.end("port"), t.Series("port", (t.Quantity(tail["port"]),)), "ip")
        )
    return out


def version(cx: Context, at: int) -> list[t.Found]:
    """Written "v2.10.3", "2.10.3", "Python 3.11"."""
    m = _VERSION.match(cx.text, at)
    if m is None or (m["v"] and cx.char(at - 1).isalnum()):
        return []
    parts = m["parts"].split(".")
    if len(parts) == 2 and not m["v"] and cx.before(at)[0] not in cx.table.version_words:
        return []
    if "." in cx.table.group and not m["v"] and re.fullmatch(r"\d{1,3}(?:\.\d{3})+", m["parts"]):
        return []
    if len(parts) < 3 and cx.char(m.end("parts")) == "%":
        return []
    if m["tail"]:
        parts = [*parts[:-1], parts[-1]]
    named = bool(m["v"])
    out = [t.Found(at, m.end("parts"), t.Dotted("version", tuple(parts), named), "version")]
    if m["tail"]:
        word = re.sub(r"\d", "", m["tail"]).strip("-.")
        digits = re.sub(r"\D", "", m["tail"])
        said = {"rc": "R C", "b": "beta", "a": "alpha"}.get(word, word)
        number = f" {cx.table.integer(digits)}" if digits and cx.table.code else ""
        out.append(t.Found(m.end("parts"), m.end(), t.Words(said + number), "version"))
    return out


def phone(cx: Context, at: int) -> list[t.Found]:
    """Phone numbers, grouped as typed; ten bare digits 3-4-3."""
    plus = cx.text[at] == "+"
    m = (_PHONE_PLUS if plus else _PHONE).match(cx.text, at)
    if m is None and not plus and _named(cx, at):
        m = _NAMED_PHONE.match(cx.text, at)
        if m and " " in cx.table.group and re.fullmatch(r"\d{1,3}(?: \d{3})+", m[0]):
            return []
    if m is None or (cx.char(at - 1) in ("-", ".", "/", "$", "€", "£") and cx.char(at - 1)):
        return []
    if not plus and m[0][0] == "0" and m[0].count(".") == 1 and m[0].count(" ") == 0:
        return []
    groups = _DIGITS.findall(m[0])
    total = sum(map(len, groups))
    if not 7 <= total <= 15 or not cx.ends_word(m.end()):
        return []
    if plus and len(groups) == 1:
        digits = groups[0]
        cut = 1 if digits[0] in "17" else 2
        groups = [digits[:cut], *_grouped(digits[cut:])]
    else:
        groups = [
            part for group in groups for part in (_grouped(group) if len(group) > 6 else [group])
        ]
    return _digits(at, m.end(), groups, "phone", plus=plus)


def toll_free(cx: Context, at: int) -> list[t.Found]:
    """Written "1-800-FLOWERS"."""
    m = _TOLL_FREE.match(cx.text, at)
    if m is None:
        return []
    groups = m[0].split("-")
    if groups[-1].isdecimal():
        if groups[0][0] == "+":
            return []
        return _digits(at, m.end(), groups, "phone")
    end = at + len(groups[0]) + 1 + len(groups[1])
    plus = m[0][0] == "+"
    return _digits(at, end, [groups[0].lstrip("+"), groups[1]], "phone", plus=plus)


def hexadecimal(cx: Context, at: int) -> list[t.Found]:
    """Written "0x1F"."""
    m = _HEXADECIMAL.match(cx.text, at)
    return [t.Found(at, m.end(), t.Code(m[0]), "code")] if m and cx.table.code else []


def hardware(cx: Context, at: int) -> list[t.Found]:
    """Written "00:1A:2B:3C:4D:5E", the address of a network card."""
    m = _HARDWARE.match(cx.text, at)
    if m is None or cx.char(at - 1).isalnum():
        return []
    return [t.Found(at, m.end(), t.Code(m[0]), "code")]


def card(cx: Context, at: int) -> list[t.Found]:
    """Card and account numbers in groups."""
    m = _CARD.match(cx.text, at)
    return _digits(at, m.end(), _DIGITS.findall(m[0]), "card") if m else []


def hyphened(cx: Context, at: int) -> list[t.Found]:
    """Social security and nine-digit post codes; any hyphened figures after a naming word."""
    m = _SSN.match(cx.text, at)
    if m is None and _named(cx, at):
        m = _HYPHENED.match(cx.text, at) or _SPACED.match(cx.text, at)
    if m is None or cx.char(at - 1) == "-":
        return []
    groups = [
        part
        for group in _DIGITS.findall(m[0])
        for part in (_grouped(group) if len(group) > 6 else [group])
    ]
    return _digits(at, m.end(), groups, "digits")


def _named(cx: Context, at: int) -> bool:
    """Say whether a word before names a PIN, code, account and the like."""
    return any(word in cx.table.digit_words for word in cx.named_by(at))


def bare(cx: Context, at: int) -> list[t.Found]:
    """Long figures, figures with leading zeros, and figures after "PIN", "code", "account"."""
    m = _BARE.match(cx.text, at)
    if m is None:
        return []
    digits = m[0]
    if len(digits) >= _LONG and (len(digits) >= _TEN or _named(cx, at)):
        return _digits(at, m.end(), _grouped(digits), "phone" if len(digits) == _TEN else "digits")
    if len(digits) > 1 and digits[0] == "0":
        return _digits(at, m.end(), [digits], "digits")
    if len(digits) == 5 and cx.text[max(0, at - 3) : at - 1] in cx.table.regions:
        return _digits(at, m.end(), [digits], "post code")
    if len(digits) >= 3 and _named(cx, at):
        return _digits(at, m.end(), _grouped(digits) if len(digits) > 6 else [digits], "digits")
    return []


def pairs(cx: Context, at: int) -> list[t.Found]:
    """House, room, flight and road numbers."""
    m = re.compile(r"(?P<n>\d{3,4})(?P<letter>[A-Z])?(?![\d]|[.,:/-]\d|\w)").match(cx.text, at)
    if m is None or not cx.table.in_pairs(m["n"], cx.before(at), cx.text[m.end() : m.end() + 40]):
        return []
    out = [t.Found(at, m.end("n"), t.Pairs(m["n"]), "pairs")]
    if m["letter"]:
        out.append(t.Found(m.end("n"), m.end(), t.Letters(m["letter"]), "letters"))
    return out


def screen_lines(cx: Context, at: int) -> list[t.Found]:
    """Written "1080p": lines of a picture, said in pairs."""
    m = _SCREEN_LINES.match(cx.text, at)
    if m is None or not cx.table.names_lines:
        return []
    letter = t.Found(m.end() - 1, m.end(), t.Letters(m[0][-1].upper()), "letters")
    return [t.Found(at, m.end() - 1, t.Pairs(m[1]), "pairs"), letter]


def serial(cx: Context, at: int) -> list[t.Found]:
    """Written "1Z999AA1": a code that begins with a digit."""
    m = _SERIAL.match(cx.text, at)
    if m is None or cx.char(at - 1).isalnum() or m["letters"].casefold() in _NO_CODE:
        return []
    return [t.Found(at, m.end(), t.Code(m[0]), "code")]


def code(cx: Context, at: int) -> list[t.Found]:
    """Written "A1B2", "AB-1234", "B12", "MP3", "COVID-19", "221B", "F-16"."""
    if cx.char(at - 1).isalnum():
        return []
    m = _CODE.match(cx.text, at)
    lettered = _LETTERED.match(cx.text, at)
    if (
        lettered
        and any(char.isdecimal() for char in lettered["rest"])
        and (m is None or lettered.end() > m.end())
    ):
        m = lettered
    if m is None or m[0].isalpha() or not any(char.isalpha() for char in m[0]):
        return []
    typed = m[0]
    head, _, rest = typed.partition("-")
    if (
        len(head) > 2
        and head[1:].islower()
        and re.match(r"\d+(?:st|nd|rd|th|s)?$", rest)
        and len(rest) > 2
    ):
        return []  # "mid-1990s", "pre-2010"
    if _DIGITS.fullmatch(typed.split("-")[0]) and "-" in typed and typed[0].isdecimal():
        return _prefixed(cx, at, typed)
    named = _named(cx, at)
    parts = _PARTS.findall(typed)
    letters = [part for part in parts if part.isalpha()]
    words = all(len(part) > 2 and (not part.isupper() or cx.table.reads(part)) for part in letters)
    jumbled = len(parts) > 3 or (len(parts) == 3 and typed[0].isdecimal())
    lower = [part for part in letters if part.islower()]
    if (
        (named and not (words and len(parts) == 2))
        or (jumbled and not lower)
        or (jumbled and len(typed) <= 12 and len(lower) > 1 and max(map(len, lower)) < 3)
    ):
        return [t.Found(at, m.end(), t.Code(typed), "code")]
    out: list[t.Found] = []
    for part in re.finditer(_PARTS, typed):
        start, end = at + part.start(), at + part.end()
        if part[0].isdecimal():
            token = _figure(cx, parts, letters, part[0])
            out.append(t.Found(start, end, token, "code"))
        elif _is_spelled(cx, part[0]):
            out.append(t.Found(start, end, t.Letters(part[0]), "letters"))
        elif start > at and typed[part.start() - 1] != "-":
            out.append(t.Found(start, end, t.Words(part[0]), "code"))
    decimal = _DECIMAL.match(cx.text, m.end())
    if decimal and typed[-1].isdecimal():
        quantity = t.Quantity(parts[-1], decimal[1])
        out[-1] = t.Found(out[-1].start, decimal.end(), t.Number(quantity), "code")
    return out


def _figure(cx: Context, parts: list[str], letters: list[str], digits: str) -> t.Token:
    """Decide how the figure of a code is said: a number, pairs, a year or its digits."""
    first = parts[0].casefold()
    if len(digits) == 4 and len(first) == 2 and first in cx.table.year_words:
        return t.Year(int(digits))  # "FY2024"
    if len(parts) == 2 and cx.table.said_in_pairs(parts[0], digits):
        return t.Pairs(digits)
    long = len(digits) > 3 or (len(digits) > 2 and len(letters[0]) <= 3 and digits[-1] != "0")
    return t.Digits((digits,)) if long or digits[0] == "0" else t.Number(t.Quantity(digits))


def _is_spelled(cx: Context, letters: str) -> bool:
    capitals = letters.isupper() and not cx.table.reads(letters)
    return capitals or len(letters) == 1 or not _VOWELS.intersection(letters)


def _prefixed(cx: Context, at: int, typed: str) -> list[t.Found]:
    """Written "3-year", "50-fold": a number with a word; "12-A4" is a code."""
    head, _, rest = typed.partition("-")
    if rest.isalpha() and not rest.isupper():
        return []
    return [t.Found(at, at + len(typed), t.Code(typed), "code")] if len(head) < 9 else []


def masked(cx: Context, at: int) -> list[t.Found]:
    """Written "****1234", "XXXX-1234"."""
    m = _MASKED.match(cx.text, at)
    if m is None or cx.char(at - 1).isalnum():
        return []
    return _digits(at, m.end(), [m["last"]], "card")


def number_sign(cx: Context, at: int) -> list[t.Found]:
    """Written "#5", "№ 12"."""
    m = _NUMBER_SIGN.match(cx.text, at)
    if m is None or cx.char(at - 1).isalnum() or not cx.table.number_word:
        return []
    return [t.Found(at, m.end(), t.Words(cx.table.number_word), "number sign")]


BEFORE_DATES = (ip, hexadecimal, hardware, toll_free, card, hyphened)
DIGIT = (phone, version, bare, pairs, screen_lines, serial)
LETTER = (hardware, version, masked, code)
SIGN = (toll_free, phone, masked, number_sign)
