"""Speech as a library, on the real model."""

import asyncio
from itertools import pairwise

import numpy as np
import pytest
from tests.text.prose import PROSE

from groundswell import Speaker
from groundswell.audio.loudness import integrated
from groundswell.audio.resample import MODEL_RATE
from groundswell.errors import InvalidInput, UnknownLanguage, UnknownVoice

LONG = (
    "The library opens at nine, and closes late on Thursdays. Ask at the desk for a card! "
    "Is there a reading room? There is: on the second floor, behind the maps."
)


def test_three_lines_speak(speaker: Speaker) -> None:
    samples = speaker.speak("Hello there.", voice="magnus")
    assert samples.dtype == np.float32
    assert 0.3 < samples.size / MODEL_RATE < 3
    assert 0.1 < np.abs(samples).max() <= 0.95


def test_pieces_join_to_the_whole(speaker: Speaker) -> None:
    pieces = list(speaker.stream(LONG))
    assert np.array_equal(np.concatenate([p.samples for p in pieces]), speaker.speak(LONG))
    ends = np.cumsum([p.samples.size for p in pieces]) / MODEL_RATE
    assert [p.start for p in pieces] == pytest.approx([0, *ends[:-1]])


def test_async_gives_the_same(speaker: Speaker) -> None:
    async def collect() -> list[np.ndarray]:
        return [p.samples async for p in speaker.astream(LONG)]

    assert np.array_equal(np.concatenate(asyncio.run(collect())), speaker.speak(LONG))


def test_word_times_are_in_order_and_cover_every_word(speaker: Speaker) -> None:
    pieces = list(speaker.stream(LONG))
    words = [word for piece in pieces for word in piece.words]
    assert [word.text for word in words] == LONG.split()
    assert [word.index for word in words] == list(range(len(words)))
    total = sum(piece.seconds for piece in pieces)
    for word, following in pairwise(words):
        assert 0 <= word.start < word.end <= total
        assert word.start < following.start


def test_words_are_timed_as_typed(speaker: Speaker) -> None:
    words = [w for p in speaker.stream("It costs $100 today.") for w in p.words]
    assert [word.text for word in words] == ["It", "costs", "$100", "today."]
    spoken = {word.text: word.end - word.start for word in words}
    assert spoken["$100"] > spoken["It"] * 2  # "one hundred dollars"


def test_segments_join_without_a_click_or_a_gap(speaker: Speaker) -> None:
    for voice in ("af_heart", "hm_omega"):
        pieces = list(speaker.stream(LONG * 2, voice=voice))
        assert len(pieces) > 1
        joined = np.concatenate([piece.samples for piece in pieces])
        at = np.cumsum([piece.samples.size for piece in pieces])[:-1]
        steps = np.abs(np.diff(joined))
        for join in at:
            # A join is no bigger a step than the sound around it makes by itself.
            around = np.concatenate([steps[join - 240 : join - 2], steps[join + 2 : join + 240]])
            assert steps[join - 2 : join + 2].max() <= max(0.002, 1.2 * around.max())
            silent = np.abs(joined[join - MODEL_RATE : join + MODEL_RATE]) < 0.004
            assert longest_run(silent) / MODEL_RATE < 0.8


def longest_run(flags: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def test_a_mix_lies_between_its_voices(speaker: Speaker) -> None:
    a, mix, b = (
        speaker.utterance("Hi.", voice=voice).voice.style.mean(axis=0)
        for voice in ("af_heart", "af_heart:0.6+am_adam:0.4", "am_adam")
    )
    assert np.allclose(mix, 0.6 * a + 0.4 * b, atol=1e-5)


@pytest.mark.parametrize("language", sorted(PROSE))
def test_every_language_is_heard(speaker: Speaker, language: str) -> None:
    samples = speaker.speak(
        PROSE[language].split("\n")[0][:60], language=language, voice="hf_alpha"
    )
    loud = np.abs(samples) > 0.01
    assert loud.mean() > 0.2
    assert np.isfinite(samples).all()


def test_loudness_is_steady_across_voices(speaker: Speaker) -> None:
    text = "The second train leaves from the other platform, so please take the stairs."
    for voice in ("af_nicole", "hf_alpha", "am_adam", "zm_yunxi", "magnus", "chinmayi", "rupert"):
        samples = speaker.speak(text, voice=voice)
        assert integrated(samples, MODEL_RATE) == pytest.approx(-20, abs=2.5), voice
        assert np.abs(samples).max() <= 0.95


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_the_slowest_and_the_fastest(speaker: Speaker, speed: float) -> None:
    assert 1.2 < speaker.speak(LONG[:57], speed=speed).size / MODEL_RATE < 12


@pytest.mark.parametrize("text", ["a", "I", "7", "é", "hmm", "A-B", "100%", "x" * 150, "1" * 40])
def test_odd_texts_are_spoken(speaker: Speaker, text: str) -> None:
    assert np.abs(speaker.speak(text)).max() > 0.05


def test_what_cannot_be_used_is_named(speaker: Speaker) -> None:
    with pytest.raises(UnknownVoice, match="nobody"):
        speaker.speak("Hi.", voice="nobody")
    with pytest.raises(UnknownLanguage):
        speaker.speak("Hi.", language="xx")
    with pytest.raises(InvalidInput, match="speed"):
        speaker.speak("Hi.", speed=3)
    with pytest.raises(InvalidInput):
        speaker.speak("😀")
