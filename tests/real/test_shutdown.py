"""Stopping a real server: running work finishes, or ends cleanly."""

import threading
import time

import httpx
from tests.live import LiveServer, live_server

LONG = "This is one of a good many sentences in a row, and each takes a while to speak. " * 20


def in_background(server: LiveServer, replies: list[httpx.Response], text: str) -> threading.Thread:
    thread = threading.Thread(target=lambda: replies.append(server.speak(text=text)))
    thread.start()
    limit = time.monotonic() + 30
    while not server.metric("tts_active_requests"):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return thread


def test_running_work_finishes() -> None:
    with live_server() as server:
        replies: list[httpx.Response] = []
        thread = in_background(server, replies, "This sentence is under way when the signal comes.")
        assert server.stop() == 0
        thread.join()
        assert replies[0].status_code == 200
        assert len(replies[0].content) > 100_000
        assert "Traceback" not in server.log()


def test_work_longer_than_the_grace_ends_with_an_error() -> None:
    with live_server(shutdown_grace_seconds=1) as server:
        replies: list[httpx.Response] = []
        thread = in_background(server, replies, LONG)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 15
        thread.join()
        assert replies[0].status_code == 503
        assert replies[0].json()["error"] == "ServiceUnavailable"
        assert "Traceback" not in server.log()
