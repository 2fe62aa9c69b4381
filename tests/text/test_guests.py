"""English words in Spanish, Italian and Portuguese; and nothing else taken for one."""

import pytest
from tests.text.prose import PROSE

from groundswell.text.guests import guests


def found(text: str, language: str) -> list[str]:
    return [text[a:b] for a, b in guests(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("El meeting es a las 5 pm", "es", ["meeting"]),
        ("Instala el software y mira el feedback online", "es", ["software", "feedback", "online"]),
        ("Fa il backup del software, grazie", "it", ["backup", "software"]),
        ("O marketing mandou um email com o link", "pt", ["marketing", "email", "link"]),
        ("Le meeting du parking", "fr", []),
        ("Das Meeting", "de", []),
        ("ana@hotmail.com, www.backup.com/marketing, know-how's", "es", []),
    ],
)
def test_guests(text: str, language: str, expected: list[str]) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize("language", ["es", "it", "pt"])
def test_the_language_itself_has_no_guests(language: str) -> None:
    assert found(PROSE[language], language) == []


def test_common_words_stay() -> None:
    spanish = "leer creer chico mucho reloj verdad ciudad salud Madrid hotel animal hospital gas"
    italian = "gatto bella pizza mamma quando dove per con autobus gas ragazzo anche chi perché"
    assert found(spanish, "es") == []
    assert found(italian, "it") == []
