"""Server-Sent Events and chunked bodies, byte for byte, from a real server."""

import base64
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import av
import httpx
import pytest

from tests.live import LiveServer
from tests.streaming.conversation import SPEED, eventually, spoken

TEXT = "Can you hear me now?"
LONG = "Nobody knows where the old map went, and nobody has asked. " * 16
CURRENT = "/waves/v1/tts/live"
LEGACY = [
    "/waves/v1/lightning-v3.1/stream",
    "/waves/v1/lightning_v3.1/stream",
    "/api/v1/lightning-v3.1/stream",
    "/waves/v1/lightning-v3.1-pro/stream",
    "/waves/v1/lightning-v2/stream",
    "/waves/v1/lightning-large/stream",
    "/waves/v1/lightning/stream",
    "/api/v1/lightning/stream",
]
CURRENT_AUDIO = re.compile(
    rb'event: audio\ndata: \{"audio":"([A-Za-z0-9+/]+=*)","done":false,"status":"206"\}\n\n'
)
CURRENT_END = b'data: {"status":"200","done":true}\n\n'
LEGACY_AUDIO = re.compile(rb'event: audio\ndata: \{"audio":"([A-Za-z0-9+/]+=*)"\}\n\n')
LEGACY_END = b'data: {"done": true}\n\n'


def audio_in(body: bytes, frame: re.Pattern[bytes], end: bytes) -> list[bytes]:
    """The chunks of a body that is nothing but these frames and one terminator."""
    assert body.endswith(end)
    frames = body.removesuffix(end)
    assert frame.sub(b"", frames) == b"", "bytes outside the frames"
    return [base64.b64decode(found, validate=True) for found in frame.findall(frames)]


def decoded_seconds(mp3: bytes) -> float:
    with av.open(io.BytesIO(mp3), "r", format="mp3") as container:
        return sum((f.samples / f.sample_rate for f in container.decode(audio=0)), 0.0)


@pytest.mark.parametrize("output_format", ["pcm", "ulaw", "alaw", "wav"])
def test_the_current_dialect_and_its_bytes(server: LiveServer, output_format: str) -> None:
    fields: dict[str, Any] = {
        "text": TEXT,
        "speed": SPEED,
        "sample_rate": 8000,
        "output_format": output_format,
    }
    streamed = server.speak(CURRENT, **fields)
    assert streamed.status_code == 200
    assert streamed.headers["content-type"] == "text/event-stream"
    chunks = audio_in(streamed.content, CURRENT_AUDIO, CURRENT_END)
    # On a stream wav means PCM: a header inside the chunks would be noise to every client.
    sent = "pcm" if output_format == "wav" else output_format
    whole = spoken(server, **fields | {"output_format": sent})
    assert b"".join(chunks) == whole
    full = 8000 // 5 * (2 if sent == "pcm" else 1)
    assert {len(chunk) for chunk in chunks[:-1]} == {full}
    assert 0 < len(chunks[-1]) <= full


def test_mp3_events_decode_to_the_same_duration(server: LiveServer) -> None:
    fields: dict[str, Any] = {
        "text": TEXT,
        "speed": SPEED,
        "sample_rate": 24000,
        "output_format": "mp3",
    }
    chunks = audio_in(server.speak(CURRENT, **fields).content, CURRENT_AUDIO, CURRENT_END)
    whole = server.speak(**fields).content
    assert b"".join(chunks) == whole
    assert decoded_seconds(b"".join(chunks)) == pytest.approx(decoded_seconds(whole), abs=1e-6)
    pcm = server.speak(text=TEXT, speed=SPEED, sample_rate=24000).content
    assert decoded_seconds(whole) == pytest.approx(len(pcm) / 48000, abs=0.12)


@pytest.mark.parametrize("path", LEGACY)
def test_the_legacy_dialect_and_its_bytes(server: LiveServer, path: str) -> None:
    fields: dict[str, Any] = {"text": "Turn left.", "speed": SPEED, "sample_rate": 8000}
    response = server.speak(path, **fields)
    assert response.headers["content-type"] == "text/event-stream"
    chunks = audio_in(response.content, LEGACY_AUDIO, LEGACY_END)
    whole = spoken(server, path=path.replace("stream", "get_speech"), **fields)
    assert b"".join(chunks) == whole


@pytest.mark.parametrize("output_format", ["ulaw", "alaw", "wav", "mp3"])
def test_legacy_formats(server: LiveServer, output_format: str) -> None:
    fields: dict[str, Any] = {
        "text": "Turn left.",
        "speed": SPEED,
        "sample_rate": 8000,
        "output_format": output_format,
    }
    response = server.speak("/waves/v1/lightning-v2/stream", **fields)
    audio = b"".join(audio_in(response.content, LEGACY_AUDIO, LEGACY_END))
    whole = server.speak("/waves/v1/lightning-v2/get_speech", **fields).content
    assert audio == (whole[44:] if output_format == "wav" else whole)


def test_done_is_on_every_current_frame_and_on_no_legacy_audio(server: LiveServer) -> None:
    for path, on_audio in ((CURRENT, True), (LEGACY[0], False)):
        body = server.speak(path, text=TEXT, speed=SPEED, sample_rate=8000).text
        datas = [json.loads(line[6:]) for line in body.split("\n") if line.startswith("data: ")]
        assert len(datas) > 3
        assert all(("done" in data) is on_audio for data in datas[:-1])
        assert not any(data.get("done") for data in datas[:-1])
        assert datas[-1]["done"] is True


@pytest.mark.parametrize(
    ("path", "extra"),
    [(CURRENT, {}), (LEGACY[0], {}), ("/waves/v1/tts", {"stream": True})],
)
def test_id_headers(server: LiveServer, path: str, extra: dict[str, object]) -> None:
    ids = {"session_id": "call-17", "request_id": "turn.3"}
    headers = server.speak(path, **ids, **extra).headers
    assert headers["x-external-session-id"] == "call-17"
    assert headers["x-external-request-id"] == "turn.3"
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-session-id"])
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])


@pytest.mark.parametrize("path", [CURRENT, LEGACY[0]])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "🎉 🎉"}, 400),
        ({"voice_id": "nobody-at-all"}, 400),
        ({"sample_rate": 12345}, 400),
        ({"output_format": "ogg"}, 400),
        ({"pronunciation_dicts": ["none"]}, 400),
    ],
)
def test_errors_before_the_first_frame_are_json(
    server: LiveServer, path: str, fields: dict[str, object], status: int
) -> None:
    response = server.speak(path, **fields)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert response.json()["message"]


def test_without_a_key_the_answer_is_json(server: LiveServer) -> None:
    response = httpx.post(server.url + CURRENT, json={"text": "Hi.", "voice_id": "magnus"})
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("output_format", ["pcm", "ulaw", "alaw", "mp3"])
def test_a_chunked_body_equals_the_whole(server: LiveServer, output_format: str) -> None:
    fields: dict[str, Any] = {
        "text": TEXT,
        "speed": SPEED,
        "sample_rate": 16000,
        "output_format": output_format,
    }
    streamed = server.speak(**fields, stream=True)
    assert streamed.headers["transfer-encoding"] == "chunked"
    whole = server.speak(**fields)
    assert streamed.headers["content-type"] == whole.headers["content-type"]
    assert streamed.content == whole.content


def test_a_chunked_wav_differs_in_its_two_lengths_only(server: LiveServer) -> None:
    fields: dict[str, Any] = {
        "text": TEXT,
        "speed": SPEED,
        "sample_rate": 8000,
        "output_format": "wav",
    }
    streamed = server.speak("/waves/v1/tts?stream=true", **fields).content
    whole = server.speak(**fields).content
    assert len(streamed) == len(whole)
    differing = {at for at, (a, b) in enumerate(zip(streamed, whole, strict=True)) if a != b}
    assert differing <= {*range(4, 8), *range(40, 44)}
    assert streamed[4:8] == streamed[40:44] == b"\xff\xff\xff\xff"
    assert int.from_bytes(whole[40:44], "little") == len(whole) - 44


def test_a_streamed_request_that_accepts_events_gets_events(server: LiveServer) -> None:
    response = server.http.post(
        "/waves/v1/tts",
        json={
            "text": "Turn left.",
            "voice_id": "magnus",
            "speed": SPEED,
            "sample_rate": 8000,
            "stream": True,
        },
        headers={"Accept": "text/event-stream"},
    )
    assert response.headers["content-type"] == "text/event-stream"
    audio = b"".join(audio_in(response.content, CURRENT_AUDIO, CURRENT_END))
    assert audio == spoken(server, "Turn left.")


def test_the_first_event_comes_before_the_rest_is_made(server: LiveServer) -> None:
    made = server.metric("tts_audio_seconds_total")
    with server.http.stream(
        "POST",
        CURRENT,
        json={"text": LONG, "voice_id": "magnus", "speed": SPEED, "sample_rate": 8000},
    ) as response:
        chunks = response.iter_raw()  # kept: dropping it would close the connection
        next(chunks)
        made = server.metric("tts_audio_seconds_total") - made
    whole = len(LONG) / 30  # seconds, at this pace
    assert 0 < made < whole / 2
    eventually(lambda: server.metric("tts_active_requests") == 0)


@pytest.mark.parametrize(
    ("path", "extra"),
    [(CURRENT, {}), (LEGACY[0], {}), ("/waves/v1/tts", {"stream": True})],
)
def test_a_client_that_leaves_stops_the_work(
    server: LiveServer, path: str, extra: dict[str, object]
) -> None:
    eventually(lambda: server.metric("tts_active_requests") == 0)
    undelivered = server.metric("tts_undelivered_audio_seconds_total")
    body = {"text": LONG, "voice_id": "magnus", "speed": SPEED, "sample_rate": 8000} | extra
    with server.http.stream("POST", path, json=body) as response:
        chunks = response.iter_raw()  # kept: dropping it would close the connection
        next(chunks)
        assert server.metric("tts_active_requests") == 1
        made = server.metric("tts_audio_seconds_total")
    eventually(lambda: server.metric("tts_active_requests") == 0)
    eventually(lambda: server.metric("tts_queue_depth") == 0)
    eventually(lambda: server.metric("tts_undelivered_audio_seconds_total") > undelivered)
    assert server.metric("tts_audio_seconds_total") - made < len(LONG) / 30 / 2


def test_a_client_that_leaves_the_queue_costs_at_most_one_unit(server: LiveServer) -> None:
    """Gone before its first sound: the work it waited for is not done, or its first unit only."""
    made = server.metric("tts_audio_seconds_total")

    def hasty(_: int) -> None:
        body = {"text": LONG, "voice_id": "magnus", "speed": SPEED, "sample_rate": 8000}
        patience = httpx.Timeout(60, read=1)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(server.url + CURRENT, json=body, headers=server.auth, timeout=patience)

    with server.engine_paused():
        with ThreadPoolExecutor(12) as crowd:
            list(crowd.map(hasty, range(12)))
        eventually(lambda: server.metric("tts_active_requests") == 0)
    assert server.speak(text="Hello.", speed=SPEED).status_code == 200
    eventually(lambda: server.metric("tts_queue_depth") == 0)
    # Unguarded, each of the twelve would have had its first segment of about 4 s made.
    assert server.metric("tts_audio_seconds_total") - made < 3
