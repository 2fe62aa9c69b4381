"""Hindi, Marathi, Bengali, Gujarati, Punjabi and Odia.

0 to 99 are words of their own (the files list them); above, hundred, thousand, lakh and crore
follow each other without change.
"""

import unicodedata
from typing import ClassVar, NamedTuple

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.indic.base import Indic, scaled

_SCALES = ((10**7, "crore"), (10**5, "lakh"), (1000, "thousand"))


class Mixed(NamedTuple):
    """Words of a whole number and a half or a quarter; without ``quarter`` only halves have them.

    Attributes:
        one: 1½.
        two: 2½.
        half: before the whole number, for a half more.
        quarter: before it, for a quarter more.
        short: before the next number, for a quarter less.
        joint: between the whole number and any other fraction.
        quarter_alone: 1¼ is ``quarter`` by itself.
    """

    one: str
    two: str
    half: str
    quarter: str = ""
    short: str = ""
    joint: str = ""
    quarter_alone: bool = False


class IndoAryan(Indic):
    """Numbers by juxtaposition."""

    #: The word of 100 is written together with the figure before it.
    fused: bool = False
    #: The word of 100 itself, where it is another.
    hundred_alone: str = ""
    #: "oclock" stands behind the hour, before the minutes.
    oclock_on_hour: bool = False
    mixed_words: ClassVar[Mixed]

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number."""
        split = scaled(value, _SCALES)
        if split:
            many, name, rest = split
            head = f"{self.cardinal(many)} {self.magnitude_nouns[name].forms[0]}"
            return f"{head} {self.cardinal(rest)}" if rest else head
        if value < 100:
            return self.numbers[value]
        return self.in_hundreds(*divmod(value, 100))

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say hundreds, also more than nine of them."""
        if self.hundred_alone and (century, rest) == (1, 0):
            return self.hundred_alone
        gap = "" if self.fused else " "
        head = f"{self.numbers[century]}{gap}{self.hundreds[0]}"
        return f"{head} {self.numbers[rest]}" if rest else head

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters by words of their own."""
        words = self.mixed_words
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return words.one
            case (2, 1, 2):
                return words.two
            case (whole, 1, 2):
                return f"{words.half} {self.cardinal(whole)}"
            case (1, 1, 4) if words.quarter_alone:
                return words.quarter
            case (whole, 1, 4) if words.quarter:
                return f"{words.quarter} {self.cardinal(whole)}"
            case (whole, 3, 4) if words.short:
                return f"{words.short} {self.cardinal(whole + 1)}"
        return " ".join(filter(None, (self.cardinal(token.whole), words.joint, part)))

    def at_oclock(self, figures: str) -> str:
        """Add the word that makes figures a time."""
        if not self.oclock_on_hour:
            return super().at_oclock(figures)
        hour, _, minutes = figures.partition(" ")
        return f"{hour}{self.clock_words['oclock']} {minutes}".strip()


class Hindi(IndoAryan):
    """Hindi: डेढ़, ढाई, साढ़े, सवा, पौने for written fractions."""

    code = "hi"
    mixed_words = Mixed(
        "डेढ़", "ढाई", "साढ़े", quarter="सवा", short="पौने", joint="सही", quarter_alone=True
    )

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say thirds by name, too."""
        if bottom == 3 and top < 3:
            return f"{self.cardinal(top)} तिहाई"
        return super().simple_fraction(top, bottom)


class Marathi(IndoAryan):
    """Marathi: शंभर for 100 itself; दीड, अडीच, साडे, सव्वा, पावणे."""

    code = "mr"
    hundred_alone = "शंभर"
    mixed_words = Mixed(
        "दीड", "अडीच", "साडे", quarter="सव्वा", short="पावणे", joint="पूर्णांक", quarter_alone=True
    )
    fused = True

    def quarters(self, top: int) -> str:
        """Say पाव and पाऊण."""
        return "पाव" if top == 1 else "पाऊण"


class Bengali(IndoAryan):
    """Bengali: দেড়, আড়াই, সাড়ে, সওয়া, পৌনে; টা after the hour."""

    code = "bn"
    oclock_on_hour = True
    mixed_words = Mixed("দেড়", "আড়াই", "সাড়ে", quarter="সওয়া", short="পৌনে", joint="পূর্ণ")
    fused = True

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say hundreds; দুই ছয় নয় are short before শো."""
        head = {2: "দুশো", 6: "ছশো", 9: "নশো"}.get(century)
        if head is None:
            return super().in_hundreds(century, rest)
        return f"{head} {self.numbers[rest]}" if rest else head

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say an ordinal; with "d" that of a date: পয়লা, পনেরোই, একুশে."""
        if gender != "d" or not 1 <= value <= 31:
            return super().ordinal(value, gender)
        early = ("পয়লা", "দোসরা", "তেসরা", "চৌঠা")
        if value <= len(early):
            return unicodedata.normalize("NFC", early[value - 1])
        return self.numbers[value] + ("ই" if value < 19 else "শে" if value == 20 else "ে")

    def attached(self, spoken: str, ending: str) -> str:
        """Join এ and এর: একাত্তর → একাত্তরে."""
        if ending[0] == "এ" and "ক" <= spoken[-1] <= "হ":
            return spoken + "ে" + ending[1:]
        return spoken + ending

    def day(self, token: t.Day) -> str:
        """Say the day of a month as typed: ২১শে is a date's ordinal."""
        return self.ordinal(token.value, "d") if token.ordinal else super().day(token)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "three parts' one"."""
        if (top, bottom) == (1, 2):
            return self.half
        if (top, bottom) == (1, 4):
            return "এক চতুর্থাংশ"
        if (top, bottom) == (3, 4):
            return "তিন চতুর্থাংশ"
        return f"{self.cardinal(bottom)} ভাগের {self.cardinal(top)} ভাগ"


class Gujarati(IndoAryan):
    """Gujarati: સો alone, એકસો before a rest; દોઢ, અઢી, સાડા, સવા, પોણા."""

    code = "gu"
    hundred_alone = "સો"
    mixed_words = Mixed("દોઢ", "અઢી", "સાડા", quarter="સવા", short="પોણા", joint="પૂર્ણાંક")
    fused = True

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say 200 by its own word."""
        if century == 2:
            return f"બસો {self.numbers[rest]}" if rest else "બસો"
        return super().in_hundreds(century, rest)

    def quarters(self, top: int) -> str:
        """Say પા and પોણો."""
        return "પા" if top == 1 else "પોણો"


class Punjabi(IndoAryan):
    """Punjabi: ਡੇਢ, ਢਾਈ, ਸਾਢੇ, ਸਵਾ, ਪੌਣੇ."""

    code = "pa"
    mixed_words = Mixed("ਡੇਢ", "ਢਾਈ", "ਸਾਢੇ", quarter="ਸਵਾ", short="ਪੌਣੇ")


class Odia(IndoAryan):
    """Odia: ଶହେ for 100 itself."""

    code = "or"
    hundred_alone = "ଶହେ"
    oclock_on_hour = True
    mixed_words = Mixed("ଦେଢ଼", "ଅଢ଼େଇ", "ସାଢ଼େ")
