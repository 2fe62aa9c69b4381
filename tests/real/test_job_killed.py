"""A real server is killed while it speaks a long text; the next one finishes it."""

import io
import os
import re
import signal
import sys
import time
import wave
from typing import Any

import httpx
from tests.live import LiveServer, live_server

from groundswell.bench.server_process import free_port, server_process

TEXT = "The quick brown fox jumps over the lazy dog near the river. " * 14


def test_a_killed_server_loses_nothing_of_a_job() -> None:
    with live_server() as server:
        reply = server.speak(text=TEXT, sample_rate=8000, **{"async": True})
        job = f"/waves/v1/jobs/{reply.json()['request_id']}"
        _until(server.http, job, lambda now: now["progress"] > 0.5)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        port = free_port()
        command = [sys.executable, "-m", "groundswell", "serve", "--port", str(port)]
        url, log = f"http://127.0.0.1:{port}", server.data_dir / "next.log"
        with server_process(
            [*command, "--data-dir", str(server.data_dir)], {}, f"{url}/waves/v1/health", log
        ):
            _finished(server, httpx.Client(base_url=url, headers=server.auth), job)


def _finished(server: LiveServer, http: httpx.Client, job: str) -> None:
    done = _until(http, job, lambda now: "completed_at" in now)
    assert done["status"] == "completed", done
    assert done["result"]["credits"] == len(TEXT)
    with wave.open(io.BytesIO(httpx.get(done["result"]["files"]["audio"]).content)) as sound:
        assert sound.getnframes() / 8000 > 14 * 2.5
    words = httpx.get(done["result"]["files"]["words"]).json()["words"]
    assert [each["word"].strip(".") for each in words] == re.findall(r"\w+", TEXT)
    starts = [each["start"] for each in words]
    assert starts == sorted(starts)
    ledger = http.get("/payment/v1/credits/ledger").json()["data"]["transactions"]
    assert len(ledger) == 1
    assert sorted(path.name for path in (server.data_dir / "objects").rglob("*.*")) == [
        "captions.srt",
        "captions.vtt",
        "speech.wav",
        "words.json",
    ]


def _until(http: httpx.Client, job: str, condition: Any) -> dict[str, Any]:
    limit = time.monotonic() + 300
    while not condition(now := http.get(job).json()):
        assert time.monotonic() < limit, now
        time.sleep(0.1)
    found: dict[str, Any] = now
    return found
