"""What is written, as typed tokens: the meaning without any language's words.

Recognisers make them, grammars say them. Digits are kept as ASCII text without separators, so
that leading zeros and endless numbers survive.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written: "-1,234.50" is ``Quantity("1234", "50", "-")``.

    Args:
        whole: digits before the decimal sign; "0" when none were typed (".5").
        fraction: digits after it.
        sign: "", "-", "+", "±" or "~".
        magnitude: "", or one of thousand, million, billion, trillion, lakh, crore.
        to: the other end of a range ("10-20").
        indian: it was grouped in lakhs and crores ("1,50,000").

    """

    whole: str
    fraction: str = ""
    sign: str = ""
    magnitude: str = ""
    to: "Quantity | None" = None
    indian: bool = False

    @property
    def last(self) -> "Quantity":
        """The end that a following noun agrees with."""
        return self.to or self


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number; ``noun`` is the typed word it counts, for agreement, or empty."""

    quantity: Quantity
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Written "3rd", "3º", "2e"; ``gender`` as typed: "m", "f" or "" (unknown)."""

    value: int
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits said one by one in groups (phone, card, PIN): ("987", "6543", "210")."""

    groups: tuple[str, ...]
    plus: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Letters, digits and signs said one by one: serials, plates, passwords ("AB-1234")."""

    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """A number said in pairs, as house and flight numbers are ("1204": twelve oh four)."""

    value: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year.

    Args:
        value: as typed.
        to: end of a span, already completed ("1990-95" has to=1995).
        before: the typed word before it, lower case, for agreement ("w 2025 roku").
        after: the typed word after it.
        dated: it follows a day or month.

    """

    value: int
    to: int | None = None
    before: str = ""
    after: str = ""
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Decade:
    """Written "1990s" (value 1990) or "'90s" (value 90, short)."""

    value: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A date written wholly in figures; month 1-12, any other part may be missing.

    ``lead`` is the typed word before it, lower case.
    """

    month: int
    day: int | None = None
    year: int | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's figure beside a month's name that stays as typed ("5" of "5 March").

    Args:
        value: 1 to 31.
        before: the figure stands before the month's name.
        ordinal: it was typed as an ordinal ("5th", "1er").
        to: last day of a span ("5-7 March").
        lead: the typed word before it, lower case ("the" of "the 5th of March").
        link: the typed word between it and the month ("of").

    """

    value: int
    before: bool
    ordinal: bool = False
    to: int | None = None
    lead: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Args:
        hour: 0 to 24 as typed.
        minute: 0 to 59; None when not typed ("5 pm").
        second: 0 to 59, or None.
        half: "am", "pm" or "".
        to: end of a span.

    """

    hour: int
    minute: int | None = None
    second: int | None = None
    half: Literal["", "am", "pm"] = ""
    to: "Time | None" = None


@dataclass(frozen=True, slots=True)
class Duration:
    """Written "1h 30m", "2:05:33" as a length: (unit id, quantity) from largest to smallest."""

    parts: tuple[tuple[str, Quantity], ...]
    attributive: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An amount. ``currency``: ISO code, or "cent" for "5¢"; ``attributive``: "a $20 bill"."""

    quantity: Quantity
    currency: str
    attributive: bool = False


@dataclass(frozen=True, slots=True)
class Percent:
    """Written "5%"; ``sign`` is "%" or "‰"."""

    quantity: Quantity
    sign: str = "%"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of a unit (canonical symbol of ``units.py``), maybe per another ("km/h").

    ``attributive``: "a 5 km run".
    """

    quantity: Quantity
    unit: str
    per: str = ""
    attributive: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """Written "3 3/4": whole 3, top 3, bottom 4; whole 0 when not typed.

    ``noun`` is the word after it.
    """

    top: int
    bottom: int
    whole: int = 0
    sign: str = ""
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers joined by a sign.

    Ratio "16:9", score "3-2", size "5x3 cm" (``by``), "24/7" (``slash``), blood pressure "120/80"
    (``over``), "8/10" as a mark (``rating``), the tail of an IP address (``prefix``, ``port``).
    """

    kind: Literal["ratio", "score", "by", "slash", "over", "rating", "prefix", "port"]
    parts: tuple[Quantity, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Dotted:
    """Version or IP address: parts said with "point" or "dot" between ("v2.10.3").

    ``named``: a "v" was typed.
    """

    kind: Literal["version", "ip"]
    parts: tuple[str, ...]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """E-mail address, URL, path or file name, as typed."""

    kind: Literal["email", "url", "path", "file"]
    text: str


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters said by their names, with an ending that is not: "CEO" + "s", "GPU" + "'s"."""

    text: str
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """Written "#GoodNews" or "@user_1"."""

    sign: Literal["#", "@"]
    text: str


@dataclass(frozen=True, slots=True)
class Roman:
    """A roman numeral where it is meant; ``ordinal`` after a person's name ("Henry VIII").

    ``before`` and ``after`` are the typed words around it, lower case, for agreement;
    ``suffixed`` says that an ordinal ending was typed ("XXe").
    """

    value: int
    ordinal: bool
    feminine: bool = False
    suffixed: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A sign said by name ("&", "→", "§"), or an operator when ``math``."""

    text: str
    math: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words known already: an expanded abbreviation."""

    spoken: str


Token = (
    Number | Ordinal | Digits | Code | Pairs | Year | Decade | Date | Day | Time | Duration
    | Money | Percent | Measure | Fraction | Series | Dotted | Address | Letters | Tag
    | Roman | Symbol | Words
)  # fmt: skip

#: Tokens that ``number_pronunciation_language`` moves to another language.
NUMERIC = (
    Number, Ordinal, Digits, Pairs, Year, Decade, Date, Day, Time, Duration, Money, Percent,
    Measure, Fraction, Series,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A token and where it stands."""

    start: int
    end: int
    token: Token
    rule: str
