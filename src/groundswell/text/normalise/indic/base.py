"""What the Indian languages share: the tables' form, lakh and crore, dates, times, fractions."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any, ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.fold import fold
from groundswell.text.normalise.grammar import Grammar, Noun

#: Canonical unit → the words of ``[unit_words]`` that make it.
_UNITS = {
    "km": "kilo metre", "m": "metre", "cm": "centi metre", "mm": "milli metre",
    "kg": "kilo gram", "g": "gram", "mg": "milli gram", "l": "litre", "ml": "milli litre",
    "W": "watt", "kW": "kilo watt", "MW": "mega watt", "V": "volt", "kB": "kilo byte",
    "MB": "mega byte", "GB": "giga byte", "TB": "tera byte", "Hz": "hertz", "kHz": "kilo hertz",
    "MHz": "mega hertz", "GHz": "giga hertz", "h": "hour", "min": "minute", "s": "second",
    "d": "day", "ft": "foot", "in": "inch", "mi": "mile", "ha": "hectare", "°": "degree",
    "°C": "degree,celsius", "°F": "degree,fahrenheit", "kWh": "kilo watt,hour",
    "sq ft": "square,foot", "m²": "square,metre", "km²": "square,kilo metre",
    "m³": "cubic,metre", "cm³": "cubic,centi metre", "Mbps": "mega bit", "Gbps": "giga bit",
    "kbps": "kilo bit",
}  # fmt: skip
_PER = {"km/h": ("km", "h"), "m/s": ("m", "s"), "mph": ("mi", "h"),
        "Mbps": ("Mbps", "s"), "Gbps": ("Gbps", "s"), "kbps": ("kbps", "s")}  # fmt: skip
_SHORT = {"k": "thousand", "m": "million", "b": "billion", "cr": "crore", "l": "lakh"}
_ENGLISH_MAGNITUDES = {
    "thousand": "thousand", "lakh": "lakh", "lakhs": "lakh", "lac": "lakh", "crore": "crore",
    "crores": "crore", "million": "million", "billion": "billion", "trillion": "trillion",
}  # fmt: skip
_ENGLISH_MONTHS = (
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
    "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
)  # fmt: skip
#: Forms of ordinals in the order of the files: masculine, feminine, other, oblique.
_TAGS = ("m", "f", "o", "x")


def _split(words: str) -> list[str]:
    return [unicodedata.normalize("NFC", word) for word in words.split("|")]


def _keys(table: Mapping[str, str]) -> dict[str, str]:
    """Turn spoken-side tables (value: typed forms) round, folded for matching."""
    return {fold(typed).casefold(): key for key, row in table.items() for typed in _split(row)}


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    return {fold(typed): key for key, row in table.items() for typed in _split(row)}


def _nouns(table: Mapping[str, str]) -> dict[str, Noun]:
    return {key: Noun(tuple(_split(row))) for key, row in table.items()}


class Indic(Grammar):
    """A grammar read from ``<code>.toml``.

    Attributes of a file beside those of ``Grammar``:
        numbers: the hundred words of 0 to 99.
        hundred: the word of 100, and where it differs the forms before a rest.
        ordinals: irregular ordinals by value, ``masculine|feminine|other``.
        ordinal: the endings of all others.
        morning, noon, evening, night, oclock: said with "am" and "pm".
        half, quarter, over: words of fractions.

    """

    month_first: ClassVar[bool] = False
    time_separators: ClassVar[str] = ":."
    #: Years of these centuries are said in hundreds ("उन्नीस सौ सैंतालीस").
    centuries: ClassVar[range] = range(11, 20)
    #: The words of the clock come before the figures, "oclock" after them.
    acronyms: ClassVar[Mapping[str, str]] = {}
    common_words: ClassVar[frozenset[str]] = frozenset(
        (
            "nasa",
            "isro",
            "aadhaar",
            "neet",
            "covid",
            "unicef",
            "unesco",
            "nato",
            "delhi",
            "india",
            "ram",
            "rom",
            "sim",
            "pan",
            "pin",
            "covid",
            "wifi",
        )
    )

    numbered_words: ClassVar[frozenset[str]] = frozenset(("chapter", "part", "volume", "phase"))

    def __init__(self) -> None:
        path = files("groundswell.text.normalise.indic").joinpath(f"{self.code}.toml")
        table: dict[str, Any] = tomllib.loads(
            unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        )
        self.numbers: tuple[str, ...] = tuple(
            word.strip() for word in table["numbers"].replace("\n", ",").split(",") if word.strip()
        )
        self.hundreds: tuple[str, ...] = tuple(table["hundred"].split("|"))
        self.irregular: list[list[str]] = [row.split("|") for row in table["ordinals"]]
        self.endings: list[str] = table["ordinal"].split("|")
        self.clock_words: dict[str, str] = {
            key: table[key] for key in ("morning", "noon", "evening", "night", "oclock")
        }
        self.half: str = table["half"]
        self.quarter: str = table["quarter"]
        self.fraction_bar: str = table["over"]
        for name, word in table["words"].items():
            setattr(self, name, word)
        self._read_names(table)
        self._read_signs(table)

    def _read_names(self, table: Mapping[str, Any]) -> None:
        rows = [_split(row) for row in table["months"]]
        months = {fold(typed): at for at, row in enumerate(rows, 1) for typed in row}
        for at, row in enumerate(_ENGLISH_MONTHS, 1):
            months |= dict.fromkeys(row.split("|"), at)
        magnitudes = _keys(table["magnitudes"]) | _ENGLISH_MAGNITUDES | _SHORT
        self._set(
            months=months,
            month_names=tuple(row[0] for row in rows),
            month_cases=frozenset(fold(row[0]) for row in rows),
            unlikely_months=frozenset(("may", "mar", "jan", "dec")),
            magnitudes=magnitudes,
            magnitude_nouns={k: Noun((_split(v)[0],)) for k, v in table["magnitudes"].items()},
            currencies=_nouns(table["currencies"]),
            cents=_nouns(table["cents"]),
            currency_signs=_spellings(table["currency_signs"]),
            units=self._units(_nouns(table["unit_words"])),
            unit_spellings=_spellings(table["unit_spellings"]),
            ordinal_suffixes=self._suffixes(table.get("suffixes", "")),
            digit_words=_words(table["digit_words"]["words"])
            | {"pin", "otp", "code", "number", "no", "mobile", "phone", "account", "password"},
            numbered_words=type(self).numbered_words
            | _words(table["digit_words"].get("numbered", "")),
            year_words=_words(table["year_words"]["words"]),
            year_words_after=_words(table["year_words"].get("after", "")),
            day_halves={"am": "am", "pm": "pm"},
            hour_leads=_words(" ".join(list(self.clock_words.values())[:4]))
            | frozenset(map(_bare, table.get("before_number", ()))),
        )
        self._set(
            abbreviations=self._abbreviations(table),
            before_number={fold(k): v for k, v in table.get("before_number", {}).items()},
        )

    def _abbreviations(self, table: Mapping[str, Any]) -> dict[str, str]:
        """Those of the file, and units that stand without a figure ("कितने किमी")."""
        units = {
            typed: self.units[unit].forms[-1]
            for typed, unit in _spellings(table["unit_spellings"]).items()
            if unit in ("km", "cm", "mm", "kg", "km/h")
        }
        return units | {fold(typed): said for typed, said in table["abbreviations"].items()}

    def _read_signs(self, table: Mapping[str, Any]) -> None:
        signs = dict(table["signs"])
        math = table.get("math", {})
        names = {"×": "times", "÷": "divided", "/": "divided", "+": "plus", "-": "minus",
                 "=": "equals", "^": "power"}  # fmt: skip
        self._set(
            number_word=signs.pop("#"),
            signs=signs,
            math_signs={sign: math[name] for sign, name in names.items() if name in math},
        )

    def _set(self, **tables: object) -> None:
        for name, value in tables.items():
            setattr(self, name, value)

    def _units(self, words: Mapping[str, Noun]) -> dict[str, Noun]:
        made = {unit: _joined(row, words) for unit, row in _UNITS.items()}
        for unit, (top, bottom) in _PER.items():
            forms = tuple(f"{form} {self.per} {made[bottom].forms[0]}" for form in made[top].forms)
            made[unit] = Noun(forms)
        return made

    def _suffixes(self, further: str) -> dict[str, str]:
        """Endings of ordinals as typed behind a figure, with and without chandrabindu."""
        tags = _TAGS
        found = dict(zip(self.endings, tags, strict=False)) if len(self.endings) > 1 else {
            self.endings[0]: ""
        }  # fmt: skip
        for row in self.irregular:
            stems = [word for word in row if word and len(row) > 1]
            for tag, word in zip(tags, stems, strict=False):
                found.setdefault(_ending(word), tag)
        found |= {typed: tag for typed, _, tag in (word.partition(":") for word in further.split())}
        plain = {k.replace("ँ", "ं"): v for k, v in found.items()}
        bare = {k.replace("ँ", "").replace("ं", ""): v for k, v in found.items()}
        english = dict.fromkeys(("st", "nd", "rd", "th"), "")
        return english | {fold(k): v for k, v in (bare | plain | found).items() if k}

    # ---- numbers ----

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say an ordinal; ``gender`` is one of ``_TAGS``."""
        at = _TAGS.index(gender) if gender in _TAGS else 0
        row = self.irregular[value] if value < len(self.irregular) else [""]
        if any(row):
            return row[min(at, len(row) - 1)]
        return self.with_ending(self.cardinal(value), self.endings[min(at, len(self.endings) - 1)])

    def with_ending(self, cardinal: str, ending: str) -> str:
        """Join a cardinal and the ending of ordinals."""
        return cardinal + ending

    def year(self, value: int) -> str:
        """Say a year, in hundreds where the language does."""
        century, rest = divmod(value, 100)
        if century not in self.centuries:
            return self.cardinal(value)
        return self.in_hundreds(century, rest)

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say "nineteen hundred and forty-seven"."""
        return self.cardinal(century * 100 + rest)

    # ---- phrases ----

    def money_parts(self, whole: str, small: str) -> str:
        """Say rupees and paise one after the other."""
        return f"{whole} {small}"

    def one_time(self, token: t.Time) -> str:
        """Say hour and minute as figures, as announcements do; "am" and "pm" by the part of day."""
        words = [self.cardinal(token.hour)]
        if token.minute:
            words.append(self.integer(f"{token.minute:02d}"))
        if not token.half:
            return " ".join(words)
        hour = token.hour % 12 + (12 if token.half == "pm" else 0)
        part = (
            "morning" if 4 <= hour < 12 else "noon" if 12 <= hour < 16
            else "evening" if 16 <= hour < 20 else "night"
        )  # fmt: skip
        return f"{self.clock_words[part]} {self.at_oclock(' '.join(words))}"

    def at_oclock(self, figures: str) -> str:
        """Add the word that makes figures a time."""
        return f"{figures} {self.clock_words['oclock']}"

    def fraction(self, token: t.Fraction) -> str:
        """Say a fraction: halves and quarters by name."""
        sign = f"{self.signs.get(token.sign, '')} " if token.sign else ""
        part = self.simple_fraction(token.top, token.bottom)
        return sign + (self.mixed(token, part) if token.whole else part)

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say a whole number and a fraction."""
        return f"{self.cardinal(token.whole)} {part}"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say a fraction below one."""
        if (top, bottom) == (1, 2):
            return self.half
        if bottom == 4 and top in (1, 3):
            return self.quarters(top)
        return f"{self.cardinal(top)} {self.fraction_bar} {self.cardinal(bottom)}"

    def quarters(self, top: int) -> str:
        """Say 1/4 and 3/4."""
        return f"{self.cardinal(top)} {self.quarter}"

    def number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity; "2-2" is "two each", no range."""
        if quantity.to is not None and quantity.to == replace(quantity, to=None):
            return " ".join([self.one_number(quantity.to, gender)] * 2)
        return super().number(quantity, gender)

    def series(self, token: t.Series) -> str:
        """Say the figures of a score, and of "24x7", one after the other."""
        always = [part.whole for part in token.parts] == ["24", "7"]
        if token.kind == "score" or always:
            return " ".join(self.number(part) for part in token.parts)
        return super().series(token)

    def letters(self, text: str) -> str:
        """Leave letters to the reader of their script: "A T M" is spelled in English."""
        return " ".join(char.upper() for char in text if char.isalpha())

    def unpronounceable(self, letters: str) -> bool:
        """Latin capitals inside Indian text are nearly always spelled."""
        return True


def _bare(abbreviation: str) -> str:
    return fold(abbreviation.rstrip("."))


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(unicodedata.normalize("NFC", word)) for word in text.split())


def _joined(row: str, words: Mapping[str, Noun]) -> Noun:
    """Make "kilo metre" one word, "square,metre" two; the last one counts."""
    parts = [part.split() for part in row.split(",")]
    last = words[parts[-1][-1]]
    if row.startswith("degree,"):
        last = words["degree"]
        return Noun(tuple(f"{form} {words[parts[1][0]].forms[0]}" for form in last.forms))
    heads = [" ".join("".join(words[w].forms[0] for w in part) for part in parts[:-1])]
    prefix = "".join(words[w].forms[0] for w in parts[-1][:-1])
    lead = f"{heads[0]} " if heads[0] else ""
    return Noun(tuple(f"{lead}{prefix}{form}" for form in last.forms))


def _ending(word: str) -> str:
    """Give the last consonant of a word with its vowel: रा of दूसरा."""
    at = len(word) - 1
    while at > 0 and unicodedata.category(word[at])[0] == "M":
        at -= 1
    return word[at:]


def scaled(value: int, scales: Iterable[tuple[int, str]]) -> tuple[int, str, int] | None:
    """Split a number at its largest scale: how many, which (by name), and the rest."""
    for size, name in scales:
        if value >= size:
            many, rest = divmod(value, size)
            return many, name, rest
    return None
