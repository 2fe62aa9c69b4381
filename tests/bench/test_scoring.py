import pytest

from groundswell.bench.scoring import (
    Score,
    difference_interval,
    normalise,
    score,
    word_error_rate,
)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hello, World!", "en", "hello world"),
        ("It's 20 past nine.", "en", "its twenty past nine"),
        ("1,200 apples & 5% off", "en", "one thousand two hundred apples and five percent off"),
        ("the 3rd door", "en", "the third door"),
        ("well-known", "en", "well known"),
        ("¿Qué hora es? Son las 12.", "es", "qué hora es son las doce"),
        ("Cafe\u0301", "es", "café"),
    ],
)
def test_both_sides_are_brought_to_one_form(text: str, language: str, expected: str) -> None:
    assert normalise(text, language) == expected


def test_digits_and_words_are_the_same() -> None:
    assert score("platform 4, please", "Platform four please.", "en").word_errors == 0


def test_errors_are_counted() -> None:
    counted = score("the cat sat down", "the bat sat", "en")
    assert (counted.word_errors, counted.words) == (2, 4)
    assert word_error_rate([counted]) == 0.5


def test_nothing_heard_is_all_wrong() -> None:
    assert word_error_rate([score("one two three", "", "en")]) == 1.0


@pytest.mark.parametrize(
    ("devanagari", "urdu"),
    [
        ("मेरी बहन कल शाम को दिल्ली से आई", "میری بہن کل شام کو دلی سے آئی"),
        ("हमारे लिए मिठाई लाई", "ہمارے لیے مٹھائی لائی"),
        ("बारिश के बाद पेड़ हरे हो गए", "بارش کے بعد پیڑ ہرے ہو گئے"),
        ("बहुत अच्छा है", "بہت اچھا ہے"),
    ],
)
def test_hindi_is_the_same_in_both_scripts(devanagari: str, urdu: str) -> None:
    assert score(devanagari, urdu, "hi").word_errors == 0


def test_other_hindi_is_not_the_same() -> None:
    heard = score("मेरी बहन कल शाम को आई", "बच्चे स्कूल से घर जाते हैं", "hi")
    assert heard.word_errors >= 4
    assert heard.character_errors / heard.characters > 0.6


def test_the_interval_of_equals_is_zero() -> None:
    scores = [Score(n % 3, 10, 0, 50) for n in range(20)]
    assert difference_interval(scores, scores) == (0.0, 0.0)


def test_the_interval_holds_a_clear_difference() -> None:
    better, worse = [Score(0, 10, 0, 50)] * 20, [Score(2, 10, 9, 50)] * 20
    assert difference_interval(worse, better) == pytest.approx((0.2, 0.2))
