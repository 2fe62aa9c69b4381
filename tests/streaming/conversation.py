"""A speech socket as a client sees it: every frame is checked for what all frames must be."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect

from tests.live import LiveServer

LIVE = "/waves/v1/tts/live"
VOICE = "magnus"
SPEED = 2.0
"""Speech twice as fast is half the work."""
FRAME_LIMIT_SECONDS = 60.0

Frame = dict[str, Any]


@dataclass
class Conversation:
    """An open socket; ``frames`` holds all that was received, ``times`` when."""

    socket: ClientConnection
    frames: list[Frame] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def send(self, text: str | None = None, **fields: object) -> None:
        """Send a message for fast speech at 8 kHz, unless ``fields`` say otherwise."""
        message = {"voice_id": VOICE, "sample_rate": 8000, "speed": SPEED} | fields
        if text is not None:
            message["text"] = text
        self.raw(json.dumps(message))

    def raw(self, message: str | bytes) -> None:
        self.socket.send(message)

    def receive(self, limit: float = FRAME_LIMIT_SECONDS) -> Frame:
        frame = json.loads(self.socket.recv(timeout=limit))
        check_frame(frame)
        self.frames.append(frame)
        self.times.append(time.monotonic())
        return frame  # type: ignore[no-any-return]

    def until(
        self, *statuses: str, count: int = 1, limit: float = FRAME_LIMIT_SECONDS
    ) -> list[Frame]:
        """Receive until ``count`` frames of these statuses have come; returns all received."""
        received = []
        while count:
            received.append(self.receive(limit))
            count -= received[-1]["status"] in (statuses or ("complete", "error"))
        return received

    def turn(self, text: str, **fields: object) -> list[Frame]:
        """Speak one text; returns its frames, ``complete`` or ``error`` last."""
        self.send(text, **fields)
        return self.until()

    def silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        try:
            self.receive(seconds)
        except TimeoutError:
            return True
        return False


@contextmanager
def conversation(
    server: LiveServer, path: str = LIVE, *, key: str | None = None, **query: object
) -> Iterator[Conversation]:
    """Open a socket with the server's key in the header."""
    with connect(
        f"{server.ws_url}{path}" + (f"?{urlencode(query)}" if query else ""),
        additional_headers={"Authorization": f"Bearer {key or server.key}"},
        compression=None,
        max_size=None,
        open_timeout=20,
    ) as socket:
        yield Conversation(socket)


def check_frame(frame: Frame) -> None:
    """What clients read from frames without a guard (tts.md §8.3)."""
    assert isinstance(frame["status"], str)
    assert frame["request_id"]
    assert frame["session_id"].startswith("ws_")
    match frame["status"]:
        case "error":
            assert frame["message"]
            assert frame["error"]["message"] == frame["message"]
            assert frame["error"]["code"]
            return
        case "chunk":
            assert isinstance(frame["data"]["audio"], str)
        case "word_timestamp":
            assert set(frame["data"]) == {"id", "word", "start", "end"}
        case "complete":
            assert "data" not in frame
            assert frame["message"] == "All chunks sent"
            assert frame["done"] is True
        case other:
            raise AssertionError(f"unknown status {other!r}")
    assert "error" not in frame
    assert None not in frame.values()


def audio_of(frames: list[Frame]) -> bytes:
    return b"".join(
        base64.b64decode(frame["data"]["audio"]) for frame in frames if frame["status"] == "chunk"
    )


def statuses(frames: list[Frame]) -> list[str]:
    """The statuses in order, runs of the same made one."""
    out: list[str] = []
    for frame in frames:
        if out[-1:] != [frame["status"]]:
            out.append(frame["status"])
    return out


def words_of(frames: list[Frame]) -> list[Frame]:
    return [frame["data"] for frame in frames if frame["status"] == "word_timestamp"]


def spoken(server: LiveServer, text: str, path: str = "/waves/v1/tts", **fields: object) -> bytes:
    """What the synchronous route answers; asked once for each distinct request."""
    fields = {"sample_rate": 8000, "speed": SPEED} | fields
    asked = (server.url, text, path, json.dumps(fields))
    if asked not in _ANSWERS:
        _ANSWERS[asked] = server.speak(path, text=text, **fields).content
    return _ANSWERS[asked]


_ANSWERS: dict[tuple[str, ...], bytes] = {}


def eventually(
    condition: Callable[[], bool], limit: float = 120.0, message: str = "it never came true"
) -> None:
    """Wait for a condition; the limit is for machines that are slow, not for what is right."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < limit, message
        time.sleep(0.05)
