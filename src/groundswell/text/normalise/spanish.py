"""Spanish."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European
from groundswell.text.normalise.grammar import nouns

_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_NOT_NOUNS = frozenset(
    "que con por para los las una uno del desde hasta más menos pero como cuando donde son fue era "
    "está están hay sin sobre entre según cada todo todos solo sólo también muy nos les ese esa este "
    "esta aquí allí hoy ayer mañana tras ante bajo contra durante mil".split()
)
_MASCULINE = frozenset(
    "días día problemas problema programas programa sistemas sistema temas tema idiomas idioma mapas "
    "mapa planetas poemas kilogramos puntos gramas".split()
)
_ORDINALS = "_ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo".split()
_TENTHS = {11: "undécimo", 12: "duodécimo"}
_PARTS = {
    2: "medio", 3: "tercio", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo",
    9: "noveno", 10: "décimo", 100: "centésimo", 1000: "milésimo",
}  # fmt: skip


class Spanish(European):
    """Spanish: un and una, veintiún, doscientas."""

    code = words_code = "es"
    not_nouns = _NOT_NOUNS
    masculine = _MASCULINE
    feminine = (
        "a",
        "as",
        "ción",
        "ciones",
        "dad",
        "dades",
        "sión",
        "siones",
        "veces",
        "vez",
        "noches",
        "mujeres",
        "flores",
        "horas",
    )
    months: ClassVar[dict[str, int]] = {
        **{name: at for at, name in enumerate(_MONTHS, 1)},
        **{name[:3]: at for at, name in enumerate(_MONTHS, 1)},
        "setiembre": 9, "sept": 9,
    }  # fmt: skip
    month_names = tuple(_MONTHS)
    month_cases = frozenset({"setiembre"})
    unlikely_months = frozenset({"mar", "ago", "sep", "may"})
    month_first = False
    date_links = ("de", "del")
    date_joint = "de"
    date_words = frozenset("el del al hasta desde día".split())
    day_halves: ClassVar[dict[str, str]] = {"am": "am", "pm": "pm"}
    halves = ("de la mañana", "de la tarde")
    hour_words = ("h", "hs", "hrs", "horas")
    hour_gender = "f"
    time_separators = ".h"
    hour_leads = frozenset({"las", "la"})
    zero_minutes = True
    magnitudes: ClassVar[dict[str, str]] = {
        "k": "thousand", "m": "million", "mil": "thousand", "millón": "million",
        "millones": "million", "mm": "million",
    }  # fmt: skip
    magnitude_nouns = nouns(
        "thousand: mil\nmillion: millón|millones @m\nbillion: mil millones\ntrillion: billón|billones @m"
    )
    of_magnitude = "de"
    ordinal_suffixes: ClassVar[dict[str, str]] = {
        "º": "m", ".º": "m", "ª": "f", ".ª": "f", "°": "m", "er": "apocopated", "ro": "m", "ra": "f",
        "do": "m", "da": "f", "to": "m", "ta": "f", "mo": "m", "ma": "f", "vo": "m", "va": "f", "no": "m",
        "na": "f", "er.": "apocopated", ".er": "apocopated",
    }  # fmt: skip
    abbreviations: ClassVar[dict[str, str]] = {
        "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Sres.": "señores", "Dr.": "doctor",
        "Dra.": "doctora", "D.ª": "doña", "Ud.": "usted", "Uds.": "ustedes", "Vd.": "usted",
        "etc.": "etcétera", "etc": "etcétera", "p. ej.": "por ejemplo", "p.ej.": "por ejemplo",
        "aprox.": "aproximadamente", "Avda.": "avenida", "Av.": "avenida", "Avda": "avenida",
        "Pza.": "plaza", "Pl.": "plaza", "Prof.": "profesor", "Profa.": "profesora", "tel.": "teléfono",
        "Tel.": "teléfono", "tfno.": "teléfono", "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos",
        "EEUU": "Estados Unidos", "S.A.": "S A", "Ing.": "ingeniero", "Lic.": "licenciado",
        "Gral.": "general", "Sto.": "santo", "Sta.": "santa", "a. C.": "antes de Cristo",
        "a.C.": "antes de Cristo", "d. C.": "después de Cristo", "d.C.": "después de Cristo",
        "izq.": "izquierda", "dcha.": "derecha", "Dpto.": "departamento", "dpto.": "departamento",
        "máx.": "máximo", "mín.": "mínimo", "vs.": "contra", "vs": "contra", "c/": "calle",
        "C/": "calle", "Atte.": "atentamente",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "n.º": "número", "N.º": "número", "nº": "número", "Nº": "número", "núm.": "número",
        "Núm.": "número", "No.": "número", "pág.": "página", "Pág.": "página", "págs.": "páginas",
        "p.": "página", "pp.": "páginas", "cap.": "capítulo", "Cap.": "capítulo", "art.": "artículo",
        "Art.": "artículo", "vol.": "volumen", "Vol.": "volumen", "fig.": "figura", "Fig.": "figura",
        "km.": "kilómetro", "n°": "número", "N°": "número",
    }  # fmt: skip
    before_name: ClassVar[dict[str, str]] = {"D.": "don", "Dña.": "doña", "S.": "san"}
    acronyms: ClassVar[dict[str, str]] = {
        "OTAN": "",
        "ONU": "",
        "OVNI": "",
        "SIDA": "",
        "IVA": "",
        "DNI": "D N I",
        "ONG": "O N G",
        "UE": "U E",
        "AVE": "",
        "PIN": "",
        "COVID": "",
        "NASA": "",
    }
    common_words = frozenset(
        "el la los las un una de del al y o u e en no sí si ya es son que por con sin mi tu su se me te "
        "le lo más muy ni yo él fin uno dos tres iva onu pin sol mar ver voy hoy hay era fue ojo gran "
        "ram rom sim gif lan wifi covid sida opec mercosur "
        "para otan nasa unesco ovni ave seat renfe fifa uefa".split()
    )
    year_words = frozenset("en de desde año hasta del".split())
    digit_words = frozenset(
        "pin código clave postal cp dni cuenta tarjeta contraseña pedido factura referencia cvv teléfono expediente otp tel tfno llama llame marca marque".split()
    )
    fillers = frozenset(
        "es número n.º nº de el la su tu mi al no termina terminada en acaba".split()
    )
    time_words = frozenset("maratón carrera tiempo récord marca corrió terminó duración".split())
    version_words = frozenset("versión python android ios ubuntu".split())
    regnal_names = frozenset(
        "felipe carlos alfonso fernando isabel juan pablo enrique pío benedicto luis napoleón jorge "
        "guillermo francisco eduardo isabel león pedro alejandro clemente sancho ramiro".split()
    )
    queens = frozenset({"isabel"})
    numbered_words = frozenset(
        "siglo siglos capítulo tomo parte guerra libro acto título volumen fase tipo sección anexo copa".split()
    )
    ordinal_dot = False
    units = nouns("""
    km: kilómetro|kilómetros @m
    m: metro|metros @m
    cm: centímetro|centímetros @m
    mm: milímetro|milímetros @m
    km²: kilómetro cuadrado|kilómetros cuadrados @m
    m²: metro cuadrado|metros cuadrados @m
    m³: metro cúbico|metros cúbicos @m
    ha: hectárea|hectáreas @f
    l: litro|litros @m
    ml: mililitro|mililitros @m
    cl: centilitro|centilitros @m
    kg: kilogramo|kilogramos @m
    g: gramo|gramos @m
    mg: miligramo|miligramos @m
    t: tonelada|toneladas @f
    h: hora|horas @f
    min: minuto|minutos @m
    s: segundo|segundos @m
    ms: milisegundo|milisegundos @m
    d: día|días @m
    km/h: kilómetro por hora|kilómetros por hora @m
    m/s: metro por segundo|metros por segundo @m
    °C: grado Celsius|grados Celsius @m
    °F: grado Fahrenheit|grados Fahrenheit @m
    °: grado|grados @m
    V: voltio|voltios @m
    W: vatio|vatios @m
    kW: kilovatio|kilovatios @m
    kWh: kilovatio hora|kilovatios hora @m
    mAh: miliamperio hora|miliamperios hora @m
    Hz: hercio|hercios @m
    MHz: megahercio|megahercios @m
    GHz: gigahercio|gigahercios @m
    kB: kilobyte|kilobytes @m
    MB: megabyte|megabytes @m
    GB: gigabyte|gigabytes @m
    TB: terabyte|terabytes @m
    Mbps: megabit por segundo|megabits por segundo @m
    Gbps: gigabit por segundo|gigabits por segundo @m
    kcal: kilocaloría|kilocalorías @f
    dB: decibelio|decibelios @m
    px: píxel|píxeles @m
    in: pulgada|pulgadas @f
    ft: pie|pies @m
    mi: milla|millas @f
    lb: libra|libras @f
    oz: onza|onzas @f
    hp: caballo|caballos @m
    """)
    currencies = nouns("""
    EUR: euro|euros @m
    USD: dólar|dólares @m
    GBP: libra|libras @f
    JPY: yen|yenes @m
    INR: rupia|rupias @f
    CNY: yuan|yuanes @m
    CHF: franco suizo|francos suizos @m
    MXN: peso mexicano|pesos mexicanos @m
    ARS: peso argentino|pesos argentinos @m
    CLP: peso chileno|pesos chilenos @m
    COP: peso colombiano|pesos colombianos @m
    PEN: sol|soles @m
    BRL: real|reales @m
    RUB: rublo|rublos @m
    PLN: esloti|eslotis @m
    SEK: corona sueca|coronas suecas @f
    CAD: dólar canadiense|dólares canadienses @m
    AUD: dólar australiano|dólares australianos @m
    BTC: bitcoin|bitcoins @m
    """)
    cents = nouns(
        "EUR: céntimo|céntimos @m\nUSD MXN ARS CAD AUD BRL: centavo|centavos @m\nGBP: penique|peniques @m\nPEN: céntimo|céntimos @m"
    )
    signs: ClassVar[dict[str, str]] = {
        "-": "menos", "−": "menos", "+": "más", "±": "más menos", "~": "unos", "&": "y",
        "@": "arroba", "=": "igual a", "%": "por ciento", "§": "sección", "×": "por", "÷": "dividido por",
        "#": "número", "→": "a", "≈": "aproximadamente", "<": "menor que", ">": "mayor que", "€": "euros",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "por", "÷": "dividido por", "/": "dividido por", "+": "más", "-": "menos",
        "=": "igual a", "^": "elevado a",
    }  # fmt: skip
    letter_names: ClassVar[dict[str, str]] = {}
    point = "coma"
    dot = "punto"
    dash = "guion"
    underscore = "guion bajo"
    slash = "barra"
    colon = port = "dos puntos"
    at = "arroba"
    hash = "almohadilla"
    percent_gender = "m"
    percent_word = "por ciento"
    permille_word = "por mil"
    to = "a"
    by = "por"
    per = "por"
    and_ = "con"
    number_word = "número"
    version_word = "versión"
    out_of = "sobre"

    def agree(self, words: str, value: int, gender: str) -> str:
        """Masculine nouns shorten uno; feminine ones have una, doscientas."""
        words = words.replace("veintiuno mil", "veintiún mil").replace("y uno mil", "y un mil")
        if gender == "f":
            words = words.replace("cientos", "cientas").replace("quinientos", "quinientas")
            if words.endswith("uno"):
                words = words[:-1] + "a"
        elif gender == "m" and words.endswith("veintiuno"):
            words = words[: -len("uno")] + "ún"
        elif gender == "m" and words.endswith("uno"):
            words = words[:-1]
        return words

    def ordinal(self, value: int, gender: str = "") -> str:
        """To the tenth as said; beyond, the words num2words joins wrongly are put right."""
        if 1 <= value <= 10:
            words = _ORDINALS[value]
        elif value in _TENTHS:
            words = _TENTHS[value]
        elif value < 20:
            words = "decimo" + _ORDINALS[value - 10].replace("octavo", "ctavo")
        else:
            words = super().ordinal(value)
        if gender == "f":
            return " ".join(word[:-1] + "a" for word in words.split())
        if gender == "apocopated" and words.endswith(("primero", "tercero")):
            return words[:-1]
        return words

    def day(self, token: t.Day) -> str:
        """Days are cardinals."""
        if token.ordinal and token.value == 1:
            return "primero"
        end = "" if token.to is None else f" {self.to} {self.cardinal(token.to)}"
        return self.cardinal(token.value) + end

    def one_time(self, token: t.Time) -> str:
        """Say "doce de la noche" and the like by the hour."""
        if not token.half:
            return super().one_time(token)
        part = (
            "mañana"
            if token.half == "am"
            else "tarde"
            if token.hour < 8 or token.hour == 12
            else "noche"
        )
        said = super().one_time(t.Time(token.hour, token.minute, token.second))
        return f"{said} de la {part}"

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "medio", "tres cuartos"."""
        if bottom == 2 and top == 1:
            return "medio"
        part = _PARTS.get(bottom)
        if part is None:
            return f"{self.cardinal(top)} sobre {self.cardinal(bottom)}"
        return f"{self.cardinal(top, 'm')} {part}{'' if top == 1 else 's'}"

    def fraction(self, token: t.Fraction) -> str:
        """Say "tres y medio"."""
        part = self.simple_fraction(token.top, token.bottom)
        feminine = self.gender_of(token.noun) == "f"
        if part == "medio" and feminine:
            part = "media"
        return f"{self.cardinal(token.whole)} y {part}" if token.whole else part

    def roman(self, token: t.Roman) -> str:
        """Kings to the tenth are ordinals."""
        if token.ordinal and token.value <= 10:
            return self.ordinal(token.value, "f" if token.feminine else "")
        return self.cardinal(token.value)

    def power(self, value: int) -> str:
        """Say "al cuadrado", "al cubo"."""
        return {2: "al cuadrado", 3: "al cubo"}.get(value) or f"elevado a {self.cardinal(value)}"
