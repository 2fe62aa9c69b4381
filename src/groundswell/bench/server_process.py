"""A server as a process: started, watched until it is ready, stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from groundswell.bench.judges import BenchFailed

_START_LIMIT_SECONDS = 180.0
_STOP_LIMIT_SECONDS = 30.0


@contextmanager
def server_process(
    command: list[str], environment: Mapping[str, str], health_url: str, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server from the first 200 of its health to the end of the context.

    Args:
        command: the program and its arguments.
        environment: variables beside those of this process.
        health_url: answers 200 once the server is ready.
        log: file for what it prints.

    Raises:
        BenchFailed: the process ended, or took too long; with the end of its log.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | environment)  # noqa: S603
    try:
        _await_health(health_url, process, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_health(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + _START_LIMIT_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise BenchFailed(
        f"The server did not become ready:\n{log.read_text(errors='replace')[-2000:]}"
    )


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
