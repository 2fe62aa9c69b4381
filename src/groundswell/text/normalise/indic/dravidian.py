"""Telugu, Tamil, Kannada and Malayalam: scales take another form when more follows."""

from collections.abc import Mapping
from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.fold import unfold
from groundswell.text.normalise.grammar import Noun
from groundswell.text.normalise.indic.base import Indic

_SCALES = ((10**7, "crore"), (10**5, "lakh"), (1000, "thousand"), (100, "hundred"))


class Dravidian(Indic):
    """Numbers whose last scale is plain and whose others are joined to what follows."""

    centuries = range(0)
    #: The word of one before a noun and before a scale.
    one: str = ""

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number."""
        for size, name in _SCALES:
            if value >= size:
                many, rest = divmod(value, size)
                head = self.scale(many, name, joined=bool(rest))
                return f"{head} {self.cardinal(rest)}" if rest else head
        return self.numbers[value]

    def scale(self, many: int, name: str, *, joined: bool) -> str:
        """Say so many hundreds, thousands, lakhs or crores."""
        raise NotImplementedError

    def counting(self, many: int) -> str:
        """Say a number before a noun or scale."""
        return self.one if many == 1 else self.cardinal(many)

    def counted(self, quantity: t.Quantity, noun: Noun, *, attributive: bool = False) -> str:
        """Say an amount of something; one is an article there, scales are joined."""
        value = quantity.whole.lstrip("0") or "0"
        if quantity.fraction or quantity.to or quantity.magnitude or len(value) > 15:
            return super().counted(quantity, noun, attributive=attributive)
        sign = f"{self.signs.get(quantity.sign, '')} " if quantity.sign else ""
        return f"{sign}{self.before_noun(int(value))} {self.form(noun, quantity)}"

    def before_noun(self, value: int) -> str:
        """Say a number that counts something."""
        return self.counting(value)

    def one_number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity; a magnitude is a scale."""
        value = quantity.whole.lstrip("0") or "0"
        known = ("thousand", "lakh", "crore")
        if quantity.magnitude in known and not quantity.fraction and len(value) <= 6:
            sign = f"{self.signs.get(quantity.sign, '')} " if quantity.sign else ""
            return sign + self.scale(int(value), quantity.magnitude, joined=False)
        return super().one_number(quantity, gender)


class Telugu(Dravidian):
    """Telugu: వంద, వందలు, వందల; నూట before a rest; వెయ్యి; years in hundreds."""

    code = "te"
    one = "ఒక"
    centuries = range(11, 20)
    _FORMS: ClassVar[Mapping[str, tuple[str, str, str]]] = {
        "hundred": ("వంద", "వందలు", "వందల"),
        "thousand": ("వెయ్యి", "వేలు", "వేల"),
        "lakh": ("లక్ష", "లక్షలు", "లక్షల"),
        "crore": ("కోటి", "కోట్లు", "కోట్ల"),
    }

    def scale(self, many: int, name: str, *, joined: bool) -> str:
        """Say a scale: singular, plural, or the form before more."""
        single, plural, before = self._FORMS[name]
        if many == 1:
            if name == "hundred":
                return "నూట" if joined else single
            return single if name == "thousand" else f"{self.one} {single}"
        return f"{self.cardinal(many)} {before if joined else plural}"

    def before_noun(self, value: int) -> str:
        """Put a scale at the end into the form before more: ఐదు వందల రూపాయలు."""
        return self._joined(self.counting(value))

    def _joined(self, said: str) -> str:
        for _, plural, before in self._FORMS.values():
            if said.endswith(f" {plural}"):
                return said.removesuffix(plural) + before
        return said

    def gender_of(self, noun: str) -> str:
        """Tell nouns that a scale stands before in its joined form ("రెండు వందల మంది")."""
        return "joined" if unfold(noun).endswith(("లు", "ళ్ళు", "ళ్లు", "మంది")) else ""

    def one_number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Say a quantity, its scale joined before a noun."""
        said = super().one_number(quantity, "")
        return self._joined(said) if gender == "joined" else said

    def in_hundreds(self, century: int, rest: int) -> str:
        """Say పంతొమ్మిది వందల నలభై ఏడు."""
        head = self.numbers[century]
        return f"{head} వందల {self.numbers[rest]}" if rest else f"{head} వందలు"

    def counted(self, quantity: t.Quantity, noun: Noun, *, attributive: bool = False) -> str:
        """Say an amount; a magnitude stands in the form before more."""
        said = super().counted(quantity, noun, attributive=attributive)
        if quantity.last.magnitude in self._FORMS:
            _, plural, before = self._FORMS[quantity.last.magnitude]
            said = said.replace(f" {plural} ", f" {before} ")
        return said

    def with_ending(self, cardinal: str, ending: str) -> str:
        """Join వ: రెండు → రెండవ, ఎనిమిది → ఎనిమిదవ."""
        return cardinal.removesuffix("ు").removesuffix("ి") + ending

    def quarters(self, top: int) -> str:
        """Say పావు and ముప్పావు."""
        return "పావు" if top == 1 else "ముప్పావు"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say రెండున్నర and the like."""
        if (token.top, token.bottom) == (1, 2):
            return self.cardinal(token.whole)[:-1] + "ున్నర"
        return f"{self.cardinal(token.whole)} {part}"


class Tamil(Dravidian):
    """Tamil: நூற்று, ஆயிரத்து, லட்சத்து before a rest; thousands are one word."""

    code = "ta"
    one = "ஒரு"
    _HUNDREDS = ("", "நூ", "இருநூ", "முந்நூ", "நானூ", "ஐநூ", "அறுநூ", "எழுநூ", "எண்ணூ")

    def scale(self, many: int, name: str, *, joined: bool) -> str:
        """Say a scale."""
        if name == "hundred":
            if many == 9:
                return "தொள்ளாயிரத்து" if joined else "தொள்ளாயிரம்"
            return self._HUNDREDS[many] + ("ற்று" if joined else "று")
        if name == "thousand":
            return self._thousand(many) + ("த்து" if joined else "ம்")
        if name == "lakh":
            return f"{self.counting(many)} " + ("லட்சத்து" if joined else "லட்சம்")
        return f"{self.counting(many)} " + ("கோடியே" if joined else "கோடி")

    def _thousand(self, many: int) -> str:
        if many == 1:
            return "ஆயிர"
        said = {3: "மூவ", 5: "ஐய"}.get(many) or self.cardinal(many)
        return said.removesuffix("ு") + "ாயிர"

    def attached(self, spoken: str, ending: str) -> str:
        """Join இல்: ஏழு → ஏழில்."""
        if ending in ("ல்", "இல்") and spoken.endswith(("ு", "ம்")):
            return spoken.removesuffix("ு").removesuffix("ம்") + (
                "ில்" if spoken.endswith("ு") else "த்தில்"
            )
        return spoken + ending

    def quarters(self, top: int) -> str:
        """Say கால் and முக்கால்."""
        return "கால்" if top == 1 else "முக்கால்"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say மூன்றில் இரண்டு."""
        if (top, bottom) == (1, 2) or (bottom == 4 and top in (1, 3)):
            return super().simple_fraction(top, bottom)
        return f"{self.cardinal(bottom).removesuffix('ு')}ில் {self.cardinal(top)}"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say இரண்டரை and the like."""
        stem = self.cardinal(token.whole).removesuffix("ு")
        joined = {"அரை": "ரை", "கால்": "ேகால்", "முக்கால்": "ேமுக்கால்"}.get(part)
        if joined == "ரை":
            return "ஒன்றரை" if token.whole == 1 else stem + joined
        return stem + joined if joined else f"{self.cardinal(token.whole)} {part}"

    def with_ending(self, cardinal: str, ending: str) -> str:
        """Join ஆவது: ஐந்து → ஐந்தாவது, ஆயிரம் → ஆயிரமாவது."""
        if cardinal.endswith("ு"):
            return cardinal[:-1] + "ா" + ending[1:]
        return cardinal.removesuffix("்") + "ா" + ending[1:]


class Kannada(Dravidian):
    """Kannada: ನೂರ, ಸಾವಿರದ, ಲಕ್ಷದ, ಕೋಟಿಯ before a rest."""

    code = "kn"
    one = "ಒಂದು"
    _HUNDREDS = ("", "ನೂರ", "ಇನ್ನೂರ", "ಮುನ್ನೂರ", "ನಾನ್ನೂರ", "ಐನೂರ", "ಆರುನೂರ", "ಏಳುನೂರ", "ಎಂಟುನೂರ", "ಒಂಬೈನೂರ")
    _BEFORE: ClassVar[Mapping[str, str]] = {"thousand": "ದ", "lakh": "ದ", "crore": "ಯ"}

    def scale(self, many: int, name: str, *, joined: bool) -> str:
        """Say a scale."""
        if name == "hundred":
            return self._HUNDREDS[many] + ("" if joined else "ು")
        word = self.magnitude_nouns[name].forms[0] + (self._BEFORE[name] if joined else "")
        return word if (many, name) == (1, "thousand") else f"{self.counting(many)} {word}"

    def with_ending(self, cardinal: str, ending: str) -> str:
        """Join ನೇ: ಎರಡು → ಎರಡನೇ."""
        return cardinal.removesuffix("ು") + ending

    def attached(self, spoken: str, ending: str) -> str:
        """Join ರಲ್ಲಿ and the like: ಏಳು → ಏಳರಲ್ಲಿ."""
        return (spoken.removesuffix("ು") if ending[0] == "ರ" else spoken) + ending

    def quarters(self, top: int) -> str:
        """Say ಕಾಲು and ಮುಕ್ಕಾಲು."""
        return "ಕಾಲು" if top == 1 else "ಮುಕ್ಕಾಲು"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say ಎರಡೂವರೆ and the like."""
        stem = self.cardinal(token.whole).removesuffix("ು")
        joined = {"ಅರ್ಧ": "ೂವರೆ", "ಕಾಲು": "ೂಕಾಲು", "ಮುಕ್ಕಾಲು": "ೂಮುಕ್ಕಾಲು"}.get(part)
        return stem + joined if joined else f"{self.cardinal(token.whole)} {part}"


class Malayalam(Dravidian):
    """Malayalam: നൂറ്റി, ആയിരത്തി, ലക്ഷത്തി before a rest; thousands are one word."""

    code = "ml"
    one = "ഒരു"
    _HUNDREDS = ("", "നൂ", "ഇരുനൂ", "മുന്നൂ", "നാനൂ", "അഞ്ഞൂ", "അറുനൂ", "എഴുനൂ", "എണ്ണൂ")
    _THOUSANDS: ClassVar[Mapping[int, str]] = {
        1: "",
        3: "മൂവ",
        4: "നാല",
        5: "അയ്യ",
        8: "എണ്ണ",
        10: "പതിന",
        15: "പതിനയ്യ",
    }

    def scale(self, many: int, name: str, *, joined: bool) -> str:
        """Say a scale."""
        if name == "hundred":
            if many == 9:
                return "തൊള്ളായിരത്തി" if joined else "തൊള്ളായിരം"
            return self._HUNDREDS[many] + ("റ്റി" if joined else "റ്")
        if name == "thousand":
            return self._thousand(many) + ("ത്തി" if joined else "ം")
        if name == "lakh":
            return f"{self.counting(many)} " + ("ലക്ഷത്തി" if joined else "ലക്ഷം")
        return f"{self.counting(many)} " + ("കോടിയേ" if joined else "കോടി")

    def _thousand(self, many: int) -> str:
        if many == 1:
            return "ആയിര"
        stem = self._THOUSANDS.get(many)
        if stem is None:
            said = self.cardinal(many).removesuffix("്")
            stem = said + "ിന" if said.endswith("ത") else said
        return stem + "ായിര"

    def with_ending(self, cardinal: str, ending: str) -> str:
        """Join ാം: അഞ്ച് → അഞ്ചാം, ആയിരം → ആയിരാം."""
        return cardinal.removesuffix("്").removesuffix("ം") + ending

    def attached(self, spoken: str, ending: str) -> str:
        """Join ൽ and ന്: ഏഴ് → ഏഴിൽ."""
        if ending in ("ൽ", "ന്", "ലെ") and spoken.endswith("്"):
            return spoken.removesuffix("്") + "ി" + ending
        if ending in ("ൽ", "ന്", "ലെ") and spoken.endswith("ം"):
            return spoken.removesuffix("ം") + "ത്തി" + ending
        return spoken + ending

    def quarters(self, top: int) -> str:
        """Say കാൽ and മുക്കാൽ."""
        return "കാൽ" if top == 1 else "മുക്കാൽ"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say മൂന്നിൽ രണ്ട്."""
        if (top, bottom) == (1, 2) or (bottom == 4 and top in (1, 3)):
            return super().simple_fraction(top, bottom)
        return f"{self.cardinal(bottom).removesuffix('്')}ിൽ {self.cardinal(top)}"

    def mixed(self, token: t.Fraction, part: str) -> str:
        """Say രണ്ടര and the like."""
        stem = self.cardinal(token.whole).removesuffix("്")
        joined = {"അര": "ര", "കാൽ": "േകാൽ", "മുക്കാൽ": "േമുക്കാൽ"}.get(part)
        return stem + joined if joined else f"{self.cardinal(token.whole)} {part}"
