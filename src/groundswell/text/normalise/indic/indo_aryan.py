"""Hindi, Marathi, Bengali, Gujarati, Punjabi and Odia.

0 to 99 are words of their own (the files list them); above, hundred, thousand, lakh and crore
follow each other without change.
"""

import unicodedata

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.indic.base import Indic, scaled

_SCALES = ((10**7, "crore"), (10**5, "lakh"), (1000, "thousand"))


class IndoAryan(Indic):
    """Numbers by juxtaposition."""

    #: The word of 100 is written together with the figure before it.
    fused: bool = False

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
        gap = "" if self.fused else " "
        head = f"{self.numbers[century]}{gap}{self.hundreds[0]}"
        return f"{head} {self.numbers[rest]}" if rest else head


class Hindi(IndoAryan):
    """Hindi: डेढ़, ढाई, साढ़े, सवा, पौने for written fractions."""

    code = "hi"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters in the Hindi way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "डेढ़"
            case (2, 1, 2):
                return "ढाई"
            case (whole, 1, 2):
                return f"साढ़े {self.cardinal(whole)}"
            case (1, 1, 4):
                return "सवा"
            case (whole, 1, 4):
                return f"सवा {self.cardinal(whole)}"
            case (whole, 3, 4):
                return f"पौने {self.cardinal(whole + 1)}"
            case _:
                return f"{self.cardinal(token.whole)} सही {part}"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say thirds by name, too."""
        if bottom == 3 and top < 3:
            return f"{self.cardinal(top)} तिहाई"
        return super().simple_fraction(top, bottom)


class Marathi(IndoAryan):
    """Marathi: शंभर for 100 itself; दीड, अडीच, साडे, सव्वा, पावणे."""

    code = "mr"
    fused = True

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say 100 by its own word."""
        return "शंभर" if (century, rest) == (1, 0) else super().in_hundreds(century, rest)

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters in the Marathi way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "दीड"
            case (2, 1, 2):
                return "अडीच"
            case (whole, 1, 2):
                return f"साडे {self.cardinal(whole)}"
            case (1, 1, 4):
                return "सव्वा"
            case (whole, 1, 4):
                return f"सव्वा {self.cardinal(whole)}"
            case (whole, 3, 4):
                return f"पावणे {self.cardinal(whole + 1)}"
            case _:
                return f"{self.cardinal(token.whole)} पूर्णांक {part}"

    def quarters(self, top: int) -> str:
        """Say पाव and पाऊण."""
        return "पाव" if top == 1 else "पाऊण"


class Bengali(IndoAryan):
    """Bengali: দেড়, আড়াই, সাড়ে, সওয়া, পৌনে; টা after the hour."""

    code = "bn"
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

    def at_oclock(self, figures: str) -> str:
        """Put টা behind the hour."""
        hour, _, minutes = figures.partition(" ")
        return f"{hour}{self.clock_words['oclock']} {minutes}".strip()

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters in the Bengali way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "দেড়"
            case (2, 1, 2):
                return "আড়াই"
            case (whole, 1, 2):
                return f"সাড়ে {self.cardinal(whole)}"
            case (whole, 1, 4):
                return f"সওয়া {self.cardinal(whole)}"
            case (whole, 3, 4):
                return f"পৌনে {self.cardinal(whole + 1)}"
            case _:
                return f"{self.cardinal(token.whole)} পূর্ণ {part}"

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
    fused = True

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say 100 and 200 by their own words."""
        if (century, rest) == (1, 0):
            return "સો"
        if century == 2:
            return f"બસો {self.numbers[rest]}" if rest else "બસો"
        return super().in_hundreds(century, rest)

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters in the Gujarati way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "દોઢ"
            case (2, 1, 2):
                return "અઢી"
            case (whole, 1, 2):
                return f"સાડા {self.cardinal(whole)}"
            case (whole, 1, 4):
                return f"સવા {self.cardinal(whole)}"
            case (whole, 3, 4):
                return f"પોણા {self.cardinal(whole + 1)}"
            case _:
                return f"{self.cardinal(token.whole)} પૂર્ણાંક {part}"

    def quarters(self, top: int) -> str:
        """Say પા and પોણો."""
        return "પા" if top == 1 else "પોણો"


class Punjabi(IndoAryan):
    """Punjabi: ਡੇਢ, ਢਾਈ, ਸਾਢੇ, ਸਵਾ, ਪੌਣੇ."""

    code = "pa"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves and quarters in the Punjabi way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "ਡੇਢ"
            case (2, 1, 2):
                return "ਢਾਈ"
            case (whole, 1, 2):
                return f"ਸਾਢੇ {self.cardinal(whole)}"
            case (whole, 1, 4):
                return f"ਸਵਾ {self.cardinal(whole)}"
            case (whole, 3, 4):
                return f"ਪੌਣੇ {self.cardinal(whole + 1)}"
            case _:
                return f"{self.cardinal(token.whole)} {part}"


class Odia(IndoAryan):
    """Odia: ଶହେ for 100 itself."""

    code = "or"

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say 100 by its own word."""
        return "ଶହେ" if (century, rest) == (1, 0) else super().in_hundreds(century, rest)

    def at_oclock(self, figures: str) -> str:
        """Put ଟା behind the hour."""
        hour, _, minutes = figures.partition(" ")
        return f"{hour}{self.clock_words['oclock']} {minutes}".strip()

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say halves in the Odia way."""
        match (token.whole, token.top, token.bottom):
            case (1, 1, 2):
                return "ଦେଢ଼"
            case (2, 1, 2):
                return "ଅଢ଼େଇ"
            case (whole, 1, 2):
                return f"ସାଢ଼େ {self.cardinal(whole)}"
            case _:
                return f"{self.cardinal(token.whole)} {part}"
