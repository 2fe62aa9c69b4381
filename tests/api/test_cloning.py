"""Cloning over HTTP against a real server (voices.md §§3-5)."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from tests.cloning.material import encoded, needs_speakers, reference, tone, video, wav
from tests.live import PATIENCE_SECONDS, LiveServer, live_server
from websockets.sync.client import connect

ROUTE = "/waves/v1/voice-cloning"
OLD = "/waves/v1/lightning-large"
_ID = re.compile(r"voice_[A-Za-z0-9]{10}")


@pytest.fixture(scope="module")
def cloning() -> Iterator[LiveServer]:
    """A server that waits for a clone as long as it takes, with an encrypted object store."""
    with live_server(
        clone_wait_seconds=PATIENCE_SECONDS,
        clone_timeout_seconds=PATIENCE_SECONDS,
        object_key="k" * 40,
        log_level="debug",
    ) as running:
        running.http.timeout = PATIENCE_SECONDS
        yield running


def send(
    server: LiveServer,
    data: bytes | None,
    name: str = "voice.wav",
    content_type: str = "audio/wav",
    route: str = ROUTE,
    **fields: str,
) -> httpx.Response:
    files: Any = {"file": (name, data, content_type)} if data is not None else {"no": (None, "x")}
    return server.http.post(route, data={"displayName": "Test voice"} | fields, files=files)


@pytest.fixture(scope="module")
def clone(cloning: LiveServer) -> dict[str, Any]:
    answer = send(
        cloning,
        encoded(reference("3080"), "ipod", "aac"),
        name="../../etc/passwd.m4a",
        content_type="audio/mp4",
        tags=" en, tone-test ,",
        language="en",
        accent="british",
        description="A test.",
        consent="She said yes.",
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


REFUSED = {
    "no file": (None, {}, "No file provided"),
    "an empty file": (b"", {}, "No file provided"),
    "a zip": (b"PK\x03\x04" + b"x" * 500, {}, "no audio"),
    "a text that says it is audio": (b"hello " * 100, {}, "no audio"),
    "a lying type": (wav(tone(4)), {"content_type": "text/plain"}, "MIME type"),
    "one byte too many": (wav(tone(4)).ljust(5 * 1024 * 1024 + 1, b"\0"), {}, "too large"),
    "no such language": (wav(tone(4)), {"language": "xx"}, "Invalid language. Supported: en, hi"),
    "a retired model": (
        wav(tone(4)),
        {"model": "lightning-v2"},
        "Voice cloning for lightning-v2 is deprecated. Please use lightning-v3.1",
    ),
    "no such model": (wav(tone(4)), {"model": "thunder"}, "model"),
    "no name": (wav(tone(4)), {"displayName": " "}, "displayName"),
    "a long name": (wav(tone(4)), {"displayName": "x" * 501}, "displayName"),
    "half a second": (wav(tone(0.5)), {}, "too short"),
    "a header only": (wav(tone(4))[:44], {}, "sound"),
    "no sound at all": (wav(np.zeros(80000, np.float32)), {}, "too quiet"),
    "a tone": (wav(tone(5)), {}, "music or a tone"),
    "a film without sound": (video(None), {"content_type": "video/mp4"}, "no sound"),
    "ten minutes": (
        encoded(np.zeros(600 * 16000, np.float32), "mp3", "libmp3lame", rate=16000),
        {"content_type": "audio/mpeg"},
        "longer than 60 seconds",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusals_name_the_reason_and_leave_nothing(cloning: LiveServer, what: str) -> None:
    data, fields, said = REFUSED[what]
    before = len(cloning.http.get(ROUTE).json()["data"])
    answer = send(cloning, data, **fields)
    assert answer.status_code == 400, answer.text
    assert set(answer.json()) == {"error"}
    assert said in answer.json()["error"]
    assert len(cloning.http.get(ROUTE).json()["data"]) == before


def test_no_form_is_refused(cloning: LiveServer) -> None:
    assert cloning.http.post(ROUTE, json={"displayName": "x"}).status_code == 400
    broken = {"content-type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x\r\nnonsense", b"--y--"):
        assert cloning.http.post(ROUTE, content=body, headers=broken).status_code == 400


def test_no_key_is_refused(cloning: LiveServer) -> None:
    answer = httpx.get(cloning.url + ROUTE)
    assert (answer.status_code, set(answer.json())) == (401, {"error"})


@needs_speakers()
def test_a_clone_is_described(clone: dict[str, Any]) -> None:
    assert clone["message"] == "Voice clone created successfully"
    data = clone["data"]
    assert _ID.fullmatch(data["voiceId"])
    assert (data["status"], data["model"], data["language"]) == (
        "completed",
        "lightning-v3.1",
        "en",
    )
    assert data["tags"] == ["en", "tone-test"]
    assert data["audioFileNames"] == ["passwd.m4a"]
    assert 0.6 < data["similarity"] < 1
    assert data["warnings"] == []


@needs_speakers()
def test_its_sample_plays_by_a_signed_url_only(cloning: LiveServer, clone: dict[str, Any]) -> None:
    (sample,) = clone["data"]["samples"]
    answer = httpx.get(sample["audioUrl"])
    assert answer.headers["content-type"] == "audio/wav"
    assert 5 < len(answer.content) / 48000 < 15
    assert httpx.get(sample["audioUrl"].replace("sample.wav", "reference")).status_code == 403


@needs_speakers()
def test_it_speaks_on_every_route_with_dictionaries(
    cloning: LiveServer, clone: dict[str, Any]
) -> None:
    voice = clone["data"]["voiceId"]
    said = {"text": "Good morning.", "voice_id": voice, "sample_rate": 24000}
    whole = cloning.speak(**said)
    assert whole.status_code == 200
    assert whole.content != cloning.speak(**said | {"voice_id": "magnus"}).content
    assert cloning.speak("/waves/v1/lightning-v2/get_speech", **said).status_code == 200
    events = cloning.speak("/waves/v1/tts/live", **said)
    assert events.status_code == 200
    assert '"done":true' in events.text
    address = f"{cloning.ws_url}/waves/v1/tts/live"
    with connect(address, additional_headers=cloning.auth, open_timeout=None) as socket:
        socket.send(json.dumps(said))
        frames = [json.loads(socket.recv())]
        while frames[-1]["status"] == "chunk":
            frames.append(json.loads(socket.recv()))
    assert frames[-1]["status"] == "complete"
    heard = b"".join(base64.b64decode(frame["data"]["audio"]) for frame in frames[:-1])
    assert heard == whole.content
    items = [{"word": "morning", "pronunciation": "evening and good night"}]
    made = cloning.http.post("/waves/v1/pronunciation-dicts", json={"items": items}).json()
    other = cloning.speak(**said, pronunciation_dicts=[made["id"]])
    assert len(other.content) > len(whole.content)
    assert cloning.speak(**said, output_format="wav").content.startswith(b"RIFF")


@needs_speakers()
def test_it_is_listed_where_documented_and_nowhere_else(
    cloning: LiveServer, clone: dict[str, Any]
) -> None:
    voice = clone["data"]["voiceId"]
    (listed,) = cloning.http.get(ROUTE).json()["data"]
    assert (listed["voiceId"], listed["status"]) == (voice, "completed")
    assert (listed["cloningType"], listed["accent"]) == ("instant", "british")
    assert re.fullmatch(r"[0-9a-f]{24}", listed["_id"])
    assert "lightning-v3.1" in listed["modelIds"]
    (old,) = cloning.http.get(f"{OLD}/get_cloned_voices").json()["voices"]
    assert (old["voiceId"], old["status"], old["model"]) == (voice, "completed", "lightning-v3.1")
    for route in ("lightning-v3.1/get_voices", "voice/get-all-models"):
        assert voice not in cloning.http.get(f"/waves/v1/{route}").text


@needs_speakers()
def test_the_recording_is_encrypted_and_in_no_log(
    cloning: LiveServer, clone: dict[str, Any]
) -> None:
    folder = cloning.data_dir / "objects" / "voices" / clone["data"]["voiceId"]
    stored = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert len(stored) == 3
    assert all(b"ftyp" not in data[:16] and not data.startswith(b"PK") for data in stored.values())
    assert "She said yes" not in cloning.log()
    assert "passwd" not in cloning.log()


@needs_speakers()
def test_it_is_erased_with_its_recording(cloning: LiveServer, clone: dict[str, Any]) -> None:
    voice = clone["data"]["voiceId"]
    unknown = "voice_0123456789"
    for wrong in (unknown, "magnus", "voice_../../etc", ""):
        answer = cloning.http.request("DELETE", OLD, json={"voiceId": wrong})
        assert answer.status_code == (404 if wrong else 400)
    assert cloning.http.post(f"{ROUTE}/delete", json={}).status_code == 400
    answer = cloning.http.request("DELETE", OLD, json={"voiceId": voice})
    assert answer.json() == {"success": True, "voiceId": voice}
    assert not (cloning.data_dir / "objects" / "voices" / voice).exists()
    spoken, never = (cloning.speak(voice_id=each) for each in (voice, unknown))
    assert spoken.status_code == never.status_code == 400
    assert spoken.json()["error"] == never.json()["error"] == "Invalid input data"
    for again in (f"{ROUTE}/{voice}", f"{ROUTE}/{unknown}"):
        assert cloning.http.delete(again).status_code == 404
    assert cloning.http.get(ROUTE).json() == {"data": []}
