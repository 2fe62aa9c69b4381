"""Bad input: the documented body at once, and the next request is served."""

import json
import time
from typing import Any

import httpx
import pytest
from tests.live import LiveServer

UNAUTHORIZED = {"error": "Unauthorized", "message": "Bearer token is missing or invalid."}


@pytest.fixture(autouse=True)
def _still_serving(server: LiveServer) -> Any:
    yield
    assert server.speak(text="Hi.", sample_rate=8000).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": ""}, id="empty"),
        pytest.param({"text": " \n\t "}, id="whitespace"),
        pytest.param({"text": None}, id="null"),
        pytest.param({"text": 42}, id="number"),
        pytest.param({"text": ["Hi"]}, id="list"),
        pytest.param({"text": "word " * 1001}, id="over the cap"),
        pytest.param({"text": "a" * 5000}, id="5000 without a space"),
        pytest.param({"text": "\x00\x07"}, id="control characters"),
        pytest.param({"text": "bell \x07 inside"}, id="a control character"),
        pytest.param({"text": "😀🎉🚀"}, id="emoji only"),
        pytest.param({"text": "?!… —"}, id="punctuation only"),
        pytest.param({"text": "𓀀𓀁𓂀"}, id="hieroglyphs"),
        pytest.param({"voice_id": ""}, id="empty voice"),
        pytest.param({"voice_id": None}, id="no voice"),
        pytest.param({"speed": 0}, id="speed 0"),
        pytest.param({"speed": 2.01}, id="speed 2.01"),
        pytest.param({"speed": "fast"}, id="speed fast"),
        pytest.param({"speed": True}, id="speed true"),
        pytest.param({"sample_rate": 12345}, id="sample rate 12345"),
        pytest.param({"sample_rate": 22050}, id="sample rate 22050"),
        pytest.param({"sample_rate": "high"}, id="sample rate high"),
        pytest.param({"output_format": "mulaw"}, id="mulaw"),
        pytest.param({"output_format": "flac"}, id="flac"),
        pytest.param({"language": "xx"}, id="language xx"),
        pytest.param({"language": "he"}, id="legacy language"),
        pytest.param({"number_pronunciation_language": "klingon"}, id="number language"),
        pytest.param({"model": "lightning-v9"}, id="model"),
        pytest.param({"session_id": "white space"}, id="session id"),
        pytest.param({"request_id": "x" * 129}, id="request id"),
        pytest.param({"pronunciation_dicts": "abc"}, id="dictionaries no list"),
    ],
)
def test_bad_fields(server: LiveServer, fields: dict[str, object]) -> None:
    began = time.monotonic()
    reply = server.speak(**fields)
    assert time.monotonic() - began < 20
    assert reply.status_code == 400
    body = reply.json()
    assert body["error"] == "InvalidRequest"
    assert body["message"]
    assert all(detail["message"] and detail["path"] for detail in body["details"])


def test_the_documented_body_of_a_missing_text(server: LiveServer) -> None:
    body = server.http.post("/waves/v1/tts", json={"voice_id": "magnus"}).json()
    assert body["error"] == "InvalidRequest"
    assert body["message"] == "The 'text' field is required."


@pytest.mark.parametrize(
    "fields",
    [
        {"voice_id": "nobody"},
        {"voice_id": "af_heart:nan"},
        {"voice_id": "../../etc/passwd"},
        {"pronunciation_dicts": ["64f1234567890abcdef12345"]},
    ],
)
def test_ids_of_nothing(server: LiveServer, fields: dict[str, object]) -> None:
    reply = server.speak(**fields)
    assert reply.status_code == 400
    assert reply.json()["error"] == reply.json()["message"] == "Invalid input data"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"text": "Hi.", "voice_id": "magnus", "speed": NaN}',
        b'{"text": "Hi.", "voice_id": "magnus", "speed": 1e999}',
        b'{"text": "Hi \xff", "voice_id": "magnus"}',
        b'{"text": "half \\ud800 pair", "voice_id": "magnus"}',
        b'{"text": "raw \x01 control", "voice_id": "magnus"}',
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b"[" * 100_000,
    ],
)
def test_bad_json(server: LiveServer, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = server.http.post("/waves/v1/tts", content=body, headers=headers)
    assert reply.status_code == 400
    assert reply.json()["error"] == "InvalidRequest"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "", None])
def test_wrong_content_type(server: LiveServer, content_type: str | None) -> None:
    body = json.dumps({"text": "Hi.", "voice_id": "magnus"}).encode()
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = server.http.post("/waves/v1/tts", content=body, headers=headers)
    assert reply.status_code == 400
    assert "application/json" in reply.json()["message"]


@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_body(server: LiveServer, declared: bool) -> None:
    def chunks() -> Any:
        for _ in range(64):
            yield b" " * 65536

    content = b" " * 4_000_000 if declared else chunks()
    headers = {"Content-Type": "application/json"}
    try:
        reply = server.http.post("/waves/v1/tts", content=content, headers=headers)
    except httpx.TransportError:
        assert not declared  # the server may hang up on a client that keeps sending
        return
    assert reply.status_code == 413
    assert reply.json()["error"] == "PayloadTooLarge"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer sk_" + "0" * 48,
        "Basic dXNlcjpwYXNz",
        "sk_alone",
        "Bearer " + "x" * 8000,
        "Bearer \xe9\xff",
    ],
)
@pytest.mark.parametrize(
    "method_and_path", ["POST /waves/v1/tts", "GET /api/v1/lightning/get_voices"]
)
def test_no_or_garbled_authorization(
    server: LiveServer, header: str | None, method_and_path: str
) -> None:
    method, path = method_and_path.split()
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    reply = httpx.request(method, server.url + path, headers=headers, content=b"{}")  # type: ignore[arg-type]
    assert reply.status_code == 401
    assert reply.json() == UNAUTHORIZED


def test_unknown_routes_and_methods(server: LiveServer) -> None:
    for reply, status in (
        (server.http.post("/waves/v1/nothing"), 404),
        (server.http.get("/waves/v1/tts"), 405),
    ):
        assert reply.status_code == status
        assert set(reply.json()) == {"error", "message"}


def test_nothing_of_it_is_in_the_log(server: LiveServer) -> None:
    server.speak(text="A very private sentence about bananas.")
    server.http.get("/waves/v1/health", params={"token": server.key})
    shown_once = server.log().replace(server.key, "", 2)  # the banner of the first start
    assert server.key not in shown_once
    assert "bananas" not in shown_once
