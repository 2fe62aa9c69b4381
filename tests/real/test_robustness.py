"""Texts, speeds and voices at their limits, on a real server."""

import httpx
import numpy as np
import pytest
from tests.live import LiveServer
from tests.streaming.conversation import LIVE, conversation, eventually, statuses

from groundswell.synthesis.catalogue import catalogue
from groundswell.synthesis.voices import PACKS

PROSE = ("Nobody knows where the old map went, and nobody has asked. " * 100)[:5000]


def seconds(reply: httpx.Response, rate: int = 8000) -> float:
    assert reply.status_code == 200, reply.text
    samples = np.frombuffer(reply.content, "<i2")
    assert np.abs(samples).max() > 1000, "nothing is heard"
    return samples.size / rate


@pytest.mark.parametrize("text", ["a", "7", "I", "?!", "।", "...", "🙂", "—"])
def test_one_character_or_no_word(server: LiveServer, text: str) -> None:
    reply = server.speak(text=text, sample_rate=8000)
    if any(character.isalnum() for character in text):
        assert 0.1 < seconds(reply) < 3
    else:
        assert reply.status_code == 400
        assert reply.json()["details"][0]["path"] == ["text"]


def test_punctuation_only_on_a_socket_is_an_error_and_the_next_turn_speaks(
    server: LiveServer,
) -> None:
    with conversation(server) as talk:
        assert talk.turn("?!... --")[-1]["error"]["code"] == "InvalidRequest"
        talk.frames.clear()
        assert statuses(talk.turn("Yes.")) == ["chunk", "complete"]


def test_five_thousand_characters(server: LiveServer) -> None:
    # All of it planned and spoken, though most says nothing.
    mostly_silent = "Hello there. " + "... " * 1246
    assert 4980 < len(mostly_silent) <= 5000
    assert seconds(server.speak(text=mostly_silent, sample_rate=8000)) < 10
    # Five minutes of speech: begins as soon as a short one, and ends when the client leaves.
    body = {"text": PROSE, "voice_id": "magnus", "sample_rate": 8000}
    with server.http.stream("POST", LIVE, json=body) as events:
        assert events.status_code == 200
        lines = events.iter_lines()
        assert sum(next(lines).startswith("event: audio") for _ in range(12)) == 4
    eventually(lambda: server.metric("tts_active_requests") == 0)
    assert server.speak(text=PROSE + "x").status_code == 400


def test_slowest_and_fastest(server: LiveServer) -> None:
    text = "The old map is in the second drawer."
    slow, plain, fast = (
        seconds(server.speak(text=text, speed=speed, sample_rate=8000)) for speed in (0.5, 1, 2)
    )
    assert slow == pytest.approx(2 * plain, rel=0.25)
    assert fast == pytest.approx(plain / 2, rel=0.25)


def test_every_voice_resolves_and_a_spread_of_them_speaks(server: LiveServer) -> None:
    known = [voice.id for voice in catalogue()]
    assert len(known) > 50
    for voice in (*known, *PACKS):
        catalogue().resolve(voice)
    for voice in (*known[:: len(known) // 6], *PACKS[::18], "af_heart:0.6+am_adam:0.4"):
        assert 0.2 < seconds(server.speak(text="Yes.", voice_id=voice, sample_rate=8000)) < 3
