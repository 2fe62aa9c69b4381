"""English, American unless asked otherwise."""

# ruff: noqa: SIM905  word lists read better so

import re
from typing import ClassVar

from groundswell.text.normalise import english_tables as tables
from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.grammar import Grammar

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_STREET = re.compile(
    r"\s(?:[NSEW]\.?\s)?(?:(?:[A-Z][\w'’-]*|\d{1,3}(?:st|nd|rd|th))\s){1,3}?(?:St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Blvd|Boulevard"
    r"|Ln|Lane|Way|Court|Ct|Place|Pl|Terrace|Square|Sq|Parkway|Pkwy|Hwy|Highway|Circle|Row|Close)\b"
)
_VOWELS = frozenset("aeiouy")
_NOT_NAMES = frozenset(
    [
        "in",
        "at",
        "near",
        "to",
        "from",
        "of",
        "the",
        "on",
        "and",
        "via",
        "for",
        "by",
        "mt",
        "visit",
        "is",
    ]
)


class English(Grammar):
    """American English."""

    code = "en"
    months = tables.MONTHS
    month_names = tables.MONTH_NAMES
    unlikely_months = frozenset({"may", "march", "mar", "dec", "jan", "oct", "sep", "august"})
    date_links = ("of",)
    date_words = frozenset(
        [
            "on",
            "by",
            "until",
            "since",
            "due",
            "dated",
            "from",
            "till",
            "starting",
            "ends",
            "starts",
            "expires",
            "begins",
            "ending",
        ]
    ) | {name.casefold() for pair in tables.SHORT_DAYS.items() for name in pair if "day" in pair[1]}
    magnitudes = tables.MAGNITUDES
    ordinal_suffixes: ClassVar[dict[str, str]] = dict.fromkeys(("st", "nd", "rd", "th"), "")
    abbreviations = tables.ABBREVIATIONS
    before_name = tables.BEFORE_NAME
    before_number = tables.BEFORE_NUMBER
    acronyms = tables.ACRONYMS
    common_words = tables.COMMON_WORDS
    day_halves: ClassVar[dict[str, str]] = {"am": "am", "pm": "pm"}
    year_words = tables.YEAR_WORDS
    digit_words = tables.DIGIT_WORDS
    fillers = frozenset(
        [
            "is",
            "number",
            "no",
            "are",
            "was",
            "ending",
            "in",
            "code",
            "your",
            "the",
            "for",
            "id",
            "num",
            "with",
        ]
    ) - {
        "code",
        "id",
    }
    time_words = tables.TIME_WORDS
    version_words = tables.VERSION_WORDS
    rating_words = frozenset({"stars", "star"})
    short_days = tables.SHORT_DAYS
    regions = tables.REGIONS
    regnal_names = tables.REGNAL_NAMES
    numbered_words = tables.NUMBERED_WORDS
    decades = True
    units = tables.UNITS
    unit_spellings: ClassVar[dict[str, str]] = {
        **{unit: unit for unit in ("pts", "ppg", "rpg", "apg")}, "pts.": "pts",
    }  # fmt: skip
    currencies = tables.CURRENCIES
    cents = tables.CENTS
    signs = tables.SIGNS
    math_signs: ClassVar[dict[str, str]] = {
        "×": "times", "÷": "divided by", "/": "divided by", "+": "plus", "-": "minus",
        "=": "equals", "^": "to the power of",
    }  # fmt: skip
    over = "over"
    out_of = "out of"
    number_word = "number"
    multiple = "times"
    measures = frozenset("of cups sticks acres blocks turns dozens weeks months years".split())
    names_lines = True
    month_first_figures = True
    of_total = "of"
    wickets = "for"
    step_words = frozenset("lap page question slide episode level day stage step part item".split())
    cricket_words = frozenset("scored at were are reached made posted score on".split())
    compass: ClassVar[dict[str, str]] = {"N": "north", "S": "south", "E": "east", "W": "west"}
    books = tables.BOOKS
    named_pairs = frozenset({"7-11", "9-11"})
    road_letters = frozenset({"I", "US", "SR"})
    names_emoji = True
    hundred_and: ClassVar[str] = " "

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number."""
        if value < 20:
            return _ONES[value]
        if value < 100:
            tens, ones = divmod(value, 10)
            return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
        if value < 1000:
            hundreds, rest = divmod(value, 100)
            head = f"{_ONES[hundreds]} hundred"
            return f"{head}{self.hundred_and}{self.cardinal(rest)}" if rest else head
        for size, name in _SCALES:
            if value >= size:
                many, rest = divmod(value, size)
                head = f"{self.cardinal(many)} {name}"
                join = self.hundred_and if rest < 100 else " "
                return f"{head}{join}{self.cardinal(rest)}" if rest else head
        return _ONES[0]

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say an ordinal."""
        head, _, last = self.cardinal(value).rpartition(" ")
        if last in _ORDINALS:
            last = _ORDINALS[last]
        else:
            last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        return f"{head} {last}".strip()

    def one_number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity; magnitudes are not inflected."""
        if quantity.indian and not quantity.magnitude and len(quantity.whole) <= 9:
            return self._indian(quantity)
        spoken = super().one_number(t.Quantity(quantity.whole, quantity.fraction, quantity.sign))
        return f"{spoken} {quantity.magnitude}".strip()

    def _indian(self, quantity: t.Quantity) -> str:
        """Say "one lakh fifty thousand" for what is grouped so."""
        value = int(quantity.whole)
        words = [self.signs[quantity.sign]] if quantity.sign else []
        for size, name in ((10**7, "crore"), (10**5, "lakh")):
            many, value = divmod(value, size)
            words += [self.cardinal(many), name] if many else []
        words += [self.cardinal(value)] if value else []
        if quantity.fraction:
            words += [self.point, self.fraction_digits(quantity.fraction)]
        return " ".join(words)

    # ---- choices ----

    def attributive(self, before: str, after: str, unit: str = "") -> bool:
        """After "a" and before a noun; electric and digital units before any noun."""
        if not after.islower() or after in tables.NOT_NOUNS or len(after) < 3:
            return False
        if unit in ("h", "min") and before not in ("a", "an", "the"):
            return False
        plural = after.endswith("s") and not after.endswith("ss")
        return before in ("a", "an", "another", "every", "the", "this") or (
            unit in tables.ADJECTIVAL and not plural
        )

    def is_magnitude(self, typed: str, quantity: t.Quantity, after: str) -> bool:
        """Runs and screens have a K that is no thousand; language models a B."""
        low = after.casefold()
        if typed in ("k", "K") and not quantity.fraction and int(quantity.whole) <= 10:
            return self.counts(after) and low not in tables.RUNS
        return low not in ("model", "models") or typed != "B"

    def some_word(self, typed: str) -> str:
        """Say "hundreds" of people."""
        return {"10": "tens", "100": "hundreds"}.get(typed, "thousands")

    def is_unit(self, unit: str, before: str) -> bool:
        """Seats, rooms and buses have letters, too."""
        return (
            unit not in ("A", "B", "C", "F", "G", "d", "h", "m") or before not in tables.SEAT_WORDS
        )

    def is_year(self, value: int, before: list[str], after: str) -> bool:
        """1900 to 2099 unless something is counted; 1000 to 2199 after "in" or "since"."""
        low = after.casefold()
        if self.counts(after):
            return False
        if before[0] in self.year_words or low in tables.YEAR_WORDS_AFTER:
            return 1000 <= value <= 2199
        if before[0] in tables.COUNT_WORDS:
            return False
        return 1900 <= value <= 2099

    def counts(self, after: str) -> bool:
        """A plural follows, or a unit."""
        low = after.casefold()
        return after.islower() and (
            low in tables.COUNTED
            or (low.endswith("s") and not low.endswith("ss") and low not in tables.NOT_PLURAL)
        )

    def emphasised(self, letters: str, before: str, after: str) -> bool:
        """Tell the question "WHO did this?" from the organisation in "the WHO"."""
        return letters == "WHO" and not before and after in tables.ASKING

    def spells(self, word: str) -> bool:
        """Letters without a vowel are spelled, but not "hmm"."""
        return (
            2 <= len(word) <= 5
            and word.isascii()
            and word.islower()
            and not _VOWELS.intersection(word)
            and word not in tables.SOUNDS
            and len(set(word)) > 1
        )

    def hundred_hours(self, hour: str, minute: str, before: str) -> str:
        """As soldiers say it; "1500 hours" of work are a number unless a time is due."""
        if hour[0] != "0" and before not in ("at", "by", "until", "till", "from", "to", "since"):
            return ""
        head = ("oh " if hour[0] == "0" else "") + self.cardinal(int(hour))
        tail = self.cardinal(int(minute)) if minute >= "10" else f"oh {self.cardinal(int(minute))}"
        return f"{head} {'hundred' if minute == '00' else tail} hours"

    def in_pairs(self, digits: str, before: list[str], after: str) -> bool:
        """After "room", "flight", …, or before a street."""
        if digits.endswith("00") and len(digits) == 3:
            return False
        if before[0] in ("the", "a", "an") and re.fullmatch(r"7[0-8]7", digits):
            return not self.counts("".join(after.split(maxsplit=1)[:1]))  # Boeing's
        if before[0] in tables.PAIR_WORDS or _STREET.match(after):
            return True
        return len(before) > 1 and before[1] == "flight" and len(before[0]) == 2

    def said_in_pairs(self, letters: str, digits: str) -> bool:
        """Three digits after the letters of a road, or that end in a ten: "A380"."""
        if len(digits) != 3 or digits.endswith("00") or digits[0] == "0":
            return False
        return letters in self.road_letters or (len(letters) <= 2 and digits[-1] == "0")

    def expand(self, typed: str, before: list[str], head: str, tail: str) -> str | None:
        """Doctor or drive, saint or street, by what stands around."""
        if typed.rstrip(".") in ("Dr", "St"):
            return self._doctor_or_drive(typed.rstrip("."), head, tail)
        if typed in ("no.", "No.") and before[0] in tables.NUMBERED_THINGS:
            return "number"
        if typed == "v." and re.search(r"[A-Z]\w* \Z", head) and re.match(r" [A-Z]", tail):
            return "versus"
        if typed == "est." and re.search(r"\d[\w%]* \Z", head):
            return "estimated"
        day = tables.SHORT_DAYS.get(typed.rstrip("."))
        if day and re.match(r"\s(?:night|morning|afternoon|evening|noon)\b", tail):
            return day
        if day and (before[0] in tables.DAY_LEADS or before[0].capitalize() in tables.SHORT_DAYS):
            return day
        return super().expand(typed, before, head, tail)

    def _doctor_or_drive(self, typed: str, head: str, tail: str) -> str:
        last = head.rsplit(maxsplit=1)[-1] if head.split() else ""
        named = last[:1].isupper() and last.isalpha() and last.casefold() not in _NOT_NAMES
        numbered = re.fullmatch(r"\d+(?:st|nd|rd|th)", last) is not None
        street = numbered or (
            named and bool(re.search(r"\d\w*\s(?:[NSEW]\.?\s)?(?:[A-Z][\w'’]*\s)+$", head))
        )
        follows = re.match(r"\.?\s?[A-Z][a-z]", tail.lstrip()) is not None
        if not street:
            street = named and not follows
        if typed == "Dr":
            return "drive" if street else "doctor"
        return "street" if street else "saint"

    def roman_token(self, typed: str, value: int, head: str, after: str) -> t.Roman | None:
        """Ordinals after regnal names, cardinals after "Chapter", also "Rocky III"."""
        words = [word.strip("(\"“'.,;:") for word in head.split()]
        low = [word.casefold() for word in words[-2:]]
        if not low or (head.rstrip()[-1:] in ".,;:!?" and low[-1] not in self.numbered_words):
            return None
        if low[-1] in self.numbered_words:
            return t.Roman(value, ordinal=False)
        regnal = low[-1] in self.regnal_names or (
            low[0] in self.regnal_names and words[-1][:1].isupper()
        )
        if regnal and (
            typed != "I"
            or (low[-1] in self.regnal_names and not after.islower())
            or after.casefold() in ("of", "was", "and", "is", "had", "became", "who", "in")
            or after.endswith("ed")
        ):
            return t.Roman(value, ordinal=True)
        if (
            words[-1][:1].isupper()
            and len(words[-1]) > 1
            and not words[-1].isupper()
            and re.fullmatch("II|III|IV|VI{1,3}|IX|XI{1,3}|XIV", typed)
        ):
            return t.Roman(value, ordinal=False)
        return None

    # ---- tokens ----

    def digit_groups(self, token: t.Digits) -> str:
        """Toll-free "800" is said as a number."""
        if token.groups[0] == "1" and len(token.groups) > 1 and token.groups[1] in ("800", "900"):
            rest = [self.digits(group) for group in token.groups[2:]]
            plus = "plus " if token.plus else ""
            return ", ".join([f"{plus}one {self.cardinal(int(token.groups[1]))}", *rest])
        return super().digit_groups(token)

    def pairs(self, token: t.Pairs) -> str:
        """Say "twelve oh four", "nine eleven", "twelve hundred"."""
        value = token.value
        if len(value) == 2:
            return (
                f"oh {self.cardinal(int(value))}" if value[0] == "0" else self.cardinal(int(value))
            )
        head, tail = value[:-2], value[-2:]
        if tail == "00":
            if head[-1] == "0":
                return self.cardinal(int(value))
            return f"{self.cardinal(int(head))} hundred"
        if head[0] == "0":
            return self.digits(value)
        low = f"oh {self.cardinal(int(tail))}" if tail[0] == "0" else self.cardinal(int(tail))
        return f"{self.cardinal(int(head))} {low}"

    def year(self, value: int) -> str:
        """Say "nineteen ninety nine", "two thousand five", "twenty twenty five"."""
        if value < 1000 or 2000 <= value <= 2009 or value % 1000 == 0 or value > 9999:
            return self.cardinal(value)
        return self.pairs(t.Pairs(str(value)))

    def decade(self, token: t.Decade) -> str:
        """Say "nineteen nineties"."""
        tens = _TENS[token.value // 10 % 10]
        plural = tens[:-1] + "ies" if tens != "_" else ""
        if token.short:
            return plural
        century = self.cardinal(token.value // 100)
        if plural:
            return f"{century} {plural}"
        return "two thousands" if token.value == 2000 else f"{century} hundreds"

    def year_token(self, token: t.Year) -> str:
        """Say a span with its end in full, or in two figures as it was meant."""
        return super().year_token(token)

    def date(self, token: t.Date) -> str:
        """Say "March fifth, twenty twenty five"."""
        month = self.month_names[token.month - 1]
        day = "" if token.day is None else f" {self.ordinal(token.day)}"
        year = "" if token.year is None else f", {self.year(token.year)}"
        return (month + day + year) if day else (month + year.replace(",", ""))

    def day(self, token: t.Day) -> str:
        """Say "the fifth of" March, March "fifth"."""
        said = self.ordinal(token.value)
        if token.to is not None:
            said += f" {self.to} {self.ordinal(token.to)}"
        if not token.before:
            return said
        lead = "" if token.lead in ("the", "this", "every") else "the "
        return lead + said + ("" if token.link else " of")

    def one_time(self, token: t.Time) -> str:
        """Say "five thirty P M", "ten o'clock", "seventeen oh five"."""
        half = {"am": " A M", "pm": " P M", "": ""}[token.half]
        hour = self.cardinal(token.hour)
        if token.minute is None:
            return hour + half
        if token.minute == 0 and token.second is None:
            if half:
                return hour + half
            if 1 <= token.hour <= 12:
                return hour if token.to else f"{hour} o'clock"
            return f"{hour} hundred"
        minute = (
            f"oh {self.cardinal(token.minute)}"
            if token.minute < 10
            else self.cardinal(token.minute)
        )
        if token.minute == 0:
            minute = "hundred"
        second = ""
        if token.second is not None:
            unit = "second" if token.second == 1 else "seconds"
            second = f" and {self.cardinal(token.second)} {unit}"
        return f"{hour} {minute}{second}{half}"

    def duration(self, token: t.Duration) -> str:
        """Say "one hour thirty minutes"; "five foot eleven" for a person's height."""
        if token.parts[0][0] == "ft" and len(token.parts) == 2:
            feet, inches = (self.number(quantity) for _, quantity in token.parts)
            return f"{feet} foot {inches}"
        return super().duration(token)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "one half", "three quarters", "seven sixteenths"."""
        if bottom == 2:
            return f"{self.cardinal(top)} {'half' if top == 1 else 'halves'}"
        if bottom == 4:
            return f"{self.cardinal(top)} {'quarter' if top == 1 else 'quarters'}"
        if bottom > 100 and bottom % 100:
            return f"{self.cardinal(top)} over {self.cardinal(bottom)}"
        return f"{self.cardinal(top)} {self.ordinal(bottom)}{'' if top == 1 else 's'}"

    def fraction(self, token: t.Fraction) -> str:
        """Say "three and a half" for mixed numbers ending in a half or a quarter."""
        sign = f"{self.signs.get(token.sign, '')} " if token.sign else ""
        if token.whole:
            part = self.simple_fraction(token.top, token.bottom)
            if token.top == 1:
                article = "an" if token.bottom in (8, 11, 18) else "a"
                part = part.replace("one ", f"{article} ", 1)
            return f"{sign}{self.cardinal(token.whole)} and {part}"
        return sign + self.simple_fraction(token.top, token.bottom)

    def series(self, token: t.Series) -> str:
        """Blood pressure in pairs."""
        if (
            token.kind == "over"
            and len(token.parts[0].whole) == 3
            and token.parts[0].whole[1] != "0"
        ):
            high = self.pairs(t.Pairs(token.parts[0].whole))
            low = self.number(token.parts[1])
            if token.unit:
                low = self.measure(t.Measure(token.parts[1], token.unit))
            return f"{high} over {low}"
        return super().series(token)

    def roman(self, token: t.Roman) -> str:
        """Say "the eighth", "two"."""
        return f"the {self.ordinal(token.value)}" if token.ordinal else self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "squared", "cubed", "to the power of nine"."""
        return {2: "squared", 3: "cubed"}.get(value) or f"to the power of {self.cardinal(value)}"


class BritishEnglish(English):
    """British English: "one hundred and five"."""

    hundred_and = " and "
