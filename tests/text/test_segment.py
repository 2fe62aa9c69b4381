"""Where sentences end, and where they do not."""

import pytest

from groundswell.text.segment import sentences


def cut(text: str, language: str = "en") -> list[str]:
    return [text[each.start : each.end].strip() for each in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It is 3.5 m wide.", "en"),
        ("Dr. Smith met Mr. Jones.", "en"),
        ("See No. 5 first.", "en"),
        ("Write to a@b.com today.", "en"),
        ("Use v1.2.3 now.", "en"),
        ("Look at a.com/?q=1&b=2 again.", "en"),
        ("Is x!=y here", "en"),
        ("J. R. Smith is here.", "en"),
        ("In the U.S. it is e.g. cold.", "en"),
        ("El Sr. Pérez vive en la Av. Colón.", "es"),
        ("M. Dupont et Mme. Durand.", "fr"),
        ("Am 3. Oktober kam Dr. Meier.", "de"),
        ("डॉ. शर्मा ने रु. 500 दिए।", "hi"),
        ("திரு. ராம் ரூ. 500 கொடுத்தார்.", "ta"),
        ("ড. রহমান এসেছেন।", "bn"),
        ("డా. రావు వచ్చారు.", "te"),
    ],
)
def test_one_sentence(text: str, language: str) -> None:
    assert cut(text, language) == [text]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("One. Two! Three? Four", "en", 4),
        ("Hello!How are you?", "en", 2),
        ("He left at 5 p.m. The end.", "en", 2),
        ("It cost $3. 5 people came.", "en", 2),
        ("एक। दो। तीन.", "hi", 3),
        ("ठीक. चलो.", "mr", 2),
        ("今日は雨です。明日は？", "ja", 2),
        ("¿Qué? ¡Sí! Vale.", "es", 3),
        ("He is I. She is not.", "en", 2),
    ],
)
def test_sentences(text: str, language: str, number: int) -> None:
    found = cut(text, language)
    assert len(found) == number
    assert "".join("".join(found).split()) == "".join(text.split())


def test_no_sentence_ends_inside_what_is_kept_whole() -> None:
    text = "One. Two. Three."
    assert [(s.start, s.end) for s in sentences(text, "en", [(3, 7)])] == [(0, 10), (10, 16)]
