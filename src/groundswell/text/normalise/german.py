"""German."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
)
_FEMININE = ("e", "ung", "heit", "keit", "schaft", "tion", "tät", "ur", "in")
_WEAK = frozenset("am vom zum beim dem des den im seit ab bis der die das ans".split())
_ORDINAL_AFTER = frozenset(
    "platz mal stock etage kapitel klasse jahrhundert weltkrieg liga runde tag woche monat stelle rang "
    "geburtstag teil band auflage spieltag quartal semester halbzeit januar februar märz april mai "
    "juni juli august september oktober november dezember stunde lebensjahr reihe".split()
)


class German(European):
    """German: eine Million, siebzehn Uhr dreißig, am fünften März."""

    code = words_code = "de"
    group = ". '’"
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS,
        "jan:1 feb:2 mär:3 apr:4 jun:6 jul:7 aug:8 sep:9 sept:9 okt:10 nov:11 dez:12 jänner:1",
    )
    month_names = tuple(_MONTHS)
    month_cases = frozenset({"jänner"})
    month_first = False
    date_words = frozenset("am vom bis zum dem den ab der seit".split())
    dotted_dates = True
    hour_words = ("Uhr", "h")
    time_separators = "."
    hour_leads = frozenset({"um", "gegen", "ab"})
    hours = nouns("h: Uhr|Uhr @n")["h"]
    halves = ("morgens", "nachmittags")
    magnitudes: ClassVar[dict[str, str]] = {
        "tsd": "thousand", "mio": "million", "mrd": "billion", "tausend": "thousand", "million": "million",
        "millionen": "million", "milliarde": "billion", "milliarden": "billion", "mio.": "million",
        "mrd.": "billion", "tsd.": "thousand",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: tausend\nmillion: Million|Millionen @f\nbillion: Milliarde|Milliarden @f\ntrillion: Billion|Billionen @f"
    )
    ordinal_dot = True
    abbreviations: ClassVar[dict[str, str]] = {
        "Hr.": "Herr", "Fr.": "Frau", "Dr.": "Doktor", "Prof.": "Professor", "usw.": "und so weiter",
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
        "u. a.": "unter anderem", "u.a.": "unter anderem", "bzw.": "beziehungsweise", "ca.": "circa",
        "etc.": "et cetera", "inkl.": "inklusive", "zzgl.": "zuzüglich", "ggf.": "gegebenenfalls",
        "evtl.": "eventuell", "St.": "Sankt", "Str.": "Straße", "str.": "straße", "Tel.": "Telefon",
        "geb.": "geboren", "vgl.": "vergleiche", "v. Chr.": "vor Christus", "n. Chr.": "nach Christus",
        "max.": "maximal", "min.": "minimal", "vs.": "gegen", "mind.": "mindestens", "Mio.": "Millionen",
        "Mrd.": "Milliarden", "o. Ä.": "oder Ähnliches", "i. d. R.": "in der Regel", "sog.": "sogenannt",
        "MwSt.": "Mehrwertsteuer", "Std.": "Stunden", "Min.": "Minuten", "GmbH": "G M B H",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "Nr.": "Nummer", "nr.": "Nummer", "S.": "Seite", "Kap.": "Kapitel", "Art.": "Artikel",
        "Abs.": "Absatz", "Bd.": "Band", "Abb.": "Abbildung", "Hausnr.": "Hausnummer", "PLZ": "Postleitzahl",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "NATO": "",
        "UNO": "",
        "ADAC": "A D A C",
        "IKEA": "",
        "TÜV": "",
        "PIN": "",
        "EU": "E U",
        "USA": "U S A",
        "NASA": "",
        "AIDS": "",
        "BAföG": "",
        "DAX": "",
        "GmbH": "G M B H",
        "UNESCO": "",
    }
    common_words = frozenset(
        "der die das ein eine und oder in im am an auf aus bei mit von vor zu zum zur ist war hat ich du er "
        "sie es wir ihr mein dein kein ja nein nicht so da wo wie was wer nur noch schon mal gut neu alt "
        "tag nato uno tüv pin dax nasa aids uefa fifa aldi lidl gema elster".split()
    )
    year_words = frozenset(
        "jahr jahre jahren seit im um anno sommer winter herbst frühling ende anfang mitte bis".split()
    )
    digit_words = frozenset(
        "pin code plz kontonummer konto karte passwort bestellung rechnung bestellnummer rechnungsnummer kundennummer tan telefon postleitzahl geheimzahl".split()
    )
    fillers = frozenset("ist lautet nummer nr nr. die der das mit endet auf".split())
    time_words = frozenset("marathon rennen zeit rekord lief gelaufen dauer".split())
    version_words = frozenset("version python android ios ubuntu".split())
    regnal_names = frozenset(
        "wilhelm friedrich ludwig karl heinrich otto elisabeth katharina johannes paul benedikt georg leopold franz joseph philipp pius leo maximilian napoleon".split()
    )
    queens = frozenset({"elisabeth", "katharina"})
    numbered_words = frozenset("kapitel teil band weltkrieg akt buch phase typ artikel".split())
    units = nouns("""
    km: Kilometer @m
    m: Meter @m
    cm: Zentimeter @m
    mm: Millimeter @m
    km²: Quadratkilometer @m
    m²: Quadratmeter @m
    m³: Kubikmeter @m
    ha: Hektar @m
    l: Liter @m
    ml: Milliliter @m
    kg: Kilogramm @n
    g: Gramm @n
    mg: Milligramm @n
    t: Tonne|Tonnen @f
    h: Stunde|Stunden @f
    min: Minute|Minuten @f
    s: Sekunde|Sekunden @f
    ms: Millisekunde|Millisekunden @f
    km/h: Kilometer pro Stunde @m
    m/s: Meter pro Sekunde @m
    °C: Grad Celsius @m
    °F: Grad Fahrenheit @m
    °: Grad @m
    V: Volt @n
    W: Watt @n
    kW: Kilowatt @n
    kWh: Kilowattstunde|Kilowattstunden @f
    mAh: Milliamperestunde|Milliamperestunden @f
    Hz: Hertz @n
    MHz: Megahertz @n
    GHz: Gigahertz @n
    kB: Kilobyte @n
    MB: Megabyte @n
    GB: Gigabyte @n
    TB: Terabyte @n
    Mbps: Megabit pro Sekunde @n
    Gbps: Gigabit pro Sekunde @n
    kcal: Kilokalorie|Kilokalorien @f
    dB: Dezibel @n
    px: Pixel @n
    hp: PS @n
    """)
    unit_spellings: ClassVar[dict[str, str]] = {
        "Std.": "h",
        "Std": "h",
        "Min.": "min",
        "Sek.": "s",
        "qm": "m²",
        "Mbit/s": "Mbps",
    }
    currencies = nouns("""
    EUR: Euro @m
    USD: Dollar @m
    GBP: Pfund @n
    JPY: Yen @m
    INR: Rupie|Rupien @f
    CHF: Franken @m
    CNY: Yuan @m
    RUB: Rubel @m
    PLN: Zloty @m
    SEK: Krone|Kronen @f
    BTC: Bitcoin @m
    """)
    cents = nouns("EUR USD: Cent @m\nGBP: Penny|Pence @m\nCHF: Rappen @m")
    signs: ClassVar[dict[str, str]] = {
        "-": "minus", "−": "minus", "+": "plus", "±": "plus minus", "~": "ungefähr", "&": "und",
        "@": "at", "=": "gleich", "%": "Prozent", "§": "Paragraf", "×": "mal", "÷": "geteilt durch",
        "#": "Nummer", "→": "nach", "<": "kleiner als", ">": "größer als",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "mal", "÷": "geteilt durch", "/": "geteilt durch", "+": "plus", "-": "minus", "=": "gleich",
        "^": "hoch",
    }  # fmt: skip
    point = "Komma"
    dot = "Punkt"
    dash = "Bindestrich"
    underscore = "Unterstrich"
    slash = "Schrägstrich"
    colon = "Doppelpunkt"
    at = "at"
    percent_word = "Prozent"
    permille_word = "Promille"
    to = "bis"
    ratio = "zu"
    by = "mal"
    per = "pro"
    and_ = "und"
    number_word = "Nummer"
    version_word = "Version"
    out_of = "von"

    def agree(self, words: str, value: int, gender: str) -> str:
        """Write "hundert", not "einhundert", and "ein Euro", "eine Stunde"."""
        if 100 <= value < 200:
            words = words.removeprefix("ein")
        if 1000 <= value < 2000:
            words = words.removeprefix("ein").replace("tausendeinhundert", "tausendeinhundert")
        if gender and words.endswith("eins"):
            words = words[:-1] + ("e" if gender == "f" and value == 1 else "")
        return words

    def fraction_digits(self, digits: str) -> str:
        """Decimals are said one by one."""
        return self.digits(digits)

    def gender_of(self, noun: str) -> str:
        """German nouns have capitals; the ending tells some."""
        if len(noun) < 3 or not noun[0].isupper() or noun.isupper():
            return ""
        return "f" if noun.endswith(_FEMININE) else "m"

    def dotted_ordinal(self, before: str, value: int, after: str) -> t.Token | None:
        """Make an ordinal before a noun that is numbered, or after an article."""
        low = after.casefold()
        if low in _ORDINAL_AFTER or (before in _WEAK and after[:1].isupper()):
            return t.Words(self._ordinal(value, before))
        return None

    def _ordinal(self, value: int, before: str) -> str:
        words = self.ordinal(value)
        if before in (
            "am",
            "vom",
            "zum",
            "beim",
            "dem",
            "im",
            "den",
            "des",
            "seit",
            "ab",
            "bis",
            "zur",
            "auf",
        ):
            return words + "n"
        return words if before in ("der", "die", "das") else words + "r"

    def ordinal_token(self, token: t.Ordinal) -> str:
        """Say "dritter" without context."""
        return self._ordinal(token.value, "")

    def day(self, token: t.Day) -> str:
        """Say "am fünften März", "der fünfte März", "fünfter März"."""
        first = self._ordinal(token.value, token.lead)
        return (
            first
            if token.to is None
            else f"{first} {self.to} {self._ordinal(token.to, token.lead or 'zum')}"
        )

    def year(self, value: int) -> str:
        """Say "neunzehnhundertneunundneunzig"."""
        if 1100 <= value <= 1999:
            rest = self.cardinal(value % 100) if value % 100 else ""
            return f"{self.cardinal(value // 100)}hundert{rest}"
        return self.cardinal(value)

    def is_year(self, value: int, before: list[str], after: str) -> bool:
        """Four bare figures that no noun follows."""
        return 1100 <= value <= 2099 and not after[:1].isupper()

    def roman(self, token: t.Roman) -> str:
        """Monarchs have "der", "die"."""
        if not token.ordinal:
            return self.cardinal(token.value)
        return f"{'die' if token.feminine else 'der'} {self.ordinal(token.value)}"

    def one_time(self, token: t.Time) -> str:
        """One o'clock is "ein Uhr"."""
        said = super().one_time(token)
        return said.replace("eins Uhr", "ein Uhr")

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "ein halb", "drei Viertel"."""
        if bottom == 2:
            return "ein halb" if top == 1 else f"{self.cardinal(top)} Halbe"
        return f"{self.cardinal(top, 'n')} {self.ordinal(bottom)[:-2].capitalize()}tel".replace(
            "ttel", "tel"
        )

    def fraction(self, token: t.Fraction) -> str:
        """Say "zweieinhalb"."""
        if token.whole and (token.top, token.bottom) == (1, 2):
            return f"{self.cardinal(token.whole)}einhalb"
        if not token.whole and (token.top, token.bottom) == (1, 2) and token.noun:
            return "ein halber" if self.gender_of(token.noun) == "m" else "eine halbe"
        return super().fraction(token)

    def money_parts(self, whole: str, small: str) -> str:
        """Say "drei Euro fünfzig": the cents have no noun."""
        return f"{whole} und {small}"

    def power(self, value: int) -> str:
        """Say "hoch zwei"."""
        return f"hoch {self.cardinal(value)}"
