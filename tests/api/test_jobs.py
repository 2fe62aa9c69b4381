"""Long synthesis over HTTP: a job, its files by signed URLs, and what is refused."""

import io
import json
import re
import time
import wave
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from tests.live import LiveServer

TEXT = (
    'It rained at 7:30, then it stopped. "Look", she said, "the river is up by 2 feet & rising." '
    "They went home. " * 3
).strip()
LIMIT_SECONDS = 300


def begin(server: LiveServer, **fields: object) -> str:
    reply = server.speak(**({"text": TEXT, "async": True, "sample_rate": 24000} | fields))
    assert reply.status_code == 202, reply.text
    job_id: str = reply.json()["request_id"]
    assert reply.json() == {"status": "processing", "request_id": job_id}
    assert reply.headers["x-request-id"] == job_id
    assert reply.headers["location"] == f"/waves/v1/jobs/{job_id}"
    return job_id


def look(server: LiveServer, job_id: str) -> dict[str, Any]:
    reply = server.http.get(f"/waves/v1/jobs/{job_id}")
    assert reply.status_code == 200
    body: dict[str, Any] = reply.json()
    return body


def ended(server: LiveServer, job_id: str) -> dict[str, Any]:
    limit = time.monotonic() + LIMIT_SECONDS
    while "completed_at" not in (job := look(server, job_id)):
        assert time.monotonic() < limit, job
        time.sleep(0.2)
    return job


@pytest.fixture(scope="module")
def done(server: LiveServer) -> dict[str, Any]:
    """A finished job."""
    job = ended(server, begin(server))
    assert job["status"] == "completed", job
    return job


@pytest.fixture(scope="module")
def files(done: dict[str, Any]) -> dict[str, bytes]:
    """What it made."""
    return {name: httpx.get(url).content for name, url in done["result"]["files"].items()}


def samples(wav: bytes) -> np.ndarray[Any, np.dtype[np.int16]]:
    with wave.open(io.BytesIO(wav)) as opened:
        assert (opened.getnchannels(), opened.getsampwidth()) == (1, 2)
        return np.frombuffer(opened.readframes(opened.getnframes()), "<i2")


def test_a_job_says_what_it_does(done: dict[str, Any]) -> None:
    assert done["type"] == "tts"
    assert done["progress"] == 1
    assert done["created_at"] <= done["started_at"] <= done["completed_at"]
    result = done["result"]
    assert result["characters"] == result["credits"] == len(TEXT)
    assert (result["output_format"], result["sample_rate"]) == ("wav", 24000)


def test_the_file_holds_what_the_synchronous_route_says(
    server: LiveServer, done: dict[str, Any], files: dict[str, bytes]
) -> None:
    direct = server.speak(text=TEXT, output_format="wav", sample_rate=24000)
    deferred = samples(files["audio"])
    assert deferred.size == samples(direct.content).size
    assert done["result"]["duration"] == pytest.approx(deferred.size / 24000, abs=0.001)
    difference = deferred.astype(float) - samples(direct.content)
    assert np.sqrt(np.mean(difference**2)) < 0.02 * np.sqrt(np.mean(deferred.astype(float) ** 2))


def test_words_and_captions_say_when(done: dict[str, Any], files: dict[str, bytes]) -> None:
    words = json.loads(files["words"])["words"]
    assert [each["word"] for each in words[:6]] == ["It", "rained", "at", "7:30,", "then", "it"]
    times = [moment for each in words for moment in (each["start"], each["end"])]
    assert times == sorted(times)
    assert times[-1] <= done["result"]["duration"]
    srt, vtt = files["srt"].decode(), files["vtt"].decode()
    assert srt.startswith("1\n00:00:00,")
    assert vtt.startswith("WEBVTT\n\n00:00:00.")
    assert "2 feet & rising." in srt
    assert "2 feet &amp; rising." in vtt
    shown = " ".join(block.split("\n", 2)[2] for block in srt.strip().split("\n\n"))
    assert re.findall(r"\w+", shown) == re.findall(r"\w+", TEXT)


def test_players_can_seek(done: dict[str, Any], files: dict[str, bytes]) -> None:
    url, whole = done["result"]["files"]["audio"], files["audio"]
    size = len(whole)
    head = httpx.head(url)
    assert (head.status_code, head.headers["content-length"]) == (200, str(size))
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["content-type"] == "audio/wav"
    for asked, part in (
        ("bytes=0-9", whole[:10]),
        ("bytes=100-", whole[100:]),
        ("bytes=-7", whole[-7:]),
        (f"bytes={size - 1}-{size + 50}", whole[-1:]),
    ):
        reply = httpx.get(url, headers={"Range": asked})
        assert (reply.status_code, reply.content) == (206, part)
        assert reply.headers["content-range"].endswith(f"/{size}")
    assert httpx.get(url, headers={"Range": f"bytes={size}-"}).status_code == 416
    for ignored in ("bytes=9-3", "lines=1-2", "bytes=0-1,3-4", "bytes=-", "bytes=x-y"):
        assert httpx.get(url, headers={"Range": ignored}).content == whole


def test_altered_and_expired_urls_are_refused(server: LiveServer, done: dict[str, Any]) -> None:
    url = done["result"]["files"]["audio"]
    start, seal, key = re.fullmatch(r"(.*/files/)([^/]+)/(.*)", url).groups()  # type: ignore[union-attr]
    expiry, signature = seal.split("-")
    other = f"jobs/{uuid4()}/speech.wav"
    for altered in (
        f"{start}{seal}/{other}",
        f"{start}{int(expiry) + 1}-{signature}/{key}",
        f"{start}1000000000-{signature}/{key}",
        f"{start}{expiry}-{signature[:-1]}/{key}",
        f"{start}{expiry}-é/{key}",
        f"{start}{expiry}/{key}",
        f"{start}-/{key}",
        f"{start}{seal}/..%2f..%2fgroundswell.db",
        f"{start}{seal}/%2fetc%2fpasswd",
        f"{start}{seal}/{key}%00",
    ):
        reply = httpx.get(altered)
        assert reply.status_code == 403, altered
        assert reply.json()["error"] == "Forbidden"
    assert httpx.get(f"{start}{seal}").status_code == 404


@pytest.mark.parametrize("audio_format", ["mp3", "ulaw"])
def test_other_formats(server: LiveServer, audio_format: str) -> None:
    fields = {"text": "A short one.", "output_format": audio_format, "sample_rate": 8000}
    job = ended(server, begin(server, **fields))
    url = job["result"]["files"]["audio"]
    assert url.endswith(f".{audio_format}")
    direct = server.speak(**fields)
    made = httpx.get(url).content
    assert len(made) == pytest.approx(len(direct.content), rel=0.05)


def test_jobs_are_listed_and_cancelled_by_their_owner(
    server: LiveServer, done: dict[str, Any]
) -> None:
    jobs = "/waves/v1/jobs"
    running = begin(server, text="A sentence of some length, again and again. " * 400)
    listed = server.http.get(jobs, params={"type": "tts", "pageSize": 1}).json()
    assert [each["id"] for each in listed["data"]] == [running]
    assert listed["totalPages"] == listed["totalCount"]
    completed = server.http.get(jobs, params={"status": "completed"}).json()["data"]
    assert done["id"] in [each["id"] for each in completed]
    before = server.http.get("/payment/v1/credits/usage/breakdown").json()
    cancelled = server.http.post(f"{jobs}/{running}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert server.http.post(f"{jobs}/{running}/cancel").json() == cancelled.json()
    assert server.http.get("/payment/v1/credits/usage/breakdown").json() == before
    logged = server.http.get("/waves/v1/analytics/tts/logs").json()["data"]
    entry = next(each for each in logged if each["request_id"] == running)
    assert (entry["status"], entry["credits"], entry["transport"]) == ("cancelled", 0, "job")
    ended_first = server.http.post(f"{jobs}/{done['id']}/cancel").json()
    assert ended_first["status"] == "completed"
    limit = time.monotonic() + 30
    left = server.data_dir / "objects" / "jobs" / running
    while left.exists():
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_an_idempotency_key_begins_one_job(server: LiveServer) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    fields = {"text": "Only once.", "voice_id": "magnus", "async": True}

    def post(**changes: object) -> httpx.Response:
        return server.http.post("/waves/v1/tts", json=fields | changes, headers=key)

    first, second = post(), post()
    assert first.json() == second.json()
    conflict = post(text="Something else.")
    assert (conflict.status_code, conflict.json()["error"]) == (409, "Conflict")
    assert ended(server, first.json()["request_id"])["status"] == "completed"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": "word " * 40_001}, "text"),
        ({"text": ""}, "text"),
        ({"text": "?! …"}, "text"),
        ({"voice_id": "nobody"}, "voice_id"),
        ({"async": "perhaps"}, "async"),
        ({"webhook_url": "http://127.0.0.1/hook"}, "webhook_url"),
        ({"webhook_url": "file:///etc/passwd"}, "webhook_url"),
        ({"webhook_url": "https://example.org/" + "x" * 2048}, "webhook_url"),
        ({"pronunciation_dicts": ["0" * 24]}, "pronunciation_dicts"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    server: LiveServer, fields: dict[str, object], named: str
) -> None:
    before = server.http.get("/waves/v1/jobs").json()["totalCount"]
    reply = server.speak(**({"async": True} | fields))
    assert reply.status_code == 400
    assert reply.json()["details"][0]["path"] == [named]
    assert server.http.get("/waves/v1/jobs").json()["totalCount"] == before


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=1e9", "pageSize=101", "status=odd", "page=9" + "9" * 30]
)
def test_absurd_pages_are_refused(server: LiveServer, query: str) -> None:
    assert server.http.get(f"/waves/v1/jobs?{query}").status_code == 400


def test_unknown_jobs_are_not_found(server: LiveServer) -> None:
    for job_id in (str(uuid4()), "x", "..", "%00", "x" * 3000):
        assert server.http.get(f"/waves/v1/jobs/{job_id}").status_code == 404
        assert server.http.post(f"/waves/v1/jobs/{job_id}/cancel").status_code == 404
    assert httpx.get(f"{server.url}/waves/v1/jobs").status_code == 401
    assert server.http.get("/waves/v1/jobs?page=1000000").json()["data"] == []
