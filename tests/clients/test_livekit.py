"""livekit-plugins-smallestai 1.8.9 against a real server (sdk-matrix.md §6)."""

from typing import Any

import pytest

from tests.clients.driving import LONG, TEXT, VOICE, Report, drive, sound
from tests.live import LiveServer


@pytest.fixture(scope="module")
def report(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return drive("livekit", server, tmp_path_factory.mktemp("livekit"))


@pytest.fixture(scope="module")
def plain(server: LiveServer) -> bytes:
    """The text as the plain route says it."""
    answer = server.speak(text=TEXT, voice_id=VOICE, sample_rate=24000, language="en")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_speaks_to_this_machine_only(report: Report) -> None:
    assert report.strangers == []


def test_synthesizes(report: Report, plain: bytes) -> None:
    heard = report.sound("chunked")
    heard.assert_speech(TEXT)
    assert_padded(heard.pcm, plain)


def test_synthesizes_from_wav(report: Report, plain: bytes) -> None:
    assert_padded(report.sound("chunked_wav").pcm, plain)


def assert_padded(got: bytes, sent: bytes) -> None:
    """The plugin hands out whole frames: the last one is filled up with silence."""
    assert got.startswith(sent)
    assert len(got) - len(sent) < 24000 * 2 // 10
    assert not any(got[len(sent) :])


def test_synthesizes_from_mp3(report: Report) -> None:
    report.sound("chunked_mp3").assert_speech(TEXT)


def test_synthesizes_with_its_own_defaults(report: Report) -> None:
    pro, plain_model = report.value("chunked_defaults")
    sound(pro).assert_speech(TEXT)
    sound(plain_model).assert_speech(TEXT)
    assert sound(pro).pcm != sound(plain_model).pcm


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("continuations", TEXT),
        (
            "continuations_slow_text",
            "The first half of this sentence comes before its second half.",
        ),
        ("prewarmed", TEXT),
    ],
)
def test_streams_with_continuations(report: Report, scenario: str, text: str) -> None:
    report.sound(scenario).assert_speech(text)


def test_streams_one_turn_after_the_other(report: Report) -> None:
    for turn in report.value("continuations_turns"):
        sound(turn).assert_speech(TEXT)


def test_streams_without_continuations(report: Report) -> None:
    first, second = map(sound, report.value("buffered"))
    first.assert_speech(TEXT)
    assert first.pcm == second.pcm


@pytest.mark.parametrize("scenario", ["continuations_words", "buffered_words"])
def test_gives_every_word_with_its_time(report: Report, scenario: str) -> None:
    heard = report.sound(scenario)
    heard.assert_speech(LONG)
    assert_words(report.value(scenario)["words"], LONG, heard.seconds)


def assert_words(words: list[list[Any]], text: str, seconds: float) -> None:
    """The plugin reads times as since the start of the stream, whatever pieces it was cut into."""
    assert [word for word, _, _ in words] == text.split()
    starts = [start for _, start, _ in words]
    assert starts == sorted(starts)
    assert all(0 <= start < end <= seconds + 0.05 for _, start, end in words)
    assert starts[-1] > seconds * 0.8


@pytest.mark.parametrize(
    "scenario", ["barge_in", "barge_in_before_the_end_of_the_text", "barge_in_buffered"]
)
def test_speaks_after_an_interruption(report: Report, scenario: str) -> None:
    assert report.value(scenario)["first"] > 0
    report.sound(scenario).assert_speech(TEXT)


@pytest.mark.parametrize("scenario", ["bad_key", "bad_key_stream"])
def test_bad_key_is_a_status_error_and_not_retried(report: Report, scenario: str) -> None:
    error = report.error(scenario)
    assert (error["type"], error["status"]) == ("APIStatusError", 401)
    assert report.results[scenario]["seconds"] < 4  # three tries more would take 4.1 s


def test_bad_voice_is_a_status_error(report: Report) -> None:
    error = report.error("bad_voice")
    assert (error["type"], error["status"]) == ("APIStatusError", 400)


def test_bad_voice_on_a_stream_is_a_connection_error(report: Report) -> None:
    assert report.error("bad_voice_stream")["type"] == "APIConnectionError"
