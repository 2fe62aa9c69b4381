"""``POST /tts/explain`` over the wire: body, auth and errors of ``/tts``; nothing is spoken."""

import httpx
import pytest
from tests.live import LiveServer

PATHS = ("/waves/v1/tts/explain", "/api/v1/tts/explain")


@pytest.mark.parametrize("path", PATHS)
def test_explains(server: LiveServer, path: str) -> None:
    reply = server.speak(path, text="Call 555-1234 [pause 500ms] now.", speed=1.5)
    assert reply.status_code == 200
    assert reply.headers["x-request-id"]
    shown = reply.json()
    assert shown["language"] == "en"
    assert [word["word"] for word in shown["words"]] == ["Call", "555-1234", "now."]
    assert shown["words"][1]["span"] == [5, 13]
    assert "five five five" in shown["spoken"]
    assert shown["segments"][0]["silence"] == 0.5
    assert shown["duration"] > 1


def test_takes_the_fields_of_speech(server: LiveServer) -> None:
    reply = server.speak(
        PATHS[0], text="3 x 5", math_notation=True, number_pronunciation_language="hi"
    )
    assert "गुणा" in reply.json()["spoken"]
    british = server.speak(PATHS[0], text="boat", voice_id="bf_emma").json()
    assert british["phonemes"] == "bˈQt"


def test_applies_dictionaries(server: LiveServer) -> None:
    items = [{"word": "SQL", "pronunciation": "sequel"}]
    made = server.http.post("/waves/v1/pronunciation-dicts", json={"items": items}).json()
    reply = server.speak(PATHS[0], text="SQL", pronunciation_dicts=[made["id"]])
    assert reply.json()["spoken"] == "sequel"
    assert reply.json()["words"][0]["rule"] == "dictionary: SQL"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": ""}, "text"),
        ({"text": "..."}, "Nothing in the text"),
        ({"text": "<speak>Hi <b>x</b></speak>"}, "<b> at character 10"),
        ({"speed": 9}, "speed"),
        ({"language": "xx"}, "language"),
        ({"voice_id": "nobody"}, "Invalid input data"),
        ({"pronunciation_dicts": ["0" * 24]}, "Invalid input data"),
    ],
)
def test_errors_are_those_of_speech(
    server: LiveServer, fields: dict[str, object], named: str
) -> None:
    explained = server.speak(PATHS[0], **fields)
    spoken = server.speak(**fields)
    assert explained.status_code == spoken.status_code == 400
    assert explained.json() == spoken.json()
    assert named in explained.text


def test_needs_a_key(server: LiveServer) -> None:
    reply = httpx.post(server.url + PATHS[0], json={"text": "Hi", "voice_id": "magnus"})
    assert reply.status_code == 401
