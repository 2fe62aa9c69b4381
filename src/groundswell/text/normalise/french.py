"""French, of France."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_FEMININE = (
    "tion",
    "sion",
    "té",
    "ée",
    "ie",
    "ure",
    "ance",
    "ence",
    "ette",
    "elle",
    "esse",
    "ille",
)
_WOMEN = frozenset(
    "personne fois femme fille heure minute seconde semaine année page ligne voiture maison chambre "
    "place rue porte pièce livre étoile tasse part pomme table chaise ville balle carte voix nuit main "
    "bouteille cuillère tranche gousse boîte chose classe équipe famille idée langue lettre tonne"
    .split()
)  # fmt: skip
_NOT_NOUNS = frozenset(
    "et ou de du des la le les un une à au aux en dans par pour sur sous avec sans est sont a ont qui que "
    "plus moins fois-ci puis mais donc car ne pas très dès vers chez entre ce cette mille".split()
)
_PARTS = {2: "demi", 3: "tiers", 4: "quart"}


class French(European):
    """French: soixante-dix, un and une, quinze heures trente."""

    code = words_code = "fr"
    not_nouns = _NOT_NOUNS
    group = ". "
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "janv:1 jan:1 févr:2 fév:2 avr:4 juil:7 sept:9 oct:10 nov:11 déc:12"
    )
    month_names = tuple(_MONTHS)
    unlikely_months = frozenset({"jan"})
    month_first = False
    date_words = frozenset("le du au dès".split())
    hour_words = ("h", "heures", "heure")
    time_separators = "h"
    hour_gender = "f"
    hours = nouns("h: heure|heures")["h"]
    halves = ("du matin", "de l'après-midi")
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "m": "million", "md": "billion", "mille": "thousand", "million": "million",
        "millions": "million", "milliard": "billion", "milliards": "billion", "mds": "billion",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: mille\nmillion: million|millions @m\nbillion: milliard|milliards @m\ntrillion: billion|billions @m"
    )
    of_magnitude = "de"
    ordinal_suffixes: ClassVar[dict[str, str]] = {
        "er": "m", "re": "f", "ère": "f", "e": "", "ème": "", "nd": "second", "nde": "seconde", "è": "",
        "ᵉ": "", "es": "", "èmes": "",
    }  # fmt: skip
    abbreviations: ClassVar[dict[str, str]] = {
        "M.": "monsieur", "Mme": "madame", "Mlle": "mademoiselle", "MM.": "messieurs", "Dr": "docteur",
        "Pr": "professeur", "Me": "maître", "etc.": "et cetera", "etc": "et cetera",
        "p. ex.": "par exemple", "p.ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "env.": "environ",
        "av.": "avenue", "bd": "boulevard", "Bd": "boulevard", "boul.": "boulevard", "tél.": "téléphone",
        "Tél.": "téléphone", "St": "saint", "Ste": "sainte", "cf.": "confer", "svp": "s'il vous plaît",
        "SVP": "s'il vous plaît", "s.v.p.": "s'il vous plaît", "max.": "maximum", "min.": "minimum",
        "Cie": "compagnie", "vs": "contre", "apr. J.-C.": "après Jésus-Christ",
        "av. J.-C.": "avant Jésus-Christ", "dép.": "département", "rdv": "rendez-vous",
        "RDV": "rendez-vous", "Mmes": "mesdames", "janv.": "janvier", "févr.": "février",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "n°": "numéro", "N°": "numéro", "no": "numéro", "nº": "numéro", "Nº": "numéro", "p.": "page",
        "pp.": "pages", "chap.": "chapitre", "art.": "article", "Art.": "article", "vol.": "volume",
        "fig.": "figure", "t.": "tome",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "OTAN": "",
        "ONU": "",
        "OVNI": "",
        "SIDA": "",
        "NASA": "",
        "PDG": "P D G",
        "SNCF": "S N C F",
        "TVA": "T V A",
        "UE": "U E",
    }
    common_words = frozenset(
        "le la les un une des de du et ou où en est à au aux ne pas je tu il on ce se sa son ma mon ta ton "
        "qui que si non oui plus très tout rien mer sur vu va vas fin bon onu otan nasa pin smic sida "
        "covid pacs insee unesco fifa ovni ouf".split()
    )
    year_words = frozenset("en de depuis année avant après dès vers fin début".split())
    digit_words = frozenset(
        "pin code postal compte carte passe commande facture référence dossier cvv siret tapez composez appelez".split()
    )
    fillers = frozenset("est numéro n° de le la votre mon du secret se termine par".split())
    time_words = frozenset("marathon course temps record couru durée chrono".split())
    version_words = frozenset("version python android ios ubuntu".split())
    regnal_names = frozenset(
        "louis charles henri françois philippe napoléon jean paul benoît élisabeth pie guillaume édouard georges catherine nicolas pierre léon".split()
    )
    queens = frozenset({"élisabeth", "catherine"})
    numbered_words = frozenset(
        "chapitre tome partie guerre livre acte scène titre volume phase type".split()
    )
    ordinal_words = frozenset[str]()
    numbered_after = frozenset({"siècle"})
    units = nouns("""
    km: kilomètre|kilomètres @m
    m: mètre|mètres @m
    cm: centimètre|centimètres @m
    mm: millimètre|millimètres @m
    km²: kilomètre carré|kilomètres carrés @m
    m²: mètre carré|mètres carrés @m
    m³: mètre cube|mètres cubes @m
    ha: hectare|hectares @m
    l: litre|litres @m
    ml: millilitre|millilitres @m
    cl: centilitre|centilitres @m
    dl: décilitre|décilitres @m
    kg: kilogramme|kilogrammes @m
    g: gramme|grammes @m
    mg: milligramme|milligrammes @m
    t: tonne|tonnes @f
    h: heure|heures @f
    min: minute|minutes @f
    s: seconde|secondes @f
    ms: milliseconde|millisecondes @f
    km/h: kilomètre heure|kilomètres heure @m
    m/s: mètre par seconde|mètres par seconde @m
    °C: degré Celsius|degrés Celsius @m
    °F: degré Fahrenheit|degrés Fahrenheit @m
    °: degré|degrés @m
    V: volt|volts @m
    W: watt|watts @m
    kW: kilowatt|kilowatts @m
    kWh: kilowatt heure|kilowatts heure @m
    mAh: milliampère heure|milliampères heure @m
    Hz: hertz
    MHz: mégahertz
    GHz: gigahertz
    kB: kilooctet|kilooctets @m
    MB: mégaoctet|mégaoctets @m
    GB: gigaoctet|gigaoctets @m
    TB: téraoctet|téraoctets @m
    Mbps: mégabit par seconde|mégabits par seconde @m
    Gbps: gigabit par seconde|gigabits par seconde @m
    kcal: kilocalorie|kilocalories @f
    dB: décibel|décibels @m
    px: pixel|pixels @m
    """)
    unit_spellings: ClassVar[dict[str, str]] = {
        "Go": "GB",
        "Mo": "MB",
        "Ko": "kB",
        "To": "TB",
        "ko": "kB",
        "mn": "min",
    }
    currencies = nouns("""
    EUR: euro|euros @m
    USD: dollar|dollars @m
    GBP: livre|livres @f
    JPY: yen|yens @m
    INR: roupie|roupies @f
    CHF: franc suisse|francs suisses @m
    CAD: dollar canadien|dollars canadiens @m
    CNY: yuan|yuans @m
    RUB: rouble|roubles @m
    PLN: zloty|zlotys @m
    SEK: couronne suédoise|couronnes suédoises @f
    BRL: réal|réaux @m
    BTC: bitcoin|bitcoins @m
    """)
    cents = nouns(
        "EUR: centime|centimes @m\nUSD CAD: cent|cents @m\nGBP: penny|pence @m\nCHF: centime|centimes @m"
    )
    signs: ClassVar[dict[str, str]] = {
        "-": "moins", "−": "moins", "+": "plus", "±": "plus ou moins", "~": "environ", "&": "et",
        "@": "arobase", "=": "égale", "%": "pour cent", "§": "paragraphe", "×": "fois", "÷": "divisé par",
        "#": "numéro", "→": "vers", "<": "inférieur à", ">": "supérieur à", "≈": "environ",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "fois", "÷": "divisé par", "/": "divisé par", "+": "plus", "-": "moins", "=": "égale",
        "^": "puissance",
    }  # fmt: skip
    point = "virgule"
    dot = "point"
    dash = "tiret"
    underscore = "tiret bas"
    slash = "slash"
    colon = "deux points"
    at = "arobase"
    percent_word = "pour cent"
    permille_word = "pour mille"
    to = "à"
    by = "sur"
    per = "par"
    and_ = "et"
    number_word = "numéro"
    roman_suffixes = r"(?:ères?|ers?|res?|èmes?|es?|ᵉ)"
    out_of = "sur"

    def agree(self, words: str, value: int, gender: str) -> str:
        """Only "un" has a feminine."""
        if gender == "f" and (words == "un" or words.endswith(" un")):
            return words + "e"
        return words

    def plural(self, quantity: t.Quantity) -> int:
        """Below two is singular: 1,5 litre."""
        last = quantity.last
        small = int(last.whole or 0) < 2 if len(last.whole) < 4 else False
        return 0 if small and not last.magnitude and quantity.to is None else 1

    def gender_by_ending(self, noun: str) -> str:
        """Guess from the ending."""
        single = noun.rstrip("s") if noun not in ("fois",) else noun
        return "f" if single in _WOMEN or single.endswith(_FEMININE) else "m"

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say "première", "deuxième"."""
        if gender in ("second", "seconde") and value == 2:
            return gender
        words = super().ordinal(value)
        return "première" if value == 1 and gender == "f" else words

    def day(self, token: t.Day) -> str:
        """Only the first is an ordinal."""
        first = "premier" if token.value == 1 else self.cardinal(token.value)
        return first if token.to is None else f"{first} {self.to} {self.cardinal(token.to)}"

    def money_parts(self, whole: str, small: str) -> str:
        """Say "trois euros cinquante centimes"."""
        return f"{whole} et {small}"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "un demi", "trois quarts"."""
        part = _PARTS.get(bottom) or self.ordinal(bottom)
        return f"{self.cardinal(top)} {part}{'' if top == 1 or part.endswith('s') else 's'}"

    def roman(self, token: t.Roman) -> str:
        """Only the first king is an ordinal; centuries are."""
        if token.ordinal and (token.value == 1 or token.suffixed):
            return self.ordinal(token.value, "f" if token.feminine else "")
        return self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "au carré", "au cube"."""
        return {2: "au carré", 3: "au cube"}.get(value) or f"puissance {self.cardinal(value)}"
