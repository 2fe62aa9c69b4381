"""Portuguese, of Brazil."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European, month_table
from groundswell.text.normalise.grammar import nouns

_MONTHS = "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()
_NOT_NOUNS = frozenset(
    "e ou de do da dos das em no na nos nas com por para pelo pela que não mais menos são foi era mas o a "
    "os as um uma até sem sobre entre cada também quando mil às ao aos depois antes".split()
)
_MASCULINE = frozenset(
    "dia dias problema problemas programa programas sistema sistemas tema mapa mapas".split()
)
_PARTS = {2: "meio", 3: "terço", 4: "quarto", 10: "décimo", 100: "centésimo"}


class Portuguese(European):
    """Portuguese: um and uma, dois and duas, duzentas."""

    code = "pt"
    not_nouns = _NOT_NOUNS
    masculine = _MASCULINE
    feminine = (
        "a",
        "as",
        "ção",
        "ções",
        "dade",
        "dades",
        "gem",
        "gens",
        "vezes",
        "vez",
        "mulheres",
    )
    words_code = "pt_BR"
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "jan:1 fev:2 mar:3 abr:4 mai:5 jun:6 jul:7 ago:8 set:9 out:10 nov:11 dez:12"
    )
    month_names = tuple(_MONTHS)
    unlikely_months = frozenset({"mar", "set", "out", "ago"})
    month_first = False
    date_links = ("de", "do")
    date_joint = "de"
    date_words = frozenset("em dia até desde no".split())
    hour_words = ("h", "horas")
    time_separators = "h"
    hour_gender = "f"
    minute_link = "e"
    halves = ("da manhã", "da tarde")
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "mi": "million", "bi": "billion", "mil": "thousand", "milhão": "million",
        "milhões": "million", "bilhão": "billion", "bilhões": "billion", "m": "million",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: mil\nmillion: milhão|milhões @m\nbillion: bilhão|bilhões @m\ntrillion: trilhão|trilhões @m"
    )
    of_magnitude = "de"
    ordinal_suffixes: ClassVar[dict[str, str]] = {"º": "m", "ª": "f", "°": "m", "o": "m", "a": "f"}
    currency_signs: ClassVar[dict[str, str]] = {"R$": "BRL"}
    abbreviations: ClassVar[dict[str, str]] = {
        "Sr.": "senhor", "Sra.": "senhora", "Srta.": "senhorita", "Dr.": "doutor", "Dra.": "doutora",
        "Prof.": "professor", "Profa.": "professora", "etc.": "etcétera", "etc": "etcétera",
        "Av.": "avenida", "R.": "rua", "tel.": "telefone", "Tel.": "telefone", "aprox.": "aproximadamente",
        "ex.": "exemplo", "p. ex.": "por exemplo", "Ltda.": "limitada", "S.A.": "S A", "vs": "contra",
        "a.C.": "antes de Cristo", "d.C.": "depois de Cristo", "vc": "você", "máx.": "máximo",
        "mín.": "mínimo", "Eng.": "engenheiro", "depto.": "departamento", "apto.": "apartamento",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "n.º": "número", "nº": "número", "Nº": "número", "n°": "número", "N°": "número",
        "n.": "número", "p.": "página", "pág.": "página", "págs.": "páginas", "cap.": "capítulo",
        "art.": "artigo", "Art.": "artigo", "vol.": "volume", "fig.": "figura",
    }  # fmt: skip
    acronyms: ClassVar[dict[str, str]] = {
        "ONU": "",
        "OTAN": "",
        "IBGE": "I B G E",
        "CEP": "",
        "PIX": "",
        "SUS": "",
        "NASA": "",
        "AIDS": "",
        "UE": "U E",
        "EUA": "E U A",
        "PIB": "",
    }
    common_words = frozenset(
        "o a os as um uma de da do em no na e ou mas se não sim é são que com por mais eu tu ele você meu seu "
        "já lá aqui hoje bom boa fim mar sol dia mês ano vez pai mãe onu otan cep pix sus pib pin nasa aids "
        "unesco fifa detran enem inss".split()
    ) - {"inss"}
    year_words = frozenset("em de desde até ano".split())
    digit_words = frozenset(
        "pin código cep cpf conta cartão senha pedido fatura referência protocolo ligue agência".split()
    )
    fillers = frozenset("é número nº n.º de o a seu meu do da terminado em final".split())
    time_words = frozenset("maratona corrida tempo recorde correu duração".split())
    version_words = frozenset("versão python android ios ubuntu".split())
    regnal_names = frozenset(
        "pedro joão maria luís carlos henrique felipe filipe bento pio paulo elizabeth isabel manuel afonso sebastião leão".split()
    )
    queens = frozenset({"maria", "elizabeth", "isabel"})
    numbered_words = frozenset(
        "século capítulo tomo parte guerra livro ato título volume fase tipo".split()
    )
    units = nouns("""
    km: quilômetro|quilômetros @m
    m: metro|metros @m
    cm: centímetro|centímetros @m
    mm: milímetro|milímetros @m
    km²: quilômetro quadrado|quilômetros quadrados @m
    m²: metro quadrado|metros quadrados @m
    m³: metro cúbico|metros cúbicos @m
    ha: hectare|hectares @m
    l: litro|litros @m
    ml: mililitro|mililitros @m
    kg: quilograma|quilogramas @m
    g: grama|gramas @m
    mg: miligrama|miligramas @m
    t: tonelada|toneladas @f
    h: hora|horas @f
    min: minuto|minutos @m
    s: segundo|segundos @m
    ms: milissegundo|milissegundos @m
    km/h: quilômetro por hora|quilômetros por hora @m
    m/s: metro por segundo|metros por segundo @m
    °C: grau Celsius|graus Celsius @m
    °F: grau Fahrenheit|graus Fahrenheit @m
    °: grau|graus @m
    V: volt|volts @m
    W: watt|watts @m
    kW: quilowatt|quilowatts @m
    kWh: quilowatt hora|quilowatts hora @m
    mAh: miliampere hora|miliamperes hora @m
    Hz: hertz @m
    MHz: megahertz @m
    GHz: gigahertz @m
    kB: quilobyte|quilobytes @m
    MB: megabyte|megabytes @m
    GB: gigabyte|gigabytes @m
    TB: terabyte|terabytes @m
    Mbps: megabit por segundo|megabits por segundo @m
    kcal: quilocaloria|quilocalorias @f
    dB: decibel|decibéis @m
    px: pixel|pixels @m
    """)
    currencies = nouns("""
    BRL: real|reais @m
    EUR: euro|euros @m
    USD: dólar|dólares @m
    GBP: libra|libras @f
    JPY: iene|ienes @m
    INR: rupia|rupias @f
    CHF: franco suíço|francos suíços @m
    CNY: yuan|yuans @m
    RUB: rublo|rublos @m
    BTC: bitcoin|bitcoins @m
    """)
    cents = nouns("BRL USD: centavo|centavos @m\nEUR: cêntimo|cêntimos @m\nGBP: pêni|pence @m")
    signs: ClassVar[dict[str, str]] = {
        "-": "menos", "−": "menos", "+": "mais", "±": "mais ou menos", "~": "cerca de", "&": "e",
        "@": "arroba", "=": "igual a", "%": "por cento", "§": "parágrafo", "×": "vezes",
        "÷": "dividido por", "#": "número", "→": "para", "<": "menor que", ">": "maior que",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "vezes", "÷": "dividido por", "/": "dividido por", "+": "mais", "-": "menos",
        "=": "igual a", "^": "elevado a",
    }  # fmt: skip
    point = "vírgula"
    dot = "ponto"
    dash = "hífen"
    underscore = "underline"
    slash = "barra"
    colon = "dois pontos"
    at = "arroba"
    percent_word = "por cento"
    permille_word = "por mil"
    to = "a"
    by = "por"
    per = "por"
    and_ = "e"
    number_word = "número"
    version_word = "versão"
    out_of = "de"

    def agree(self, words: str, value: int, gender: str) -> str:
        """One, two and the hundreds have a feminine."""
        words = (
            "mil" + words[6:] if words.startswith("um mil") and words[6:7] in ("", " ") else words
        )
        words = words.replace("catorze", "quatorze")
        if gender == "f":
            words = words.replace("entos", "entas")
            if words == "um" or words.endswith(" um"):
                words += "a"
            elif words == "dois" or words.endswith(" dois"):
                words = words[:-4] + "duas"
        return words

    def ordinal(self, value: int, gender: str = "") -> str:
        """Every word of an ordinal has the gender."""
        words = super().ordinal(value)
        return " ".join(word[:-1] + "a" for word in words.split()) if gender == "f" else words

    def day(self, token: t.Day) -> str:
        """Only the first is an ordinal."""
        first = "primeiro" if token.value == 1 else self.cardinal(token.value)
        return first if token.to is None else f"{first} {self.to} {self.cardinal(token.to)}"

    def one_time(self, token: t.Time) -> str:
        """Say "dezessete e trinta", "dez horas"."""
        said = super().one_time(token)
        if not token.minute and not token.half and token.to is None:
            return f"{said} {'hora' if token.hour == 1 else 'horas'}"
        return said

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "meio", "três quartos"."""
        if (top, bottom) == (1, 2):
            return "meio"
        part = _PARTS.get(bottom) or (
            self.ordinal(bottom) if bottom < 11 else f"{self.cardinal(bottom)} avo"
        )
        return f"{self.cardinal(top)} {part}{'' if top == 1 else 's'}"

    def fraction(self, token: t.Fraction) -> str:
        """Say "meia" of feminines."""
        said = super().fraction(token)
        if said.endswith("meio") and self.gender_of(token.noun) == "f":
            return said[:-2] + "ia"
        return said

    def roman(self, token: t.Roman) -> str:
        """To the tenth ordinals."""
        if token.ordinal and token.value <= 10:
            return self.ordinal(token.value, "f" if token.feminine else "")
        return self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "ao quadrado", "ao cubo"."""
        return {2: "ao quadrado", 3: "ao cubo"}.get(value) or f"elevado a {self.cardinal(value)}"
