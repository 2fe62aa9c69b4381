"""Numbers with what makes them more: money, units, percent, ordinals, fractions, ranges, sizes."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

import re
from dataclasses import replace

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context
from groundswell.text.normalise.units import GLUED_ONLY, NEVER, SPELLINGS

_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8),
    "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
_FRACTION = re.compile(r"(?P<top>\d{1,4})[/⁄](?P<bottom>\d{1,4})(?![\d/.]\d|[\w])")
_MIXED = re.compile(
    r"(?P<whole>\d{1,4})[ \u00a0-](?P<top>\d{1,2})[/⁄](?P<bottom>\d{1,3})(?![\d/]|\w)"
)
_VULGAR_AFTER = re.compile(rf"(?P<whole>\d{{1,4}})?[ \u00a0]?(?P<sign>[{''.join(_VULGAR)}])")
#: "18 thousand 500": what is less than a hundred more likely counts something else.
_HUNDREDS = re.compile(r" (?P<n>[1-9]\d\d)(?![\d%°]|[.,:/-]\d)")
_FALLING = ("crore", "lakh", "thousand")
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100, 1000})
_RANGE = re.compile(r"(?P<space>[ \u00a0]?)[-–—‒−~](?P=space)(?=[$€£¥₹]?\d)")
_BY = re.compile(r"[ \u00a0]?[x×X][ \u00a0]?(?=\d)")
_COLON = re.compile(r"(?P<a>\d{1,5}):(?P<b>\d{1,5})(?![:\d]|[.,]\d)")
_SCORE = re.compile(r"(?P<a>\d{1,3})[-–—](?P<b>\d{1,3})(?![-–—.,:/]?\d|[\w%])")
_FEET = re.compile(
    r"(?P<feet>\d{1,3})['′’](?:[ ]?(?P<inches>\d{1,2}(?:\.\d)?)(?:[\"″”]|''|(?!\w)))?"
)
_INCHES = re.compile(r"[\"″”](?!\w)")
_SOME = re.compile(r"(10{1,3}|1,000)s(?= of\b)")  # "1,000s of people"
_DECADE = re.compile(r"(?P<value>(?:1\d|20)\d0|[2-9]0)['’]?s(?!\w)")
_SHORT_DECADE = re.compile(r"['’‘](?P<value>[2-9]0)s(?!\w)")
_SHORT_YEAR = re.compile(r"['’‘](?P<value>\d\d)(?!\w)")
_SCIENTIFIC = re.compile(r"\d{1,15}(?:\.\d{1,15})?[eE](?P<sign>[-+]?)(?P<power>\d{1,3})(?!\w)")
_CAPITALS = re.compile(r"([A-Z]{1,5})(s)?(?![^\W_])")  # "3D", "2FA"
_EURO_CENTS = re.compile(r",(\d\d)(?![\d,])")  # "€0,99" in English, too
_PER = re.compile(r"/(?P<per>[^\W\d_]{1,12})(?![^\W_]|/)")
_PERCENT = re.compile(r"[ \u00a0\u202f]?(?P<sign>[%‰٪])")
_PLACE = re.compile(r"(?P<space>[ ]?)/[ ]?(?P<of>\d{1,4})(?![\d/.])")


def _found(start: int, end: int, token: t.Token, rule: str) -> list[t.Found]:
    return [t.Found(start, end, token, rule)]


def _ranged(cx: Context, at: int, *, signed: bool = False) -> tuple[t.Quantity, int] | None:
    """Parse a number and, where one follows, the end of its range."""
    low = cx.quantity(at, signed=signed)
    if low is None:
        return None
    m = _RANGE.match(cx.text, low[1])
    if m is None:
        return low
    start = m.end()
    if cx.text[start] in "$€£¥₹":
        start += 1
    high = cx.quantity(start)
    if high is None or (cx.char(high[1]) in ("-", "/") and cx.char(high[1] + 1).isdecimal()):
        return low
    if m["space"] and float(high[0].whole) < float(low[0].whole):
        return low
    return replace(low[0], to=high[0]), high[1]


def _magnified(cx: Context, quantity: t.Quantity, end: int) -> tuple[t.Quantity, int]:
    """Take a magnitude that follows: "1.5M", "₹5 lakh"."""
    m = cx.lexicon.magnitude.match(cx.text, end)
    if m is None:
        return quantity, end
    name = cx.table.magnitudes[m[0].strip(" \u00a0-").casefold()]
    if quantity.to is not None:
        return replace(quantity, to=replace(quantity.to, magnitude=name)), m.end()
    return _summed(cx, replace(quantity, magnitude=name), m.end())


def _summed(cx: Context, quantity: t.Quantity, end: int) -> tuple[t.Quantity, int]:
    """Add smaller magnitudes that follow: "₹1 lakh 20 thousand" is one amount."""
    if quantity.magnitude not in _FALLING or quantity.fraction:
        return quantity, end
    lower = cx.quantity(end + 1) if cx.char(end) == " " and cx.char(end + 1).isdecimal() else None
    m = cx.lexicon.magnitude.match(cx.text, lower[1]) if lower else None
    hundreds = _HUNDREDS.match(cx.text, end)
    if hundreds and m is None and quantity.magnitude == "thousand":
        whole = (cx.table.scaled(quantity) or 0) + int(hundreds["n"])
        return t.Quantity(str(whole), "", quantity.sign), hundreds.end()
    if lower is None or m is None or not m["long"] or lower[0].fraction:
        return quantity, end
    name = cx.table.magnitudes[m[0].strip(" \u00a0-").casefold()]
    if name not in _FALLING[_FALLING.index(quantity.magnitude) + 1 :]:
        return quantity, end
    more, end = _summed(cx, replace(lower[0], magnitude=name), m.end())
    values = [cx.table.scaled(each) for each in (quantity, more)]
    total = sum(value or 0 for value in values)
    return t.Quantity(str(total), "", quantity.sign), end


def money(cx: Context, at: int) -> list[t.Found]:
    """Written "$1.5M", "€1,234.56", "USD 40", "-$5", "Rs. 500"."""
    start = at
    sign = ""
    if cx.text[at] in "-−–+" and not cx.char(at - 1).isalnum():
        sign, at = "-" if cx.text[at] != "+" else "+", at + 1
    m = cx.lexicon.currency.match(cx.text, at)
    if m is None or (m["currency"].isalpha() and cx.char(at - 1).isalpha()):
        return []
    number = _ranged(cx, m.end(), signed=True)
    if number is None:
        return []
    quantity, end = _magnified(cx, *number)
    far = _RANGE.match(cx.text, end)
    if quantity.to is None and end > number[1] and far:
        other = cx.lexicon.currency.match(cx.text, far.end())
        high = cx.quantity(other.end() if other else far.end())
        if high:
            top, end = _magnified(cx, *high)
            quantity = replace(quantity, to=top)
    if sign:
        quantity = replace(quantity, sign=sign)
    code = cx.lexicon.currency_signs.get(m["currency"], m["currency"])
    cents = _EURO_CENTS.match(cx.text, end)
    if code == "EUR" and cents and not quantity.fraction:
        quantity, end = replace(quantity, fraction=cents[1]), cents.end()
    attributive = cx.table.attributive(cx.before(start)[0], cx.after(end))
    return _with_per(cx, _found(start, end, t.Money(quantity, code, attributive), "money"))


def _with_per(cx: Context, found: list[t.Found]) -> list[t.Found]:
    """Written "$5/month", "€3/kg": the slash is said."""
    end = found[-1].end
    if cx.text.startswith("/-", end):  # "Rs. 500/-": nothing follows
        return [*found[:-1], replace(found[-1], end=end + 2)]
    m = _PER.match(cx.text, end)
    if m is None:
        return found
    unit = SPELLINGS.get(m["per"])
    noun = cx.table.units.get(unit) if unit else None
    said = f"{cx.table.per} {noun.forms[0]}" if noun else cx.table.per
    return [*found, t.Found(end, m.end() if noun else m.start("per"), t.Words(said), "per")]


def number_with(cx: Context, at: int) -> list[t.Found]:
    """Read a number or range together with the currency, percent sign or unit after it."""
    number = _ranged(cx, at)
    if number is None:
        return []
    quantity, end = number
    if cx.text.startswith("/-", end) and not cx.char(end + 2).isalnum():  # Indian price tag
        word = cx.lexicon.currency_after.match(cx.text, end + 2)
        return _found(at, word.end() if word else end + 2, t.Money(quantity, "INR"), "money")
    m = _PERCENT.match(cx.text, end)
    if m:
        dash = _RANGE.match(cx.text, m.end())
        high = cx.quantity(dash.end()) if dash and quantity.to is None else None
        other = _PERCENT.match(cx.text, high[1]) if high else None
        if high and other:  # "10%-15%"
            quantity, m = replace(quantity, to=high[0]), other
        sign = "‰" if m["sign"] == "‰" else "%"
        return _found(at, m.end(), t.Percent(quantity, sign), "percent")
    if cx.char(end) == "¢":
        return _found(at, end + 1, t.Money(quantity, "cent"), "money")
    unit = _unit(cx, at, quantity, end)
    if unit:
        return unit
    big, after = _magnified(cx, quantity, end)
    if after == end + 1 and not cx.table.is_unit(cx.text[end].upper(), cx.before(at)[0]):
        return []
    m = cx.lexicon.currency_after.match(cx.text, after)
    if m and not (m["currency"] in ("$", "€", "£", "₹", "¥") and cx.char(m.end()).isdecimal()):
        code = cx.lexicon.currency_signs.get(m["currency"], m["currency"])
        return _with_per(cx, _found(at, m.end(), t.Money(big, code), "money"))
    typed = cx.text[end:after].strip(" \u00a0-")
    if typed and not cx.table.magnitude_is_word(typed, big.last.magnitude):
        if not cx.table.is_magnitude(typed, quantity, cx.after(after)):
            return []
        return _found(at, after, t.Number(big, cx.after(after)), "number")
    if quantity.to is not None:
        return _range_or_score(cx, at, quantity, end)
    return []


def _unit(cx: Context, at: int, quantity: t.Quantity, end: int) -> list[t.Found]:
    m = cx.lexicon.unit.match(cx.text, end)
    if m is None:
        return []
    typed = m["unit"]
    unit = cx.table.unit_spellings.get(typed) or SPELLINGS[typed]
    glued = not m["space"]
    if not glued and len(typed) == 1 and re.match(r"\.\s\d", cx.text[m.end() : m.end() + 3]):
        return []  # "45 W. 57th St."
    inches = unit == "in" and cx.char(m.end()) == "."
    if (glued and unit in NEVER) or (
        not glued and typed in GLUED_ONLY and not m["per"] and not inches
    ):
        return []
    if m["space"] == "-" and quantity.to is not None:
        return []
    per, stop = "", m.end()
    if m["per"]:
        other = cx.table.unit_spellings.get(m["per"]) or SPELLINGS.get(m["per"])
        if other in cx.table.units:
            per = other or ""
        else:
            stop = m.end("unit")
    if glued and not cx.table.is_unit(unit, cx.before(at)[0]):
        return []
    attributive = m["space"] == "-" or cx.table.attributive(cx.before(at)[0], cx.after(stop), unit)
    found = _found(at, stop, t.Measure(quantity, unit, per, attributive), "unit")
    return found if per or unit in cx.table.units else [] if not glued else found


def _range_or_score(cx: Context, at: int, quantity: t.Quantity, end: int) -> list[t.Found]:
    low, high = quantity, quantity.to
    assert high is not None
    if not cx.ends_word(end) or (cx.char(at - 1) in "-–/" and cx.char(at - 1)):
        return []
    if high.whole[0] == "0" and len(high.whole) > 1:
        return []
    if "." in cx.text[at:end] or int(low.whole) < int(high.whole):
        return _found(at, end, t.Number(quantity), "range")
    m = _SCORE.match(cx.text, at)
    if m is None:
        return []
    parts = (t.Quantity(m["a"]), t.Quantity(m["b"]))
    return _found(at, m.end(), t.Series("score", parts), "score")


def feet(cx: Context, at: int) -> list[t.Found]:
    """Written "5'11"" and "6'"."""
    m = _FEET.match(cx.text, at)
    if m is None or "ft" not in cx.table.units:
        number = cx.quantity(at)
        if number and _INCHES.match(cx.text, number[1]) and "in" in cx.table.units:
            quote = cx.text[number[1]]
            if quote == "″" or cx.text.count('"', max(0, at - 400), at) % 2 == 0:
                return _found(at, number[1] + 1, t.Measure(number[0], "in"), "unit")
        return []
    parts = [("ft", t.Quantity(m["feet"]))]
    if m["inches"]:
        whole, _, rest = m["inches"].partition(".")
        parts.append(("in", t.Quantity(whole, rest)))
    elif cx.char(m.end()).isalnum():
        return []
    return _found(at, m.end(), t.Duration(tuple(parts)), "unit")


_DECADE_WORDS = frozenset("the early mid late his her their my your our in".split())


def decade(cx: Context, at: int) -> list[t.Found]:
    """Written "1990s", "80s"."""
    m = _DECADE.match(cx.text, at)
    some = _SOME.match(cx.text, at)
    if some and cx.table.some_word(some[1]):
        return _found(at, some.end(), t.Words(cx.table.some_word(some[1])), "number")
    if m is None or "s" in cx.table.ordinal_suffixes or not cx.table.decades:
        return []
    if len(m["value"]) == 2 and cx.before(at)[0] not in _DECADE_WORDS:
        return []
    return _found(at, m.end(), t.Decade(int(m["value"]), short=len(m["value"]) == 2), "decade")


def short_decade(cx: Context, at: int) -> list[t.Found]:
    """Written "'90s" and "'99"."""
    if cx.char(at - 1).isalnum():
        return []
    m = _SHORT_DECADE.match(cx.text, at)
    if m and cx.table.decades:
        return _found(at, m.end(), t.Decade(int(m["value"]), short=True), "decade")
    m = _SHORT_YEAR.match(cx.text, at)
    if m and cx.char(m.end()) not in ("'", "’", "”"):
        return _found(at, m.end(), t.Pairs(m["value"]), "year")
    return []


def ordinal(cx: Context, at: int) -> list[t.Found]:
    """Written "3rd", "1ª", "2e"."""
    m = cx.lexicon.ordinal.match(cx.text, at)
    if m is None:
        return []
    gender = cx.table.ordinal_suffixes[m["suffix"].casefold()]
    digits = re.sub(r"\D", "", m["value"])
    if len(digits) > 12:
        return []
    found = _found(at, m.end(), t.Ordinal(int(digits), gender), "ordinal")
    dash = _RANGE.match(cx.text, m.end())
    if dash and cx.lexicon.ordinal.match(cx.text, dash.end()):
        found.append(t.Found(dash.start(), dash.end(), t.Words(cx.table.to), "range"))
    return found


def dotted_ordinal(cx: Context, at: int) -> list[t.Found]:
    """Written "3. Platz" where a dot makes an ordinal."""
    if not cx.table.ordinal_dot:
        return []
    m = cx.lexicon.dotted_ordinal.match(cx.text, at)
    if m is None:
        return []
    token = cx.table.dotted_ordinal(cx.before(at)[0], int(m["value"]), m["next"])
    return [] if token is None else _found(at, m.end("dot"), token, "ordinal")


def fraction(cx: Context, at: int) -> list[t.Found]:
    """Written "1/2", "3 3/4", "2½", "½"; also "24/7", "8/10" and "120/80"."""
    m = _VULGAR_AFTER.match(cx.text, at)
    if m:
        top, bottom = _VULGAR[m["sign"]]
        whole = int(m["whole"] or 0)
        token: t.Token = t.Fraction(top, bottom, whole, noun=cx.after(m.end()))
        return _found(at, m.end(), token, "fraction")
    m = _MIXED.match(cx.text, at)
    if m and int(m["top"]) < int(m["bottom"]) and int(m["bottom"]) in _DENOMINATORS:
        token = t.Fraction(int(m["top"]), int(m["bottom"]), int(m["whole"]), noun=cx.after(m.end()))
        return _found(at, m.end(), token, "fraction")
    m = _FRACTION.match(cx.text, at)
    if m is None or cx.char(at - 1) in ("/", "."):
        return []
    top, bottom = int(m["top"]), int(m["bottom"])
    if (top == 24 and bottom == 7) or top == bottom or (top, bottom) == (9, 11):
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        return _found(at, m.end(), t.Series("slash", parts), "series")
    if top > bottom >= 40 and top >= 60:
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        return _found(at, m.end(), t.Series("over", parts), "series")
    rated = (bottom in (10, 100) and top > 3) or cx.after(m.end()) in cx.table.rating_words
    if rated and cx.table.out_of:
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        return _found(at, m.end(), t.Series("rating", parts), "series")
    if 2 <= bottom <= 1000 and top < 1000:
        return _found(at, m.end(), t.Fraction(top, bottom, noun=cx.after(m.end())), "fraction")
    return []


def size(cx: Context, at: int) -> list[t.Found]:
    """Written "1920x1080", "5 x 3 x 2 cm"; with ``math`` the sign is an operator instead."""
    if cx.options.math:
        return []
    parts: list[t.Quantity] = []
    end = at
    while True:
        number = cx.quantity(end)
        if number is None:
            return []
        parts.append(number[0])
        m = _BY.match(cx.text, number[1])
        if m is None or len(parts) >= 4:
            end = number[1]
            break
        end = m.end()
    if len(parts) < 2:
        return []
    if not cx.ends_word(end):
        unit = _unit(cx, end, parts[-1], end)
        if not unit:
            return []
    else:
        unit = _unit(cx, end, parts[-1], end)
    if not unit:
        return _found(at, end, t.Series("by", tuple(parts)), "size")
    measure = unit[0].token
    assert isinstance(measure, t.Measure)
    token = t.Series("by", tuple(parts), measure.unit)
    return _found(at, unit[0].end, token, "size")


def ratio(cx: Context, at: int) -> list[t.Found]:
    """Written "16:9", "3:1": what cannot be a time or is named a ratio."""
    m = _COLON.match(cx.text, at)
    if m is None or cx.char(at - 1) == ":":
        return []
    parts = (t.Quantity(m["a"]), t.Quantity(m["b"]))
    return _found(at, m.end(), t.Series("ratio", parts), "ratio")


def plain(cx: Context, at: int) -> list[t.Found]:
    """Any other number."""
    number = cx.quantity(at)
    if number is None:
        return []
    quantity, end = number
    found = _found(at, end, t.Number(quantity, cx.after(end)), "number")
    m = _CAPITALS.match(cx.text, end)
    return [*found, t.Found(end, m.end(), t.Letters(m[1], m[2] or ""), "letters")] if m else found


def signed(cx: Context, at: int) -> list[t.Found]:
    """Written "-5", "+3.2%", "±0.5 mm", ".5", "~20 km"."""
    char = cx.text[at]
    if char not in "-−–+±~≈." or cx.char(at - 1).isalnum() or cx.char(at - 1) in (")", "."):
        return []
    start = at + 1 if char != "." else at
    if char in ("~", "≈"):
        start += cx.char(start) == " "
    if not cx.char(start).isdecimal() and not (
        cx.char(start) == "." and cx.char(start + 1).isdecimal()
    ):
        return []
    if char == "–" and cx.char(at - 1) == " " and cx.char(at - 2).isdecimal():
        return []
    if char in "-–−+" and re.search(r"\d[ \u00a0]?$", cx.text[max(0, at - 2) : at]):
        return []
    if char == "." or cx.char(start) == ".":
        number = cx.quantity(start)
        assert number
        m = _PERCENT.match(cx.text, number[1])
        found = (
            _found(start, m.end(), t.Percent(number[0]), "percent") if m
            else _unit(cx, start, *number) or _found(start, number[1], t.Number(number[0]), "number")
        )  # fmt: skip
    else:
        found = fraction(cx, start) or number_with(cx, start) or plain(cx, start)
    sign = {"−": "-", "–": "-", "≈": "~", ".": ""}.get(char, char)
    head = found[0]
    token = head.token
    match token:
        case t.Number() | t.Percent() | t.Measure() | t.Money():
            quantity = replace(token.quantity, sign=sign)
            return [t.Found(at, head.end, replace(token, quantity=quantity), head.rule), *found[1:]]
        case t.Fraction():
            return [t.Found(at, head.end, replace(token, sign=sign), head.rule)]
        case _:
            return []


def vulgar(cx: Context, at: int) -> list[t.Found]:
    """Written "½" by itself."""
    return fraction(cx, at) if cx.text[at] in _VULGAR else []


def scientific(cx: Context, at: int) -> list[t.Found]:
    """Written "1e6", "3.2e-5"."""
    m = _SCIENTIFIC.match(cx.text, at)
    if m is None or not cx.table.code:
        return []
    number = cx.quantity(at)
    assert number
    said = (
        f"{cx.table.number(number[0])} {cx.table.math_signs.get('×', '')} {cx.table.cardinal(10)}"
    )
    sign = cx.table.signs.get("-", "") if m["sign"] == "-" else ""
    power = cx.table.math_signs.get("^", "")
    words = f"{said} {power} {sign} {cx.table.cardinal(int(m['power']))}"
    return _found(at, m.end(), t.Words(" ".join(words.split())), "number")


DIGIT = (
    feet,
    scientific,
    decade,
    size,
    ordinal,
    fraction,
    number_with,
    ratio,
    dotted_ordinal,
    plain,
)
LETTER = (money,)
SIGN = (money, short_decade, vulgar, signed)
