"""A real server process for tests: started, watched until it can speak, stopped."""

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from groundswell.bench.server_process import free_port, server_process

PATIENCE_SECONDS = 3600.0
"""How long streams wait for a full machine, unless a test is about just that: a slow or busy
test machine shall be slow, and refuse nobody."""


@dataclass
class LiveServer:
    """A running ``groundswell serve``."""

    url: str
    key: str
    process: subprocess.Popen[bytes]
    log_file: Path
    data_dir: Path
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.url, headers=self.auth, timeout=120)

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    @property
    def http(self) -> httpx.Client:
        """A client that carries the key."""
        return self._client

    def speak(self, path: str = "/waves/v1/tts", /, **fields: object) -> httpx.Response:
        """POST a speech request; text and voice have defaults."""
        return self.http.post(path, json={"text": "Hello there.", "voice_id": "magnus"} | fields)

    def log(self) -> str:
        return self.log_file.read_text()

    def metric(self, name: str) -> float:
        """The value of an unlabelled metric."""
        found = re.search(rf"^{name} (\S+)$", self.http.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def engine(self) -> psutil.Process:
        """The engine process."""
        (engine,) = psutil.Process(self.process.pid).children()
        return engine

    @contextmanager
    def engine_paused(self) -> Iterator[None]:
        """Make the engine as slow as can be: it does nothing until the end of the context."""
        engine = self.engine()
        engine.suspend()
        try:
            yield
        finally:
            engine.resume()

    def stop(self, limit: float = 40.0) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(limit)


@contextmanager
def live_server(*, executable: list[str] | None = None, **settings: object) -> Iterator[LiveServer]:
    """Start a server on a free port with an empty data folder; settings by their names."""
    with tempfile.TemporaryDirectory(prefix="groundswell-test-") as folder:
        data_dir = Path(folder)
        log_file = data_dir / "server.log"
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = executable or [sys.executable, "-m", "groundswell"]
        command = [*command, "serve", "--port", str(port), "--data-dir", folder]
        settings = {"queue_wait_seconds": PATIENCE_SECONDS} | settings
        environment = {f"GROUNDSWELL_{name.upper()}": str(it) for name, it in settings.items()}
        health = f"{url}/waves/v1/health"
        with server_process(command, environment, health, log_file) as process:
            key = re.search(r"sk_[0-9a-f]{48}", log_file.read_text())
            assert key, "the server showed no first key"
            yield LiveServer(url, key[0], process, log_file, data_dir)
