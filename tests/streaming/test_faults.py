"""What clients do wrong, and what must not come of it. Starts a server of its own."""

import asyncio
import base64
import contextlib
import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from tests.live import LiveServer, live_server
from tests.streaming.conversation import (
    LIVE,
    SPEED,
    Conversation,
    audio_of,
    conversation,
    eventually,
    spoken,
    statuses,
)

LONG = "Nobody knows where the old map went, and nobody has asked. " * 6
ENDLESS = "Nobody knows where the old map went, and nobody has asked. " * 84
"""About five minutes of speech."""
DROPPED_SOCKETS = 200
GROWTH_BYTES = 64e6
"""What a server may hold afterwards beyond what it held before: noise of the allocators."""
AHEAD_SECONDS = 60
"""Audio at 44.1 kHz that may be made for a client that reads nothing: what the kernel's buffers
take (here 4 MB: 34 s), and the unit of work after that."""


@pytest.fixture(scope="module")
def strained() -> Iterator[LiveServer]:
    with live_server() as running:
        yield running


def resident(server: LiveServer) -> int:
    """Bytes of the server and its engine process."""
    process = psutil.Process(server.process.pid)
    return sum(int(each.memory_info().rss) for each in (process, *process.children()))


def settle(server: LiveServer) -> None:
    """Wait until nothing is left of anybody."""
    for gauge in ("tts_active_requests", "tts_open_sockets", "tts_queue_depth"):

        def idle(gauge: str = gauge) -> bool:
            return server.metric(gauge) == 0

        eventually(idle, message=f"{gauge} stays above 0")


def check_log(server: LiveServer) -> None:
    for sign in ("Task exception", "Traceback", "never retrieved", "was destroyed"):
        assert sign not in server.log()


# Messages


def test_frames_of_ten_megabytes(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for message in ("x" * 10_000_000, json.dumps({"text": "word " * 2_000_000})):
            talk.raw(message)
            assert "exceeds" in talk.until("error")[-1]["message"]
        talk.raw(b"\0" * 10_000_000)
        assert statuses(talk.turn("Hello.")) == ["chunk", "complete"]


def test_a_frame_beyond_what_the_protocol_takes_closes_that_socket_only(
    strained: LiveServer,
) -> None:
    with conversation(strained) as other, conversation(strained) as talk:
        with contextlib.suppress(ConnectionClosed):
            talk.raw("x" * 20_000_000)
        with pytest.raises(ConnectionClosed) as closed:
            talk.receive()
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
        assert statuses(other.turn("Hello.")) == ["chunk", "complete"]


def test_a_thousand_turns_at_once_are_all_answered_in_order(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for number in range(1000):
            text = "Hello." if number % 100 == 0 else ""
            talk.send(text, flush=True, request_id=f"n{number}")
        frames = talk.until(count=1000)
    done = [frame["external_request_id"] for frame in frames if frame["status"] == "complete"]
    assert done == [f"n{number}" for number in range(1000)]
    hello = spoken(strained, "Hello.")
    assert audio_of(frames) == hello * 10


def test_a_thousand_fragments_at_once_are_one_turn(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for _ in range(999):
            talk.send(" ", **{"continue": True})
        talk.send("Hello.", **{"continue": False})
        frames = talk.until()
    assert statuses(frames) == ["chunk", "complete"]
    assert audio_of(frames) == spoken(strained, "Hello.")


def test_a_thousand_bad_messages_bring_a_thousand_errors(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for _ in range(1000):
            talk.raw("{")
        assert statuses(talk.until("error", count=1000)) == ["error"]
        assert statuses(talk.turn("Hello.")) == ["chunk", "complete"]


def test_a_client_that_sends_nonsense_and_reads_nothing_is_not_read(strained: LiveServer) -> None:
    before = resident(strained)
    with stalled_socket(strained) as talk:
        talk.socket.socket.settimeout(1.0)  # our own writes block once the server reads no more
        message = json.dumps({"text": "Hello.", "voice_id": "magnus", "speed": 9, "x": "y" * 4000})
        sent = 0
        with contextlib.suppress(TimeoutError, ConnectionClosed):
            while sent < 20_000:  # 80 MB
                talk.raw(message)
                sent += 1
    assert sent < 20_000, "all of it was taken"
    assert resident(strained) - before < GROWTH_BYTES
    settle(strained)


def test_text_in_waiting_is_bounded(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for _ in range(30):
            talk.send("word " * 999, **{"continue": True})
        refused = talk.until("error")[-1]
        assert refused["error"]["code"] == "TooManyRequests"
        talk.raw('{"cancel_request":true}')
        assert talk.until("complete")
    settle(strained)


def test_open_contexts_are_bounded(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        for number in range(65):
            talk.send("Hello", context_id=f"c{number}", **{"continue": True})
        refused = talk.receive()
        assert refused["error"]["code"] == "TooManyRequests"
        assert refused["context_id"] == "c64"
        talk.send(context_id="c7", cancel_request=True)
        assert talk.receive()["context_id"] == "c7"
        talk.send("Hello.", context_id="c64", **{"continue": False})
        assert {frame["context_id"] for frame in talk.until()} == {"c64"}


def test_a_dictionary_unknown_in_mid_stream(strained: LiveServer) -> None:
    with conversation(strained) as talk:
        talk.send("Hel", **{"continue": True})
        talk.send("p", pronunciation_dicts=["never-made"], **{"continue": True})
        assert talk.until("error")[-1]["message"] == "Invalid input data"
        talk.send("lo.")
        assert audio_of(talk.until()) == spoken(strained, "Hello.")


# Dropped sockets


def test_sockets_dropped_at_random_moments_leave_nothing(strained: LiveServer) -> None:
    dice = random.Random(20260730)
    whole = spoken(strained, LONG)
    # The engine's arena grows to the largest unit of work, within a few runs; that is no leak.
    for _ in range(3):
        strained.speak(text=LONG, speed=SPEED)
    asyncio.run(_drop_many(strained, dice, 20))
    settle(strained)
    before = resident(strained)
    undelivered = strained.metric("tts_undelivered_audio_seconds_total")

    def bystander() -> bytes:
        with conversation(strained) as talk:
            talk.send(LONG)
            return audio_of(talk.until())

    with ThreadPoolExecutor(1) as beside:
        heard = beside.submit(bystander)
        ways = asyncio.run(_drop_many(strained, dice, DROPPED_SOCKETS))
        assert heard.result() == whole, "another stream was disturbed"
    assert sum(ways.values()) == DROPPED_SOCKETS
    assert min(ways.values()) > DROPPED_SOCKETS / 10, ways
    settle(strained)
    assert resident(strained) - before < GROWTH_BYTES
    assert strained.metric("tts_undelivered_audio_seconds_total") > undelivered
    check_log(strained)
    assert (
        spoken(strained, "Hello.")
        == strained.speak(text="Hello.", speed=SPEED, sample_rate=8000).content
    )


async def _drop_many(server: LiveServer, dice: random.Random, count: int) -> dict[str, int]:
    """Open sockets, ask for speech, and leave at random moments in four ways."""
    room = asyncio.Semaphore(25)
    ways = dict.fromkeys(("closed", "aborted", "half closed", "cancelled"), 0)

    async def one(way: str, patience: float, contexts: bool) -> None:
        async with room:
            ways[way] += 1
            # Refused or cut off: either is fine here.
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                await _leave(server, way, patience, contexts)

    plans = [
        (dice.choice(list(ways)), dice.uniform(0, 0.8), dice.random() < 0.3) for _ in range(count)
    ]
    await asyncio.gather(*(one(*plan) for plan in plans))
    return ways


async def _leave(server: LiveServer, way: str, patience: float, contexts: bool) -> None:
    message: dict[str, Any] = {"text": LONG, "voice_id": "magnus", "speed": SPEED}
    if contexts:
        message |= {"context_id": "c", "continue": True}
    socket = await connect_async(
        f"{server.ws_url}{LIVE}?token={server.key}", compression=None, close_timeout=1
    )
    await socket.send(json.dumps(message))
    try:
        async with asyncio.timeout(patience):
            while True:
                await socket.recv()
    except TimeoutError:
        pass
    match way:
        case "closed":
            await socket.close()
        case "half closed":
            socket.transport.write_eof()
            await asyncio.sleep(0.2)
            socket.transport.abort()
        case "cancelled":
            await socket.send('{"context_id":"c","cancel_request":true}')
            socket.transport.abort()
        case _:
            socket.transport.abort()


# Slow readers


def test_a_reader_that_stops_pauses_its_own_work_only(strained: LiveServer) -> None:
    settle(strained)
    before = None  # known once the first has paused: the engine's arena grows to these units
    played: list[bytes] = []
    for stall in (_stalled_events, _stalled_speech):
        made = strained.metric("tts_audio_seconds_total")
        client, read_all = stall(strained)
        with client:
            ahead = _until_paused(strained, made) - made
            assert 0 < ahead < AHEAD_SECONDS
            assert strained.metric("tts_active_requests") == 1
            before = before or resident(strained)
            assert resident(strained) - before < GROWTH_BYTES
            assert strained.speak(text="Hello.", speed=SPEED, sample_rate=8000).content == (
                spoken(strained, "Hello.")
            )
            paused = strained.metric("tts_audio_seconds_total")
            played.append(read_all(ahead))
            assert _grows(strained, paused), "the work never went on"
        settle(strained)
    common = min(map(len, played))
    assert common > 44100 * 2
    assert played[0][:common] == played[1][:common]


def _grows(server: LiveServer, made: float) -> bool:
    eventually(lambda: server.metric("tts_audio_seconds_total") > made)
    return True


def _until_paused(server: LiveServer, made: float) -> float:
    """Wait until work was done, and then none for two seconds; returns what was made so far."""
    assert _grows(server, made)
    since = time.monotonic()
    limit = since + 60
    while time.monotonic() - since < 2.0 or server.metric("tts_queue_depth"):
        assert time.monotonic() < limit, "the work never paused"
        now = server.metric("tts_audio_seconds_total")
        if now != made:
            made, since = now, time.monotonic()
        time.sleep(0.2)
    return made


def _narrow_socket(server: LiveServer) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect((host, int(port)))
    return narrow


def _stalled_events(server: LiveServer) -> tuple[socket.socket, Callable[[float], bytes]]:
    """Ask for events and read none; the function reads as many seconds of them as said."""
    body = json.dumps({"text": ENDLESS, "voice_id": "magnus"}).encode()
    head = (
        f"POST {LIVE} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {server.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    narrow = _narrow_socket(server)
    narrow.sendall(head.encode() + body)

    def read(seconds: float) -> bytes:
        received = bytearray()
        while len(received) < seconds * 44100 * 2 * 4 / 3:
            received += narrow.recv(65536)
        # Undo the chunked coding: frames hold no line of hexadecimal digits alone.
        lines = received.split(b"\r\n")
        text = b"".join(line for line in lines if line.startswith((b"event:", b"data:")))
        frames = text.split(b"\n\n")[:-1]
        return b"".join(base64.b64decode(frame.split(b'"')[3]) for frame in frames)

    return narrow, read


def _stalled_speech(
    server: LiveServer,
) -> tuple["stalled_socket", Callable[[float], bytes]]:
    """The same over a WebSocket."""
    client = stalled_socket(server)
    client.talk.send(ENDLESS, sample_rate=44100, speed=1)

    def read(seconds: float) -> bytes:
        size = 0
        while size < seconds * 44100 * 2:
            size += len(client.talk.receive()["data"]["audio"]) * 3 // 4
        return audio_of(client.talk.frames)

    return client, read


class stalled_socket:  # noqa: N801 - used like a function
    """A WebSocket whose library reads one frame ahead at most."""

    def __init__(self, server: LiveServer) -> None:
        self.talk = Conversation(
            connect(
                f"{server.ws_url}{LIVE}?token={server.key}",
                sock=_narrow_socket(server),
                compression=None,
                max_queue=1,
                ping_interval=None,
                close_timeout=0.1,
                legacy=True,
            )
        )

    def __enter__(self) -> Conversation:
        return self.talk

    def __exit__(self, *_: object) -> None:
        self.talk.socket.socket.close()


# Stops


def test_a_stop_lets_what_is_running_finish(strained: LiveServer) -> None:
    """The last of this server."""
    text, server = LONG[:120], strained
    with ThreadPoolExecutor(2) as clients:
        whole = spoken(server, text)
        with conversation(server) as talk:
            with server.engine_paused():
                chunked = clients.submit(server.speak, text=text, speed=SPEED, sample_rate=8000)
                events = clients.submit(
                    server.speak, LIVE, text=text, speed=SPEED, sample_rate=8000
                )
                talk.send(text)
                eventually(lambda: server.metric("tts_active_requests") == 3)
                server.process.terminate()
            assert server.process.wait(60) == 0
            talk.until()
            assert statuses(talk.frames) == ["chunk", "complete"]
            assert audio_of(talk.frames) == whole
            with pytest.raises(ConnectionClosed) as closed:
                talk.receive()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        assert chunked.result().content == whole
        assert events.result().text.endswith('"done":true}\n\n')
        assert '"status":"error"' not in events.result().text
        check_log(server)


STOPPING = "The server is stopping."


@pytest.mark.parametrize("way", ["events", "chunked", "socket"])
def test_a_stop_without_grace_ends_speech_cleanly(way: str) -> None:
    # One listener at a time: a machine at its limit would let another wait. Files take their share.
    with ThreadPoolExecutor(2) as clients, live_server(shutdown_grace_seconds=1) as server:
        whole = clients.submit(server.speak, text=ENDLESS)
        eventually(lambda: server.metric("tts_audio_seconds_total") > 0)
        reply: Future[Any]
        if way == "socket":
            reply = clients.submit(_stopped_turn, server)
        else:
            path = LIVE if way == "events" else "/waves/v1/tts"
            reply = clients.submit(server.speak, path, text=ENDLESS, stream=way == "chunked")
        eventually(lambda: 'tts_streams{state="listening"} 1.0' in server.http.get("/metrics").text)
        assert server.stop(30) == 0  # the grace, and the unit under way
        assert whole.result().status_code == 503
        assert whole.result().json() == {"error": "ServiceUnavailable", "message": STOPPING}
        match way:
            case "socket":
                assert reply.result()["message"] == STOPPING
            case "events":
                last = reply.result().text.split("\n\n")[-2]
                failure = {"status": "error", "message": STOPPING, "done": True}
                assert json.loads(last.removeprefix("data: ")) == failure
            case _:
                # A raw body has no place for an error: it ends without its terminator.
                assert "incomplete" in str(reply.exception())
        check_log(server)


def _stopped_turn(server: LiveServer) -> dict[str, Any]:
    with conversation(server) as talk:
        talk.send(ENDLESS, speed=1)
        return talk.until()[-1]
