"""SDK 5.14.0 against a real server (sdk-matrix.md §5)."""

from pathlib import Path
from typing import Any

import pytest

from tests.clients.driving import LONG, TEXT, VOICE, Report, drive, sound
from tests.clients.generated_sdk import GeneratedSdk
from tests.live import LiveServer


@pytest.fixture(scope="module")
def report(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return drive("smallestai_5", server, tmp_path_factory.mktemp("smallestai_5"))


@pytest.fixture(scope="module")
def plain(server: LiveServer) -> bytes:
    """The text as the plain route says it."""
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
    assert "meher" in value["pro"]
    assert value["gender"]
    assert value["language"]


def test_lists_all_voices(report: Report) -> None:
    assert {VOICE, "meher"} <= set(report.value("all_voices")["ids"])


def test_asks_for_health(report: Report) -> None:
    assert report.value("health") == {"status": "ok"}


def test_reads_logs(report: Report) -> None:
    value = report.value("logs")
    entry = value["spoken"]
    assert (entry["text_len"], entry["credits"]) == (len(TEXT), len(TEXT))
    assert (entry["request_type"], entry["model"]) == ("rest", "lightning-v3.1")
    assert (entry["voice_id"], entry["sample_rate"]) == (VOICE, 24000)
    assert value["total"] >= 1
    assert (value["recognitions"], value["webhooks"], value["deleted"]) == (0, 0, "success")


def test_reads_time_series(report: Report) -> None:
    value = report.value("time_series")
    assert value["steps"] in {48, 49}
    for values, total in (value["requests"], value["credits"]):
        assert len(values) == value["steps"]
        assert sum(values) == total > 0
    assert max(value["concurrency"]) >= 1
    assert len(value["sockets"]) == value["steps"]
    assert value["recognitions"] == [0] * 8


def test_reads_its_bills(report: Report) -> None:
    value = report.value("billing")
    assert -len(TEXT) in value["amounts"]
    assert value["features"] == ["tts.generate"]
    assert value["total"] >= len(value["amounts"])
    assert value["spent"] == -value["balance"] > 0  # nothing was bought: it speaks on credit
    assert value["invoices"] == []
    error = report.error("billing_too_long")
    assert (error["type"], error["status"]) == ("BadRequestError", 400)
    assert "Date range cannot exceed 90 days" in error["body"]


@pytest.mark.parametrize("scenario", ["pcm", "pcm_asynchronous"])
def test_speaks(report: Report, plain: bytes, scenario: str) -> None:
    heard = report.sound(scenario)
    heard.assert_speech(TEXT)
    assert heard.pcm == plain


def test_speaks_with_a_pro_voice(report: Report, server: LiveServer) -> None:
    fields = {"text": TEXT, "voice_id": "meher", "sample_rate": 16000}
    answer = server.speak(**fields, model="lightning_v3.1_pro")
    report.sound("pro").assert_speech(TEXT)
    assert report.sound("pro").pcm == answer.content


@pytest.mark.parametrize("kind", ["wav", "mp3", "ulaw", "alaw"])
def test_gets_every_format(report: Report, server: LiveServer, kind: str) -> None:
    got = Path(report.value("formats")[kind]["file"]).read_bytes()
    answer = server.speak(text=TEXT, voice_id=VOICE, sample_rate=24000, output_format=kind)
    assert got == answer.content


def test_gets_its_ids_back(report: Report) -> None:
    headers = report.value("echoed_ids")
    assert headers["x-external-session-id"] == "mine"
    assert headers["x-external-request-id"] == "mine-1"
    assert headers["x-session-id"]
    assert headers["x-request-id"]


@pytest.mark.parametrize("scenario", ["helper_bytes", "helper_file", "helper_expiry"])
def test_helpers_give_a_wav(report: Report, plain: bytes, scenario: str) -> None:
    heard = report.sound(scenario)
    assert heard.rate == 24000
    assert heard.pcm == plain


def test_helper_tells_the_bytes_written(report: Report) -> None:
    value = report.value("helper_file")
    assert value["written"] == Path(value["file"]).stat().st_size


def test_helper_tells_that_content_expires(report: Report) -> None:
    assert report.value("helper_expiry")["outcome"] not in {None, "", "not-entitled"}


def test_legacy_methods_take_no_text(report: Report) -> None:
    """They were generated without parameters: no server can be asked for anything with them."""
    assert report.value("legacy_models") == [False, False, False]


@pytest.mark.parametrize(("scenario", "text"), [("events", TEXT), ("events_long", LONG)])
def test_streams_events(report: Report, scenario: str, text: str) -> None:
    kinds = report.value(scenario)["kinds"]
    assert kinds[:-1] == ["audio 206"] * (len(kinds) - 1)
    assert kinds[-1] == "done 200"
    assert len(kinds) > 2
    report.sound(scenario).assert_speech(text)


def test_event_method_skips_every_event_itself(report: Report) -> None:
    """It is typed as an iterator of strings; the contract's events are objects, from any server."""
    value = report.value("events_of_the_sdk")
    assert value["events"] == 0
    assert value["skipped"] > 2


def test_speaks_on_a_socket_and_again(report: Report, plain: bytes) -> None:
    value = report.value("socket")
    assert sound(value["first"]).pcm == plain
    assert sound(value["second"]).pcm == sound(value["first"]).pcm
    assert value["external"] == ["again-1", "mine"]


@pytest.mark.parametrize(
    "scenario",
    [
        "events",
        "socket_asynchronous",
        "socket_fragments",
        "socket_explicit_nulls",
        "socket_events",
        "socket_streaming_tts",
    ],
)
def test_streams_the_samples_of_the_plain_reply(
    report: Report, plain: bytes, scenario: str
) -> None:
    assert report.sound(scenario).pcm == plain


def test_speaks_a_long_text_on_a_socket(report: Report) -> None:
    report.sound("socket_long").assert_speech(LONG)


def test_socket_is_told_of_the_timeout(report: Report) -> None:
    value = report.value("socket_timeout_query")
    assert value["status"] == "error"
    assert value["message"] == "Connection timed out after 1 seconds of inactivity"
    assert value["rest"] == 0


def test_socket_gives_every_word_with_its_time(report: Report) -> None:
    value = report.value("socket_words")
    assert value["last"] == "complete"
    assert_words(value["words"], TEXT, report.sound("socket_words").seconds)


def assert_words(words: list[list[Any]], text: str, seconds: float) -> None:
    """Words as typed, numbered from 0, in order and within the audio."""
    assert [word for _, word, _, _ in words] == text.split()
    assert [number for number, _, _, _ in words] == list(range(len(words)))
    starts = [start for _, _, start, _ in words]
    assert starts == sorted(starts)
    assert all(0 <= start < end <= seconds + 0.05 for _, _, start, end in words)


def test_helper_may_be_abandoned(report: Report) -> None:
    value = report.value("helper_abandoned")
    assert value["first"] > 0
    assert value["closed"]


@pytest.mark.parametrize("scenario", ["bad_key", "bad_key_voices", "bad_key_events"])
def test_bad_key_is_unauthorized(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert (error["type"], error["status"]) == ("UnauthorizedError", 401)
    assert "Bearer token" in error["body"]


@pytest.mark.parametrize("scenario", ["bad_voice", "bad_format", "bad_voice_events"])
def test_bad_input_is_a_bad_request(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert (error["type"], error["status"]) == ("BadRequestError", 400)
