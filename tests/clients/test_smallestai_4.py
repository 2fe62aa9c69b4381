"""SDK 4.4.7 against a real server (sdk-matrix.md §4)."""

import pytest

from tests.clients.driving import TEXT, VOICE, Report, drive, sound
from tests.clients.generated_sdk import GeneratedSdk
from tests.live import LiveServer


@pytest.fixture(scope="module")
def report(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return drive("smallestai_4", server, tmp_path_factory.mktemp("smallestai_4"))


@pytest.fixture(scope="module")
def plain(server: LiveServer) -> bytes:
    """The text as the plain route says it; every legacy model gives the same samples."""
    answer = server.speak(text=TEXT, voice_id=VOICE, sample_rate=24000)
    assert answer.status_code == 200, answer.text
    return answer.content


class TestGeneratedSdk(GeneratedSdk):
    """The tests that SDK 4 and 5 share."""


def test_lists_voices(report: Report, server: LiveServer) -> None:
    value = report.value("voices")
    answer = server.http.get("/waves/v1/lightning-v3.1/get_voices").json()
    assert value["ids"] == [voice["voiceId"] for voice in answer["voices"]]
    assert VOICE in value["ids"]
    assert value["gender"]
    assert value["language"]


@pytest.mark.parametrize(
    "scenario", ["lightning", "large", "v2", "v31", "v31_wav", "v31_asynchronous"]
)
def test_speaks(report: Report, plain: bytes, scenario: str) -> None:
    heard = report.sound(scenario)
    assert heard.rate == 24000
    heard.assert_speech(TEXT)
    assert heard.pcm == plain


@pytest.mark.parametrize(
    "scenario", ["events_v31", "events_v2", "events_large", "events_v31_asynchronous"]
)
def test_streams_events(report: Report, plain: bytes, scenario: str) -> None:
    kinds = report.value(scenario)["kinds"]
    assert kinds[:-1] == ["audio"] * (len(kinds) - 1)
    assert kinds[-1] == "done"
    assert report.sound(scenario).pcm == plain


def test_speaks_on_a_socket_and_again(report: Report, plain: bytes) -> None:
    value = report.value("socket_v31")
    assert sound(value["first"]).pcm == plain
    assert sound(value["second"]).pcm == sound(value["first"]).pcm
    assert value["external"] == ["again-1", "mine"]


@pytest.mark.parametrize(
    "scenario",
    [
        "socket_v31_asynchronous",
        "socket_v31_fragments",
        "socket_v2",
        "socket_streaming_tts",
        "socket_events",
    ],
)
def test_speaks_on_a_socket(report: Report, plain: bytes, scenario: str) -> None:
    assert report.sound(scenario).pcm == plain


def test_listener_ends_with_complete(report: Report) -> None:
    assert report.value("socket_events")["last"] == "complete"


@pytest.mark.parametrize("scenario", ["bad_key", "bad_key_events"])
def test_bad_key_is_unauthorized(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert (error["type"], error["status"]) == ("UnauthorizedError", 401)
    assert "Bearer token" in error["body"]


@pytest.mark.parametrize("scenario", ["bad_voice", "bad_voice_events"])
def test_bad_voice_is_a_bad_request(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert (error["type"], error["status"]) == ("BadRequestError", 400)
    assert "Invalid input data" in error["body"]
