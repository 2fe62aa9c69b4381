"""``explain`` shows the plan, word by word, over the text as typed."""

import json
import pickle

import pytest

from groundswell.errors import InvalidInput
from groundswell.text.dictionary import Dictionary
from groundswell.text.explain import Explanation, explain
from groundswell.text.plan import PlanOptions, plan


def explained(text: str, language: str = "en", **options: object) -> Explanation:
    settings = PlanOptions(language=language, **options)  # type: ignore[arg-type]
    return explain(text, plan(text, settings))


def test_every_word_as_typed_with_its_span() -> None:
    text = "He paid  $100, and\nleft."
    found = explained(text)
    assert [word.word for word in found.words] == text.split()
    assert all(text[slice(*word.span)] == word.word for word in found.words)
    assert found.words[2].spoken == "one hundred dollars,"
    assert found.words[2].rule is not None
    assert found.words[1].rule is None
    assert found.spoken == "He paid one hundred dollars, and left."


def test_it_is_the_plan() -> None:
    text = "First one. Then another one, which is longer.\n\nLast."
    segments = list(plan(text))
    found = explain(text, segments)
    assert found.phonemes == " ".join(segment.phonemes for segment in segments)
    assert list(found.segments) == segments


def test_segments_travel_between_processes() -> None:
    segments = list(plan('One <prosody rate="slow">two</prosody> [pause 1s] three.'))
    assert pickle.loads(pickle.dumps(segments)) == segments


def test_shown_is_json_with_the_documented_keys() -> None:
    shown = json.loads(json.dumps(explained("Hi there.").shown()))
    assert list(shown) == ["language", "spoken", "phonemes", "duration", "words", "segments"]
    assert list(shown["words"][0]) == ["word", "span", "spoken", "phonemes", "language", "rule"]
    assert 0.3 < shown["duration"] < 2


def test_duration_follows_speed_and_pauses() -> None:
    text = "This is a sentence of some length."
    plain = explain(text, plan(text)).duration
    assert explain(text, plan(text), 2.0).duration < 0.7 * plain
    paused = f"{text} [pause 3s]"
    assert explain(paused, plan(paused)).duration == pytest.approx(plain + 3, abs=0.01)


def test_dictionary_entries_are_named() -> None:
    dictionary = Dictionary.of([("SQL", "sequel"), ("Ngai", "/ˈnaɪ/")])
    found = explained("Ngai knows SQL well.", dictionary=dictionary)
    words = {word.word: word for word in found.words}
    assert words["SQL"].spoken == "sequel"
    assert words["SQL"].rule == "dictionary: SQL"
    assert words["Ngai"].phonemes == "nˈI"
    assert words["Ngai"].rule == "dictionary: Ngai"
    assert words["well."].rule is None


def test_a_dictionary_goes_before_normalisation_and_after_controls() -> None:
    dictionary = Dictionary.of([("km", "klicks"), ("ab", "wrong")])
    assert explained("It is 5 km.", dictionary=dictionary).spoken == "It is five klicks."
    text = '<sub alias="right">ab</sub> ab'
    assert explained(text, dictionary=dictionary).spoken == "right wrong"


def test_numbers_in_another_language() -> None:
    found = explained("Room 21 is free.", number_language="es")
    number = found.words[1]
    assert number.spoken == "veintiuno"
    assert (number.language, found.words[0].language) == ("es", "en")


def test_words_of_other_languages() -> None:
    found = explained("मेरा order number 4521 है", "hi")
    assert [word.language for word in found.words] == ["hi", "en", "en", "hi", "hi"]


@pytest.mark.parametrize("text", ["", "  ", "...", "🎉"])
def test_nothing_to_explain(text: str) -> None:
    with pytest.raises(InvalidInput):
        explained(text)


@pytest.mark.parametrize(
    "text",
    [
        "abc \u202eשלום\u202c def",
        "zero\u200bwidth\u200dletters\ufeff here",
        "a\u2066b\u2069c",
        "שלום hello مرحبا 123 नमस्ते",
        "x\u202e\u202e\u202ey",
    ],
)
def test_directions_and_unseen_characters(text: str) -> None:
    found = explained(text)
    assert "".join(word.word for word in found.words) == "".join(text.split())
    silent = [w.word for w in found.words if any(map(str.isalnum, w.word)) and not w.phonemes]
    assert silent == []
