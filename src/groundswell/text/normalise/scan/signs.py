"""Signs said by name, operators between digits, emoji."""

import re
import unicodedata

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context
from groundswell.text.normalise.units import SPELLINGS

_OPERATORS = {
    "×": "×",
    "*": "×",
    "÷": "÷",
    "/": "/",
    "+": "+",
    "-": "-",
    "–": "-",
    "−": "-",
    "=": "=",
    "^": "^",
}
_SPACED_ONLY = frozenset("/-–−")
_RIGHT = re.compile(r"[ \u00a0]*[-−+]?[$€£¥₹₽₩]?\d")
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_EMOJI_TAIL = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff\u20e3\U000e0020-\U000e007f]")
_EQUATION = re.compile(r"[-−–] [\d., +*/×x()-]{1,30}=")
_MEASURED = re.compile(r"\d[ \u00a0]?(?:mm|cm|m|km|in|ft|yd|px)[ \u00a0]\Z")
_PER_UNIT = re.compile(r"/(?P<unit>s|sec|min|h|hr|kg|mo|yr|wk)(?!\w)")
_DOT_NAME = re.compile(r"\.[A-Za-z]{2,6}(?![\w.])")
_PICTOGRAPHS = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


def operator(cx: Context, at: int) -> list[t.Found]:
    """Operators between digits with ``math`` (``contract/tts.md`` §5)."""
    if not cx.options.math:
        return []
    char = cx.text[at]
    name = "×" if char in "xX" else _OPERATORS.get(char)
    if name is None:
        return []
    end = at + 1
    if char == "*" and cx.char(end) == "*":
        name, end = "^", end + 1
    left = at
    while cx.char(left - 1) in (" ", "\u00a0"):
        left -= 1
    m = _RIGHT.match(cx.text, end)
    if m is None or not _closes_number(cx.char(left - 1)):
        return []
    if char in _SPACED_ONLY and (left == at or cx.char(end) not in (" ", "\u00a0")):
        return []
    return [t.Found(at, end, t.Symbol(name, math=True), "math")]


def _closes_number(char: str) -> bool:
    return char != "" and (char.isdecimal() or char in "%)²³")


def superscript(cx: Context, at: int) -> list[t.Found]:
    """Written "10³", "x²": powers."""
    if not cx.table.code or cx.text[at] not in _SUPERSCRIPTS or not cx.char(at - 1).isalnum():
        return []
    end = at
    while cx.char(end) in _SUPERSCRIPTS and cx.char(end):
        end += 1
    digits = "".join(_SUPERSCRIPTS[char] for char in cx.text[at:end])
    return [t.Found(at, end, t.Words(cx.table.power(int(digits[:15]))), "power")]


def cross(cx: Context, at: int) -> list[t.Found]:
    """A bare "x" between figures: "8' x 10'" is a size, "3 x $15" a product."""
    if cx.text[at] not in "xX" or cx.char(at - 1) not in (" ", "\u00a0"):
        return []
    left, right = cx.char(at - 2), _RIGHT.match(cx.text, at + 1)
    measured = _MEASURED.search(cx.text[max(0, at - 8) : at])  # "15 ft x 20 ft"
    closes = left.isdecimal() or (left != "" and left in "'\"′″)%")
    if right is None or not (closes or measured):
        return []
    product = re.compile(r"[ \u00a0]*[\d.,]{1,20}[ \u00a0]?=").match(cx.text, at + 1)
    if product or right[0].strip(" \u00a0")[0] in "$€£¥₹₽₩" or cx.options.math:
        return [t.Found(at, at + 1, t.Symbol("×", math=True), "math")]
    return [t.Found(at, at + 1, t.Words(cx.table.by), "size")]


def compound(cx: Context, at: int) -> list[t.Found]:
    """Signs of two characters: "<=", "!=", "->", "<3"."""
    pair = cx.text[at : at + 2]
    if len(pair) < 2 or pair not in cx.table.signs or (pair == "<3" and cx.char(at + 2).isalnum()):
        return []
    if pair in ("--", "//") or (pair[0] == "." and cx.char(at - 1) == "."):
        return []
    return [t.Found(at, at + 2, t.Symbol(pair), "symbol")]


def symbol(cx: Context, at: int) -> list[t.Found]:
    """Written "&", "→", "§", "©"; signs that also punctuate only where they stand alone."""
    char = cx.text[at]
    if char not in cx.table.signs:
        return []
    before, after = cx.char(at - 1), cx.char(at + 1)
    if char in "-~/" or (char == "−" and not after.isdecimal()):
        return []
    if char in "<>*^":
        spaced = before.isspace() and after.isspace()
        near = (_closes_number(before) or (char == "^" and before.isalnum())) and (
            after.isalnum() or (char == "^" and cx.char(at + 2).isdecimal())
        )
        if char == "*" and spaced:  # between two terms, not a bullet
            spaced = cx.char(at - 2).isalnum() and cx.char(at + 2).isalnum()
        if not (near or spaced):
            return []
    if char == "#" and before.isalnum():
        return []
    if char in "@#" and after.isalnum() and not before.isspace():
        return []
    if char == "+" and not (after.isalnum() or after.isspace() or before.isalnum()):
        return []
    end = at + 1
    while cx.char(end) == char:
        end += 1
    if end - at > 1 and not char.isalnum() and char in "=+#@&%<>":
        if char == "+" and end - at == 2 and before.isalpha():
            return [
                t.Found(at, end, t.Words(f"{cx.table.signs['+']} {cx.table.signs['+']}"), "symbol")
            ]
        return [] if end - at > 3 else [t.Found(at, end, t.Symbol(char), "symbol")]
    return [t.Found(at, at + 1, t.Symbol(char), "symbol")]


def emoji(cx: Context, at: int) -> list[t.Found]:
    """Pictographs: their Unicode name when asked for and in English, else nothing."""
    char = cx.text[at]
    if not _PICTOGRAPHS.match(char):
        return []
    end = at + 1
    while end < len(cx.text) and (_EMOJI_TAIL.match(cx.text[end]) or cx.text[end - 1] == "\u200d"):
        end += 1
    name = unicodedata.name(char, "").casefold().replace("-", " ")
    said = (
        name
        if cx.options.emoji and cx.table.names_emoji and not any(c.isdecimal() for c in name)
        else ""
    )
    return [t.Found(at, end, t.Words(said), "emoji")]


def equation(cx: Context, at: int) -> list[t.Found]:
    """Written "10 - 4 = 6": the sign between figures that an equals sign follows."""
    if cx.char(at - 1) != " " or cx.char(at + 1) != " " or not cx.char(at - 2).isdecimal():
        return []
    if not _EQUATION.match(cx.text, at):
        return []
    return [t.Found(at, at + 1, t.Symbol("-", math=True), "math")]


def slash(cx: Context, at: int) -> list[t.Found]:
    """A slash between words is not said ("and/or"), but "requests/s" counts per second."""
    if cx.text[at] != "/" or not (cx.char(at - 1).isalpha() and cx.char(at + 1).isalpha()):
        return []
    m = _PER_UNIT.match(cx.text, at)
    unit = cx.table.units.get(SPELLINGS.get(m["unit"], "")) if m else None
    if m and unit and cx.table.code and cx.char(at - 2).isalpha():
        return [t.Found(at, m.end(), t.Words(f"{cx.table.per} {unit.forms[0]}"), "per")]
    return [t.Found(at, at + 1, t.Words(""), "slash")]


def dot_name(cx: Context, at: int) -> list[t.Found]:
    """Written ".NET", ".pdf", ".com": the dot of a name is said."""
    if not _DOT_NAME.match(cx.text, at) or not (at == 0 or cx.text[at - 1] in " \u00a0\n(\"'“/"):
        return []
    return [t.Found(at, at + 1, t.Words(cx.table.dot), "dot")]


LETTER = (cross,)
ALL = (operator, equation, compound, superscript, slash, dot_name, symbol, emoji)
