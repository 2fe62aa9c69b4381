"""Russian."""

# ruff: noqa: E501, SIM905  word lists and patterns read better so

from typing import ClassVar

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import month_table
from groundswell.text.normalise.grammar import nouns
from groundswell.text.normalise.slavic import Slavic

_MONTHS = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
)
_NOMINATIVE = (
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()
)
_PLACES = {1: ("десятая", "десятых"), 2: ("сотая", "сотых"), 3: ("тысячная", "тысячных")}
_ENDINGS = {
    "ый": {"gen": "ого", "loc": "ом", "fem": "ая", "neu": "ое", "plu": "ых"},
    "ой": {"gen": "ого", "loc": "ом", "fem": "ая", "neu": "ое", "plu": "ых"},
    "ий": {"gen": "ьего", "loc": "ьем", "fem": "ья", "neu": "ье", "plu": "ьих"},
}
_NOT_NOUNS = frozenset(
    "и в на с по до от за из или но не что как для под над при без через раз лет уже тоже если это был было были".split()
)
_HUNDREDS = "_ сотый двухсотый трёхсотый четырёхсотый пятисотый шестисотый семисотый восьмисотый девятисотый".split()


class Russian(Slavic):
    """Russian: одна, две, пять целых; пятого марта две тысячи двадцать пятого года."""

    code = words_code = "ru"
    not_nouns = _NOT_NOUNS
    group = ". "
    months: ClassVar[dict[str, int]] = month_table(
        _MONTHS, "янв:1 фев:2 мар:3 апр:4 авг:8 сен:9 сент:9 окт:10 ноя:11 нояб:11 дек:12"
    ) | month_table(_NOMINATIVE)  # fmt: skip
    month_names = tuple(_MONTHS)
    month_cases = frozenset(_NOMINATIVE)
    month_first = False
    dotted_dates = True
    date_words = frozenset("до с от к".split())
    hour_leads = frozenset("в с до к".split())
    zero_minutes = True
    halves = ("утра", "вечера")
    magnitudes: ClassVar[dict[str, str]] = {
        "тыс": "thousand", "тыс.": "thousand", "млн": "million", "млрд": "billion", "трлн": "trillion",
        "тысяча": "thousand", "тысячи": "thousand", "тысяч": "thousand", "миллион": "million",
        "миллиона": "million", "миллионов": "million", "миллиард": "billion", "миллиарда": "billion",
        "миллиардов": "billion", "k": "thousand", "m": "million",
    }  # fmt: skip
    magnitude_nouns = nouns("""
    thousand: тысяча|тысячи|тысяч|тысячи @f
    million: миллион|миллиона|миллионов|миллиона @m
    billion: миллиард|миллиарда|миллиардов|миллиарда @m
    trillion: триллион|триллиона|триллионов|триллиона @m
    """)
    currency_signs: ClassVar[dict[str, str]] = {
        "руб.": "RUB",
        "руб": "RUB",
        "р.": "RUB",
        "р": "RUB",
        "грн": "UAH",
    }
    ordinal_suffixes: ClassVar[dict[str, str]] = {
        "-й": "m", "-я": "f", "-ая": "f", "-го": "gen", "-е": "neu", "-м": "loc", "-ый": "m", "-ой": "m",
        "-ом": "loc", "-ого": "gen", "-х": "plu", "-ых": "plu",
    }  # fmt: skip
    abbreviations: ClassVar[dict[str, str]] = {
        "т. д.": "так далее", "т.д.": "так далее", "т. е.": "то есть", "т.е.": "то есть",
        "т.п.": "тому подобное", "т. п.": "тому подобное", "др.": "другие", "ул.": "улица",
        "пр.": "проспект", "пл.": "площадь", "г.": "город", "гг.": "годы", "тел.": "телефон",
        "Тел.": "телефон", "см.": "смотри", "напр.": "например", "проф.": "профессор",
        "акад.": "академик", "им.": "имени", "н. э.": "нашей эры", "н.э.": "нашей эры",
        "чел.": "человек", "шт.": "штук", "макс.": "максимум", "мин.": "минут", "обл.": "область",
        "ок.": "около", "т.к.": "так как", "т. к.": "так как", "и.о.": "исполняющий обязанности",
        "г-н": "господин", "г-жа": "госпожа", "СССР": "эс эс эс эр", "пр-т": "проспект",
    }  # fmt: skip
    before_number: ClassVar[dict[str, str]] = {
        "стр.": "страница", "с.": "страница", "гл.": "глава", "ст.": "статья", "рис.": "рисунок", "д.": "дом",
        "кв.": "квартира", "т.": "том", "п.": "пункт", "корп.": "корпус", "оф.": "офис",
    }  # fmt: skip
    year_words = frozenset("год году года с до в к".split()) - {"с", "до", "в", "к"}
    year_words_after = frozenset({"год", "году", "года", "г", "гг", "годом"})
    digit_words = frozenset(
        "пин пин-код код кода индекс счёт счет карта карты пароль заказ заказа инн позвоните звоните".split()
    )
    fillers = frozenset("номер это ваш № подтверждения".split())
    time_words = frozenset("марафон забег время рекорд пробежал пробежала".split())
    version_words = frozenset("версия версии python android ios ubuntu".split())
    regnal_names = frozenset(
        "пётр петр екатерина николай александр павел людовик генрих карл елизавета иван филипп наполеон бенедикт".split()
    )
    queens = frozenset({"екатерина", "елизавета"})
    numbered_words = frozenset("глава том часть книга".split())
    numbered_after = frozenset("век века веке веков".split())
    units = nouns("""
    km: километр|километра|километров|километра @m
    m: метр|метра|метров|метра @m
    cm: сантиметр|сантиметра|сантиметров|сантиметра @m
    mm: миллиметр|миллиметра|миллиметров|миллиметра @m
    km²: квадратный километр|квадратных километра|квадратных километров|квадратного километра @m
    m²: квадратный метр|квадратных метра|квадратных метров|квадратного метра @m
    m³: кубический метр|кубических метра|кубических метров|кубического метра @m
    ha: гектар|гектара|гектаров|гектара @m
    l: литр|литра|литров|литра @m
    ml: миллилитр|миллилитра|миллилитров|миллилитра @m
    kg: килограмм|килограмма|килограммов|килограмма @m
    g: грамм|грамма|граммов|грамма @m
    mg: миллиграмм|миллиграмма|миллиграммов|миллиграмма @m
    t: тонна|тонны|тонн|тонны @f
    h: час|часа|часов|часа @m
    min: минута|минуты|минут|минуты @f
    s: секунда|секунды|секунд|секунды @f
    ms: миллисекунда|миллисекунды|миллисекунд|миллисекунды @f
    km/h: километр в час|километра в час|километров в час|километра в час @m
    m/s: метр в секунду|метра в секунду|метров в секунду|метра в секунду @m
    °C: градус Цельсия|градуса Цельсия|градусов Цельсия|градуса Цельсия @m
    °: градус|градуса|градусов|градуса @m
    V: вольт|вольта|вольт|вольта @m
    W: ватт|ватта|ватт|ватта @m
    kW: киловатт|киловатта|киловатт|киловатта @m
    kWh: киловатт-час|киловатт-часа|киловатт-часов|киловатт-часа @m
    Hz: герц|герца|герц|герца @m
    GHz: гигагерц|гигагерца|гигагерц|гигагерца @m
    kB: килобайт|килобайта|килобайт|килобайта @m
    MB: мегабайт|мегабайта|мегабайт|мегабайта @m
    GB: гигабайт|гигабайта|гигабайт|гигабайта @m
    TB: терабайт|терабайта|терабайт|терабайта @m
    Mbps: мегабит в секунду|мегабита в секунду|мегабит в секунду|мегабита в секунду @m
    kcal: килокалория|килокалории|килокалорий|килокалории @f
    dB: децибел|децибела|децибел|децибела @m
    """)
    unit_spellings: ClassVar[dict[str, str]] = {
        "км": "km", "м": "m", "см": "cm", "мм": "mm", "км²": "km²", "кв. м": "m²", "м²": "m²", "м2": "m²",
        "м³": "m³", "га": "ha", "л": "l", "мл": "ml", "кг": "kg", "г": "g", "мг": "mg", "т": "t", "ч": "h",
        "ч.": "h", "мин": "min", "мин.": "min", "с": "s", "сек": "s", "сек.": "s", "мс": "ms", "км/ч": "km/h",
        "м/с": "m/s", "°С": "°C", "В": "V", "Вт": "W", "кВт": "kW", "кВт·ч": "kWh", "кВтч": "kWh",
        "Гц": "Hz", "ГГц": "GHz", "КБ": "kB", "МБ": "MB", "ГБ": "GB", "ТБ": "TB", "Мбит/с": "Mbps",
        "ккал": "kcal", "дБ": "dB",
    }  # fmt: skip
    currencies = nouns("""
    RUB: рубль|рубля|рублей|рубля @m
    EUR: евро|евро|евро|евро @n
    USD: доллар|доллара|долларов|доллара @m
    GBP: фунт|фунта|фунтов|фунта @m
    JPY: иена|иены|иен|иены @f
    INR: рупия|рупии|рупий|рупии @f
    CNY: юань|юаня|юаней|юаня @m
    UAH: гривна|гривны|гривен|гривны @f
    CHF: швейцарский франк|швейцарских франка|швейцарских франков|швейцарского франка @m
    BTC: биткоин|биткоина|биткоинов|биткоина @m
    """)
    cents = nouns(
        "RUB: копейка|копейки|копеек|копейки @f\nEUR USD: цент|цента|центов|цента @m\nGBP: пенс|пенса|пенсов|пенса @m\nUAH: копейка|копейки|копеек|копейки @f"
    )
    signs: ClassVar[dict[str, str]] = {
        "-": "минус", "−": "минус", "+": "плюс", "±": "плюс минус", "~": "примерно", "&": "и",
        "@": "собака", "=": "равно", "%": "процентов", "§": "параграф", "×": "умножить на",
        "÷": "разделить на", "#": "номер", "№": "номер", "→": "в", "<": "меньше", ">": "больше",
    }  # fmt: skip
    math_signs: ClassVar[dict[str, str]] = {
        "×": "умножить на", "÷": "разделить на", "/": "разделить на", "+": "плюс", "-": "минус",
        "=": "равно", "^": "в степени",
    }  # fmt: skip
    common_words = frozenset("нато юнеско оон мид сша фсб вуз загс тасс спид ндс".split()) - {
        "оон",
        "сша",
        "фсб",
        "ндс",
    }
    point = "и"
    dot = "точка"
    dash = "дефис"
    underscore = "нижнее подчёркивание"
    slash = "слэш"
    colon = "двоеточие"
    at = "собака"
    hash = "хэштег"
    to = "до"
    by = "на"
    per = "в"
    and_ = "и"
    number_word = "номер"
    version_word = "версия"
    out_of = "из"

    def agree(self, words: str, value: int, gender: str) -> str:
        """One and two have a gender; a leading "одна тысяча" is "тысяча"."""
        if 1000 <= value < 2000:
            words = words.removeprefix("одна ")
        if gender == "f":
            if words.endswith("один"):
                words = words[:-4] + "одна"
            elif words.endswith("два"):
                words = words[:-1] + "е"
        elif gender == "n" and words.endswith("один"):
            words = words[:-2] + "но"
        return words

    def gender_by_ending(self, noun: str) -> str:
        """Guess from the ending of the form that follows."""
        if noun.endswith(
            (
                "ка",
                "ки",
                "ца",
                "цы",
                "га",
                "ги",
                "ия",
                "ии",
                "ница",
                "минута",
                "минуты",
                "страна",
                "страны",
                "книга",
                "книги",
                "неделя",
                "недели",
                "машина",
                "машины",
                "комната",
                "комнаты",
                "штука",
                "женщина",
                "женщины",
                "сестра",
                "сестры",
                "ша",
                "ши",
                "ща",
                "щи",
                "ча",
                "чи",
            )
        ):
            return "f"
        return "n" if noun.endswith(("о", "ие")) else "m"

    def one_number(self, quantity: t.Quantity, gender: str = "") -> str:
        """Decimals are "три целых пять десятых"."""
        if not quantity.fraction:
            return super().one_number(quantity, gender)
        digits = quantity.fraction
        whole = int(quantity.whole[-15:])
        words = [self.signs.get(quantity.sign, "")] if quantity.sign else []
        words += [self.integer(quantity.whole, "f") if whole else self.cardinal(0)]
        words.append("целая" if whole % 10 == 1 and whole % 100 != 11 else "целых")
        if len(digits) <= 3:
            value = int(digits)
            one = value % 10 == 1 and value % 100 != 11
            words += [self.cardinal(value, "f"), _PLACES[len(digits)][0 if one else 1]]
        else:
            words.append(self.digits(digits))
        if quantity.magnitude:
            words.append(self.magnitude_nouns[quantity.magnitude].forms[3])
        return " ".join(words)

    def percent(self, token: t.Percent) -> str:
        """Say "один процент", "два процента", "пять процентов"."""
        return self.counted(token.quantity, _PERCENT)

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say "третий", "третья", "третьего"."""
        if gender == "neu" and value >= 100 and value % 10 == 0:  # "1990-е"
            return self.inflected(value, "nom")[:-2] + "ые"
        return self.inflected(value, {"f": "fem", "m": "nom", "": "nom"}.get(gender, gender))

    def inflected(self, value: int, ending: str) -> str:
        """Inflect the last word of an ordinal."""
        if value % 1000 == 0 and 1000 <= value <= 4000:
            prefix = {1: "", 2: "двух", 3: "трёх", 4: "четырёх"}[value // 1000]
            words = f"{prefix}тысячный"
        elif value % 100 == 0 and 0 < value < 10000:
            thousands = f"{self.cardinal(value // 1000 * 1000)} " if value >= 1000 else ""
            words = thousands + _HUNDREDS[value // 100 % 10]
        else:
            words = super().ordinal(value).removeprefix("одна ")
        if ending == "nom":
            return words
        return words[:-2] + _ENDINGS.get(words[-2:], {}).get(ending, words[-2:])

    def year_token(self, token: t.Year) -> str:
        """Years are ordinals: "в … году", "… года"."""
        if token.to is not None:
            return (
                f"{self.inflected(token.value, 'nom')} {self.to} {self.inflected(token.to, 'gen')}"
            )
        after = token.after.casefold()
        if after in ("г", "гг"):
            return self.inflected(
                token.value, "loc" if token.before == "в" and not token.dated else "gen"
            )
        if after == "год":
            return self.inflected(token.value, "nom")
        if after == "году" and not token.dated:
            return self.inflected(token.value, "loc")
        said = self.inflected(token.value, "gen")
        return f"{said} года" if token.dated and after != "года" else said

    def expand(self, typed: str, before: list[str], head: str, tail: str) -> str | None:
        """After a figure "г." is the year."""
        if typed == "г." and head.rstrip(" \u00a0")[-1:].isdigit():
            return "году" if " в " in f" {head[-10:].casefold()}" else "года"
        return super().expand(typed, before, head, tail)

    def one_time(self, token: t.Time) -> str:
        """Say "семнадцать тридцать", "десять часов"."""
        if not token.minute and token.to is None:
            return self.counted(t.Quantity(str(token.hour)), self.units["h"])
        return super().one_time(token)

    def roman(self, token: t.Roman) -> str:
        """Monarchs and centuries are ordinals."""
        case = {"веке": "loc", "века": "gen", "веков": "gen"}.get(token.after, "nom")
        return self.inflected(token.value, "fem" if token.feminine else case)

    def simple_fraction(self, top: int, bottom: int) -> str:
        """Say "одна вторая", "три четверти"."""
        if bottom == 2 and top == 1:
            return "одна вторая"
        if bottom == 4 and top in (1, 3):
            return "одна четверть" if top == 1 else "три четверти"
        part = self.inflected(bottom, "fem" if top % 10 == 1 and top != 11 else "plu")
        return f"{self.cardinal(top, 'f')} {part}"

    def power(self, value: int) -> str:
        """Say "в квадрате", "в кубе"."""
        return {2: "в квадрате", 3: "в кубе"}.get(value) or f"в степени {self.cardinal(value)}"


_PERCENT = nouns("x: процент|процента|процентов|процента @m")["x"]
