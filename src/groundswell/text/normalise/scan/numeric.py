"""Numbers with what makes them more: money, units, percent, ordinals, fractions, ranges, sizes."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

import re
from dataclasses import replace

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.currencies import CODES, NAMES
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
_VERSE = re.compile(
    r"(?P<chapter>\d{1,3}):(?P<verse>\d{1,3})(?:[-–](?P<to>\d{1,3}))?(?![:\d]|[.,]\d)"
)
_SLASHED = re.compile(r"[1-9]\d{0,3}(?:/[1-9]\d{0,3}){2,4}(?![\d/]|\w)")
_POWER_OF_TEN = re.compile(r"10(?:\^|[⁰¹²³⁴-⁹⁻])")
_NAME = re.compile(r" [A-Z][a-z]")
_COMPASS = re.compile(r"[ \u00a0]?([NSEW])(?!\w)")
_TIMES = re.compile(r"[xX×](?!\w)")
_EQUATION = re.compile(r"[-−–][ ]?[\d., +*/×x()-]{1,30}=")
_MARK = re.compile(r"/(5|10|20|100)(?![\w/]|[.]\d)")
_EQUALS = re.compile(r"[ \u00a0]?=")
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
_PER = re.compile(r"/(?P<per>[^\W\d_]{1,12})(?![^\W_])")
_ABBREVIATED = re.compile(r"\.(?= [^\W\d_A-ZÀ-ÞА-Я]| \+)")  # "3 tbsp. honey": no sentence ends here
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
    if m["space"] and _EQUATION.match(cx.text, low[1] + 1):
        return low  # "10 - 4 = 6"
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
    if m["currency"] in NAMES and m.end() == at + len(m["currency"]):
        return []  # "COP28"
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
    if cx.table.decimal == "," and len(quantity.fraction) == 3:  # "$2,500": no money has mills
        quantity = replace(quantity, whole=quantity.whole + quantity.fraction, fraction="")
    cents = _EURO_CENTS.match(cx.text, end)
    if code == "EUR" and cents and not quantity.fraction:
        quantity, end = replace(quantity, fraction=cents[1]), cents.end()
    named = cx.lexicon.currency_after.match(cx.text, end)
    if named and named["currency"] in CODES and not m["currency"].isalpha():
        code, end = named["currency"], named.end()  # "$50 CAD"
    attributive = cx.table.attributive(cx.before(start)[0], cx.after(end))
    return _with_per(cx, _found(start, end, t.Money(quantity, code, attributive), "money"))


def _with_per(cx: Context, found: list[t.Found]) -> list[t.Found]:
    """Written "$5/month", "€3/kg": the slash is said."""
    end = found[-1].end
    if cx.text.startswith("/-", end):  # "Rs. 500/-": nothing follows
        return [*found[:-1], replace(found[-1], end=end + 2)]
    out = [*found]
    while m := _PER.match(cx.text, end):
        unit = SPELLINGS.get(m["per"])
        noun = cx.table.units.get(unit) if unit else None
        said = f"{cx.table.per} {noun.forms[0]}" if noun else cx.table.per
        stop = m.end() if noun else m.start("per")
        stop += noun is not None and _ABBREVIATED.match(cx.text, stop) is not None
        out.append(t.Found(end, stop, t.Words(said), "per"))
        end = m.end()
    return out


def number_with(cx: Context, at: int) -> list[t.Found]:
    """Read a number or range together with the currency, percent sign or unit after it."""
    number = _ranged(cx, at)
    if number is None:
        return []
    quantity, end = number
    if cx.text.startswith("/-", end) and not cx.char(end + 2).isalnum():  # Indian price tag
        word = cx.lexicon.currency_after.match(cx.text, end + 2)
        return _found(at, word.end() if word else end + 2, t.Money(quantity, "INR"), "money")
    mark = _MARK.match(cx.text, end) if quantity.fraction and cx.table.out_of else None
    if mark:  # "4.5/5"
        parts = (quantity, t.Quantity(mark[1]))
        return _found(at, mark.end(), t.Series("rating", parts), "series")
    m = _PERCENT.match(cx.text, end)
    if m:
        dash = _RANGE.match(cx.text, m.end())
        high = cx.quantity(dash.end()) if dash and quantity.to is None else None
        other = _PERCENT.match(cx.text, high[1]) if high else None
        if high and other:  # "10%-15%"
            quantity, m = replace(quantity, to=high[0]), other
        sign = "‰" if m["sign"] == "‰" else "%"
        return _found(at, m.end(), t.Percent(quantity, sign), "percent")
    if cx.table.multiple and _TIMES.match(cx.text, end):  # "2x faster"
        times = t.Found(end, end + 1, t.Words(cx.table.multiple), "number")
        return _with_per(cx, [*_found(at, end, t.Number(quantity), "number"), times])
    if cx.char(end) == "¢":
        return _found(at, end + 1, t.Money(quantity, "cent"), "money")
    return _unit(cx, at, quantity, end) or _magnified_with(cx, at, quantity, end)


def _magnified_with(cx: Context, at: int, quantity: t.Quantity, end: int) -> list[t.Found]:
    """Read a number together with the magnitude and the currency or unit after it."""
    big, after = _magnified(cx, quantity, end)
    if after == end + 1 and not cx.table.is_unit(cx.text[end].upper(), cx.before(at)[0]):
        return []
    m = cx.lexicon.currency_after.match(cx.text, after)
    if m and not (m["currency"] in ("$", "€", "£", "₹", "¥") and cx.char(m.end()).isdecimal()):
        code = cx.lexicon.currency_signs.get(m["currency"], m["currency"])
        return _with_per(cx, _found(at, m.end(), t.Money(big, code), "money"))
    typed = cx.text[end:after].strip(" \u00a0-")
    counted = _unit(cx, at, big, after) if len(typed) > 2 and cx.char(after) == " " else []
    if counted:  # "225 million km"
        return counted
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
    if not glued and typed in ("N", "W") and _NAME.match(cx.text, m.end()):
        return []  # "77 W Wacker Dr"
    inches = unit == "in" and cx.char(m.end()) == "."
    if (glued and unit in NEVER) or (
        not glued
        and typed in GLUED_ONLY
        and not m["per"]
        and not inches
        and not (unit == "s" and quantity.fraction)
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
    if _ABBREVIATED.match(cx.text, stop):
        stop += 1
    found = _found(at, stop, t.Measure(quantity, unit, per, attributive), "unit")
    way = _COMPASS.match(cx.text, stop) if unit == "°" else None
    if way and way[1] in cx.table.compass:  # "40.7° N"
        word = t.Words(cx.table.compass[way[1]])
        return [*found, t.Found(way.start(1), way.end(), word, "unit")]
    if per:
        found = _with_per(cx, found)  # "15 mg/kg/day"
    return found if per or unit in cx.table.units else [] if not glued else found


def _is_share(first: int, second: int) -> bool:
    """Say whether two figures share out a hundred: "50-50", "80/20"."""
    return first + second == 100 and first >= second > 0 and first % 5 == 0


def _range_or_score(cx: Context, at: int, quantity: t.Quantity, end: int) -> list[t.Found]:
    low, high = quantity, quantity.to
    assert high is not None
    if not cx.ends_word(end) or (cx.char(at - 1) in "-–/" and cx.char(at - 1)):
        return []
    if high.whole[0] == "0" and len(high.whole) > 1:
        return []
    if cx.text[at:end] in cx.table.named_pairs:
        return _found(at, end, t.Series("slash", (replace(low, to=None), high)), "series")
    if "." in cx.text[at:end] or int(low.whole) < int(high.whole):
        return _found(at, end, t.Number(quantity), "range")
    m = _SCORE.match(cx.text, at)
    if m is None:
        return []
    if _is_share(int(m["a"]), int(m["b"])):
        parts = (t.Quantity(m["a"]), t.Quantity(m["b"]))
        return _found(at, m.end(), t.Series("slash", parts), "series")
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
                adjective = cx.table.attributive(cx.before(at)[0], cx.after(number[1] + 1), "in")
                measure = t.Measure(number[0], "in", attributive=adjective)
                return _found(at, number[1] + 1, measure, "unit")
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
        return _fraction_of_unit(cx, at, m.end(), t.Fraction(top, bottom, whole))
    m = _MIXED.match(cx.text, at)
    if m and int(m["top"]) < int(m["bottom"]) and int(m["bottom"]) in _DENOMINATORS:
        mixed = t.Fraction(int(m["top"]), int(m["bottom"]), int(m["whole"]))
        return _fraction_of_unit(cx, at, m.end(), mixed)
    m = _FRACTION.match(cx.text, at)
    if m is None or cx.char(at - 1) in ("/", "."):
        return []
    top, bottom = int(m["top"]), int(m["bottom"])
    if (
        (top == 24 and bottom == 7)
        or top == bottom
        or (top, bottom) == (9, 11)
        or _is_share(top, bottom)
    ):
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        return _found(at, m.end(), t.Series("slash", parts), "series")
    if cx.before(at)[0] in cx.table.step_words and cx.table.of_total:
        return [
            *_found(at, m.end("top"), t.Number(t.Quantity(m["top"])), "number"),
            t.Found(m.end("top"), m.start("bottom"), t.Words(cx.table.of_total), "series"),
            t.Found(m.start("bottom"), m.end(), t.Number(t.Quantity(m["bottom"])), "number"),
        ]
    if top >= 30 and bottom <= 10 and cx.before(at)[0] in cx.table.cricket_words:
        return [
            *_found(at, m.end("top"), t.Number(t.Quantity(m["top"])), "score"),
            t.Found(m.end("top"), m.start("bottom"), t.Words(cx.table.wickets), "score"),
            t.Found(m.start("bottom"), m.end(), t.Number(t.Quantity(m["bottom"])), "score"),
        ]
    if top > bottom >= 40 and top >= 60:
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        unit = _unit(cx, m.start("bottom"), parts[1], m.end())
        if unit and isinstance(unit[0].token, t.Measure):
            token = t.Series("over", parts, unit[0].token.unit)
            return _found(at, unit[0].end, token, "series")
        return _found(at, m.end(), t.Series("over", parts), "series")
    after = cx.after(m.end())
    rated = (
        (bottom in (10, 100) and top > 3)
        or (bottom in (20, 50) and top > 9)
        or after in cx.table.rating_words
    )
    if cx.table.measures and 1 < top < bottom:
        rated = rated or (cx.table.counts(after) and not _measures(cx, after))
    if rated and cx.table.out_of:
        parts = (t.Quantity(m["top"]), t.Quantity(m["bottom"]))
        return _found(at, m.end(), t.Series("rating", parts), "series")
    if 2 <= bottom <= 1000 and top < 1000:
        return _fraction_of_unit(cx, at, m.end(), t.Fraction(top, bottom))
    return []


def _measures(cx: Context, word: str) -> bool:
    """Say whether a plural measures ("3/4 cups") rather than counts ("3/5 tests")."""
    return word in cx.table.measures or any(word in noun.forms for noun in cx.table.units.values())


def _fraction_of_unit(cx: Context, at: int, end: int, token: t.Fraction) -> list[t.Found]:
    """Read a fraction and the unit after it: "½ tsp", "3 3/4 lb"."""
    found = _found(at, end, replace(token, noun=cx.after(end)), "fraction")
    unit = _unit(cx, at, t.Quantity(str(token.whole), "5"), end)
    measure = unit[0].token if unit else None
    noun = cx.table.units.get(measure.unit) if isinstance(measure, t.Measure) else None
    if not unit or noun is None or not isinstance(measure, t.Measure) or measure.per:
        return found
    said = noun.forms[0] if measure.attributive or not token.whole else noun.forms[-1]
    return [*found, t.Found(end, unit[0].end, t.Words(said), "unit")]


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
        if _POWER_OF_TEN.match(cx.text, end):
            return []  # "3 × 10^8" is a product
    if len(parts) < 2 or _EQUALS.match(cx.text, end):
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


def verse(cx: Context, at: int) -> list[t.Found]:
    """Written "John 3:16", "Psalm 23:4-6": chapter and verse of a named book."""
    m = _VERSE.match(cx.text, at)
    if m is None or cx.before(at)[0] not in cx.table.books:
        return []
    chapter, first = t.Quantity(m["chapter"]), t.Quantity(m["verse"])
    if m["to"]:
        first = replace(first, to=t.Quantity(m["to"]))
    return _found(at, m.end(), t.Series("slash", (chapter, first)), "verse")


def book(cx: Context, at: int) -> list[t.Found]:
    """Written "1 Corinthians": the first letter of that name."""
    if cx.text[at] not in "123" or cx.after(at + 1).casefold() not in cx.table.books:
        return []
    return _found(at, at + 1, t.Ordinal(int(cx.text[at])), "ordinal")


def slashed(cx: Context, at: int) -> list[t.Found]:
    """Written "12/24/36 months", "30/60/90": three numbers and more, no date."""
    m = _SLASHED.match(cx.text, at)
    if m is None or cx.char(at - 1) == "/":
        return []
    after = cx.after(m.end())
    span = after.casefold() in {noun.forms[0] for noun in cx.table.units.values()}
    figures = [int(figure) for figure in m[0].split("/")]
    valid = len(figures) == 3 and min(figures[:2]) <= 12 and max(figures[:2]) <= 31
    if valid and not (span or cx.table.counts(after)):
        return []
    out: list[t.Found] = []
    for figure in re.finditer(r"\d+", m[0]):
        start, end = at + figure.start(), at + figure.end()
        out += _found(start, end, t.Number(t.Quantity(figure[0])), "number")
    return out


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
BEFORE_DATES = (verse, slashed, book)
SIGN = (money, short_decade, vulgar, signed)
