"""SDK 3.1.0 against a real server (sdk-matrix.md §2)."""

import json
from pathlib import Path

import pytest

from tests.clients.driving import LONG, TEXT, VOICE, Report, drive, sound
from tests.live import LiveServer

MODELS = ("lightning", "lightning-large", "lightning-v2")


@pytest.fixture(scope="module")
def report(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return drive("smallestai_3", server, tmp_path_factory.mktemp("smallestai_3"))


def plain(server: LiveServer, model: str = "lightning", **fields: object) -> bytes:
    """What the route answers to a plain request."""
    voice = {"voice_id": "emily", "text": TEXT, "sample_rate": 24000}
    answer = server.http.post(f"/api/v1/{model}/get_speech", json=voice | fields)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_speaks_to_this_machine_only(report: Report) -> None:
    assert report.strangers == []


@pytest.mark.parametrize("model", MODELS)
def test_lists_voices(report: Report, server: LiveServer, model: str) -> None:
    listed = report.value("voices")[model]
    answer = server.http.get(f"/api/v1/{model}/get_voices").json()
    assert listed == [voice["voiceId"] for voice in answer["voices"]]
    assert {"emily", "lakshya", VOICE} & set(listed)


def test_gives_a_wav_of_what_the_server_sent(report: Report, server: LiveServer) -> None:
    heard = report.sound("wav")
    assert heard.rate == 24000
    heard.assert_speech(TEXT)
    assert heard.pcm == plain(server)


def test_gives_raw_samples_without_a_header(report: Report, server: LiveServer) -> None:
    heard = report.sound("pcm")
    heard.assert_speech(TEXT, speed=1.25)
    assert heard.pcm == plain(server, sample_rate=16000, speed=1.25)


def test_saves_a_file(report: Report, server: LiveServer) -> None:
    assert report.sound("saved_as").pcm == plain(server)


def test_streams_one_chunk_for_every_piece_of_text(report: Report) -> None:
    assert report.value("streamed")["chunks"] == 2
    heard = report.sound("streamed")
    heard.assert_speech(LONG)
    assert heard.pcm == report.sound("long_text_joined").pcm


def test_speaks_with_lightning_large(report: Report, server: LiveServer) -> None:
    fields = {"voice_id": "lakshya", "consistency": 0.6}
    assert report.sound("large").pcm == plain(server, "lightning-large", **fields)


def test_speaks_with_lightning_v2(report: Report, server: LiveServer) -> None:
    assert report.sound("v2").pcm == plain(server, "lightning-v2", voice_id=VOICE)


def test_speaks_asynchronously(report: Report, server: LiveServer) -> None:
    value = report.value("asynchronous")
    assert sound(value["plain"]).pcm == plain(server)
    assert sound(value["streamed"]).pcm == report.sound("streamed").pcm


@pytest.mark.parametrize("scenario", ["text_to_audio_stream", "text_to_audio_stream_asynchronous"])
def test_speaks_what_a_language_model_writes(report: Report, scenario: str) -> None:
    assert report.value(scenario)["chunks"] == 2
    assert report.sound(scenario).pcm == report.sound("streamed").pcm


@pytest.mark.parametrize("scenario", ["bad_key", "bad_key_asynchronous", "bad_key_voices"])
def test_bad_key_is_an_api_error(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert error["type"] == "APIError"
    assert "Unauthorized" in error["message"]


def test_bad_voice_is_an_api_error(report: Report) -> None:
    error = report.error("bad_voice")
    assert error["type"] == "APIError"
    body = json.loads(error["message"].partition(": ")[2].partition(". Please")[0])
    assert body["error"] == "Invalid input data"


def test_refuses_a_bad_rate_itself(report: Report) -> None:
    assert report.error("bad_rate")["type"] == "ValidationError"


def test_wav_would_be_heard_as_noise(server: LiveServer) -> None:
    """What crashes these clients (§10, 1 and 2): anything but raw samples, or another 200."""
    answer = server.speak("/api/v1/lightning/get_speech", add_wav_header=False)
    assert answer.status_code == 200
    assert not answer.content.startswith(b"RIFF")
    assert len(answer.content) % 2 == 0


def test_lock_file_names_no_registry() -> None:
    for lock in Path(__file__).parent.glob("*.lock"):
        assert "://" not in lock.read_text(), lock.name
