"""Polish."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import month_table
from groundswell.text.normalise.grammar import nouns
from groundswell.text.normalise.slavic import Slavic

_MONTHS = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()
_NOMINATIVE = "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień".split()
_ONES = (
    "zerowy pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty jedenasty "
    "dwunasty trzynasty czternasty piętnasty szesnasty siedemnasty osiemnasty dziewiętnasty"
).split()
_TENS = (
    "_ _ dwudziesty trzydziesty czterdziesty pięćdziesiąty sześćdziesiąty siedemdziesiąty "
    "osiemdziesiąty dziewięćdziesiąty"
).split()
_HUNDREDS = "_ setny dwusetny trzysetny czterechsetny pięćsetny sześćsetny siedemsetny osiemsetny dziewięćsetny".split()
_ENDINGS = {"nom": "y", "gen": "ego", "loc": "ym", "fem": "a", "femloc": "ej"}
_NOT_NOUNS = frozenset(
    "i w z na do od po za lub oraz ale się nie jest są był o przez dla przed ponad tylko razy lat".split()
)


class Polish(Slavic):
    """Polish: dwa złote, pięć złotych; piątego marca dwa tysiące dwudziestego piątego roku."""

    code = words_code = "pl"
    not_nouns = _NOT_NOUNS
    group = ". "
    one_ends = False
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "sty:1 lut:2 kwi:4 cze:6 lip:7 sie:8 wrz:9 paź:10 lis:11 gru:12"
    ) | month_table(_NOMINATIVE)  # fmt: skip
    month_names = tuple(_MONTHS)
    month_cases = frozenset(_NOMINATIVE)
    unlikely_months = frozenset({"lis", "lip", "gru", "maj", "luty"})
    month_first = False
    dotted_dates = True
    date_words = frozenset("do od dnia dniu".split())
    hour_leads = frozenset("o od do godz godzinie godziny godz.".split())
    time_separators = "."
    zero_minutes = True
    halves = ("rano", "po południu")
    magnitudes: ClassVar[dict[str, str]] = {
        "tys": "thousand", "tys.": "thousand", "mln": "million", "mld": "billion", "k": "thousand",
        "tysiąc": "thousand", "tysiące": "thousand", "tysięcy": "thousand", "milion": "million",
        "miliony": "million", "milionów": "million", "miliard": "billion", "miliardy": "billion",
        "miliardów": "billion",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: tysiąc|tysiące|tysięcy|tysiąca @m\nmillion: milion|miliony|milionów|miliona @m\nbillion: miliard|miliardy|miliardów|miliarda @m"
    )
    currency_signs: ClassVar[dict[str, str]] = {"zł": "PLN", "zł.": "PLN"}
    ordinal_suffixes: ClassVar[dict[str, str]] = {
        "-ty": "m",
        "-szy": "m",
        "-gi": "m",
        "-ci": "m",
        "-my": "m",
    }
    ordinal_dot = True
    abbreviations: ClassVar[dict[str, str]] = {
        "dr": "doktor", "Dr": "doktor", "prof.": "profesor", "Prof.": "profesor", "ul.": "ulica",
        "al.": "aleja", "pl.": "plac", "np.": "na przykład", "itd.": "i tak dalej", "itp.": "i tym podobne",
        "tj.": "to jest", "tzn.": "to znaczy", "m.in.": "między innymi", "ok.": "około", "tel.": "telefon",
        "Tel.": "telefon", "godz.": "godzina", "r.": "roku", "inż.": "inżynier", "mgr": "magister",
        "św.": "święty", "p.n.e.": "przed naszą erą", "n.e.": "naszej ery", "vs.": "kontra",
        "maks.": "maksymalnie", "min.": "minimum", "zob.": "zobacz", "wg": "według", "tzw.": "tak zwany",
        "os.": "osób", "szt.": "sztuk", "wiek": "wiek",
    }  # fmt: skip
    del abbreviations["wiek"]
    before_number: ClassVar[dict[str, str]] = {
        "nr": "numer", "Nr": "numer", "nr.": "numer", "str.": "strona", "s.": "strona", "rozdz.": "rozdział",
        "art.": "artykuł", "Art.": "artykuł", "t.": "tom", "rys.": "rysunek", "pkt": "punkt", "ust.": "ustęp",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "NATO": "",
        "ONZ": "O N Z",
        "PESEL": "",
        "NIP": "",
        "ZUS": "",
        "UE": "U E",
        "USA": "U S A",
        "PIN": "",
        "NASA": "",
        "LOT": "",
        "PKO": "P K O",
        "VAT": "",
    }
    common_words = frozenset(
        "i w z na do od po za o u a ale nie tak to ten ta te jest są był co kto jak gdy już czy się mi mu go "
        "ja ty on my wy oni nato pesel nip zus pin nasa lot vat rok dom pan fifa uefa unesco".split()
    )
    year_words = frozenset("w rok roku od do roku lata".split())
    year_words_after = frozenset({"roku", "r", "rok", "rokiem"})
    digit_words = frozenset(
        "pin kod kodu konto konta karta karty hasło zamówienie faktura nip pesel zadzwoń numerem".split()
    )
    fillers = frozenset("to jest numer nr pocztowy kończąca na".split())
    time_words = frozenset("maraton wyścig czas czasem rekord przebiegł".split())
    version_words = frozenset("wersja wersji python android ios ubuntu".split())
    regnal_names = frozenset(
        "jan paweł zygmunt kazimierz władysław august henryk bolesław mieszko elżbieta karol ludwik stanisław filip pius benedykt leon".split()
    )
    queens = frozenset({"elżbieta"})
    numbered_words = frozenset("rozdział tom część akt księga faza typ wiek".split())
    numbered_after = frozenset({"wiek", "wieku", "w", "wojna"})
    units = nouns("""
    km: kilometr|kilometry|kilometrów|kilometra @m
    m: metr|metry|metrów|metra @m
    cm: centymetr|centymetry|centymetrów|centymetra @m
    mm: milimetr|milimetry|milimetrów|milimetra @m
    km²: kilometr kwadratowy|kilometry kwadratowe|kilometrów kwadratowych|kilometra kwadratowego @m
    m²: metr kwadratowy|metry kwadratowe|metrów kwadratowych|metra kwadratowego @m
    m³: metr sześcienny|metry sześcienne|metrów sześciennych|metra sześciennego @m
    ha: hektar|hektary|hektarów|hektara @m
    l: litr|litry|litrów|litra @m
    ml: mililitr|mililitry|mililitrów|mililitra @m
    kg: kilogram|kilogramy|kilogramów|kilograma @m
    g: gram|gramy|gramów|grama @m
    mg: miligram|miligramy|miligramów|miligrama @m
    t: tona|tony|ton|tony @f
    h: godzina|godziny|godzin|godziny @f
    min: minuta|minuty|minut|minuty @f
    s: sekunda|sekundy|sekund|sekundy @f
    ms: milisekunda|milisekundy|milisekund|milisekundy @f
    km/h: kilometr na godzinę|kilometry na godzinę|kilometrów na godzinę|kilometra na godzinę @m
    m/s: metr na sekundę|metry na sekundę|metrów na sekundę|metra na sekundę @m
    °C: stopień Celsjusza|stopnie Celsjusza|stopni Celsjusza|stopnia Celsjusza @m
    °: stopień|stopnie|stopni|stopnia @m
    V: wolt|wolty|woltów|wolta @m
    W: wat|waty|watów|wata @m
    kW: kilowat|kilowaty|kilowatów|kilowata @m
    kWh: kilowatogodzina|kilowatogodziny|kilowatogodzin|kilowatogodziny @f
    Hz: herc|herce|herców|herca @m
    GHz: gigaherc|gigaherce|gigaherców|gigaherca @m
    MB: megabajt|megabajty|megabajtów|megabajta @m
    GB: gigabajt|gigabajty|gigabajtów|gigabajta @m
    TB: terabajt|terabajty|terabajtów|terabajta @m
    kB: kilobajt|kilobajty|kilobajtów|kilobajta @m
    Mbps: megabit na sekundę|megabity na sekundę|megabitów na sekundę|megabita na sekundę @m
    kcal: kilokaloria|kilokalorie|kilokalorii|kilokalorii @f
    dB: decybel|decybele|decybeli|decybela @m
    """)
    unit_spellings: ClassVar[dict[str, str]] = {"godz.": "h", "godz": "h", "sek.": "s"}
    currencies = nouns("""
    PLN: złoty|złote|złotych|złotego @m
    EUR: euro|euro|euro|euro @n
    USD: dolar|dolary|dolarów|dolara @m
    GBP: funt|funty|funtów|funta @m
    JPY: jen|jeny|jenów|jena @m
    INR: rupia|rupie|rupii|rupii @f
    CHF: frank szwajcarski|franki szwajcarskie|franków szwajcarskich|franka szwajcarskiego @m
    CZK: korona czeska|korony czeskie|koron czeskich|korony czeskiej @f
    RUB: rubel|ruble|rubli|rubla @m
    UAH: hrywna|hrywny|hrywien|hrywny @f
    BTC: bitcoin|bitcoiny|bitcoinów|bitcoina @m
    """)
    cents = nouns(
        "PLN: grosz|grosze|groszy|grosza @m\nEUR USD: cent|centy|centów|centa @m\nGBP: pens|pensy|pensów|pensa @m"
    )
    signs: ClassVar[dict[str, str]] = {
        "-": "minus", "−": "minus", "+": "plus", "±": "plus minus", "~": "około", "&": "i",
        "@": "małpa", "=": "równa się", "%": "procent", "§": "paragraf", "×": "razy",
        "÷": "podzielić przez", "#": "numer", "→": "do", "<": "mniejsze niż", ">": "większe niż",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "razy", "÷": "podzielić przez", "/": "podzielić przez", "+": "plus", "-": "minus",
        "=": "równa się", "^": "do potęgi",
    }  # fmt: skip
    point = "przecinek"
    dot = "kropka"
    dash = "myślnik"
    underscore = "podkreślnik"
    slash = "ukośnik"
    colon = "dwukropek"
    at = "małpa"
    percent_word = "procent"
    permille_word = "promili"
    to = "do"
    by = "na"
    per = "na"
    and_ = "i"
    number_word = "numer"
    version_word = "wersja"
    out_of = "na"

    def agree(self, words: str, value: int, gender: str) -> str:
        """One and two have a gender."""
        if value == 1:
            return {"f": "jedna", "n": "jedno"}.get(gender, words)
        if gender == "f" and words.endswith("dwa"):
            return words[:-3] + "dwie"
        return words

    def gender_by_ending(self, noun: str) -> str:
        """Guess from the ending: after two to four the plural shows it less well."""
        if noun.endswith(
            (
                "a",
                "ść",
                "cje",
                "cja",
                "ny",
                "ty",
                "ki",
                "ry",
                "gi",
                "by",
                "ły",
                "sy",
                "cy",
                "żki",
                "je",
                "ie",
            )
        ):
            return "f" if not noun.endswith(("niki", "ty", "ry", "sy", "ły", "by")) else "m"
        return "n" if noun.endswith(("o", "e", "ę")) else "m"

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say "trzeci", "trzecia"."""
        return self.inflected(value, "fem" if gender == "f" else "nom")

    def inflected(self, value: int, ending: str) -> str:
        """Inflect the last two words of an ordinal."""
        if value >= 10000:
            return super().ordinal(value)
        head, rest = divmod(value, 100)
        if rest == 0 and value:
            if value % 1000 == 0:
                stem = {1: "tysięczny", 2: "dwutysięczny", 3: "trzytysięczny"}.get(value // 1000)
                return self._ending(stem, ending) if stem else super().ordinal(value)
            thousands = f"{self.cardinal(value // 1000 * 1000)} " if value >= 1000 else ""
            return thousands + self._ending(_HUNDREDS[value // 100 % 10], ending)
        words = [self.cardinal(head * 100)] if head else []
        if rest < 20:
            words.append(self._ending(_ONES[rest], ending))
        else:
            words.append(self._ending(_TENS[rest // 10], ending))
            if rest % 10:
                words.append(self._ending(_ONES[rest % 10], ending))
        return " ".join(words)

    @staticmethod
    def _ending(word: str, ending: str) -> str:
        stem, new = word[:-1], _ENDINGS[ending]
        if word.endswith("i") and ending != "nom":  # drugi, trzeci
            return (
                word + {"gen": "ego", "loc": "m", "fem": "a", "femloc": "ej"}[ending]
                if stem.endswith("c")
                else (stem + {"gen": "iego", "loc": "im", "fem": "a", "femloc": "iej"}[ending])
            )
        return word if ending == "nom" else stem + new

    def year_token(self, token: t.Year) -> str:
        """Years are ordinals: "w … roku", "… roku", "rok …"."""
        if token.to is not None:
            return (
                f"{self.inflected(token.value, 'nom')} {self.to} {self.inflected(token.to, 'gen')}"
            )
        if token.dated:
            said = self.inflected(token.value, "gen")
            return said if token.after.casefold() in ("roku", "r") else f"{said} roku"
        if token.before == "rok":
            return self.inflected(token.value, "nom")
        if token.before == "w":
            said = self.inflected(token.value, "loc")
            return said if token.after.casefold() in ("roku", "r") else f"{said} roku"
        said = self.inflected(token.value, "gen")
        return (
            said
            if token.after.casefold() in ("roku", "r") or token.before == "roku"
            else f"{said} roku"
        )

    def one_time(self, token: t.Time) -> str:
        """Hours are ordinals: "siedemnasta trzydzieści"."""
        words = [self.inflected(token.hour, "fem")]
        if token.minute:
            words += [self.cardinal(0)] if token.minute < 10 else []
            words.append(self.cardinal(token.minute))
        return " ".join(words)

    def dotted_ordinal(self, before: str, value: int, after: str) -> t.Token | None:
        """Make "2. miejsce" an ordinal before a few nouns."""
        low = after.casefold()
        if low in ("miejsce", "piętro"):
            word = self.inflected(value, "nom")
            return t.Words(word[:-1] + "e" if word.endswith("y") else word + "e")
        return (
            t.Words(self.inflected(value, "nom"))
            if low in ("raz", "dzień", "rozdział", "tom", "wiek")
            else None
        )

    def roman(self, token: t.Roman) -> str:
        """Kings and centuries are ordinals."""
        case = "loc" if token.before == "w" else "gen" if token.after == "wieku" else "nom"
        return self.inflected(token.value, "fem" if token.feminine else case)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "jedna druga", "trzy czwarte"."""
        if (top, bottom) == (1, 2):
            return "pół"
        part = self.inflected(bottom, "fem")
        if top == 1:
            return f"jedna {part}"
        top_word = self.cardinal(top, "f")
        if top % 10 in (2, 3, 4) and top not in (12, 13, 14):
            return f"{top_word} {part[:-1]}e"
        return f"{top_word} {self.inflected(bottom, 'nom')}ch"

    def power(self, value: int) -> str:
        """Say "do kwadratu", "do sześcianu"."""
        return {2: "do kwadratu", 3: "do sześcianu"}.get(
            value
        ) or f"do potęgi {self.cardinal(value)}"
