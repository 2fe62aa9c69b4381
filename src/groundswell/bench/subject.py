"""The server under test: one that the bench starts itself, or one that is already running."""

import io
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from groundswell.accounts.keys import Keys
from groundswell.bench.judges import BenchFailed
from groundswell.bench.server_process import free_port, server_process
from groundswell.store.database import Database

SPEECH_PATH = "/waves/v1/lightning-v3.1/get_speech"
HEALTH_PATH = "/waves/v1/health"


@dataclass
class Subject:
    """A server and a key to it.

    Attributes:
        url: base URL.
        key: API key.
        pid: process id when the bench started it.
        ready_seconds: from the start of the process to health 200, when the bench started it.
    """

    url: str
    key: str
    pid: int | None = None
    ready_seconds: float | None = None
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        self._client = httpx.Client(base_url=self.url, headers=headers, timeout=300)

    def post(self, **fields: Any) -> httpx.Response:
        """POST a speech request, whatever the answer."""
        try:
            return self._client.post(SPEECH_PATH, json=fields)
        except httpx.TransportError as error:
            raise BenchFailed(f"{self.url}: {error or type(error).__name__}") from error

    def speak(self, **fields: Any) -> bytes:
        """POST a speech request and return its audio.

        Raises:
            BenchFailed: with the answer, when it is not 200.
        """
        answer = self.post(**fields)
        if answer.status_code != 200:
            raise BenchFailed(f"{fields}: {answer.status_code} {answer.text[:300]}")
        return answer.content

    def samples(self, **fields: Any) -> tuple[NDArray[np.float32], int]:
        """Speak into samples [n] in -1..1 and their rate."""
        return read_wav(self.speak(**fields, output_format="wav"))


def read_wav(data: bytes) -> tuple[NDArray[np.float32], int]:
    """Return the samples [n] in -1..1 of a mono 16-bit WAV, and its rate."""
    with wave.open(io.BytesIO(data)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return raw.astype(np.float32) / np.float32(32768), file.getframerate()


@contextmanager
def subject(url: str | None = None, key: str | None = None) -> Iterator[Subject]:
    """Use the server at ``url``, or start one."""
    if url is None:
        with started() as own:
            yield own
    elif key is None:
        raise BenchFailed("--url needs --key, a key of that server.")
    else:
        yield Subject(url.rstrip("/"), key)


@contextmanager
def started(database_url: str | None = None, **settings: object) -> Iterator[Subject]:
    """Start ``groundswell serve`` on a free port; stop it at the end.

    Without a URL its database is new and empty. Settings that are not given by their names are
    those of this environment.
    """
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        log = Path(folder) / "server.log"
        port = free_port()
        url = database_url or f"sqlite:///{Path(folder) / 'groundswell.db'}"
        environment = {
            "GROUNDSWELL_HOST": "127.0.0.1",
            "GROUNDSWELL_DATA_DIR": folder,
            "GROUNDSWELL_DATABASE_URL": url,
        }
        environment |= {f"GROUNDSWELL_{name.upper()}": str(it) for name, it in settings.items()}
        key = _new_key(url)
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "groundswell", "serve", "--port", str(port)]
        began = time.monotonic()
        with server_process(command, environment, address + HEALTH_PATH, log) as process:
            yield Subject(address, key, process.pid, time.monotonic() - began)


def _new_key(database_url: str) -> str:
    database = Database(database_url)
    try:
        database.migrate()
        key, _ = Keys(database).create("bench")
    finally:
        database.close()
    return key
