"""``number_pronunciation_language`` and ``math_notation`` as in ``contract/tts.md`` §§4 and 5."""

import pytest

from groundswell.bench.spoken import comparable
from groundswell.text.normalise import NormaliseOptions, read, spoken

MATH = NormaliseOptions(math=True)


def said(text: str, language: str = "en", options: NormaliseOptions = MATH) -> str:
    return comparable(spoken(text, language, options))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5×3", "five times three"),
        ("5 x 3", "five times three"),
        ("5*3", "five times three"),
        ("6÷2", "six divided by two"),
        ("6 / 2", "six divided by two"),
        ("5+3", "five plus three"),
        ("5 - 3", "five minus three"),
        ("5 − 3", "five minus three"),
        ("5+3=8", "five plus three equals eight"),
        ("2^3", "two to the power of three"),
        ("2**3", "two to the power of three"),
        ("3 × $5", "three times five dollars"),
        ("٣ + ٤", "three plus four"),
    ],
)
def test_operators_between_digits_are_words(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text", ["2025-03-05", "1/2", "5-3", "v2.10.3", "555-123-4567", "1/2/2024"]
)
def test_dates_fractions_scores_versions_and_phones_are_no_sums(text: str) -> None:
    assert said(text) == said(text, options=NormaliseOptions())


def test_an_operator_never_reaches_across_a_line_break() -> None:
    assert "plus" in said("5 + 3")
    assert all(reading.rule != "math" for reading in read("5 +\n3", "en", MATH))


def test_operators_are_said_in_the_number_language_or_in_english() -> None:
    hindi = read("5 × 3", "en", NormaliseOptions(math=True, number_language="hi"))
    assert [(r.spoken, r.language) for r in hindi][1] == ("गुणा", "hi")
    tamil = read("5 ^ 3", "ta", MATH)
    assert [r.spoken for r in tamil if r.rule == "math"] == ["to the power of"]


def test_only_numeric_tokens_are_read_in_the_number_language() -> None:
    readings = read(
        "Pay $100 to Dr. Lee by 5 March 2025", "en", NormaliseOptions(number_language="es")
    )
    found = {r.rule: (r.spoken, r.language) for r in readings}
    assert found["money"] == ("cien dólares", "es")
    assert found["abbreviation"] == ("doctor", None)
    assert found["date"] == ("cinco", "es")
    assert found["year"] == ("dos mil veinticinco", "es")


def test_british_numbers_have_and() -> None:
    british = NormaliseOptions(british=True)
    assert said("105", options=british) == "one hundred and five"
    assert said("1,005", options=british) == "one thousand and five"
    assert said("105") == "one hundred five"


def test_emoji_are_named_or_dropped() -> None:
    assert said("Hi 😀", options=NormaliseOptions(emoji=True)) == "hi grinning face"
    assert said("Hi 😀") == "hi"
    assert [r.spoken for r in read("Hi 😀", "en")] == [""]


def test_ten_bare_digits_are_a_phone_number_of_three_four_and_three() -> None:
    assert spoken("9876543210", "en") == ("nine eight seven, six five four three, two one zero")
