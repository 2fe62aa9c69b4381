"""pipecat-ai 1.14.0 against a real server (sdk-matrix.md §7)."""

import pytest

from tests.clients.driving import LONG, TEXT, Report, drive
from tests.live import LiveServer


@pytest.fixture(scope="module")
def report(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return drive("pipecat", server, tmp_path_factory.mktemp("pipecat"))


def test_speaks_to_this_machine_only(report: Report) -> None:
    assert report.strangers == []


@pytest.mark.parametrize(
    ("scenario", "text"),
    [("speak", TEXT), ("turn", LONG), ("without_words", TEXT)],
)
def test_speaks_once(report: Report, scenario: str, text: str) -> None:
    value = report.value(scenario)
    report.sound(scenario).assert_speech(text)
    assert (value["starts"], value["stops"]) == (1, 1)
    assert value["rates"] == [24000]
    assert value["errors"] == []


@pytest.mark.parametrize(("scenario", "text"), [("speak", TEXT), ("turn", LONG)])
def test_gives_every_word_with_its_time(report: Report, scenario: str, text: str) -> None:
    """Word frames carry times in nanoseconds that never run backwards, sentence after sentence."""
    words = report.value(scenario)["words"]
    assert " ".join(word for word, _ in words).split() == text.split()
    times = [time for _, time in words]
    assert times == sorted(set(times))
    span = (times[-1] - times[0]) / 1e9
    seconds = report.sound(scenario).seconds
    assert seconds * 0.4 < span < seconds


def test_socket_serves_turn_after_turn(report: Report) -> None:
    """A server that closed after ``complete`` would make it reconnect (§10, 9)."""
    value = report.value("two_turns")
    assert value["same_socket"]
    assert (value["starts"], value["stops"]) == (2, 2)
    report.sound("two_turns").assert_speech(TEXT * 2)
    assert value["errors"] == []


def test_speaks_after_an_interruption(report: Report) -> None:
    value = report.value("interrupted")
    assert value["cut"] > 0
    assert value["errors"] == []
    report.sound("interrupted").assert_speech(TEXT)


def test_keep_alive_is_silent(report: Report) -> None:
    value = report.value("keep_alive")
    assert value["errors"] == []
    assert (value["starts"], value["stops"]) == (1, 1)
    assert report.sound("keep_alive").pcm == report.sound("speak").pcm


def test_server_takes_everything_the_service_can_send(report: Report) -> None:
    value = report.value("settings_of_the_service")
    assert value["errors"] == []
    report.sound("settings_of_the_service").assert_speech(
        "We know that two plus two is four.", speed=1.25
    )


def test_bad_key_is_an_error_frame(report: Report) -> None:
    assert any("401" in error for error in report.value("bad_key")["errors"])


def test_bad_voice_is_an_error_frame_and_the_socket_stays(report: Report) -> None:
    value = report.value("bad_voice")
    assert "Invalid input data" in value["errors"][0]
    assert value["audio"] == 0
    assert value["open"]


def test_passes_the_text_on_whole_without_word_times(report: Report) -> None:
    assert report.value("without_words")["words"] == [[TEXT, None]]
