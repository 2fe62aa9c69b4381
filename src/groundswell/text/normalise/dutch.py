"""Dutch."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


class Dutch(European):
    """Dutch: a space after duizend, as it is written officially."""

    code = words_code = "nl"
    group = ". "
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "jan:1 feb:2 mrt:3 apr:4 jun:6 jul:7 aug:8 sep:9 sept:9 okt:10 nov:11 dec:12"
    )
    month_names = tuple(_MONTHS)
    month_first = False
    date_words = frozenset("op tot van vanaf per".split())
    hour_words = ("uur", "u")
    time_separators = ".u"
    hour_leads = frozenset({"om", "vanaf", "tot"})
    hours = nouns("h: uur")["h"]
    halves = ("'s ochtends", "'s middags")
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "mln": "million", "mld": "billion", "duizend": "thousand", "miljoen": "million",
        "miljard": "billion", "mln.": "million", "mld.": "billion", "m": "million",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: duizend\nmillion: miljoen\nbillion: miljard\ntrillion: biljoen"
    )
    ordinal_suffixes: ClassVar[dict[str, str]] = {"e": "", "ste": "", "de": "", "ᵉ": ""}
    abbreviations: ClassVar[dict[str, str]] = {
        "dhr.": "de heer", "mevr.": "mevrouw", "mw.": "mevrouw", "dr.": "dokter", "Dr.": "dokter",
        "prof.": "professor", "Prof.": "professor", "bijv.": "bijvoorbeeld", "bv.": "bijvoorbeeld",
        "enz.": "enzovoort", "o.a.": "onder andere", "d.w.z.": "dat wil zeggen", "ca.": "circa",
        "m.b.t.": "met betrekking tot", "t/m": "tot en met", "i.p.v.": "in plaats van", "tel.": "telefoon",
        "Tel.": "telefoon", "etc.": "et cetera", "excl.": "exclusief", "incl.": "inclusief",
        "max.": "maximaal", "min.": "minimaal", "z.o.z.": "zie ommezijde", "a.u.b.": "alstublieft",
        "aub": "alstublieft", "t.o.v.": "ten opzichte van", "v. Chr.": "voor Christus",
        "n. Chr.": "na Christus", "drs.": "doctorandus", "ir.": "ingenieur", "mr.": "meester",
        "st.": "straat", "vs.": "tegen", "N.V.": "N V", "B.V.": "B V",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "nr.": "nummer", "Nr.": "nummer", "nr": "nummer", "blz.": "bladzijde", "p.": "pagina",
        "pag.": "pagina", "art.": "artikel", "hfst.": "hoofdstuk", "nrs.": "nummers", "fig.": "figuur",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "NAVO": "",
        "HEMA": "",
        "IKEA": "",
        "EU": "E U",
        "VS": "V S",
        "PIN": "",
        "NASA": "",
        "BTW": "B T W",
        "APK": "A P K",
    }
    common_words = frozenset(
        "de het een en of in op aan van met voor door is was ik jij hij zij wij je u uw mijn niet ja nee wel "
        "nog ook al zo dat dit wat wie hoe nu dan maar om te er pin navo hema nasa fifa uefa unesco".split()
    )
    year_words = frozenset("in sinds jaar uit vanaf tot na eind begin zomer winter".split())
    digit_words = frozenset(
        "pin pincode code postcode rekening rekeningnummer kaart wachtwoord bestelling factuur ordernummer bestelnummer klantnummer bel".split()
    )
    fillers = frozenset("is nummer nr de het mijn je uw eindigt op".split())
    time_words = frozenset("marathon race tijd record liep gelopen duur".split())
    version_words = frozenset("versie python android ios ubuntu".split())
    regnal_names = frozenset(
        "willem karel lodewijk hendrik filips leopold boudewijn albert elizabeth johannes paulus benedictus napoleon".split()
    )
    numbered_words = frozenset("hoofdstuk deel wereldoorlog boek fase type klasse".split())
    decades = False
    units = nouns("""
    km: kilometer
    m: meter
    cm: centimeter
    mm: millimeter
    km²: vierkante kilometer
    m²: vierkante meter
    m³: kubieke meter
    ha: hectare
    l: liter
    ml: milliliter
    cl: centiliter
    dl: deciliter
    kg: kilogram
    g: gram
    mg: milligram
    t: ton
    h: uur
    min: minuut|minuten
    s: seconde|seconden
    ms: milliseconde|milliseconden
    km/h: kilometer per uur
    m/s: meter per seconde
    °C: graad Celsius|graden Celsius
    °F: graad Fahrenheit|graden Fahrenheit
    °: graad|graden
    V: volt
    W: watt
    kW: kilowatt
    kWh: kilowattuur
    mAh: milliampère uur
    Hz: hertz
    MHz: megahertz
    GHz: gigahertz
    kB: kilobyte
    MB: megabyte
    GB: gigabyte
    TB: terabyte
    Mbps: megabit per seconde
    kcal: kilocalorie|kilocalorieën
    dB: decibel
    px: pixel|pixels
    """)
    unit_spellings: ClassVar[dict[str, str]] = {"km/u": "km/h", "Mbit/s": "Mbps"}
    currencies = nouns("""
    EUR: euro
    USD: dollar
    GBP: pond
    JPY: yen
    INR: roepie
    CHF: Zwitserse frank
    CNY: yuan
    SEK: Zweedse kroon|Zweedse kronen
    PLN: zloty
    BTC: bitcoin
    """)
    cents = nouns("EUR USD: cent\nGBP: penny|pence")
    signs: ClassVar[dict[str, str]] = {
        "-": "min", "−": "min", "+": "plus", "±": "plus of min", "~": "ongeveer", "&": "en",
        "@": "apenstaartje", "=": "is gelijk aan", "%": "procent", "§": "paragraaf", "×": "keer",
        "÷": "gedeeld door", "#": "nummer", "→": "naar", "<": "kleiner dan", ">": "groter dan",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "keer", "÷": "gedeeld door", "/": "gedeeld door", "+": "plus", "-": "min",
        "=": "is gelijk aan", "^": "tot de macht",
    }  # fmt: skip
    point = "komma"
    dot = "punt"
    dash = "streepje"
    underscore = "underscore"
    slash = "slash"
    colon = "dubbele punt"
    at = "apenstaartje"
    percent_word = "procent"
    permille_word = "promille"
    to = "tot"
    by = "bij"
    per = "per"
    and_ = "en"
    number_word = "nummer"
    version_word = "versie"
    out_of = "van"

    def agree(self, words: str, value: int, gender: str) -> str:
        """Set the space after duizend; één is een before a noun."""
        head, duizend, tail = words.rpartition("duizend")
        if duizend and tail and not tail.startswith(" "):
            words = f"{head}{duizend} {tail}"
        return words

    def gender_of(self, noun: str) -> str:
        """Nouns have no audible gender here; any word may be one."""
        return "c" if len(noun) > 2 and noun.endswith(("en", "s")) and noun.islower() else ""

    def is_year(self, value: int, before: list[str], after: str) -> bool:
        """After a year word, or a year of our time that counts nothing."""
        recent = 1900 <= value <= 2099 and not self.gender_of(after)
        return recent or super().is_year(value, before, after)

    def year(self, value: int) -> str:
        """Say "negentienhonderdnegenennegentig"."""
        if 1100 <= value <= 1999:
            rest = self.cardinal(value % 100) if value % 100 else ""
            return f"{self.cardinal(value // 100)}honderd{rest}"
        return self.cardinal(value)

    def day(self, token: t.Day) -> str:
        """Days are cardinals before the month."""
        end = "" if token.to is None else f" {self.to} {self.cardinal(token.to)}"
        return self.cardinal(token.value) + end

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "een half", "drie kwart"."""
        part = {2: "half", 4: "kwart"}.get(bottom) or self.ordinal(bottom)
        return f"{'een' if top == 1 else self.cardinal(top)} {part}"

    def fraction(self, token: t.Fraction) -> str:
        """Say "tweeënhalf"."""
        if token.whole and (token.top, token.bottom) == (1, 2):
            word = self.cardinal(token.whole)
            return (
                "anderhalf"
                if token.whole == 1
                else word + ("ën" if word.endswith("e") else "en") + "half"
            )
        return super().fraction(token)

    def money_parts(self, whole: str, small: str) -> str:
        """Say "drie euro vijftig" in full."""
        return f"{whole} en {small}"

    def roman(self, token: t.Roman) -> str:
        """Kings have "de"."""
        return f"de {self.ordinal(token.value)}" if token.ordinal else self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "kwadraat", "tot de derde"."""
        return "kwadraat" if value == 2 else f"tot de {self.ordinal(value)}"
