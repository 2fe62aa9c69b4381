"""Swedish."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()
)
_NEUTER = frozenset(
    "barn hus år rum glas brev äpple bord kort språk problem exempel djur land företag paket kilo".split()
)
_PARTS = {
    3: "tredjedel", 4: "fjärdedel", 5: "femtedel", 6: "sjättedel", 7: "sjundedel", 8: "åttondel",
    9: "niondel", 10: "tiondel", 100: "hundradel",
}  # fmt: skip


class Swedish(European):
    """Swedish: en and ett, nittonhundranittionio."""

    code = words_code = "sv"
    group = ". "
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "jan:1 feb:2 apr:4 jun:6 jul:7 aug:8 sep:9 sept:9 okt:10 nov:11 dec:12"
    )
    month_names = tuple(_MONTHS)
    month_first = False
    date_words = frozenset("den till från senast".split())
    time_separators = "."
    hour_leads = frozenset({"kl", "kl.", "klockan"})
    zero_minutes = True
    halves = ("på morgonen", "på eftermiddagen")
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "mn": "million", "mkr": "million", "mdr": "billion", "tusen": "thousand",
        "miljon": "million", "miljoner": "million", "miljard": "billion", "miljarder": "billion",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: tusen\nmillion: miljon|miljoner @c\nbillion: miljard|miljarder @c"
    )
    ordinal_suffixes: ClassVar[dict[str, str]] = {
        ":a": "",
        ":e": "",
        ":an": "",
        ":de": "",
        ":dje": "",
        "a": "",
        "e": "",
    }
    currency_signs: ClassVar[dict[str, str]] = {
        "kr": "SEK",
        "kr.": "SEK",
        "kronor": "SEK",
        ":-": "SEK",
    }
    abbreviations: ClassVar[dict[str, str]] = {
        "t.ex.": "till exempel", "t. ex.": "till exempel", "bl.a.": "bland annat", "dvs.": "det vill säga",
        "osv.": "och så vidare", "m.m.": "med mera", "etc.": "et cetera", "ca": "cirka", "ca.": "cirka",
        "kl.": "klockan", "kl": "klockan", "dr": "doktor", "Dr.": "doktor", "prof.": "professor",
        "tel.": "telefon", "Tel.": "telefon", "inkl.": "inklusive", "exkl.": "exklusive", "max": "max",
        "fr.o.m.": "från och med", "t.o.m.": "till och med", "f.d.": "före detta", "p.g.a.": "på grund av",
        "resp.": "respektive", "f.Kr.": "före Kristus", "e.Kr.": "efter Kristus", "S:t": "Sankt",
        "st.": "stycken", "vs": "mot", "gm": "genom",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "nr": "nummer", "Nr": "nummer", "nr.": "nummer", "s.": "sidan", "kap.": "kapitel",
        "art.": "artikel", "sid.": "sidan", "fig.": "figur",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "NATO": "",
        "IKEA": "",
        "SAAB": "",
        "SAS": "",
        "EU": "E U",
        "USA": "U S A",
        "NASA": "",
        "PIN": "",
        "VD": "V D",
        "IT": "I T",
    }
    common_words = frozenset(
        "och en ett i på av med för till är var som det den de att jag du han hon vi ni inte ja nej så om "
        "men nu då här där vad hur min din sin kan ska har nato ikea saab sas nasa pin fifa uefa unesco".split()
    )
    year_words = frozenset(
        "år sedan från till i under omkring sommaren våren hösten vintern".split()
    )
    digit_words = frozenset(
        "pin pinkod kod postnummer konto kontonummer kort lösenord order faktura ordernummer ring".split()
    )
    fillers = frozenset("är nummer nr din min slutar på".split())
    time_words = frozenset("maraton lopp tid rekord sprang tiden".split())
    version_words = frozenset("version python android ios ubuntu".split())
    regnal_names = frozenset(
        "gustav karl carl erik johan oscar adolf gustaf elisabet elizabeth henrik ludvig paulus benedictus harald margrethe fredrik christian".split()
    )
    numbered_words = frozenset("kapitel del världskriget bok fas typ akt".split())
    units = nouns("""
    km: kilometer @c
    m: meter @c
    cm: centimeter @c
    mm: millimeter @c
    km²: kvadratkilometer @c
    m²: kvadratmeter @c
    m³: kubikmeter @c
    ha: hektar
    l: liter @c
    ml: milliliter @c
    cl: centiliter @c
    dl: deciliter @c
    kg: kilogram
    g: gram
    mg: milligram
    t: ton
    h: timme|timmar @c
    min: minut|minuter @c
    s: sekund|sekunder @c
    ms: millisekund|millisekunder @c
    km/h: kilometer i timmen @c
    m/s: meter per sekund @c
    °C: grad Celsius|grader Celsius @c
    °F: grad Fahrenheit|grader Fahrenheit @c
    °: grad|grader @c
    V: volt @c
    W: watt @c
    kW: kilowatt @c
    kWh: kilowattimme|kilowattimmar @c
    mAh: milliamperetimme|milliamperetimmar @c
    Hz: hertz
    MHz: megahertz
    GHz: gigahertz
    kB: kilobyte @c
    MB: megabyte @c
    GB: gigabyte @c
    TB: terabyte @c
    Mbps: megabit per sekund
    kcal: kilokalori|kilokalorier @c
    dB: decibel @c
    px: pixel|pixlar @c
    """)
    currencies = nouns("""
    SEK: krona|kronor @c
    EUR: euro @c
    USD: dollar @c
    GBP: pund
    NOK: norsk krona|norska kronor @c
    DKK: dansk krona|danska kronor @c
    JPY: yen @c
    INR: rupie|rupier @c
    CHF: schweizisk franc|schweiziska franc @c
    BTC: bitcoin @c
    """)
    cents = nouns("SEK: öre\nEUR USD: cent @c\nGBP: penny|pence @c")
    signs: ClassVar[dict[str, str]] = {
        "-": "minus", "−": "minus", "+": "plus", "±": "plus minus", "~": "ungefär", "&": "och",
        "@": "snabel a", "=": "är lika med", "%": "procent", "§": "paragraf", "×": "gånger",
        "÷": "delat med", "#": "nummer", "→": "till", "<": "mindre än", ">": "större än",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "gånger", "÷": "delat med", "/": "delat med", "+": "plus", "-": "minus",
        "=": "är lika med", "^": "upphöjt till",
    }  # fmt: skip
    point = "komma"
    dot = "punkt"
    dash = "bindestreck"
    underscore = "understreck"
    slash = "snedstreck"
    colon = "kolon"
    at = "snabel a"
    hash = "hashtag"
    percent_word = "procent"
    permille_word = "promille"
    to = "till"
    by = "gånger"
    per = "per"
    and_ = "och"
    number_word = "nummer"
    out_of = "av"

    def cardinal(self, value: int, gender: str = "") -> str:
        """Write "ettusen" with two t; en before nouns of common gender."""
        words = super().cardinal(value).replace("etttusen", "ettusen")
        if gender == "c" and words.endswith("ett"):
            words = words[:-3] + "en"
        return words.replace(" ", "") if value < 10**6 else words

    def gender_of(self, noun: str) -> str:
        """Most nouns are of common gender."""
        if not noun.islower() or len(noun) < 3 or noun in self.common_words:
            return ""
        return "n" if noun in _NEUTER else "c"

    def is_year(self, value: int, before: list[str], after: str) -> bool:
        """After a year word, or a year of our time that counts nothing."""
        recent = 1900 <= value <= 2099 and not self.gender_of(after)
        return recent or super().is_year(value, before, after)

    def year(self, value: int) -> str:
        """Say "nittonhundranittionio", "tjugohundratjugofem"."""
        if 1100 <= value <= 1999 or 2010 <= value <= 2099:
            rest = self.cardinal(value % 100) if value % 100 else ""
            return f"{self.cardinal(value // 100)}hundra{rest}"
        return self.cardinal(value)

    def day(self, token: t.Day) -> str:
        """Days are ordinals."""
        end = "" if token.to is None else f" {self.to} {self.ordinal(token.to)}"
        return self.ordinal(token.value) + end

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "en halv", "tre fjärdedelar"."""
        if bottom == 2:
            return "en halv" if top == 1 else f"{self.cardinal(top)} halva"
        part = _PARTS.get(bottom) or f"{self.ordinal(bottom)}l"
        return f"{'en' if top == 1 else self.cardinal(top)} {part}{'' if top == 1 else 'ar'}"

    def roman(self, token: t.Roman) -> str:
        """Kings have "den"."""
        return f"den {self.ordinal(token.value)}" if token.ordinal else self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "i kvadrat", "upphöjt till tre"."""
        return "i kvadrat" if value == 2 else f"upphöjt till {self.cardinal(value)}"
