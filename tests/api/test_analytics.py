"""Logs and time series over HTTP (platform.md §4)."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from tests.accounts.entries import NOON, recognition, speech, webhook, write
from tests.api.reading import client_of
from tests.live import LiveServer
from websockets.sync.client import connect

from groundswell.accounts.history import History
from groundswell.accounts.keys import Keys
from groundswell.store.database import Database

ANALYTICS = "/waves/v1/analytics"
LOGS = ("asr/logs", "tts/logs", "webhooks/logs")
SERIES = {
    "asr/usage/timeseries": "totalRequestCount",
    "tts/usage/timeseries": "totalRequestCount",
    "tts/usage/credits/timeseries": "totalCredits",
    "tts/concurrency/timeseries": None,
    "tts/ws-connections/timeseries": None,
}
SPEECH_FIELDS = {
    "timestamp": str,
    "request_type": str,
    "model": str,
    "voice_id": str,
    "language": str,
    "text": str,
    "text_len": int,
    "credits": (int, float),
    "speed": (int, float),
    "sample_rate": int,
    "output_format": str,
    "enhancement": (int, float),
    "similarity": (int, float),
    "consistency": (int, float, type(None)),
    "is_pvc": (bool, type(None)),
}
RECOGNITION_FIELDS = {
    "request_id": str,
    "timestamp": str,
    "request_type": str,
    "model": str,
    "language": str,
    "duration": (int, float),
    "file_size": str,
    "transcription": str,
    "word_timestamps": bool,
    "diarize": bool,
    "redact_pii": bool,
    "redact_pci": bool,
    "numerals": str,
    "keywords": str,
    "emotion_detection": bool,
    "gender_detection": bool,
    "emotions": str,
    "gender": str,
    "webhook_url": str,
}
WEBHOOK_FIELDS = {
    "org_id": str,
    "request_id": str,
    "webhook_url": str,
    "method": str,
    "event_type": str,
    "status": str,
    "attempt": int,
    "response_status_code": (int, type(None)),
    "error": (str, type(None)),
    "timestamp": str,
    "duration_ms": (int, type(None)),
}
NASTY = ("'; DROP TABLE usage_hours; --", '" OR 1=1', "%00", "\x00", "x" * 9000, "1e9", "½", "-1")


@pytest.fixture
def client(database: Database, account: str) -> Iterator[TestClient]:
    with client_of(database, account) as client:
        yield client


@pytest.fixture
def other_client(database: Database, other_account: str) -> Iterator[TestClient]:
    with client_of(database, other_account) as client:
        yield client


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(f"{ANALYTICS}/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def assert_shape(entry: dict[str, Any], fields: dict[str, Any]) -> None:
    for name, kind in fields.items():
        assert isinstance(entry[name], kind), f"{name}: {entry[name]!r}"
    assert datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S")


def test_entries_have_the_contracts_fields(
    database: Database, client: TestClient, account: str
) -> None:
    write(database, speech(account), recognition(account), webhook(account))
    shapes = (RECOGNITION_FIELDS, SPEECH_FIELDS, WEBHOOK_FIELDS)
    for log, fields in zip(LOGS, shapes, strict=True):
        body = get(client, log)
        assert body.pop("status") == "success"
        (entry,) = body.pop("data")
        assert body == {"page": 1, "pageSize": 50, "totalCount": 1, "totalPages": 1}
        assert_shape(entry, fields)
    entry = get(client, "tts/logs")["data"][0]
    assert (entry["timestamp"], entry["text_len"], entry["credits"]) == (
        "2026-03-01 12:00:00",
        6,
        6,
    )
    entry = get(client, "asr/logs")["data"][0]
    assert (entry["duration"], entry["file_size"]) == (3.2, "102400")


def test_logs_of_nothing_are_empty(client: TestClient) -> None:
    for log in LOGS:
        body = get(client, log)
        assert (body["data"], body["totalCount"], body["totalPages"]) == ([], 0, 0)


def test_pages_follow_one_another(database: Database, client: TestClient, account: str) -> None:
    write(database, *(speech(account, request_id=f"r-{at}") for at in range(25)))
    pages = [get(client, "tts/logs", page=page, pageSize=10) for page in (1, 2, 3, 4)]
    assert [len(page["data"]) for page in pages] == [10, 10, 5, 0]
    assert {(page["totalCount"], page["totalPages"]) for page in pages} == {(25, 3)}
    ids = [entry["request_id"] for page in pages for entry in page["data"]]
    assert ids == [f"r-{at}" for at in reversed(range(25))]


def test_pages_out_of_bounds_are_named(client: TestClient) -> None:
    values = ("0", "101x", "1.5", "10000000000", *NASTY)
    for log, name, value in product(LOGS, ("page", "pageSize"), values):
        answer = client.get(f"{ANALYTICS}/{log}", params={name: value})
        assert answer.status_code == 400
        assert list(answer.json()) == ["error"]
        assert answer.json()["error"].startswith(f"{name}: must be an integer from 1 to ")
    assert get(client, "tts/logs")["totalCount"] == 0


def test_series_default_to_seven_days(client: TestClient) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for path, total in SERIES.items():
        body = get(client, path)
        assert set(body) == {"timestamps", "values"} | ({total} if total else set())
        assert len(body["timestamps"]) == len(body["values"]) == 8
        assert body["timestamps"][0] == f"{today - timedelta(days=7):%Y-%m-%d}T00:00:00.000Z"
        assert set(body["values"]) == {0}
        assert total is None or body[total] == 0


def test_series_count(database: Database, client: TestClient, account: str) -> None:
    write(
        database,
        speech(account, NOON, credits=5),
        speech(account, NOON + timedelta(hours=2), credits=7),
        recognition(account, NOON),
    )
    window = {"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T15:00:00Z", "granularity": "hour"}
    assert get(client, "tts/usage/timeseries", **window) == {
        "timestamps": [f"2026-03-01T{hour}:00:00.000Z" for hour in (12, 13, 14)],
        "values": [1, 0, 1],
        "totalRequestCount": 2,
    }
    assert get(client, "tts/usage/credits/timeseries", **window)["totalCredits"] == 12
    assert get(client, "asr/usage/timeseries", **window)["values"] == [1, 0, 0]
    offset = window | {"from": "2026-03-01T17:30:00+05:30", "to": "2026-03-01T20:30:00+05:30"}
    assert get(client, "tts/usage/timeseries", **offset)["values"] == [1, 0, 1]


def test_ranges_out_of_bounds_are_named(client: TestClient) -> None:
    wrong: list[tuple[dict[str, str], str]] = [
        ({"from": "x", "to": "y"}, "from: Invalid date; to: Invalid date"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from: must not be after to"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "Date range cannot exceed 366 days."),
        *(({"from": value}, "from: Invalid date") for value in NASTY),
        *(({"granularity": value}, "granularity: must be one of hour, day") for value in NASTY),
    ]
    for path, (parameters, problem) in product(SERIES, wrong):
        answer = client.get(f"{ANALYTICS}/{path}", params=parameters)
        assert (answer.status_code, answer.json()) == (400, {"error": problem})


def test_history_is_deleted_once_and_for_its_owner_only(
    database: Database, client: TestClient, other_client: TestClient, account: str
) -> None:
    write(database, recognition(account, request_id="keep"), recognition(account, request_id="go"))
    for path in ("go", "unknown", "%00", "a%27b", "x" * 500):
        answer = other_client.delete(f"{ANALYTICS}/asr/history/{path}")
        assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    assert get(client, "asr/logs")["totalCount"] == 2
    for _ in range(2):
        assert client.delete(f"{ANALYTICS}/asr/history/go").json() == {"status": "success"}
    body = get(client, "asr/logs")
    assert [entry["request_id"] for entry in body["data"]] == ["keep"]
    window = {"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T13:00:00Z"}
    assert get(client, "asr/usage/timeseries", **window)["totalRequestCount"] == 2


def test_nobody_sees_what_is_anothers(
    database: Database, client: TestClient, other_client: TestClient, account: str
) -> None:
    write(database, speech(account), recognition(account), webhook(account))
    window = {"from": "2026-03-01", "to": "2026-03-02"}
    for log in LOGS:
        assert get(client, log)["totalCount"] == 1
        assert get(other_client, log)["totalCount"] == 0
    for path in SERIES:
        assert set(get(other_client, path, **window)["values"]) == {0}


def test_a_key_is_needed(client: TestClient) -> None:
    for path in (*LOGS, *SERIES):
        answer = client.get(f"{ANALYTICS}/{path}?page=0", headers={"Authorization": "Bearer sk_no"})
        assert answer.status_code == 401
        assert list(answer.json()) == ["error"]


def test_both_prefixes_serve(client: TestClient) -> None:
    assert client.get("/api/v1/analytics/tts/logs").status_code == 200


# A real server


def logged(server: LiveServer, key: str, count: int) -> list[dict[str, Any]]:
    """The entries of a key's account, newest first, once there are so many."""
    limit = time.monotonic() + 60
    while True:
        answer = httpx.get(
            f"{server.url}{ANALYTICS}/tts/logs", headers={"Authorization": f"Bearer {key}"}
        )
        data: list[dict[str, Any]] = answer.json()["data"]
        if len(data) >= count or time.monotonic() > limit:
            assert len(data) == count
            return data
        time.sleep(0.05)


@pytest.fixture
def own_key(server: LiveServer) -> str:
    """A key of a new account, whose log is empty."""
    from groundswell.accounts.accounts import Accounts

    database = Database(f"sqlite:///{server.data_dir / 'groundswell.db'}")
    name = f"logs-{time.monotonic_ns()}"
    account = Accounts(database).create(name)
    key, _ = Keys(database).create("own", account=account.id)
    database.close()
    return key


def speak(server: LiveServer, key: str, path: str = "/waves/v1/tts", **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} | more.pop("headers", {})
    fields = {"text": "Hello there.", "voice_id": "magnus"} | more
    return httpx.post(server.url + path, headers=headers, json=fields, timeout=120)


def speak_on_socket(server: LiveServer, key: str, **headers: str) -> dict[str, Any]:
    """Speak on a socket; returns the last frame."""
    headers |= {"Authorization": f"Bearer {key}"}
    with connect(f"{server.ws_url}/waves/v1/tts/live", additional_headers=headers) as socket:
        socket.send(json.dumps({"text": "Hello there.", "voice_id": "magnus", "continue": False}))
        while (frame := json.loads(socket.recv()))["status"] != "complete":
            pass
    last: dict[str, Any] = frame
    return last


def test_every_transport_is_logged(server: LiveServer, own_key: str) -> None:
    answer = speak(server, own_key, output_format="mp3", speed=1.5, sample_rate=8000)
    speak(server, own_key, stream=True)
    speak(server, own_key, "/waves/v1/tts/live")
    tuned = {"similarity": 0.4, "enhancement": 1, "consistency": 0.7}
    speak(server, own_key, "/waves/v1/lightning-v2/get_speech", **tuned)
    frame = speak_on_socket(server, own_key)
    on_socket, tuned_entry, events, chunked, plain = logged(server, own_key, 5)
    for entry in (on_socket, events, chunked, plain):
        assert_shape(entry, SPEECH_FIELDS)
        assert (entry["text"], entry["text_len"], entry["credits"]) == ("Hello there.", 12, 12)
        assert (entry["status"], entry["error"]) == ("completed", None)
        assert entry["key_prefix"] == own_key[:8]
        assert entry["audio_seconds"] > 0.4
        assert 0 < entry["first_audio_ms"] <= entry["latency_ms"]
    shown = ("transport", "request_type", "route", "model")
    assert [[entry[name] for name in shown] for entry in (on_socket, events, chunked, plain)] == [
        ["ws", "ws", "/waves/v1/tts/live", "lightning-v3.1"],
        ["sse", "rest", "/waves/v1/tts/live", "lightning-v3.1"],
        ["chunked", "rest", "/waves/v1/tts", "lightning-v3.1"],
        ["http", "rest", "/waves/v1/tts", "lightning-v3.1"],
    ]
    assert plain["request_id"] == answer.headers["x-request-id"]
    assert on_socket["request_id"] == frame["request_id"]
    assert (plain["output_format"], plain["speed"], plain["sample_rate"]) == ("mp3", 1.5, 8000)
    assert {name: tuned_entry[name] for name in tuned} == tuned


def test_failures_and_departures_are_logged(server: LiveServer, own_key: str) -> None:
    assert speak(server, own_key, text="🙂").status_code == 400
    (failed,) = logged(server, own_key, 1)
    assert (failed["status"], failed["credits"], failed["audio_seconds"]) == ("failed", 0, 0)
    assert failed["error"].startswith("InvalidRequest: ")
    assert failed["first_audio_ms"] is None
    headers = {"Authorization": f"Bearer {own_key}"}
    long = {"text": "One more sentence, and another one. " * 60, "voice_id": "magnus"}
    with httpx.stream(
        "POST", f"{server.url}/waves/v1/tts/live", headers=headers, json=long, timeout=120
    ) as stream:
        next(stream.iter_bytes())
    cancelled, _ = logged(server, own_key, 2)
    assert (cancelled["status"], cancelled["error"]) == ("cancelled", None)
    assert len(cancelled["text"]) == 1000 < cancelled["text_len"] == len(long["text"])
    assert cancelled["credits"] < cancelled["text_len"]


def test_refused_requests_are_no_syntheses(server: LiveServer, own_key: str) -> None:
    assert speak(server, own_key, voice_id="nobody").status_code == 400
    assert speak(server, own_key, text="").status_code == 400
    assert speak(server, own_key).status_code == 200
    logged(server, own_key, 1)


def test_usage_and_peaks_follow_a_request(server: LiveServer, own_key: str) -> None:
    assert speak(server, own_key).status_code == 200
    logged(server, own_key, 1)
    headers = {"Authorization": f"Bearer {own_key}"}

    def last(path: str) -> int:
        answer = httpx.get(f"{server.url}{ANALYTICS}/{path}", headers=headers).json()
        return int(answer["values"][-1])

    assert last("tts/usage/timeseries") == 1
    assert last("tts/usage/credits/timeseries") == 12
    assert last("tts/concurrency/timeseries") == 1
    assert last("tts/ws-connections/timeseries") == 0


def test_expiring_content_is_erased_when_its_time_has_come(
    server: LiveServer, own_key: str
) -> None:
    answer = speak(server, own_key, headers={"x-expire-content": "true"})
    assert answer.headers["x-content-expiry"] == "applied"
    assert "x-content-expiry" not in speak(server, own_key).headers
    speak_on_socket(server, own_key, **{"x-expire-content": "true"})
    assert [entry["text"] for entry in logged(server, own_key, 3)] == ["Hello there."] * 3
    database = Database(f"sqlite:///{server.data_dir / 'groundswell.db'}")
    history = History(database)
    assert history.erase_expired(datetime.now(UTC) + timedelta(days=6)) == 0
    assert history.erase_expired(datetime.now(UTC) + timedelta(days=8)) == 2
    database.close()
    entries = logged(server, own_key, 3)
    assert [entry["text"] for entry in entries] == ["", "Hello there.", ""]
    assert {entry["text_len"] for entry in entries} == {12}
