"""How a language says tokens: the contract every language fills.

A language is one class of tables and a few methods. It must give ``cardinal`` and ``ordinal`` and
the tables; every other method has a working default made of them, to be overridden where the
language builds the phrase otherwise. Nothing here may raise for any token: a grammar gets numbers
of any length and falls back to digits.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groundswell.text.normalise import tokens as t

#: Longer numbers are said digit by digit.
MAX_SPOKEN_DIGITS = 15

_ONSETS = frozenset(
    [
        "bl",
        "br",
        "ch",
        "cl",
        "cr",
        "dr",
        "dw",
        "fl",
        "fr",
        "gl",
        "gn",
        "gr",
        "kn",
        "kr",
        "kl",
        "kw",
        "ph",
        "pl",
        "pr",
        "ps",
        "qu",
        "rh",
        "sc",
        "sh",
        "sk",
        "sl",
        "sm",
        "sn",
        "sp",
        "sq",
        "st",
        "sw",
        "th",
        "tr",
        "tw",
        "wh",
        "wr",
        "ts",
        "vr",
        "vl",
        "zw",
        "sz",
        "cz",
        "dz",
    ]
)
_ZEROS = {"thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12}


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun.

    Args:
        forms: one for each plural category, in the order ``Grammar.plural`` counts them.
        gender: the language's own tag, handed to ``cardinal``.

    """

    forms: tuple[str, ...]
    gender: str = ""


def nouns(table: str) -> dict[str, Noun]:
    """Parse lines ``key: form|form gender``; spaces inside forms are allowed, the tag is last.

    >>> nouns("km: kilómetro|kilómetros m")["km"].forms
    ('kilómetro', 'kilómetros')
    """
    out: dict[str, Noun] = {}
    for line in table.strip().splitlines():
        keys, _, rest = line.strip().partition(": ")
        forms, _, gender = rest.rpartition(" @")
        noun = Noun(tuple(form.strip() for form in (forms or rest).split("|")), gender)
        for key in keys.split():
            out[key] = noun
    return out


class Grammar:
    """One language's numbers, nouns and ways of writing.

    Tables that recognisers read (how the language writes):
        decimal, group: its decimal sign and its thousands separators.
        day_first: 03/04 is the third of April.
        months: month names and abbreviations in lower case, without final dot → 1 to 12.
        date_links: words between day, month and year ("de" in "5 de marzo de 2025").
        time_separators: signs between hour and minute; ":" always, "." or "h" where used.
        hour_words: words after a time that make a bare figure one ("Uhr", "h").
        magnitudes: typed magnitude words and suffixes, lower case → thousand, million, … Keys of
            one or two letters count only when glued to the figure ("1.5M").
        currency_signs: further typed signs and words → ISO code ("kr", "руб.", "Rs").
        unit_spellings: further typed units → canonical unit ("кг" → "kg").
        regnal_names, queens: names after which a roman numeral is an ordinal (feminine: queens).
        numbered_words, ordinal_words, numbered_after: words beside which it is a number; after
            ``ordinal_words`` an ordinal.
        common_words: words of up to five letters that are not spelled when typed in capitals, and
            acronyms that are read as words.
        short_days: abbreviations of days and months → names, read in spans ("Mon-Fri").
        regions: capitals before a post code ("CA 94105").
        fillers: words skipped between a word of ``digit_words`` and its figure ("is", "number").
        version_words: words after which "3.11" is a version ("Python").
        date_words: lower-case words after which "3/4" is a date, not a fraction.
        dotted_dates: "5.3." is a date after such a word.
        month_first: "March 5" is written.
        month_cases: further full forms of months ("марта"), said as typed.
        unlikely_months: months' spellings that are more likely other words in lower case ("may").
        hour_leads: words after which "17.30" is a time.
        month_first_figures: "9/28" is a date although nothing names it one.
        names_lines: "1080p" is said in pairs.
        decades: "1990s" is written.
        ordinal_dot: "3." may be an ordinal; ``dotted_ordinal`` decides.
        rating_words: words after which "4/5" is a mark out of five ("stars").
        year_words_after: lower-case words before which a figure of four digits is a year.
        year_words: lower-case words after which a figure of four digits is a year.
        digit_words: lower-case words after which figures are said one by one ("PIN", "code").
        time_words: words before or after which "2:05:33" is a length, not a time of day.
        score_words: words near which "3-2" is a score even where it descends.
        ordinal_suffixes: endings that make a figure an ordinal → gender or "".
        abbreviations: typed (with its dot, if any) → spoken, always expanded.
        before_name, before_number: abbreviations expanded only before a capitalised word or a
            figure ("St." before a name, "No." before a number).
        acronyms: typed capitals → how they are said when neither spelled nor read as a word; ""
            leaves them to be read as a word.
        day_halves: typed markers of the halves of a day, lower case without dots or spaces
            → "am" or "pm".
        books: books named with chapter and verse ("John 3:16"), lower case.
        measures: nouns that a fraction measures ("3/4 cups"), besides units.
        step_words: words after which "3/10" is the third of ten ("lap").
        cricket_words: words after which "287/6" is runs for wickets.
        compass: N, S, E, W after degrees → word.
        named_pairs: figures joined by a dash that are a name ("7-11").
        road_letters: letters of roads, whose figures are said in pairs ("I-405").

    Tables that say:
        month_names: twelve names, as said in a full date.
        units, currencies, cents: canonical unit or ISO code → Noun.
        magnitude_nouns: canonical magnitude → Noun.
        signs: "-", "+", "±", "~", "&", "@", "=" … → word. A sign not here is left as typed.
        math_signs: operator → word for ``math_notation``.
        letter_names: letter → name, where capitals with spaces would not be spelled.
    """

    code: ClassVar[str] = ""

    # How it is written.
    decimal: ClassVar[str] = "."
    group: ClassVar[str] = ","
    day_first: ClassVar[bool] = True
    months: ClassVar[Mapping[str, int]] = {}
    date_links: ClassVar[tuple[str, ...]] = ()
    time_separators: ClassVar[str] = ":"
    hour_words: ClassVar[tuple[str, ...]] = ()
    magnitudes: ClassVar[Mapping[str, str]] = {}
    currency_signs: ClassVar[Mapping[str, str]] = {}
    unit_spellings: ClassVar[Mapping[str, str]] = {}
    regnal_names: ClassVar[frozenset[str]] = frozenset()
    queens: ClassVar[frozenset[str]] = frozenset()
    numbered_words: ClassVar[frozenset[str]] = frozenset()
    ordinal_words: ClassVar[frozenset[str]] = frozenset()
    numbered_after: ClassVar[frozenset[str]] = frozenset()
    common_words: ClassVar[frozenset[str]] = frozenset()
    short_days: ClassVar[Mapping[str, str]] = {}
    regions: ClassVar[frozenset[str]] = frozenset()
    fillers: ClassVar[frozenset[str]] = frozenset()
    version_words: ClassVar[frozenset[str]] = frozenset()
    date_words: ClassVar[frozenset[str]] = frozenset()
    dotted_dates: ClassVar[bool] = False
    month_first: ClassVar[bool] = True
    month_cases: ClassVar[frozenset[str]] = frozenset()
    unlikely_months: ClassVar[frozenset[str]] = frozenset()
    hour_leads: ClassVar[frozenset[str]] = frozenset()
    month_first_figures: ClassVar[bool] = False
    names_lines: ClassVar[bool] = False
    decades: ClassVar[bool] = False
    ordinal_dot: ClassVar[bool] = False
    rating_words: ClassVar[frozenset[str]] = frozenset()
    year_words_after: ClassVar[frozenset[str]] = frozenset()
    year_words: ClassVar[frozenset[str]] = frozenset()
    digit_words: ClassVar[frozenset[str]] = frozenset()
    time_words: ClassVar[frozenset[str]] = frozenset()
    score_words: ClassVar[frozenset[str]] = frozenset()
    ordinal_suffixes: ClassVar[Mapping[str, str]] = {}
    abbreviations: ClassVar[Mapping[str, str]] = {}
    before_name: ClassVar[Mapping[str, str]] = {}
    before_number: ClassVar[Mapping[str, str]] = {}
    acronyms: ClassVar[Mapping[str, str]] = {}
    day_halves: ClassVar[Mapping[str, str]] = {}
    books: ClassVar[frozenset[str]] = frozenset()
    measures: ClassVar[frozenset[str]] = frozenset()
    step_words: ClassVar[frozenset[str]] = frozenset()
    cricket_words: ClassVar[frozenset[str]] = frozenset()
    compass: ClassVar[Mapping[str, str]] = {}
    named_pairs: ClassVar[frozenset[str]] = frozenset()
    road_letters: ClassVar[frozenset[str]] = frozenset()

    # How it is said.
    month_names: ClassVar[tuple[str, ...]] = ()
    units: ClassVar[Mapping[str, Noun]] = {}
    currencies: ClassVar[Mapping[str, Noun]] = {}
    cents: ClassVar[Mapping[str, Noun]] = {}
    magnitude_nouns: ClassVar[Mapping[str, Noun]] = {}
    signs: ClassVar[Mapping[str, str]] = {}
    math_signs: ClassVar[Mapping[str, str]] = {}
    letter_names: ClassVar[Mapping[str, str]] = {}
    point: ClassVar[str] = "point"  #: the decimal sign
    dot: ClassVar[str] = "dot"  #: in addresses and versions
    dash: ClassVar[str] = "dash"
    tilde: ClassVar[str] = "tilde"
    hash_sign: ClassVar[str] = "hash"  #: in addresses
    underscore: ClassVar[str] = "underscore"
    slash: ClassVar[str] = "slash"
    backslash: ClassVar[str] = "backslash"
    colon: ClassVar[str] = "colon"
    at: ClassVar[str] = "at"
    hash: ClassVar[str] = "hashtag"
    percent_gender: ClassVar[str] = ""
    percent_word: ClassVar[str] = "percent"
    number_word: ClassVar[str] = ""  #: "#5"
    port: ClassVar[str] = "colon"
    version_word: ClassVar[str] = "version"
    version_point: ClassVar[str] = ""  #: between the parts of a version; else ``point``
    names_emoji: ClassVar[bool] = False  #: Unicode's names are English
    permille_word: ClassVar[str] = "per mille"
    to: ClassVar[str] = "to"  #: ranges and ratios
    ratio: ClassVar[str] = ""  #: scores and ratios, where not ``to``
    roman_suffixes: ClassVar[str] = ""  #: regex of endings that make a roman numeral an ordinal
    of_total: ClassVar[str] = ""  #: "lap 3/10"
    wickets: ClassVar[str] = ""  #: "287/6"
    multiple: ClassVar[str] = ""  #: "2x"
    by: ClassVar[str] = "by"  #: dimensions
    over: ClassVar[str] = ""  #: blood pressure
    out_of: ClassVar[str] = ""  #: marks; empty where "8/10" is said as a fraction
    per: ClassVar[str] = "per"  #: km/h
    and_: ClassVar[str] = "and"  #: money and fractions
    #: Said between the amount of a round magnitude and the currency ("un millón DE euros").
    of_magnitude: ClassVar[str] = ""

    # ---- to be given by every language ----

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number from 0 to 10^15 - 1, agreeing with ``gender`` where audible."""
        raise NotImplementedError

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say the ordinal of a number from 0 to 10^15 - 1."""
        raise NotImplementedError

    def plural(self, quantity: t.Quantity) -> int:
        """Choose the form of a noun counted by ``quantity``: index into ``Noun.forms``."""
        last = quantity.last
        one = last.whole.lstrip("0") == "1" and not last.fraction and not last.magnitude
        return 0 if one and quantity.to is None else 1

    # ---- choices that recognisers ask for ----

    def is_year(self, value: int, before: list[str], after: str) -> bool:
        """Say whether four digits are a year; by default when a year word stands beside them."""
        near = before[0] in self.year_words or after.casefold() in self.year_words_after
        return near and 1000 <= value <= 2199

    def counts(self, after: str) -> bool:
        """Say whether the word after a figure is something it counts."""
        return False

    def dotted_ordinal(self, before: str, value: int, after: str) -> t.Token | None:
        """Make a token of "3." before a word, or None where the dot ends a sentence."""
        return None

    def attributive(self, before: str, after: str, unit: str = "") -> bool:
        """Say whether an amount stands before a noun as an adjective does ("a 5 km run")."""
        return False

    def is_magnitude(self, typed: str, quantity: t.Quantity, after: str) -> bool:
        """Say whether a glued letter is a magnitude ("4K" is not)."""
        return True

    def some_word(self, typed: str) -> str:
        """Give "thousands" for "1,000s"; empty where that is not written."""
        return ""

    def is_unit(self, unit: str, before: str) -> bool:
        """Say whether a glued letter is a unit here ("14A" after "seat" is not)."""
        return True

    def hundred_hours(self, hour: str, minute: str, before: str) -> str:
        """Say "0900 hrs"; empty where that is no time of day."""
        return ""

    def in_pairs(self, digits: str, before: list[str], after: str) -> bool:
        """Say whether three or four digits name a house, room or flight (said in pairs)."""
        return False

    def said_in_pairs(self, letters: str, digits: str) -> bool:
        """Say whether the digits of a code are said in pairs ("A380", "I-405")."""
        return False

    def abbreviates(self, typed: str) -> bool:
        """Say whether the tables have an abbreviation as it is typed."""
        return (
            typed in self.abbreviations or typed in self.before_name or typed in self.before_number
        )

    def magnitude_is_word(self, typed: str, name: str) -> bool:
        """Say whether a typed magnitude ("million", "lakhs") is said as typed, not "mln"."""
        noun = self.magnitude_nouns.get(name)
        low = typed.casefold()
        return low.removesuffix("s") == name or bool(
            noun and low in (f.casefold() for f in noun.forms)
        )

    def expand(self, typed: str, before: list[str], head: str, tail: str) -> str | None:
        """Expand an abbreviation in its context; None leaves it as typed.

        Args:
            typed: as in the tables.
            before: words before it, lower case, the nearest first.
            head: some text before it.
            tail: some text after it.

        """
        tail = tail.lstrip(" \u00a0")
        if typed in self.before_number and tail[:1].isdigit():
            return self.before_number[typed]
        if typed in self.before_name and tail[:1].isupper():
            return self.before_name[typed]
        return self.abbreviations.get(typed)

    def roman_token(self, typed: str, value: int, head: str, after: str) -> t.Roman | None:
        """Decide what a roman numeral is from the words before it; None leaves the letters."""
        words = head.split()
        last = words[-1].strip("(«\"“'.,").casefold() if words else ""
        if last in self.regnal_names and len(typed) <= 6:
            return t.Roman(value, ordinal=True, feminine=last in self.queens)
        if last in self.numbered_words or after.casefold() in self.numbered_after:
            return t.Roman(value, ordinal=last in self.ordinal_words)
        return None

    def reads(self, letters: str) -> bool:
        """Say whether capitals are read as a word (NASA, STOP) rather than spelled (FBI)."""
        return letters.casefold() in self.common_words or not self.unpronounceable(letters)

    def emphasised(self, letters: str, before: str, after: str) -> bool:
        """Say whether what could be an acronym is a common word in capitals here."""
        return False

    def spells(self, word: str) -> bool:
        """Say whether a word in small letters is spelled ("npm")."""
        return False

    def unpronounceable(self, letters: str) -> bool:
        """Say whether letters cannot be a word: too short, no vowel, or a foreign cluster."""
        if len(letters) <= 3:
            return True
        plain = "".join(c for c in unicodedata.normalize("NFD", letters.casefold()) if c.isalpha())
        vowels = [char in "aeiouyаеёиоуыэюяіє" for char in plain]
        if not any(vowels):
            return True
        first = vowels.index(True)
        if first == 0 and plain[0] == plain[1]:
            return True  # "UUID"
        if (
            len(plain) == 4
            and first == 0
            and not any(vowels[1:])
            and not plain.endswith(("s", "h"))
        ):
            return True  # "ISBN"
        return first > 3 or (first >= 2 and plain[:2] not in _ONSETS)

    # ---- numbers ----

    def integer(self, digits: str, gender: str = "") -> str:
        """Say a whole number of any length; leading zeros make it a string of digits."""
        if len(digits) > MAX_SPOKEN_DIGITS or (len(digits) > 1 and digits[0] == "0"):
            return self.digits(digits)
        return self.cardinal(int(digits), gender)

    def attached(self, spoken: str, ending: str) -> str:
        """Join an ending that was typed right behind a figure."""
        return spoken + ending

    def digits(self, digits: str) -> str:
        """Say digits one by one."""
        return " ".join(self.cardinal(int(digit)) for digit in digits)

    def fraction_digits(self, digits: str) -> str:
        """Say what stands after the decimal sign."""
        return self.digits(digits)

    def number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity with its sign, decimals, magnitude and the other end of its range."""
        spoken = self.one_number(quantity, gender)
        if quantity.to is None:
            return spoken
        return f"{spoken} {self.to} {self.one_number(quantity.to, gender)}"

    def one_number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity without the other end of its range."""
        words = [self.signs.get(quantity.sign, "")] if quantity.sign else []
        noun = self.magnitude_nouns.get(quantity.magnitude)
        inner = noun.gender if noun else gender
        words.append(self.integer(quantity.whole, "" if quantity.fraction else inner))
        if quantity.fraction:
            words += [self.point, self.fraction_digits(quantity.fraction)]
        if quantity.magnitude:
            bare = t.Quantity(quantity.whole, quantity.fraction)
            words.append(self.form(noun, bare) if noun else quantity.magnitude)
        return " ".join(word for word in words if word)

    def form(self, noun: Noun, quantity: t.Quantity) -> str:
        """Give the form of a noun that a quantity takes."""
        return noun.forms[min(self.plural(quantity), len(noun.forms) - 1)]

    def counted(self, quantity: t.Quantity, noun: Noun, *, attributive: bool = False) -> str:
        """Say a quantity of something ("two hours", "1,5 Millionen Euro")."""
        if attributive:
            return f"{self.number(quantity, noun.gender)} {noun.forms[0]}"
        of = self.of_magnitude if quantity.last.magnitude not in ("", "thousand") else ""
        parts = (self.number(quantity, noun.gender), of, self.form(noun, quantity))
        return " ".join(part for part in parts if part)

    # ---- tokens ----

    def say(self, token: t.Token) -> str:  # noqa: PLR0912
        """Say any token. Languages override the methods, not this."""
        match token:
            case t.Number():
                return self.number(token.quantity, self.gender_of(token.noun))
            case t.Ordinal():
                return self.ordinal_token(token)
            case t.Digits():
                return self.digit_groups(token)
            case t.Code():
                return self.code_text(token)
            case t.Pairs():
                return self.pairs(token)
            case t.Year():
                return self.year_token(token)
            case t.Decade():
                return self.decade(token)
            case t.Date():
                return self.date(token)
            case t.Day():
                return self.day(token)
            case t.Time():
                return self.time(token)
            case t.Duration():
                return self.duration(token)
            case t.Money():
                return self.money(token)
            case t.Percent():
                return self.percent(token)
            case t.Measure():
                return self.measure(token)
            case t.Fraction():
                return self.fraction(token)
            case t.Series():
                return self.series(token)
            case t.Dotted():
                return self.dotted(token)
            case t.Address():
                return self.address(token)
            case t.Letters():
                return self.letters(token.text) + token.ending
            case t.Tag():
                return self.tag(token)
            case t.Roman():
                return self.roman(token)
            case t.Symbol():
                return self.symbol(token)
            case t.Words():
                return token.spoken

    def gender_of(self, noun: str) -> str:
        """Guess the gender of the typed word that a number counts; "" when unknown."""
        del noun
        return ""

    def ordinal_token(self, token: t.Ordinal) -> str:
        """Say "3rd"."""
        return self.ordinal(token.value, token.gender)

    def digit_groups(self, token: t.Digits) -> str:
        """Say a phone, card or account number; a comma is a short pause."""
        plus = f"{self.signs.get('+', '')} " if token.plus else ""
        return (plus + ", ".join(self.digits(group) for group in token.groups)).strip()

    def code_text(self, token: t.Code) -> str:
        """Say a serial or plate: letters by name, digits one by one, no separators."""
        return self.spell("".join(char for char in token.text if char.isalnum()))

    def pairs(self, token: t.Pairs) -> str:
        """Say a house, room or flight number."""
        return self.integer(token.value)

    def year(self, value: int) -> str:
        """Say a year."""
        return self.cardinal(value)

    def year_token(self, token: t.Year) -> str:
        """Say a year with its era and the end of its span."""
        spoken = self.year(token.value)
        return spoken if token.to is None else f"{spoken} {self.to} {self.year(token.to)}"

    def decade(self, token: t.Decade) -> str:
        """Say "1990s"."""
        return self.year(token.value)

    def date(self, token: t.Date) -> str:
        """Say a date written in figures."""
        parts = (
            [] if token.day is None else [self.day(t.Day(token.day, before=True, lead=token.lead))]
        )
        parts.append(self.month_names[token.month - 1])
        parts += [] if token.year is None else [self.year(token.year)]
        return " ".join(parts)

    def day(self, token: t.Day) -> str:
        """Say the figure of a day beside a month's name."""
        said = self.ordinal if token.ordinal else self.cardinal
        end = "" if token.to is None else f" {self.to} {said(token.to)}"
        return said(token.value) + end

    def time(self, token: t.Time) -> str:
        """Say a time of day, and the end of its span."""
        spoken = self.one_time(token)
        return spoken if token.to is None else f"{spoken} {self.to} {self.one_time(token.to)}"

    def one_time(self, token: t.Time) -> str:
        """Say a time of day."""
        words = [self.cardinal(token.hour)]
        if token.minute:
            words.append(self.integer(f"{token.minute:02d}"))
        return " ".join(words)

    def duration(self, token: t.Duration) -> str:
        """Say "1h 30m"."""
        return " ".join(
            self.measure(t.Measure(quantity, unit, attributive=token.attributive))
            for unit, quantity in token.parts
        )

    def money(self, token: t.Money) -> str:
        """Say an amount: "3.50" as whole and hundredths, "3.5 million" as a decimal."""
        quantity = token.quantity
        if token.currency == "cent":
            noun = self.cents.get("USD")
            return self.counted(quantity, noun) if noun else self.number(quantity)
        noun = self.currencies.get(token.currency)
        if noun is None:
            return f"{self.number(quantity)} {self.letters(token.currency)}"
        cent = self.cents.get(token.currency) or self.cents.get("")
        if cent is None or quantity.magnitude or quantity.to or len(quantity.fraction) != 2:
            return self.counted(quantity, noun, attributive=token.attributive)
        whole = t.Quantity(quantity.whole, "", quantity.sign)
        small = t.Quantity(quantity.fraction.lstrip("0") or "0")
        if small.whole == "0":
            return self.counted(whole, noun)
        if not quantity.whole.strip("0"):
            return self.counted(t.Quantity(small.whole, "", quantity.sign), cent)
        return self.money_parts(self.counted(whole, noun), self.counted(small, cent))

    def money_parts(self, whole: str, small: str) -> str:
        """Join the units and the hundredths of an amount."""
        return f"{whole} {self.and_} {small}"

    def percent(self, token: t.Percent) -> str:
        """Say a percentage."""
        word = self.percent_word if token.sign == "%" else self.permille_word
        return f"{self.number(token.quantity, self.percent_gender)} {word}"

    def measure(self, token: t.Measure) -> str:
        """Say a quantity of a unit, maybe per another."""
        noun = self.units.get(token.unit)
        if noun is None:
            spoken = f"{self.number(token.quantity)} {self.letters(token.unit)}"
        else:
            spoken = self.counted(token.quantity, noun, attributive=token.attributive)
        if token.per:
            other = self.units.get(token.per)
            spoken += f" {self.per} {other.forms[0] if other else self.letters(token.per)}"
        return spoken

    def fraction(self, token: t.Fraction) -> str:
        """Say a fraction."""
        sign = f"{self.signs.get(token.sign, '')} " if token.sign else ""
        whole = f"{self.cardinal(token.whole)} {self.and_} " if token.whole else ""
        return sign + whole + self.simple_fraction(token.top, token.bottom)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say a fraction below one."""
        return f"{self.cardinal(top)} {self.ordinal(bottom)}"

    def series(self, token: t.Series) -> str:
        """Say a ratio, score, size, mark or "24/7"."""
        if token.kind in ("prefix", "port"):
            word = self.slash if token.kind == "prefix" else self.port
            digits = token.parts[0].whole
            return f"{word} {self.integer(digits) if len(digits) < 3 else self.digits(digits)}"
        join = {
            "ratio": self.ratio or self.to, "score": self.ratio or self.to, "by": self.by,
            "slash": "", "over": self.over,
            "rating": self.out_of,
        }[token.kind]  # fmt: skip
        said = [self.number(part) for part in token.parts]
        if token.unit:
            said[-1] = self.measure(t.Measure(token.parts[-1], token.unit))
        return " ".join(f" {join} ".join(said).split())

    def dotted(self, token: t.Dotted) -> str:
        """Say a version or IP address."""
        if token.kind == "ip":
            return f" {self.dot} ".join(self.digits(part) for part in token.parts)
        word = self.version_point or self.point
        named = f"{self.version_word} " if token.named else ""
        return named + f" {word} ".join(
            self.integer(part) if part.isascii() and part.isdigit() else self.spell(part)
            for part in token.parts
        )

    def address(self, token: t.Address) -> str:
        """Say an e-mail address, URL, path or file name."""
        from groundswell.text.normalise.address import say_address

        return say_address(token, self)

    def tag(self, token: t.Tag) -> str:
        """Say "#GoodNews" and "@user"."""
        from groundswell.text.normalise.address import say_handle

        return f"{self.hash if token.sign == '#' else self.at} {say_handle(token.text, self)}"

    def roman(self, token: t.Roman) -> str:
        """Say a roman numeral."""
        if token.ordinal:
            return self.ordinal(token.value, "f" if token.feminine else "m")
        return self.cardinal(token.value)

    def symbol(self, token: t.Symbol) -> str:
        """Say a sign by name; empty drops it."""
        table = self.math_signs if token.math else self.signs
        return table.get(token.text, "")

    def power(self, value: int) -> str:
        """Say a raised figure ("²")."""
        return f"{self.math_signs.get('^', '')} {self.cardinal(value)}".strip()

    # ---- letters ----

    def letters(self, text: str) -> str:
        """Say letters by their names."""
        return " ".join(self.letter(char) for char in text if char.isalpha())

    def letter(self, char: str) -> str:
        """Name one letter; a capital by itself is one."""
        return self.letter_names.get(char.upper(), char.upper())

    def spell(self, text: str) -> str:
        """Say any mix of letters, digits and signs one by one."""
        out: list[str] = []
        for char in text:
            if char.isdecimal():
                out.append(self.cardinal(unicodedata.decimal(char)))
            elif char.isalpha():
                out.append(self.letter(char))
            elif char in "-–":
                out.append(self.dash)
            elif char == "_":
                out.append(self.underscore)
            elif char == ".":
                out.append(self.dot)
            elif char == "/":
                out.append(self.slash)
            elif char in self.signs:
                out.append(self.signs[char])
        return " ".join(out)

    # ---- shared arithmetic ----

    @staticmethod
    def scaled(quantity: t.Quantity) -> int | None:
        """Give the whole value of a quantity with its magnitude; None when it has decimals."""
        digits = quantity.whole + quantity.fraction
        zeros = _ZEROS.get(quantity.magnitude, 0) - len(quantity.fraction)
        if zeros < 0 or len(digits) + zeros > MAX_SPOKEN_DIGITS:
            return None
        return int(digits) * int(10**zeros)
