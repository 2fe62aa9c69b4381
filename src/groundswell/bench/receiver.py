"""A receiver of webhooks that behaves as its paths say: well, badly, or by chance.

A real HTTP server in a thread of this process (``receiver``) or in a process of its own
(``python -m groundswell.bench.receiver``, which prints its URL and answers ``GET /seen``).
"""

import contextlib
import json
import random
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

FLAP_SECONDS = 0.5
"""How long ``/flap`` is well, and then unwell."""
_BIG_BYTES = 10_000_000
_HANG_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """What came in.

    Attributes:
        headers: with names in lower case.
        at: when, by the monotonic clock.
    """

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    """What a receiver has seen.

    Attributes:
        url: where it listens, without a path.
        requests: all of them, if they are to be kept.
        tried: requests by ``webhook-id``.
        accepted: those that were answered with a 2xx.
        cut: answers whose end nobody read.
    """

    url: str = ""
    keep: bool = True
    requests: list[Request] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, request: Request) -> int:
        """Note a request, and decide on the status of its answer."""
        event_id = request.headers.get("webhook-id", "")
        with self._lock:
            if self.keep:
                self.requests.append(request)
            self.tried[event_id] += 1
            status = self._status(request, self.tried[event_id])
            if status < 300:
                self.accepted[event_id] += 1
        return status

    @staticmethod
    def _status(request: Request, tries: int) -> int:
        """``/200``, ``/503``: this. ``/after/3``: from the third time on. Chance, and flapping."""
        match request.path.strip("/").split("/"):
            case ["coin"]:
                return random.choice((200, 500))  # noqa: S311
            case ["flap"]:
                return 200 if int(request.at / FLAP_SECONDS) % 2 else 503
            case ["after", times]:
                return 200 if tries >= int(times) else 500
            case [status] if status.isdigit():
                return int(status)
        return 200


def _handler(seen: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one packet
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:  # its sender died
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = urlsplit(self.path).path
            status = seen.take(Request(path, headers, body, time.monotonic()))
            with contextlib.suppress(OSError):
                self._answer(path, status)

        def _answer(self, path: str, status: int) -> None:
            if path == "/hang":
                self.connection.settimeout(_HANG_SECONDS)
                self.connection.recv(1)  # until the other side goes
                self.close_connection = True
                return
            self.send_response(status)
            if path == "/302":
                self.send_header("Location", f"{seen.url}/200")
            if path == "/429":
                self.send_header("Retry-After", "2")
            if path == "/endless":
                self.end_headers()
                self._pour(10**12)
            elif path == "/big":
                self.send_header("Content-Length", str(_BIG_BYTES))
                self.end_headers()
                self._pour(_BIG_BYTES)
            else:
                self.send_header("Content-Length", "3")
                self.end_headers()
                self.wfile.write(b"ok\n")
                self.wfile.flush()

        def _pour(self, count: int) -> None:
            try:
                for _ in range(0, count, 10_000):
                    self.wfile.write(b"x" * 10_000)
            except OSError:
                seen.cut += 1
            self.close_connection = True

        def do_GET(self) -> None:
            body = json.dumps({"tried": seen.tried, "accepted": seen.accepted}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Peers go away; that is what this is for."""


@contextmanager
def receiver(*, keep: bool = True, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver in a thread."""
    seen = Receiver(keep=keep)
    server = _Server(("127.0.0.1", 0), _handler(seen))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    seen.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    with receiver(keep=False) as running:
        print(running.url, flush=True)  # noqa: T201 - this is how it is found
        while True:
            time.sleep(3600)
