"""The speech sockets' rules (tts.md §8), one by one, from a real server."""

import itertools
import json
import statistics
import time
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect

from groundswell.api.speech_request import PROFILES
from groundswell.api.speech_socket import _idle_seconds
from tests.live import LiveServer
from tests.streaming.conversation import (
    LIVE,
    audio_of,
    conversation,
    spoken,
    statuses,
    words_of,
)

LONG = (
    "Turn left after the bridge, and follow the yellow line until the harbour comes into sight. "
    "Nobody knows where the old map went, although the whole village has been looking for it ever "
    "since the storm took the roof off the boat house, and the rain came in. "
)
LEGACY_PATHS = [
    "/waves/v1/lightning-v3.1/get_speech/stream",
    "/api/v1/lightning-v3.1/get_speech/stream",
    "/waves/v1/lightning-v2/get_speech/stream",
    "/waves/v1/lightning_v2/stream",
    "/waves/v1/lightning-large/get_speech/stream",
    "/waves/v1/lightning/get_speech/stream",
    "/waves/v1/streaming-tts/stream",
    "/api/v1/streaming-tts/stream",
]
SECOND = 16000
"""Bytes a second of 8 kHz PCM."""


# What a turn is made of


@pytest.mark.parametrize("output_format", ["pcm", "wav", "ulaw", "alaw", "mp3"])
def test_chunks_add_up_to_the_sync_body(server: LiveServer, output_format: str) -> None:
    fields: dict[str, Any] = {"output_format": output_format, "sample_rate": 16000}
    with conversation(server) as talk:
        frames = talk.turn("Turn left.", **fields)
    if output_format == "wav":
        fields["output_format"] = "pcm"  # a header within the chunks would be noise
    assert statuses(frames) == ["chunk", "complete"]
    assert audio_of(frames) == spoken(server, "Turn left.", **fields)


@pytest.mark.parametrize("path", LEGACY_PATHS)
def test_legacy_routes_speak_the_same(server: LiveServer, path: str) -> None:
    with conversation(server, path) as talk:
        frames = talk.turn("Turn left.", add_wav_header=True, similarity=0.5, unknown_field=[1])
    assert statuses(frames) == ["chunk", "complete"]
    assert audio_of(frames) == spoken(server, "Turn left.")


def test_complete_follows_the_last_chunk_at_once(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.turn("Hello.", complete_backoff_ms=10_000)
        assert talk.times[-1] - talk.times[-2] < 5


def test_the_socket_stays_open_after_complete_and_ids_are_fresh(server: LiveServer) -> None:
    with conversation(server) as talk:
        first, second = talk.turn("Hello."), talk.turn("Hello.")
    assert audio_of(first) == audio_of(second)
    assert {frame["session_id"] for frame in first} == {frame["session_id"] for frame in second}
    assert len({frame["request_id"] for frame in first}) == 1
    assert first[0]["request_id"] != second[0]["request_id"]
    assert not {"external_session_id", "external_request_id", "context_id"} & first[0].keys()


def test_client_ids_are_echoed(server: LiveServer) -> None:
    with conversation(server) as talk:
        frames = talk.turn("Hello.", session_id="call-1", request_id="turn-1")
    assert {frame["external_session_id"] for frame in frames} == {"call-1"}
    assert {frame["external_request_id"] for frame in frames} == {"turn-1"}


# Accumulation and release


def test_fragments_of_a_turn_bring_one_complete(server: LiveServer) -> None:
    """The vendor's SDK sends so, and stops reading at the first ``complete``."""
    with conversation(server) as talk:
        for fragment in ("Can you ", "hear me? I ", "can ", "hear you. "):
            talk.send(fragment, **{"continue": True})
        talk.send("", flush=True, **{"continue": False})
        frames = talk.until()
        assert talk.silent(0.5)
    assert statuses(frames) == ["chunk", "complete"]
    assert len({frame["request_id"] for frame in frames}) == 1


def test_fragments_without_a_boundary_are_spoken_as_one(server: LiveServer) -> None:
    with conversation(server) as talk:
        for fragment in ("Turn ", "le", "ft"):
            talk.send(fragment, **{"continue": True})
        talk.send(".", **{"continue": False})
        assert audio_of(talk.until()) == spoken(server, "Turn left.")


def test_a_sentence_end_releases(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn left. And then", **{"continue": True})
        talk.until("chunk")


def test_less_than_a_sentence_is_held(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn left and", **{"continue": True})
        assert talk.silent(1.0)


def test_the_first_piece_may_end_at_a_clause(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("When the rain came in at last, we were all still", **{"continue": True})
        talk.until("chunk")


def test_flush_releases_what_is_held(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn left", **{"continue": True})
        talk.send("", flush=True, **{"continue": True})
        frames = talk.until("chunk", count=3)
        assert statuses(frames) == ["chunk"], "flush with continue ends no turn"
        talk.send("", flush=True)
        frames += talk.until()
    assert statuses(frames) == ["chunk", "complete"]
    assert len({frame["request_id"] for frame in frames}) == 1


@pytest.mark.parametrize("fields", [{}, {"voice_id": None, "sample_rate": None}])
def test_flush_of_nothing_is_answered(server: LiveServer, fields: dict[str, Any]) -> None:
    with conversation(server) as talk:
        assert statuses(talk.turn("", flush=True, **fields)) == ["complete"]


def test_text_after_flush_begins_another_turn(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn left.", flush=True)
        talk.send("Turn right.")
        frames = talk.until(count=2)
    assert statuses(frames) == ["chunk", "complete", "chunk", "complete"]
    assert len({frame["request_id"] for frame in frames}) == 2


def test_max_buffer_flush_ms_releases_after_quiet(server: LiveServer) -> None:
    with conversation(server) as talk:
        fields = {"continue": True, "max_buffer_flush_ms": 1500, "complete_backoff_ms": 10000}
        talk.send("Turn", **fields)
        time.sleep(0.5)
        sent = time.monotonic()
        talk.send(" left", **fields)
        talk.until("chunk")
        assert talk.times[-1] - sent > 1.5
        talk.send("", flush=True)
        talk.until()
    assert audio_of(talk.frames) == spoken(server, "Turn left")


def test_an_open_turn_completes_after_the_backoff(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn left. ", complete_backoff_ms=1000, **{"continue": True})
        talk.until()
        # By default it would be 4 s.
        assert 0.5 < talk.times[-1] - talk.times[-2] < 3
        again = talk.turn("Right.")
    assert again[0]["request_id"] != talk.frames[0]["request_id"]


def test_more_text_restarts_the_backoff(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left. ", complete_backoff_ms=2000, **{"continue": True})
        talk.until("chunk", count=3)
        time.sleep(0.6)
        sent = time.monotonic()
        talk.send("Right. ", complete_backoff_ms=2000, **{"continue": True})
        frames = talk.until()
        assert talk.times[-1] - sent > 2
    assert statuses(talk.frames) == ["chunk", "complete"]
    assert len({frame["request_id"] for frame in talk.frames}) == 1
    assert audio_of(frames)


def test_a_later_piece_begins_with_a_sentence_pause(server: LiveServer) -> None:
    """The only difference from the pieces spoken apart."""
    with conversation(server) as talk:
        talk.send("Left. ", **{"continue": True})
        talk.send("Right.")
        both = audio_of(talk.until())
    left, right = (spoken(server, text) for text in ("Left.", "Right."))
    assert len(both) == pytest.approx(len(left) + len(right) + 0.16 * SECOND, abs=8)


# Several at once


def test_requests_in_flight_are_answered_in_order(server: LiveServer) -> None:
    with conversation(server) as talk:
        for name in ("one", "two", "three"):
            talk.send(f"{name}.", request_id=name)
        frames = talk.until(count=3)
    assert statuses(frames) == ["chunk", "complete"] * 3
    order = [key for key, _ in itertools.groupby(f["external_request_id"] for f in frames)]
    assert order == ["one", "two", "three"]
    assert len({frame["request_id"] for frame in frames}) == 3


def test_a_new_request_id_ends_the_open_turn(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left", request_id="one", **{"continue": True})
        talk.send("Right.", request_id="two")
        frames = talk.until(count=2)
    order = [key for key, _ in itertools.groupby(f["external_request_id"] for f in frames)]
    assert order == ["one", "two"]
    assert statuses(frames) == ["chunk", "complete"] * 2


def test_the_voice_may_change_with_every_message(server: LiveServer) -> None:
    with conversation(server) as talk:
        frames = talk.turn("Hello.", voice_id="sophia")
        assert audio_of(frames) == spoken(server, "Hello.", voice_id="sophia")
        assert audio_of(talk.turn("Hello.")) != audio_of(frames)


def test_a_change_of_voice_within_a_turn_releases_what_is_held(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Hello", voice_id="sophia", **{"continue": True})
        talk.send("Hello.", voice_id="magnus")
        frames = talk.until()
    assert statuses(frames) == ["chunk", "complete"]
    first = spoken(server, "Hello", voice_id="sophia")
    assert audio_of(frames)[: len(first) - 400] == first[:-400]


def test_the_closing_message_does_not_change_how_held_text_is_spoken(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Hello", word_timestamps=True, speed=1.5, **{"continue": True})
        talk.send("", flush=True, voice_id="sophia")
        frames = talk.until()
    assert audio_of(frames) == spoken(server, "Hello", speed=1.5)
    assert len(words_of(frames)) == 1


# Staying alive


def test_an_idle_socket_is_told_and_closed(server: LiveServer) -> None:
    began = time.monotonic()
    with conversation(server, timeout=1) as talk:
        frame = talk.receive()
        assert frame["message"] == "Connection timed out after 1 seconds of inactivity"
        assert 1 < time.monotonic() - began < 20
        with pytest.raises(ConnectionClosedOK) as closed:
            talk.receive()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000


def test_audio_and_pending_work_count_as_activity(server: LiveServer) -> None:
    with conversation(server, timeout=2) as talk:
        with server.engine_paused():
            talk.send("Hello.")
            assert talk.silent(3.5)
        assert statuses(talk.until()) == ["chunk", "complete"]
        assert talk.silent(1.2), "audio did not count"


@pytest.mark.parametrize(
    "message", ['{"text":" ","voice_id":"magnus","model":"lightning_v3.1","language":"en"}', b"\0"]
)
def test_what_keeps_a_socket_alive_is_silent(server: LiveServer, message: str | bytes) -> None:
    with conversation(server, timeout=2) as talk:
        for _ in range(2):
            talk.raw(message)
            assert talk.silent(1.2)


def test_a_keep_alive_leaves_the_open_turn_alone(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Turn", **{"continue": True})
        talk.send(" ")
        assert talk.silent(0.5)
        talk.send(" left.")
        assert audio_of(talk.until()) == spoken(server, "Turn left.")


@pytest.mark.parametrize(
    ("model", "given", "seconds"),
    [
        ("lightning-v3.1", "", 60),
        ("lightning-v3.1", "timeout=5", 5),
        ("lightning-v3.1", "timeout=999", 999),
        ("lightning-v3.1", "timeout=0", 60),
        ("lightning-v3.1", "timeout=-3", 60),
        ("lightning-v3.1", "timeout=soon", 60),
        ("lightning-v3.1", "timeout=1.5", 60),
        ("lightning-v3.1", "timeout=²", 60),
        ("lightning-v2", "", 20),
        ("lightning-v2", "timeout=45", 45),
        ("lightning-v2", "timeout=5", 20),
        ("lightning-large", "timeout=999", 60),
    ],
)
def test_idle_seconds(model: str, given: str, seconds: int) -> None:
    class Upgrade:
        query_params = QueryParams(given)

    assert _idle_seconds(Upgrade(), PROFILES[model]) == seconds  # type: ignore[arg-type]


def test_legacy_sockets_wait_at_least_twenty_seconds(server: LiveServer) -> None:
    with conversation(server, "/waves/v1/lightning-v2/get_speech/stream", timeout=1) as talk:
        assert talk.silent(1.5)


# Contexts


def test_each_segment_of_a_context_brings_a_complete(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left. Or", context_id="c", **{"continue": True})
        first = talk.until()
        talk.send(" right. Or", context_id="c", **{"continue": True})
        second = talk.until()
        talk.send("", context_id="c", **{"continue": False})
        third = talk.until()
        assert talk.silent(0.5), "there is no frame for the end of a context"
    for frames in (first, second, third):
        assert statuses(frames) == ["chunk", "complete"]
        assert {frame["context_id"] for frame in frames} == {"c"}
    assert len({frame["request_id"] for frame in talk.frames}) == 1


def test_closing_an_empty_context_is_answered_once(server: LiveServer) -> None:
    with conversation(server) as talk:
        assert statuses(talk.turn("", context_id="c", **{"continue": False})) == ["complete"]
        assert talk.silent(0.3)


def test_a_context_releases_after_its_delay(server: LiveServer) -> None:
    with conversation(server) as talk:
        sent = time.monotonic()
        talk.send("Left", context_id="c", max_buffer_delay_ms=500, **{"continue": True})
        frames = talk.until()
        assert talk.times[0] - sent > 0.5
    assert audio_of(frames) == spoken(server, "Left")


def test_contexts_are_independent(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left", context_id="a", **{"continue": True})
        talk.send("Right", context_id="b", **{"continue": True})
        talk.send("Hello.")
        talk.send(" now.", context_id="b", **{"continue": False})
        talk.send(" then.", context_id="a", **{"continue": False})
        frames = talk.until(count=3)
    for context, text in (("a", "Left then."), ("b", "Right now."), (None, "Hello.")):
        own = [frame for frame in frames if frame.get("context_id") == context]
        assert statuses(own) == ["chunk", "complete"]
        assert audio_of(own) == spoken(server, text)


def test_cancel_drops_what_is_not_released(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("This will not be heard", context_id="c", **{"continue": True})
        talk.send(context_id="c", cancel_request=True)
        frames = talk.until()
        assert statuses(frames) == ["complete"]
        assert frames[0]["context_id"] == "c"
        assert talk.silent(0.5)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed by its last fragment"])
def test_cancel_stops_speech_within_one_unit(server: LiveServer, closed: bool) -> None:
    """Interrupted while speaking; an agent has mostly sent its closing fragment by then."""
    with conversation(server) as talk:
        talk.send(LONG * 8, context_id="c", **{"continue": True})
        if closed:
            talk.send("", context_id="c", **{"continue": False})
        talk.until("chunk")
        talk.send(context_id="c", cancel_request=True)
        talk.until()
        frames = talk.frames
        assert talk.silent(0.5)
    assert sum(frame["status"] == "complete" for frame in frames) == 1
    assert len(audio_of(frames)) / SECOND < 20  # of some 70


def test_cancel_of_an_unknown_context_is_answered(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.raw('{"context_id":"never-heard-of","cancel_request":true}')
        assert statuses(talk.until()) == ["complete"]
        assert talk.frames[0]["context_id"] == "never-heard-of"
        assert statuses(talk.turn("Hello.")) == ["chunk", "complete"]


def test_a_context_can_be_used_again(server: LiveServer) -> None:
    """What follows on a closed context is spoken after it, never beside it."""
    with conversation(server) as talk:
        talk.send("Left.", context_id="c", **{"continue": False})
        talk.send("Right.", context_id="c", **{"continue": False})
        frames = talk.until(count=2)
    assert statuses(frames) == ["chunk", "complete"] * 2
    for text, part in zip(("Left.", "Right."), by_request(frames), strict=True):
        assert audio_of(part) == spoken(server, text)


def test_a_new_request_id_inside_a_context_keeps_it_open(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left", context_id="c", request_id="one", **{"continue": True})
        talk.send("Right", context_id="c", request_id="two", **{"continue": True})
        first = talk.until()
        talk.send(" now.", context_id="c", request_id="two", **{"continue": False})
        second = talk.until()
    assert audio_of(first) == spoken(server, "Left")
    assert audio_of(second) == spoken(server, "Right now.")


def test_no_gap_inside_a_context_is_long_enough_to_end_it(server: LiveServer) -> None:
    """livekit gives a turn up when 0.6 s pass without a frame, once one chunk has come."""
    with conversation(server) as talk:
        with server.engine_paused():
            talk.send(LONG * 8, context_id="c", **{"continue": True})
            assert talk.silent(1.0), "a filler came before the first sound"
        talk.until("chunk")
        assert talk.frames[0]["data"]["audio"]
        with server.engine_paused():
            while any(audio_of([frame]) for frame in talk.frames[-8:]):
                talk.receive(10)
        # The middle one of the gaps: a busy machine may delay any single frame.
        gaps = [b - a for a, b in itertools.pairwise(talk.times[-8:])]
        assert statistics.median(gaps) < 0.6


def test_without_a_context_there_are_no_fillers(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send(LONG * 8)
        talk.until("chunk")
        with server.engine_paused():
            while not talk.silent(1.0):
                assert audio_of(talk.frames[-1:]), "a filler"


# Word timestamps


def test_words_come_as_typed_with_the_audio_they_are_heard_in(server: LiveServer) -> None:
    text = "It costs $100 — really! Dr. Lee's e-mail said 3.5%."
    with conversation(server) as talk:
        frames = talk.turn(text, word_timestamps=True)
    words = words_of(frames)
    typed = text.split()
    assert {"$100", "3.5%."} <= {word["word"] for word in words}
    for word in words:
        assert typed[word["id"]] == word["word"]
    assert [word["id"] for word in words] == sorted({word["id"] for word in words})
    starts = [word["start"] for word in words]
    assert starts == sorted(starts)
    assert all(word["start"] < word["end"] for word in words)
    assert words[-1]["end"] <= len(audio_of(frames)) / SECOND + 0.002
    heard = 0
    for frame in frames:
        if frame["status"] == "chunk":
            heard += len(audio_of([frame]))
        elif frame["status"] == "word_timestamp":
            # Never after the chunk that follows the one it begins in.
            assert frame["data"]["start"] > heard / SECOND - 0.25


def test_every_voice_has_word_times(server: LiveServer) -> None:
    with conversation(server) as talk:
        for voice in ("sophia", "af_heart", "emily"):
            assert (
                len(words_of(talk.turn("Hello there.", voice_id=voice, word_timestamps=True))) == 2
            )


def test_no_words_unless_asked(server: LiveServer) -> None:
    with conversation(server) as talk:
        assert statuses(talk.turn("Hello there.")) == ["chunk", "complete"]


@pytest.mark.parametrize("context", [{}, {"context_id": "c"}], ids=["turn", "context"])
def test_ids_and_times_run_on_through_a_turn(server: LiveServer, context: dict[str, str]) -> None:
    fields: dict[str, Any] = {"word_timestamps": True, **context}
    with conversation(server) as talk:
        talk.send("Turn left. ", **fields, **{"continue": True})
        talk.send("🎉 ", **fields, flush=True, **{"continue": True})
        talk.send("Then right.", **fields, **{"continue": False})
        frames = talk.until(count=2 if context else 1)
    words = words_of(frames)
    assert [(word["id"], word["word"]) for word in words] == [
        (0, "Turn"),
        (1, "left."),
        (3, "Then"),
        (4, "right."),
    ]
    whole = len(audio_of(frames)) / SECOND
    first = len(spoken(server, "Turn left.")) / SECOND
    assert words[1]["end"] <= first + 0.002 < words[2]["start"]
    assert words[3]["end"] <= whole + 0.002


# Bad messages


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("hello", "not valid JSON"),
        ("[1]", "must be a JSON object"),
        ('{"text": NaN, "voice_id": "magnus"}', "not valid JSON"),
        ('{"voice_id": "magnus"}', "'text' field"),
        ('{"text": "", "voice_id": "magnus"}', "'text' field"),
        ('{"text": "Hello."}', "'voice_id' field"),
        ('{"text": "Hello.", "voice_id": "magnus", "speed": 9}', "speed"),
        ('{"text": "Hello.", "voice_id": "magnus", "sample_rate": 1}', "sample_rate"),
        ('{"text": "Hello.", "voice_id": "magnus", "max_buffer_flush_ms": 6000}', "flush_ms"),
        ('{"text": "Hello.", "voice_id": "magnus", "complete_backoff_ms": -1}', "backoff"),
        ('{"text": "Hello.", "voice_id": "magnus", "max_buffer_delay_ms": 1e9}', "delay"),
        ('{"text": "Hello.", "voice_id": "magnus", "language": "xx"}', "xx"),
        ('{"text": "Hello.", "voice_id": "magnus", "continue": "perhaps"}', "continue"),
        ('{"text": "Hello.", "voice_id": "magnus", "context_id": 7}', "context_id"),
        ('{"text": "Hello.", "voice_id": "magnus", "request_id": "a b"}', "request_id"),
        ('{"text": "Hello.", "voice_id": "no-such-voice"}', "Invalid input data"),
        (
            '{"text": "Hello.", "voice_id": "magnus", "pronunciation_dicts": ["x"]}',
            "Invalid input data",
        ),
        ('{"text": "🎉", "voice_id": "magnus"}', "Nothing in the text can be spoken"),
        (json.dumps({"text": "x" * 900, "voice_id": "magnus"}), "without a space"),
        (json.dumps({"text": "word " * 1200, "voice_id": "magnus"}), "the limit is 5000"),
    ],
)
def test_a_bad_message_costs_one_error_frame(server: LiveServer, message: str, shown: str) -> None:
    with conversation(server) as talk:
        talk.raw(message)
        assert shown in talk.until("error")[-1]["message"]
        assert statuses(talk.turn("Hello.")) == ["chunk", "complete"], "the socket is of no use"


def test_an_error_names_the_message_it_answers(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Hello.", speed=7, request_id="r1", session_id="s1", context_id="c1")
        frame = talk.receive()
    assert frame["external_request_id"] == "r1"
    assert frame["external_session_id"] == "s1"
    assert frame["context_id"] == "c1"


def test_an_error_ends_its_turn_and_no_other(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.send("Left. ", request_id="good", **{"continue": True})
        talk.until("chunk")
        talk.send("Right. ", request_id="good", voice_id="no-such-voice", **{"continue": True})
        talk.send("Never. ", request_id="good", **{"continue": True})
        talk.until("error")
        assert statuses(talk.turn("Hello.", request_id="next")) == ["chunk", "complete"]
    assert statuses(talk.frames) == ["chunk", "error", "chunk", "complete"]


# Upgrades


@pytest.mark.parametrize("name", ["token", "api_key"])
def test_the_key_may_come_in_the_query(server: LiveServer, name: str) -> None:
    with connect(f"{server.ws_url}{LIVE}?{name}={server.key}") as socket:
        socket.send('{"text":"","flush":true}')
        assert json.loads(socket.recv())["status"] == "complete"


@pytest.mark.parametrize(
    ("path", "header"),
    [
        (LIVE, None),
        (LIVE, "Bearer sk_wrong"),
        (LIVE, "garbage"),
        (f"{LIVE}?token=sk_wrong", None),
        ("/waves/v1/lightning-v2/get_speech/stream", None),
        ("/waves/v1/streaming-tts/stream", None),
    ],
)
def test_an_upgrade_without_a_good_key_is_401(
    server: LiveServer, path: str, header: str | None
) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(
            server.ws_url + path,
            additional_headers={"Authorization": header} if header else None,
        ),
    ):
        pass
    assert refused.value.response.status_code == 401
    body = json.loads(refused.value.response.body or b"")
    assert body["message"] == "Bearer token is missing or invalid."


def test_a_closed_socket_is_closed(server: LiveServer) -> None:
    with conversation(server) as talk:
        talk.turn("Hello.")
        talk.socket.close(1000)
        with pytest.raises(ConnectionClosed):
            talk.receive()


# What only old routes have


def test_streaming_tts_fields(server: LiveServer) -> None:
    with conversation(server, "/waves/v1/streaming-tts/stream") as talk:
        talk.send("Turn", is_streaming=True, is_final=False, max_buffer_flush_ms=5000)
        assert talk.silent(0.4)
        talk.send(" left.", is_streaming=True, is_final=True)
        frames = talk.until()
    assert statuses(frames) == ["chunk", "complete"]
    assert audio_of(frames) == spoken(server, "Turn left.")


@pytest.mark.parametrize(("asked", "heard"), [(5, 2), (0.1, 0.5)])
def test_old_speeds_are_brought_into_range(server: LiveServer, asked: float, heard: float) -> None:
    with conversation(server, "/waves/v1/lightning-v2/get_speech/stream") as talk:
        frames = talk.turn("Hello.", speed=asked)
    assert audio_of(frames) == spoken(server, "Hello.", speed=heard)


@pytest.mark.parametrize("speed", [0.05, 5.5])
def test_speeds_no_model_had_are_refused(server: LiveServer, speed: float) -> None:
    with conversation(server, "/waves/v1/lightning-v2/get_speech/stream") as talk:
        assert statuses(talk.turn("Hello.", speed=speed)) == ["error"]


def by_request(frames: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(group) for _, group in itertools.groupby(frames, key=lambda f: f["request_id"])]
