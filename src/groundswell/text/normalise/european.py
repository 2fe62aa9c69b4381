"""What the European languages but English share: num2words, the decimal comma, agreement.

num2words 0.5.14 gives the cardinals and ordinals; each language mends what it gets wrong.
"""

from functools import lru_cache
from typing import Any, ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.grammar import Grammar, Noun


@lru_cache(maxsize=4096)
def _words(value: int, language: str, form: str) -> str:
    from num2words import num2words  # type: ignore[import-untyped]

    say: Any = num2words
    return str(say(value, lang=language, to=form)).replace(",", "").replace("-", " ")


class European(Grammar):
    """A language with the decimal comma, read by num2words."""

    words_code: ClassVar[str] = ""  #: num2words' name of the language
    decimal = ","
    group = ". '’"
    point = ","
    hours: ClassVar[Noun | None] = None  #: said after the hour, where that is the custom
    hour_gender: ClassVar[str] = ""
    minute_link: ClassVar[str] = ""  #: between hour and minutes
    zero_minutes: ClassVar[bool] = False  #: 17:05 has its zero said
    halves: ClassVar[tuple[str, str]] = ("A M", "P M")
    date_joint: ClassVar[str] = ""  #: between day, month and year
    not_nouns: ClassVar[frozenset[str]] = frozenset()  #: words that may follow and are no nouns
    masculine: ClassVar[frozenset[str]] = frozenset()  #: nouns that end like feminine ones
    feminine: ClassVar[tuple[str, ...]] = ()  #: endings of feminine nouns

    def dotted(self, token: t.Dotted) -> str:
        """Versions have dots where numbers have commas."""
        if token.kind == "ip":
            return super().dotted(token)
        named = f"{self.version_word} " if token.named else ""
        return named + f" {self.dot} ".join(self.integer(part) for part in token.parts)

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number."""
        return self.agree(_words(value, self.words_code, "cardinal"), value, gender)

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say an ordinal."""
        return _words(value, self.words_code, "ordinal")

    def agree(self, words: str, value: int, gender: str) -> str:
        """Make a number agree with the gender of what it counts."""
        return words

    def gender_of(self, noun: str) -> str:
        """Guess from the ending; empty when no noun follows."""
        low = noun.casefold()
        if not noun.islower() or low in self.not_nouns or len(low) < 3:
            return ""
        return self.gender_by_ending(low)

    def gender_by_ending(self, noun: str) -> str:
        """Guess the gender of a noun in small letters."""
        return "f" if noun not in self.masculine and noun.endswith(self.feminine) else "m"

    def counts(self, after: str) -> bool:
        """Say whether a noun follows."""
        return bool(self.gender_of(after))

    def fraction_digits(self, digits: str) -> str:
        """Say one to two decimals as a number, more one by one; leading zeros are heard."""
        if len(digits) > 2:
            return self.digits(digits)
        if digits[0] == "0":
            return self.digits(digits)
        return self.cardinal(int(digits))

    def date(self, token: t.Date) -> str:
        """Say day, month and year with the language's joints."""
        joint = f" {self.date_joint} " if self.date_joint else " "
        parts = [self.month_names[token.month - 1]]
        if token.day is not None:
            parts.insert(0, self.day(t.Day(token.day, before=True, lead=token.lead)))
        if token.year is not None:
            parts.append(self.year_token(t.Year(token.year, dated=True)))
        return joint.join(parts)

    def one_time(self, token: t.Time) -> str:
        """Say "siebzehn Uhr dreißig", "diecisiete treinta"."""
        hour = self.cardinal(token.hour, self.hour_gender)
        words = [hour]
        if self.hours:
            words.append(self.form(self.hours, t.Quantity(str(token.hour))))
        if token.minute:
            if self.minute_link:
                words.append(self.minute_link)
            if token.minute < 10 and self.zero_minutes:
                words.append(self.cardinal(0))
            words.append(self.cardinal(token.minute))
        if token.second:
            words += [self.and_, self.counted(t.Quantity(str(token.second)), self.units["s"])]
        if token.half:
            words.append(self.halves[token.half == "pm"])
        return " ".join(words)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say a fraction with the ordinal of its bottom."""
        return f"{self.cardinal(top)} {self.ordinal(bottom)}"


def month_table(names: list[str], short: str = "") -> dict[str, int]:
    """Map month names, and abbreviations given as ``name:number``, to their numbers."""
    table = {name.casefold(): at for at, name in enumerate(names, 1)}
    for pair in short.split():
        name, number = pair.split(":")
        table[name] = int(number)
    return table
