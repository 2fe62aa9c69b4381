"""Dates, years, times of day and durations."""

import re

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.scan.context import Context
from groundswell.text.normalise.units import SPELLINGS

_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d])(?:[T ](?=\d\d:\d\d))?"
)
_FIGURES = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)(?!\d|[-/]\d|\.\d|:)"
)
#: Below "5/16" and "7/24" a fraction is as likely as a date.
COMMON_DENOMINATORS = frozenset({16, 20, 24, 25})
_AT_TIME = re.compile(r" at \d{1,2}(?::\d\d| ?[ap]\.?m)", re.IGNORECASE)
_FROM_DATE = re.compile(r"(?P<lead>[^\W\d_]{2,12}) \d{1,2}/\d{1,2} [^\W\d_]{1,7} \Z")
_MONTH_YEAR = re.compile(r"(?P<m>0[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\d/])")
_DAY_MONTH = re.compile(r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})(?![\d/]|\w|\.\d)")
_YEAR = re.compile(
    r"(?P<y>\d{4})(?:(?P<dash>[-–—/])(?P<to>\d{4}|\d\d)(?![\d]|[-–/.:]\d))?(?![\w%°$€£]|[.,:/-]\d)"
)
_CLOCK = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.,]\d+)?)?(?:Z(?!\w))?(?![\d]|[.,:]\d)"
)
_LENGTH = re.compile(
    r"(?P<h>\d{1,3}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,3}))?(?![\d:])"
)
_SHORT_LENGTH = re.compile(r"(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,3}))?(?![\d:])")
_PIECE = re.compile(r"(?P<n>\d{1,4})[ ]?(?P<unit>[^\W\d_]{1,4})(?![^\W\d_])\.?")
_SECONDS = re.compile(r"[ ]?\d{1,2}[ ]?s(?:ecs?)?(?!\w)")
_TIME_UNITS = {"d": 0, "h": 1, "min": 2, "s": 3, "ms": 4}
_SEPARATORS = re.compile(r"[ ]?(?:-|–|—)[ ]?")
_HUNDRED_HOURS = re.compile(r"(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)[ \u00a0]?(?:hrs|hours)\b")
_ZONE = re.compile(r"[ ]?(?:UTC|GMT)(?P<sign>[+-])(?P<h>\d{1,2})")


def iso(cx: Context, at: int) -> list[t.Found]:
    """Written "2025-03-05", "2025/3/5"."""
    m = _ISO.match(cx.text, at)
    if m is None or not _valid(int(m["d"]), int(m["m"])) or not 1000 <= int(m["y"]) <= 2999:
        return []
    token = t.Date(int(m["m"]), int(m["d"]), int(m["y"]), cx.before(at)[0])
    return [t.Found(at, m.end(), token, "date")]


def figures(cx: Context, at: int) -> list[t.Found]:
    """Written "03/04/2025", "5.3.25": the language's order unless only the other is possible."""
    m = _FIGURES.match(cx.text, at)
    if m is None or cx.char(at - 1) in ("/", "-", "."):
        return []
    a, b = int(m["a"]), int(m["b"])
    if m["sep"] == "-" and len(m["y"]) == 2 and (len(m["a"]) < 2 or len(m["b"]) < 2):
        return []
    day, month = (a, b) if cx.table.day_first else (b, a)
    if not _valid(day, month):
        day, month = month, day
    if not _valid(day, month):
        return []
    year = int(m["y"])
    if len(m["y"]) == 2:
        year += 2000 if year < 70 else 1900
    return [t.Found(at, m.end(), t.Date(month, day, year, cx.before(at)[0]), "date")]


def short_date(cx: Context, at: int) -> list[t.Found]:
    """Written "03/2025"; "3/4" after a word that dates."""
    m = _MONTH_YEAR.match(cx.text, at)
    if m:
        return [t.Found(at, m.end(), t.Date(int(m["m"]), None, int(m["y"])), "date")]
    m = _DAY_MONTH.match(cx.text, at)
    if m is None:
        return []
    span = _FROM_DATE.search(cx.text[max(0, at - 24) : at])  # "from 3/5 to 3/9"
    lead = span["lead"].casefold() if span else cx.before(at)[0]
    a, b = int(m["a"]), int(m["b"])
    timed = cx.table.month_first_figures and _AT_TIME.match(cx.text, m.end())
    if (
        lead not in cx.table.date_words
        and not timed
        and not (
            cx.table.month_first_figures
            and a <= 12 < b <= 31
            and "/" in m[0]
            and b not in COMMON_DENOMINATORS
            and cx.after(m.end()) != "of"
            and not _joined(cx, at)
        )
    ):
        return []
    if "." in m[0] and not cx.table.dotted_dates:
        return []
    day, month = (a, b) if cx.table.day_first else (b, a)
    if not _valid(day, month):
        day, month = month, day
    if not _valid(day, month):
        return []
    end = m.end() + (cx.char(m.end()) == "." and cx.table.dotted_dates and "." in m[0])
    return [t.Found(at, end, t.Date(month, day, None, cx.before(at)[0]), "date")]


def _valid(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def day_month(cx: Context, at: int) -> list[t.Found]:
    """Written "5 March 2025", "5th of March", "5-7 de marzo": the month stays as typed."""
    m = cx.lexicon.day_month.match(cx.text, at)
    if m is None or not 1 <= int(m["day"]) <= 31 or not cx.table.months:
        return []
    if _is_word(cx, m):
        return []
    day_end = m.end("day")
    if m["suffix"]:
        day_end = m.end("suffix")
    if m["to"]:
        after = m.end("to")
        rest = cx.text[after : m.start("link") if m["link"] else m.start("month")]
        day_end = after + len(rest.rstrip(" \u00a0-"))
    ordinal = bool(m["suffix"])
    to = int(m["to"]) if m["to"] else None
    lead = cx.before(at)[0]
    link = (m["link"] or "").casefold()
    day = t.Day(int(m["day"]), before=True, ordinal=ordinal, to=to, lead=lead, link=link)
    out = [t.Found(at, day_end, day, "date"), *_month(cx, m)]
    if m["year"]:
        year = t.Year(int(m["year"]), before=lead, after=cx.after(m.end("year")), dated=True)
        out.append(t.Found(m.start("year"), m.end("year"), year, "year"))
    return out


def month_day(cx: Context, at: int) -> list[t.Found]:
    """Written "March 5th, 2025", "Mar. 5-7", "March 2025": the month stays as typed."""
    if cx.char(at - 1).isalnum() or not cx.table.months:
        return []
    m = cx.lexicon.month_day.match(cx.text, at)
    if m is None or _is_word(cx, m):
        return []
    out = _month(cx, m)
    if m["day"]:
        if not cx.table.month_first or not 1 <= int(m["day"]) <= 31:
            return []
        to = int(m["to"]) if m["to"] else None
        day = t.Day(int(m["day"]), before=False, ordinal=bool(m["suffix"]), to=to)
        end = max(m.end(part) for part in ("day", "suffix", "to", "suffix2"))
        out.append(t.Found(m.start("day"), end, day, "date"))
    year = "year1" if m["year1"] else "year2"
    if m[year]:
        token = t.Year(int(m[year]), before="", after=cx.after(m.end(year)), dated=True)
        out.append(t.Found(m.start(year), m.end(year), token, "year"))
    return _with_span(cx, out)


def _with_span(cx: Context, out: list[t.Found]) -> list[t.Found]:
    """Written "Mar 3-Apr 5": the dash between two dates is said."""
    m = _SEPARATORS.match(cx.text, out[-1].end) if out else None
    if m is None or not cx.lexicon.month_day.match(cx.text, m.end()):
        return out
    return [*out, t.Found(m.start(), m.end(), t.Words(cx.table.to), "range")]


def _is_word(cx: Context, m: re.Match[str]) -> bool:
    """Say whether what looks like a month is another word: "may", "mar", "dec"."""
    typed = m["month"]
    return typed.islower() and typed in cx.table.unlikely_months


def _month(cx: Context, m: re.Match[str]) -> list[t.Found]:
    typed = m["month"].casefold()
    name = cx.table.month_names[cx.table.months[typed] - 1]
    full = {month.casefold() for month in cx.table.month_names}
    if typed in full or typed in cx.table.month_cases:
        return []
    end = m.end("month") + (cx.char(m.end("month")) == ".")
    return [t.Found(m.start("month"), end, t.Words(name), "month")]


def _joined(cx: Context, at: int) -> bool:
    """Say whether a sign ties the figure to one before it ("pre-2010" is free)."""
    char = cx.char(at - 1)
    return char in ("/", "#") or (char in ("-", "–") and not cx.char(at - 2).isalpha())


def year(cx: Context, at: int) -> list[t.Found]:
    """Written "in 1999", "1990-95", "2019/20"; a count of four digits is left to plain numbers."""
    m = _YEAR.match(cx.text, at)
    if m is None or (_joined(cx, at)):
        return []
    value = int(m["y"])
    words = cx.before(at)
    after = cx.after(m.end())
    dated = words[0] in cx.table.year_words or after.casefold() in cx.table.year_words_after
    end = m.end()
    if m["dash"]:
        to = int(m["to"])
        if len(m["to"]) == 2:
            to += value // 100 * 100
            ok = value < to and 1000 <= value <= 2099 and (to == value + 1 or m["dash"] != "/")
        else:
            ok = value < to <= 2199 and value >= 1000 and m["dash"] != "/"
        ok = ok and (dated or (value >= 1700 and not cx.table.counts(after)))
        return [t.Found(at, end, t.Year(value, to, words[0], after), "year")] if ok else []
    if cx.table.is_year(value, words, after):
        return [t.Found(at, end, t.Year(value, None, words[0], after), "year")]
    return []


def clock(cx: Context, at: int) -> list[t.Found]:
    """Written "5:30pm", "17:05", "10:00-11:30", "5 p.m.", "17h30", "17.30 Uhr"."""
    first = _one_time(cx, at)
    if first is None:
        return []
    time, end = first
    m = _SEPARATORS.match(cx.text, end)
    if m:
        second = _one_time(cx, m.end())
        if second:
            token = t.Time(time.hour, time.minute, time.second, time.half, to=second[0])
            return [t.Found(at, second[1], token, "time")]
    return [t.Found(at, end, time, "time")]


def hundred_hours(cx: Context, at: int) -> list[t.Found]:
    """Written "0900 hrs", "at 1430 hours"."""
    m = _HUNDRED_HOURS.match(cx.text, at)
    said = cx.table.hundred_hours(m["h"], m["m"], cx.before(at)[0]) if m else ""
    return [t.Found(at, m.end(), t.Words(said), "time")] if m and said else []


def hours_range(cx: Context, at: int) -> list[t.Found]:
    """Written "9-5pm", "9–11 a.m.", "10am–2pm"."""
    m = re.compile(r"(\d{1,2})(?::([0-5]\d))?[ ]?[-–—][ ]?(?=\d{1,2}[: apAP])").match(cx.text, at)
    if m is None or not 1 <= int(m[1]) <= 12:
        return []
    second = _one_time(cx, m.end())
    if second is None or not second[0].half:
        return []
    first = t.Time(int(m[1]), int(m[2]) if m[2] else None, to=second[0])
    return [t.Found(at, second[1], first, "time")]


def _one_time(cx: Context, at: int) -> tuple[t.Time, int] | None:
    m = cx.lexicon.clock.match(cx.text, at)
    if m is None or int(m["h"]) > 24:
        return None
    hour, end = int(m["h"]), m.end()
    minute = int(m["m"]) if m["m"] else None
    second = int(m["s"]) or None if m["m"] and m["s"] else None  # nobody says "and zero seconds"
    half = cx.lexicon.half.match(cx.text, end)
    if half:
        typed = half["half"].casefold()
        name = cx.table.day_halves["".join(c for c in typed if c not in ". \u00a0")]
        stop = half.end()
        kind = "am" if name == "am" else "pm"
        if (hour <= 12 or minute is not None) and cx.ends_word(stop):
            return t.Time(hour, minute, second, kind), stop  # type: ignore[arg-type]
    if not cx.ends_word(end):
        return None
    lone = minute is None and len((m["word"] or "").strip()) == 1
    if lone and cx.table.hour_leads and cx.before(at)[0] not in cx.table.hour_leads:
        return None  # "en 1h" is a length
    if m["word"] or (minute is not None and m["sep"] == ":"):
        return t.Time(hour, minute, second), end
    if minute is not None and (m["sep"] != "." or cx.before(at)[0] in cx.table.hour_leads):
        return t.Time(hour, minute, second), end
    return None


def length(cx: Context, at: int) -> list[t.Found]:
    """Written "2:05:33" where the words around speak of a race or a length."""
    m = _LENGTH.match(cx.text, at)
    parts: list[tuple[str, t.Quantity]]
    words = {*cx.before(at, 4), cx.after(m.end()).casefold()} if m else set()
    if m and (words & cx.table.time_words or m["f"] or int(m["h"]) > 24):
        parts = [("h", t.Quantity(m["h"])), ("min", _bare(m["m"])), ("s", _bare(m["s"], m["f"]))]
    else:
        m = _SHORT_LENGTH.match(cx.text, at)
        if m is None:
            return []
        words = {*cx.before(at, 4), cx.after(m.end()).casefold()}
        if not (words & cx.table.time_words):
            return []
        parts = [("min", t.Quantity(m["m"])), ("s", _bare(m["s"], m["f"]))]
    parts = [part for part in parts if part[1].whole != "0" or part[1].fraction] or parts[-1:]
    return [t.Found(at, m.end(), t.Duration(tuple(parts)), "duration")]


def _bare(digits: str, fraction: str | None = None) -> t.Quantity:
    return t.Quantity(digits.lstrip("0") or "0", fraction or "")


def pieces(cx: Context, at: int) -> list[t.Found]:
    """Written "1h 30m", "2d 4h", "1h30": at least two parts, falling."""
    parts: list[tuple[str, t.Quantity]] = []
    end, level = at, -1
    while m := _PIECE.match(cx.text, end):
        minutes = m["unit"] == "m" and (parts or _SECONDS.match(cx.text, m.end()))
        unit = "min" if minutes else SPELLINGS.get(m["unit"], "")
        unit = cx.table.unit_spellings.get(m["unit"], unit)
        if _TIME_UNITS.get(unit, -1) <= level:
            break
        level = _TIME_UNITS[unit]
        parts.append((unit, _bare(m["n"])))
        at_end = m.end() - (m[0].endswith(".") and not cx.char(m.end()).isspace())
        end = at_end + (cx.char(at_end) == " ")
    if not parts:
        return []
    stop = end if not cx.char(end - 1).isspace() else end - 1
    m = re.compile(r"\d\d(?![\w:.,])").match(cx.text, end)
    if (
        len(parts) == 1
        and parts[0][0] == "h"
        and m
        and end == stop
        and "h" not in cx.table.time_separators
    ):
        return [t.Found(at, m.end(), t.Duration((*parts, ("min", _bare(m[0])))), "duration")]
    if len(parts) < 2:
        return []
    attributive = cx.table.attributive(cx.before(at)[0], cx.after(stop))
    return [t.Found(at, stop, t.Duration(tuple(parts), attributive), "duration")]


ISO = (iso,)
DIGIT = (figures, day_month, short_date, hundred_hours, hours_range, length, pieces, clock, year)
LETTER = (month_day,)
SIGN = ()
