"""The engine process killed under a real server: clients are told, health is true, it recovers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from tests.live import LiveServer, live_server
from tests.streaming.conversation import LIVE, SPEED, conversation, eventually, statuses

from groundswell.synthesis.schedule import STATES

LONG = "Nobody knows where the old map went, and nobody has asked. " * 40
KILLS = 3


@pytest.fixture(scope="module")
def fragile() -> Iterator[LiveServer]:
    with live_server() as running:
        yield running


def health(server: LiveServer) -> httpx.Response:
    return httpx.get(f"{server.url}/waves/v1/health")


def kill(server: LiveServer) -> None:
    """Kill the engine and see that health says so."""
    server.engine().kill()
    eventually(lambda: health(server).status_code == 503)
    body = health(server).json()
    assert body["status"] == "error"
    assert "SIGKILL" in body["engine"]["status"]
    assert body["rabbitmq"] == {"status": "disconnected"}
    assert server.metric("groundswell_ready") == 0


def recovered(server: LiveServer) -> None:
    """The next request works, and nothing is left of those before."""
    eventually(lambda: health(server).status_code == 200)
    assert server.speak(text="Hello.").status_code == 200
    idle = [f'tts_streams{{state="{state}"}} 0.0' for state in STATES]
    eventually(lambda: server.metric("tts_active_requests") == 0)
    eventually(lambda: all(line in server.http.get("/metrics").text for line in idle))


def begun(server: LiveServer, active: int = 1) -> None:
    made = server.metric("tts_audio_seconds_total")
    eventually(lambda: server.metric("tts_active_requests") == active)
    eventually(lambda: server.metric("tts_audio_seconds_total") > made + 1)


def test_a_whole_reply_becomes_a_503(fragile: LiveServer) -> None:
    with ThreadPoolExecutor(1) as client:
        reply = client.submit(fragile.speak, text=LONG)
        begun(fragile)
        kill(fragile)
        assert reply.result().status_code == 503
        assert reply.result().json()["error"] == "ServiceUnavailable"
        assert 1 <= int(reply.result().headers["Retry-After"]) <= 120
        # Until the next engine is warm, requests are told when to come back.
        meanwhile = fragile.speak(text="Hello.")
        if health(fragile).status_code == 503:
            assert meanwhile.status_code == 503
            assert int(meanwhile.headers["Retry-After"]) >= 1
    recovered(fragile)


def test_events_end_with_an_error(fragile: LiveServer) -> None:
    with ThreadPoolExecutor(1) as client:
        reply = client.submit(fragile.speak, LIVE, text=LONG, speed=SPEED, sample_rate=8000)
        begun(fragile)
        kill(fragile)
        events = reply.result().text.split("\n\n")
    assert events[0].startswith("event: audio\n")
    last = json.loads(events[-2].removeprefix("data: "))
    assert last["status"] == "error"
    assert last["done"] is True
    assert "engine" in last["message"]
    recovered(fragile)


def test_a_socket_gets_an_error_and_stays_open(fragile: LiveServer) -> None:
    with conversation(fragile) as talk:
        talk.send(LONG)
        talk.until("chunk")
        kill(fragile)
        failed = talk.until("error")[-1]
        assert failed["error"]["code"] == "ServiceUnavailable"
        eventually(lambda: health(fragile).status_code == 200)
        talk.frames.clear()
        assert statuses(talk.turn("Hello.")) == ["chunk", "complete"]
    recovered(fragile)


def test_many_kills_leave_nothing_behind(fragile: LiveServer) -> None:
    process = psutil.Process(fragile.process.pid)
    recovered(fragile)
    files, threads = process.num_fds(), process.num_threads()
    restarts = fragile.metric("tts_engine_restarts_total")
    for _ in range(KILLS):
        # Each is ready and dies at once: a series of crashes, with growing pauses.
        eventually(lambda: health(fragile).status_code == 200)
        fragile.engine().kill()
        eventually(lambda: health(fragile).status_code == 503)
    eventually(lambda: health(fragile).status_code == 200)
    recovered(fragile)
    assert fragile.metric("tts_engine_restarts_total") == restarts + KILLS
    assert len(process.children(recursive=True)) == 1
    assert process.num_fds() <= files + 2
    assert process.num_threads() <= threads + 6
    assert "Traceback" not in fragile.log()


def test_the_engine_dies_with_a_killed_server(fragile: LiveServer) -> None:
    """Last: it takes the server away."""
    engine = fragile.engine()
    fragile.process.kill()
    fragile.process.wait()
    assert not psutil.wait_procs([engine], timeout=60)[1]
