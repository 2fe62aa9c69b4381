"""Italian."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
_NOT_NOUNS = frozenset(
    "e o di del della dei da dal in nel con per su sul tra fra il lo la i gli le un una che non più meno "
    "sono è era ma anche ogni alle allo alla agli mila dopo prima".split()
)
_PARTS = {2: ("mezzo", "mezzi"), 3: ("terzo", "terzi"), 4: ("quarto", "quarti")}


class Italian(European):
    """Italian: un, uno, una; alle diciassette e trenta."""

    code = words_code = "it"
    not_nouns = _NOT_NOUNS
    feminine = ("a", "ione", "tà")
    group = ". '"
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "gen:1 feb:2 mar:3 apr:4 mag:5 giu:6 lug:7 ago:8 set:9 sett:9 ott:10 nov:11 dic:12"
    )
    month_names = tuple(_MONTHS)
    unlikely_months = frozenset({"mar", "set", "ago"})
    month_first = False
    date_words = frozenset("il dal al entro".split())
    hour_words = ("h",)
    time_separators = "."
    hour_leads = frozenset({"alle", "ore", "dalle", "le"})
    minute_link = "e"
    halves = ("di mattina", "del pomeriggio")
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "mln": "million", "mld": "billion", "mila": "thousand", "milione": "million",
        "milioni": "million", "miliardo": "billion", "miliardi": "billion", "m": "million",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: mila\nmillion: milione|milioni @m\nbillion: miliardo|miliardi @m"
    )
    of_magnitude = "di"
    ordinal_suffixes: ClassVar[dict[str, str]] = {"º": "m", "°": "m", "ª": "f", "o": "m", "a": "f"}
    abbreviations: ClassVar[dict[str, str]] = {
        "Sig.": "signor", "Sig.ra": "signora", "sig.": "signor", "sig.ra": "signora", "Dott.": "dottor",
        "dott.": "dottor", "Dott.ssa": "dottoressa", "Prof.": "professor", "Prof.ssa": "professoressa",
        "Avv.": "avvocato", "Ing.": "ingegner", "ecc.": "eccetera", "ecc": "eccetera",
        "es.": "esempio", "ad es.": "ad esempio", "P.za": "piazza", "p.za": "piazza", "V.le": "viale",
        "C.so": "corso", "tel.": "telefono", "Tel.": "telefono", "ca.": "circa", "S.p.A.": "S P A",
        "a.C.": "avanti Cristo", "d.C.": "dopo Cristo", "vs": "contro", "min.": "minimo",
        "max.": "massimo", "Spett.le": "spettabile", "S.": "san",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "n.": "numero", "N.": "numero", "n°": "numero", "N°": "numero", "nº": "numero", "p.": "pagina",
        "pag.": "pagina", "pagg.": "pagine", "pp.": "pagine", "cap.": "capitolo", "art.": "articolo",
        "Art.": "articolo", "vol.": "volume", "fig.": "figura",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "IVA": "",
        "ONU": "",
        "NATO": "",
        "FIAT": "",
        "INPS": "",
        "RAI": "",
        "UE": "U E",
        "NASA": "",
        "TAV": "",
        "PIN": "",
        "CAP": "",
    }
    common_words = frozenset(
        "il lo la gli le un una di da in con su per tra fra e o ma se non sì no è che mi ti ci vi si io tu "
        "noi voi più meno tre due qui qua già mai poi ora via fine iva onu rai pin nato nasa fiat coni "
        "inps cap unesco fifa uefa spid irpef imu siae".split()
    )
    year_words = frozenset(
        "nel dal del fino anno entro dopo prima dell estate autunno inverno primavera".split()
    )
    digit_words = frozenset(
        "pin codice cap conto carta password ordine fattura riferimento cvv pratica otp chiama chiamate".split()
    )
    fillers = frozenset("è numero n. n° di del il la tuo mio postale".split())
    time_words = frozenset("maratona gara tempo record corso durata".split())
    version_words = frozenset("versione python android ios ubuntu".split())
    regnal_names = frozenset(
        "vittorio umberto carlo luigi enrico giovanni paolo benedetto pio leone elisabetta filippo federico francesco napoleone emanuele giorgio guglielmo alessandro".split()
    )
    queens = frozenset({"elisabetta"})
    numbered_words = frozenset(
        "capitolo parte tomo atto libro volume fase tipo titolo secolo guerra".split()
    )
    ordinal_words = frozenset({"secolo", "capitolo"})
    numbered_after = frozenset({"secolo"})
    units = nouns("""
    km: chilometro|chilometri @m
    m: metro|metri @m
    cm: centimetro|centimetri @m
    mm: millimetro|millimetri @m
    km²: chilometro quadrato|chilometri quadrati @m
    m²: metro quadrato|metri quadrati @m
    m³: metro cubo|metri cubi @m
    ha: ettaro|ettari @m
    l: litro|litri @m
    ml: millilitro|millilitri @m
    cl: centilitro|centilitri @m
    dl: decilitro|decilitri @m
    kg: chilogrammo|chilogrammi @m
    g: grammo|grammi @m
    mg: milligrammo|milligrammi @m
    t: tonnellata|tonnellate @f
    h: ora|ore @f
    min: minuto|minuti @m
    s: secondo|secondi @m
    ms: millisecondo|millisecondi @m
    km/h: chilometro orario|chilometri orari @m
    m/s: metro al secondo|metri al secondo @m
    °C: grado Celsius|gradi Celsius @m
    °F: grado Fahrenheit|gradi Fahrenheit @m
    °: grado|gradi @m
    V: volt @m
    W: watt @m
    kW: chilowatt @m
    kWh: chilowattora @m
    mAh: milliampere ora @m
    Hz: hertz @m
    MHz: megahertz @m
    GHz: gigahertz @m
    kB: kilobyte @m
    MB: megabyte @m
    GB: gigabyte @m
    TB: terabyte @m
    Mbps: megabit al secondo @m
    Gbps: gigabit al secondo @m
    kcal: chilocaloria|chilocalorie @f
    dB: decibel @m
    px: pixel @m
    """)
    currencies = nouns("""
    EUR: euro|euro @m
    USD: dollaro|dollari @m
    GBP: sterlina|sterline @f
    JPY: yen @m
    INR: rupia|rupie @f
    CHF: franco svizzero|franchi svizzeri @m
    CNY: yuan @m
    RUB: rublo|rubli @m
    PLN: zloty @m
    SEK: corona svedese|corone svedesi @f
    BTC: bitcoin @m
    """)
    cents = nouns(
        "EUR USD: centesimo|centesimi @m\nGBP: penny|pence @m\nCHF: centesimo|centesimi @m"
    )
    signs: ClassVar[dict[str, str]] = {
        "-": "meno", "−": "meno", "+": "più", "±": "più o meno", "~": "circa", "&": "e",
        "@": "chiocciola", "=": "uguale", "%": "per cento", "§": "paragrafo", "×": "per",
        "÷": "diviso", "#": "numero", "→": "a", "<": "minore di", ">": "maggiore di",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "per", "÷": "diviso", "/": "diviso", "+": "più", "-": "meno", "=": "uguale", "^": "elevato a",
    }  # fmt: skip
    point = "virgola"
    dot = "punto"
    dash = "trattino"
    underscore = "trattino basso"
    slash = "barra"
    colon = "due punti"
    at = "chiocciola"
    percent_word = "per cento"
    permille_word = "per mille"
    to = "a"
    by = "per"
    per = "al"
    and_ = "e"
    number_word = "numero"
    version_word = "versione"
    out_of = "su"

    def agree(self, words: str, value: int, gender: str) -> str:
        """One has a gender; compounds do not."""
        words = words.replace(" e duecento", " duecento") if value >= 10**6 else words
        if value >= 10**6:
            words = words.replace("milione e ", "milione ").replace("milioni e ", "milioni ")
            words = words.replace("miliardo e ", "miliardo ").replace("miliardi e ", "miliardi ")
        if value == 1 and gender:
            return "una" if gender == "f" else "un"
        return words

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say "terza" of feminines."""
        words = super().ordinal(value)
        return words[:-1] + "a" if gender == "f" else words

    def day(self, token: t.Day) -> str:
        """Only the first is an ordinal."""
        first = "primo" if token.value == 1 else self.cardinal(token.value)
        return first if token.to is None else f"{first} {self.to} {self.cardinal(token.to)}"

    def one_time(self, token: t.Time) -> str:
        """Say "alle tredici e un quarto" plainly: "tredici e quindici"; one o'clock is "una"."""
        said = super().one_time(token)
        return said.replace("uno", "una", 1) if token.hour == 1 else said

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "mezzo", "tre quarti"."""
        if (top, bottom) == (1, 2):
            return "mezzo"
        one, many = _PARTS.get(bottom) or (self.ordinal(bottom), self.ordinal(bottom)[:-1] + "i")
        return f"{self.cardinal(top, 'm')} {one if top == 1 else many}"

    def fraction(self, token: t.Fraction) -> str:
        """Say "mezza" of feminines."""
        said = super().fraction(token)
        if said.endswith("mezzo") and self.gender_of(token.noun) == "f":
            return said[:-1] + "a"
        return said

    def power(self, value: int) -> str:
        """Say "al quadrato", "al cubo"."""
        return {2: "al quadrato", 3: "al cubo"}.get(value) or f"elevato a {self.cardinal(value)}"
