"""What SDK 4 and 5 have in common: both are generated from a description of the service."""

import pytest

from tests.clients.driving import LONG, TEXT, VOICE, Report, sound
from tests.live import LiveServer


class GeneratedSdk:
    """Tests of what both of them do; ``report`` and ``plain`` are fixtures of the module."""

    def test_speaks_to_this_machine_only(self, report: Report) -> None:
        assert report.strangers == []

    def test_helper_speaks(self, report: Report, plain: bytes) -> None:
        assert report.sound("helper").pcm == plain

    def test_helper_speaks_a_stream_of_text_to_its_end(self, report: Report) -> None:
        """It stops at the first ``complete``: one too early would cut the text (§10, 4)."""
        assert report.value("helper_streaming")["chunks"] > 1
        report.sound("helper_streaming").assert_speech(LONG)

    def test_helper_session_speaks_to_the_end(self, report: Report) -> None:
        report.sound("helper_session").assert_speech(TEXT)

    def test_helper_raises_the_servers_message(self, report: Report) -> None:
        assert "Invalid input data" in report.error("helper_bad_voice")["message"]

    def test_bad_key_on_an_asynchronous_socket_is_an_api_error(self, report: Report) -> None:
        error = report.error("bad_key_socket_asynchronous")
        assert (error["type"], error["status"]) == ("ApiError", 401)
        assert "invalid credentials" in error["message"]

    def test_bad_key_on_a_socket_shows_the_status(self, report: Report) -> None:
        """The synchronous socket looks for another exception than ``websockets`` raises."""
        error = report.error("bad_key_socket")
        assert error["type"] in {"InvalidStatus", "ApiError"}
        assert "401" in error["message"]

    def test_bad_voice_on_a_socket_is_a_frame(self, report: Report) -> None:
        value = report.value("bad_voice_socket")
        assert value["status"] == "error"
        assert "Invalid input data" in value["message"]
        report.sound("bad_voice_socket").assert_speech(TEXT)

    def test_keeps_and_uses_dictionaries(self, report: Report, server: LiveServer) -> None:
        value = report.value("dictionaries")
        assert value["listed"]
        assert value["created"].endswith("+00:00")
        assert value["changed"] == [value["id"], "computer"]
        assert value["deleted"] == [value["id"], True]
        respelled = TEXT.replace("machine", "little computer")
        answer = server.speak(text=respelled, voice_id=VOICE, sample_rate=24000)
        assert sound(value["plain"]).pcm == answer.content
        assert sound(value["socket"]).pcm == answer.content

    @pytest.mark.parametrize("scenario", ["bad_dictionary", "unknown_dictionary"])
    def test_a_dictionary_that_cannot_be_used_is_a_bad_request(
        self, report: Report, scenario: str
    ) -> None:
        error = report.error(scenario)
        assert (error["type"], error["status"]) == ("BadRequestError", 400)

    def test_an_unknown_dictionary_cannot_be_deleted(self, report: Report) -> None:
        error = report.error("unknown_dictionary_deleted")
        assert (error["type"], error["status"]) == ("ApiError", 404)
        assert "Pronunciation dictionary not found" in error["body"]
