"""Synchronous speech over the wire: every route, format, rate, default and header."""

import io
import wave
from uuid import UUID

import numpy as np
import pytest
from tests.decoding import mp3_length
from tests.live import LiveServer

from groundswell.audio.encode import CONTENT_TYPES, AudioFormat

PREFIXES = ("/waves/v1", "/api/v1")
ROUTES = (
    "/tts",
    "/lightning/get_speech",
    "/lightning-large/get_speech",
    "/lightning-v2/get_speech",
    "/lightning-v3.1/get_speech",
    "/lightning_v3.1/get_speech",
    "/lightning-v3.1-pro/get_speech",
)
LEGACY = ("/lightning/get_speech", "/lightning-large/get_speech", "/lightning-v2/get_speech")


def loudest(pcm: bytes) -> float:
    return float(np.abs(np.frombuffer(pcm, "<i2") / 32768).max())


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("route", ROUTES)
def test_every_route_speaks(server: LiveServer, prefix: str, route: str) -> None:
    reply = server.speak(prefix + route, text="Hi.", sample_rate=8000)
    assert reply.status_code == 200
    assert loudest(reply.content) > 0.1


@pytest.mark.parametrize("audio_format", ["pcm", "wav", "mp3", "ulaw", "alaw"])
@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100])
def test_every_format_at_every_rate(
    server: LiveServer, audio_format: AudioFormat, rate: int
) -> None:
    reply = server.speak(text="Hi.", output_format=audio_format, sample_rate=rate)
    assert reply.headers["content-type"] == CONTENT_TYPES[audio_format]
    audio = reply.content
    seconds = {"pcm": len(audio) / 2 / rate, "wav": (len(audio) - 44) / 2 / rate}.get(
        audio_format, len(audio) / rate
    )
    if audio_format == "wav":
        with wave.open(io.BytesIO(audio)) as file:
            assert file.getframerate() == rate
            assert file.getnframes() == (len(audio) - 44) // 2
    elif audio_format == "mp3":
        decoded_rate, seconds = mp3_length(audio)
        assert decoded_rate == rate
    assert 0.3 < seconds < 2


def test_the_default_is_raw_pcm_at_the_model_familys_rate(server: LiveServer) -> None:
    current, legacy = (
        server.speak(route, text="Hi.").content
        for route in ("/waves/v1/tts", "/api/v1/lightning/get_speech")
    )
    assert not current.startswith(b"RIFF")
    assert len(current) / len(legacy) == pytest.approx(44100 / 24000, rel=0.01)


@pytest.mark.parametrize("route", LEGACY)
def test_legacy_models_take_any_rate_of_their_range(server: LiveServer, route: str) -> None:
    path = "/waves/v1" + route
    assert server.speak(path, text="Hi.", sample_rate=9123).status_code == 200
    assert server.speak(path, text="Hi.", sample_rate=7999).status_code == 400


@pytest.mark.parametrize("route", LEGACY)
def test_legacy_models_have_a_default_voice(server: LiveServer, route: str) -> None:
    reply = server.http.post("/waves/v1" + route, json={"text": "Hi."})
    assert reply.status_code == 200


def test_old_clients_fields_are_taken(server: LiveServer) -> None:
    # What SDK 1.x to 4.3 send, to the letter.
    fields = {
        "text": "Hi.",
        "sample_rate": 24000,
        "voice_id": "emily",
        "add_wav_header": False,
        "speed": 1.0,
        "model": "lightning",
        "transliterate": False,
        "remove_extra_silence": True,
        "consistency": 0.5,
        "similarity": 0,
        "enhancement": 1,
        "language": "en",
    }
    for model in ("lightning", "lightning-large", "lightning-v2"):
        reply = server.http.post(f"/api/v1/{model}/get_speech", json=fields | {"model": model})
        assert reply.status_code == 200, reply.text
        assert not reply.content.startswith(b"RIFF")


def test_add_wav_header_asks_for_wav(server: LiveServer) -> None:
    reply = server.speak("/api/v1/lightning/get_speech", text="Hi.", add_wav_header=True)
    assert reply.content.startswith(b"RIFF")


def test_unknown_fields_nulls_and_written_booleans_are_tolerated(server: LiveServer) -> None:
    reply = server.speak(
        text="Hi.", colour="blue", language=None, speed=None, math_notation="true", stream="false"
    )
    assert reply.status_code == 200


def test_the_same_request_gives_the_same_bytes(server: LiveServer) -> None:
    assert (
        server.speak(text="Twice the same.").content == server.speak(text="Twice the same.").content
    )


def test_speed_changes_the_length(server: LiveServer) -> None:
    text = "This sentence is spoken at three different speeds."
    slow, normal, fast = (len(server.speak(text=text, speed=s).content) for s in (0.5, 1, 2))
    assert slow / normal == pytest.approx(2, rel=0.25)
    assert fast / normal == pytest.approx(0.5, rel=0.25)


def test_voices_differ(server: LiveServer) -> None:
    bodies = {
        server.speak(voice_id=v).content for v in ("magnus", "sophia", "af_heart:0.6+am_adam:0.4")
    }
    assert len(bodies) == 3


def test_ids_are_made_and_echoed(server: LiveServer) -> None:
    reply = server.speak(text="Hi.", session_id="s-1", request_id="r.2_x")
    assert UUID(reply.headers["x-session-id"])
    assert UUID(reply.headers["x-request-id"])
    assert reply.headers["x-external-session-id"] == "s-1"
    assert reply.headers["x-external-request-id"] == "r.2_x"
    silent = server.speak(text="Hi.")
    assert silent.headers["x-external-session-id"] == silent.headers["x-external-request-id"] == ""


def test_expiry_is_answered_when_asked_for(server: LiveServer) -> None:
    json = {"text": "Hi.", "voice_id": "magnus"}
    asked = server.http.post("/waves/v1/tts", json=json, headers={"x-expire-content": "true"})
    assert asked.headers["x-content-expiry"] == "applied"
    assert "x-content-expiry" not in server.speak(text="Hi.").headers


def test_number_language_becomes_the_language_when_there_is_none(server: LiveServer) -> None:
    fields = {"text": "25", "voice_id": "camilla"}
    spanish = server.speak(**fields, language="es").content
    assert server.speak(**fields, number_pronunciation_language="es").content == spanish
    assert server.speak(**fields).content != spanish


def test_a_slash_at_the_end_is_not_redirected(server: LiveServer) -> None:
    assert server.speak("/waves/v1/tts/", text="Hi.").status_code == 200


def test_token_is_a_synonym_of_bearer(server: LiveServer) -> None:
    headers = {"Authorization": f"Token {server.key}"}
    reply = server.http.post(
        "/waves/v1/tts", json={"text": "Hi.", "voice_id": "magnus"}, headers=headers
    )
    assert reply.status_code == 200
