"""Fragments become pieces worth speaking, and no character is lost on the way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.text.accumulate import FIRST_PIECE, LONG_PIECE, TextBuffer


def pieces(*fragments: str) -> list[str]:
    """What each fragment releases, and what is left at the end."""
    buffer = TextBuffer()
    return [*(buffer.feed(fragment) for fragment in fragments), buffer.release()]


def test_words_are_held_until_their_sentence_ends() -> None:
    assert pieces("Turn", " left", ".", " Then") == ["", "", "", "Turn left. ", "Then"]


def test_an_end_is_certain_only_with_what_follows() -> None:
    """``3.`` may yet become ``3.5``, and ``.`` may yet become an ellipsis."""
    assert pieces("It is 3.", "5", " today. ") == ["", "", "It is 3.5 today. ", ""]
    assert pieces("Well.", ".. yes") == ["", "Well... ", "yes"]


@pytest.mark.parametrize(
    "text",
    ["One! ", "Two? ", "Three… ", 'Four." ', "Five.) ", "एक। ", "二。", "三？", "Line\n", "چھ؟ "],
)
def test_sentence_ends(text: str) -> None:
    assert pieces(text, "x")[0] == text


@pytest.mark.parametrize("text", ["Dr. ", "Mrs. ", "J. ", "i.e. ", "No. ", "डॉ. ", "St. "])
def test_abbreviations_end_no_sentence(text: str) -> None:
    assert pieces(f"See {text}", "x")[0] == ""


def test_the_last_certain_end_counts() -> None:
    assert pieces("One. Two. Thr") == ["One. Two. ", "Thr"]


def test_the_first_piece_may_end_at_a_clause() -> None:
    text = "When the rain came in at last, we were all still"
    assert len(text) > FIRST_PIECE
    assert pieces(text) == ["When the rain came in at last, ", "we were all still"]


def test_later_pieces_wait_for_more() -> None:
    text = "When the rain came in at last, we were all still"
    assert pieces("Yes. ", text) == ["Yes. ", "", text]


def test_a_clause_too_short_is_no_first_piece() -> None:
    assert pieces("Well, " + "a" * FIRST_PIECE)[0] == ""


def test_long_text_is_cut_at_a_clause_or_else_between_words() -> None:
    words = "word " * (LONG_PIECE // 5 + 1)
    assert pieces("Yes. ", words)[1] == words
    clause = "word " * 25 + "word, " + "word " * 20
    assert pieces("Yes. ", clause)[1].endswith("word, ")


def test_one_endless_word_is_held() -> None:
    assert pieces("x" * 1000) == ["", "x" * 1000]


def test_a_whole_sentence_in_one_fragment_is_released_at_once() -> None:
    """Agent frameworks send sentences, without the space between them."""
    assert pieces("Turn left now.", "Then go right.") == ["Turn left now.", "Then go right.", ""]


def test_a_whole_sentence_is_set_apart_from_what_came_before() -> None:
    assert pieces("and so", "Then go right.")[1] == "and so Then go right."


def test_release_adds_the_last_fragment() -> None:
    buffer = TextBuffer()
    buffer.feed("Turn ")
    assert buffer.release("left") == "Turn left"
    assert len(buffer) == 0


@pytest.mark.parametrize(("text", "speakable"), [("", False), (" ", False), (" a", True)])
def test_speakable(text: str, speakable: bool) -> None:
    buffer = TextBuffer()
    buffer.feed(text)
    assert buffer.speakable is speakable


@pytest.mark.parametrize(
    "text",
    [
        'Stay. <break time="1.5s"/> Go on now, ',
        "Stay. [pause 1.5s] Go on now, ",
        'Stay. <prosody rate="slow">One. Two. Three.</prosody> Go on now, ',
        '<speak>One. Two. <sub alias="a. b">c.</sub></speak> ',
    ],
)
def test_a_control_is_never_parted(text: str) -> None:
    """Whatever the fragments, each piece has a control whole or not at all."""
    for size in (1, 3, 7):
        fragments = [text[at : at + size] for at in range(0, len(text), size)]
        released = pieces(*fragments)
        assert "".join(released) == text
        assert all(piece.count("<") == piece.count(">") for piece in released)
        assert all(piece.count("<prosody") == piece.count("</prosody") for piece in released)
        assert all(piece.count("[") == piece.count("]") for piece in released)


def test_what_is_no_control_is_not_waited_for() -> None:
    assert pieces("I <3 you. ", "x")[0] == "I <3 you. "
    assert pieces("If a < bee. ", "x")[0] == "If a < bee. "
    endless = '<prosody rate="slow">' + "One two. " * 300
    assert pieces(endless, "x")[0] == endless


_FRAGMENTS: Any = st.lists(st.text(st.sampled_from("ab .,!?\n।。\"')3"), max_size=12), max_size=20)


@given(_FRAGMENTS)
def test_nothing_is_lost_and_nothing_but_spaces_added(fragments: list[str]) -> None:
    released = "".join(pieces(*fragments))
    assert "".join(released.split()) == "".join("".join(fragments).split())
    assert len(released) - len("".join(fragments)) <= len(fragments)
