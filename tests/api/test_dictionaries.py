"""Pronunciation dictionaries over the wire: their routes, and speech by every transport."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.live import LiveServer
from tests.streaming.conversation import audio_of, conversation, words_of

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.keys import Keys
from groundswell.api.speech_request import PROFILES
from groundswell.store.database import Database

PATH = "/waves/v1/pronunciation-dicts"
TEXT = "We moved to Xyqo, then Zelphi."
ITEMS = [
    {"word": "Xyqo", "pronunciation": "cinnamon pudding"},
    {"word": "Zelphi", "pronunciation": "/ˈtʃɒklət ˈbɪskɪt/"},
]
UNKNOWN = "0123456789abcdef01234567"
SPEECH = {"text": TEXT, "sample_rate": 8000, "speed": 2.0}


def create(server: LiveServer, *items: dict[str, str], path: str = PATH) -> str:
    reply = server.http.post(path, json={"items": list(items) or ITEMS})
    assert reply.status_code == 200, reply.text
    return str(reply.json()["id"])


def delete(server: LiveServer, name: str, path: str = PATH) -> httpx.Response:
    return server.http.request("DELETE", path, json={"id": name})


@pytest.fixture(scope="module")
def kept(server: LiveServer) -> Iterator[str]:
    name = create(server)
    yield name
    delete(server, name)


@pytest.fixture(scope="module")
def spoken(server: LiveServer, kept: str) -> bytes:
    reply = server.speak(**SPEECH, pronunciation_dicts=[kept])
    assert reply.status_code == 200, reply.text
    return reply.content


@pytest.mark.parametrize("prefix", ["/waves/v1", "/api/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_life_of_a_dictionary(server: LiveServer, prefix: str, slash: str) -> None:
    path = f"{prefix}/pronunciation-dicts{slash}"
    made = server.http.post(path, json={"items": ITEMS, "more": 1}).json()
    assert re.fullmatch(r"[0-9a-f]{24}", made["id"])
    assert made["items"] == ITEMS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["createdAt"])
    assert set(made) == {"id", "items", "createdAt"}
    assert made in server.http.get(path).json()

    changed = [{"word": "Xyqo", "pronunciation": "nutmeg"}]
    reply = server.http.put(path, json={"id": made["id"], "items": changed})
    assert reply.json() == {"id": made["id"], "items": changed}
    assert made | {"items": changed} in server.http.get(path).json()

    assert delete(server, made["id"], path).json() == {"id": made["id"], "deleted": True}
    assert made["id"] not in [each["id"] for each in server.http.get(path).json()]
    for gone in (
        delete(server, made["id"], path),
        server.http.put(path, json={"id": made["id"], "items": changed}),
    ):
        assert gone.status_code == 404
        assert gone.json() == {"error": "Pronunciation dictionary not found"}


def test_a_missing_field_in_the_contracts_words(server: LiveServer) -> None:
    reply = server.http.post(PATH, json={"items": [{"pronunciation": "x"}]})
    assert reply.status_code == 400
    assert reply.json() == {
        "error": "Invalid request body",
        "details": [
            {
                "code": "invalid_type",
                "expected": "string",
                "received": "undefined",
                "path": ["items", 0, "word"],
                "message": "Required",
            }
        ],
    }


def items(count: int) -> list[dict[str, str]]:
    return [{"word": f"w{n}", "pronunciation": "x"} for n in range(count)]


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({}, ["items"], "invalid_type"),
        ({"items": None}, ["items"], "invalid_type"),
        ({"items": "x"}, ["items"], "invalid_type"),
        ({"items": []}, ["items"], "too_small"),
        ({"items": ["x"]}, ["items", 0], "invalid_type"),
        ({"items": [{"word": 5, "pronunciation": "x"}]}, ["items", 0, "word"], "invalid_type"),
        ({"items": [{"word": "", "pronunciation": "x"}]}, ["items", 0, "word"], "too_small"),
        ({"items": [{"word": " ", "pronunciation": "x"}]}, ["items", 0, "word"], "custom"),
        ({"items": [{"word": "a\0", "pronunciation": "x"}]}, ["items", 0, "word"], "custom"),
        ({"items": [{"word": "a" * 201, "pronunciation": "x"}]}, ["items", 0, "word"], "too_big"),
        (
            {"items": [*items(3), {"word": "a", "pronunciation": ""}]},
            ["items", 3, "pronunciation"],
            "too_small",
        ),
        (
            {"items": [{"word": "a", "pronunciation": "?!"}]},
            ["items", 0, "pronunciation"],
            "custom",
        ),
        (
            {"items": [{"word": "a", "pronunciation": "/x€y/"}]},
            ["items", 0, "pronunciation"],
            "custom",
        ),
        ({"items": items(1001)}, ["items"], "too_big"),
        ({"items": items(10_000)}, ["items"], "too_big"),
    ],
)
def test_bad_dictionaries_are_refused_by_name(
    server: LiveServer, body: dict[str, Any], path: list[str | int], code: str
) -> None:
    known = len(server.http.get(PATH).json())
    reply = server.http.post(PATH, json=body)
    assert reply.status_code == 400
    error = reply.json()
    assert error["error"] == "Invalid request body"
    assert (error["details"][0]["path"], error["details"][0]["code"]) == (path, code)
    assert error["details"][0]["message"]
    assert len(server.http.get(PATH).json()) == known


@pytest.mark.parametrize("raw", ["", "{", "[]", '"x"', '{"items":[{"word":"\\ud800"}]}'])
def test_a_body_that_is_no_object(server: LiveServer, raw: str) -> None:
    reply = server.http.post(PATH, content=raw, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"] == "Invalid request body"
    assert reply.json()["details"]


def test_half_a_surrogate_is_refused(server: LiveServer) -> None:
    body = '{"items":[{"word":"\\ud800","pronunciation":"x"}]}'
    reply = server.http.post(PATH, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["details"][0]["path"] == ["items", 0, "word"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("name", ["", "x", UNKNOWN, "\x00", "é" * 24])
def test_unknown_ids_are_not_found(server: LiveServer, method: str, name: str) -> None:
    reply = server.http.request(method, PATH, json={"id": name, "items": ITEMS})
    assert reply.status_code == 404
    missing = server.http.request(method, PATH, json={"items": ITEMS})
    assert missing.status_code == 400
    assert missing.json()["details"][0]["path"] == ["id"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_key_is_needed(server: LiveServer, method: str) -> None:
    reply = httpx.request(method, server.url + PATH, json={"items": ITEMS})
    assert reply.status_code == 401
    assert reply.json() == {"error": "Unauthorized"}


def test_a_foreign_dictionary_is_an_unknown_one(server: LiveServer, kept: str) -> None:
    database = Database(f"sqlite:///{server.data_dir / 'groundswell.db'}")
    account = Accounts(database).create(uuid4().hex)
    other, _ = Keys(database).create("other", account=account.id)
    database.close()
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {other}"}) as http:
        assert http.get(PATH).json() == []
        assert http.request("DELETE", PATH, json={"id": kept}).status_code == 404
        assert http.put(PATH, json={"id": kept, "items": ITEMS}).status_code == 404
        body = SPEECH | {"voice_id": "magnus", "pronunciation_dicts": [kept]}
        assert http.post("/waves/v1/tts", json=body).json()["error"] == "Invalid input data"
    assert kept in [each["id"] for each in server.http.get(PATH).json()]


def test_a_respelling_is_spoken(server: LiveServer, spoken: bytes) -> None:
    """To the byte what the respelled text gives; the IPA word was never read by its letters."""
    plain = server.speak(**SPEECH).content
    assert spoken != plain
    one = create(server, ITEMS[0])
    respelled = TEXT.replace("Xyqo", "cinnamon pudding")
    again = server.speak(**SPEECH, pronunciation_dicts=[one]).content
    assert again == server.speak(**SPEECH | {"text": respelled}).content
    delete(server, one)


@pytest.mark.parametrize("model", [*PROFILES, "lightning_v3.1"])
def test_every_model_applies_it(server: LiveServer, kept: str, spoken: bytes, model: str) -> None:
    fields = SPEECH | {"voice_id": "magnus", "pronunciation_dicts": [kept]}
    reply = server.http.post(f"/waves/v1/{model}/get_speech", json=fields)
    assert reply.content == spoken


@pytest.mark.parametrize("path", ["/waves/v1/tts/live", "/waves/v1/lightning-v3.1/stream"])
def test_events_apply_it(server: LiveServer, kept: str, spoken: bytes, path: str) -> None:
    lines = server.speak(path, **SPEECH, pronunciation_dicts=[kept]).text.splitlines()
    frames = [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]
    audio = b"".join(base64.b64decode(frame["audio"]) for frame in frames if "audio" in frame)
    assert audio == spoken


def test_a_socket_applies_it_and_shows_the_words_as_typed(
    server: LiveServer, kept: str, spoken: bytes
) -> None:
    with conversation(server) as talk:
        frames = talk.turn(TEXT, pronunciation_dicts=[kept], word_timestamps=True)
        plain = talk.turn(TEXT, word_timestamps=True)
        both = talk.turn(TEXT, pronunciation_dicts=[kept], context_id="c", **{"continue": False})
    assert audio_of(frames) == spoken
    assert audio_of(both) == spoken
    assert audio_of(plain) != spoken
    times = words_of(frames)
    assert [time["word"] for time in times] == TEXT.split()
    before = words_of(plain)
    assert [time["word"] for time in before] == TEXT.split()
    assert times[0]["start"] == pytest.approx(before[0]["start"], abs=0.1)
    assert times[3]["end"] - times[3]["start"] > 1.2 * (before[3]["end"] - before[3]["start"])


@pytest.mark.parametrize("ids", [[UNKNOWN], ["x"], [""], [UNKNOWN, UNKNOWN]])
def test_an_unknown_id_in_a_request(server: LiveServer, kept: str, ids: list[str]) -> None:
    for path in ("/waves/v1/tts", "/waves/v1/tts/live", "/waves/v1/lightning/get_speech"):
        reply = server.speak(path, **SPEECH, pronunciation_dicts=[kept, *ids])
        assert reply.status_code == 400
        assert reply.json()["error"] == reply.json()["message"] == "Invalid input data"
        assert reply.json()["details"][0]["path"] == ["pronunciation_dicts"]
    with conversation(server) as talk:
        (frame,) = talk.turn(TEXT, pronunciation_dicts=[kept, *ids])
        assert frame["status"] == "error"
        assert frame["message"] == "Invalid input data"
        assert talk.turn("Still here.")[-1]["status"] == "complete"


def test_too_many_ids(server: LiveServer) -> None:
    ids = [f"{n:024x}" for n in range(21)]
    reply = server.speak(**SPEECH, pronunciation_dicts=ids)
    assert reply.status_code == 400
    assert "20" in reply.json()["message"]


def test_a_turn_keeps_the_dictionary_it_began_with(server: LiveServer) -> None:
    """Its first half is said before the dictionary changes, its second after that."""
    text = "Xyqo is here. "

    def halves(*, changing: bool) -> tuple[bytes, bytes, bytes]:
        name = create(server, {"word": "Xyqo", "pronunciation": "cinnamon"})
        fields = {"pronunciation_dicts": [name], "context_id": "long"}
        with conversation(server) as talk:
            talk.send(text, **fields, **{"continue": True})
            first = audio_of(talk.until())
            if changing:
                items = [{"word": "Xyqo", "pronunciation": "a very long other thing"}]
                assert server.http.put(PATH, json={"id": name, "items": items}).is_success
            talk.send(text, **fields, **{"continue": True})
            second = audio_of(talk.until())
            talk.send("", **fields, **{"continue": False})
            after = audio_of(talk.turn(text, pronunciation_dicts=[name]))
        delete(server, name)
        return first, second, after

    steady, changed = halves(changing=False), halves(changing=True)
    assert steady[0]
    assert changed[:2] == steady[:2]
    assert len(changed[2]) > len(steady[2]) * 1.3


def test_changes_under_load_never_mix(server: LiveServer) -> None:
    """Speech is one version or the other, never something else."""
    name = create(server, {"word": "Xyqo", "pronunciation": "cinnamon"})
    fields = {"text": "Xyqo, Xyqo.", "sample_rate": 8000, "speed": 2.0}
    allowed = {
        server.speak(**fields | {"text": f"{said}, {said}."}).content
        for said in ("cinnamon", "nutmeg")
    }
    heard: list[bytes] = []

    def listen() -> None:
        replies = (server.speak(**fields, pronunciation_dicts=[name]) for _ in range(4))
        heard.extend(reply.content for reply in replies)

    threads = [threading.Thread(target=listen) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for said in ("nutmeg", "cinnamon"):
            changed = [{"word": "Xyqo", "pronunciation": said}]
            assert server.http.put(PATH, json={"id": name, "items": changed}).is_success
    assert len(heard) == 12
    assert set(heard) <= allowed
    delete(server, name)
