"""Captions hold every word, in readable portions, at its time."""

from itertools import pairwise

from groundswell.synthesis.utterance import WordTime
from groundswell.text.captions import MOST_CHARACTERS, MOST_SECONDS, captions, srt, vtt


def timed(source: str, words: list[str], *, seconds: float = 0.4) -> list[WordTime]:
    found, at = [], 0
    for index, word in enumerate(words):
        at = source.index(word, at) + len(word)
        found.append(WordTime(index, word, index * seconds, (index + 0.9) * seconds, at))
    return found


def test_words_are_gathered_with_their_punctuation() -> None:
    source = "“Look”, she said: the tide (at last) is in! Then nothing."
    shown = [caption.text for caption in captions(source, timed(source, source.split()))]
    assert shown == ["“Look”, she said: the tide (at last) is in!", "Then nothing."]


def test_captions_are_short_and_in_order() -> None:
    source = " ".join(f"word{number}" for number in range(300))
    made = list(captions(source, timed(source, source.split())))
    assert " ".join(caption.text for caption in made) == source
    assert all(len(caption.text) <= MOST_CHARACTERS for caption in made)
    assert all(caption.end - caption.start <= MOST_SECONDS for caption in made)
    assert all(one.end <= two.start for one, two in pairwise(made))


def test_scripts_without_spaces_are_joined_without_them() -> None:
    source = "今日は、晴れ。"
    assert [each.text for each in captions(source, timed(source, ["今日", "は", "晴れ"]))] == [
        source
    ]


def test_nothing_is_said_of_nothing() -> None:
    assert list(captions("", [])) == []


def test_times_and_signs_are_written_as_the_formats_want() -> None:
    source = "a <b> & c"
    words = [WordTime(0, source, 3599.9996, 3725.25, len(source))]
    (caption,) = captions(source, words)
    assert srt(7, caption) == "7\n01:00:00,000 --> 01:02:05,250\na <b> & c\n\n"
    assert vtt(caption) == "01:00:00.000 --> 01:02:05.250\na &lt;b&gt; &amp; c\n\n"
