"""Limits in memory and in a real Redis."""

import tempfile
from collections.abc import Iterator

import pytest
from redis import Redis

from groundswell.accounts.credits import Ledger
from groundswell.accounts.keys import Keys
from groundswell.bench.backends import redis_server
from groundswell.store.database import Database


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[str]:
    """A Redis for the session."""
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(shared_redis: str) -> str:
    """An empty Redis."""
    with Redis.from_url(shared_redis) as client:
        client.flushall()
    return shared_redis


@pytest.fixture(params=["memory", "redis"])
def limits_url(request: pytest.FixtureRequest) -> str | None:
    """Where limits are kept: first in memory, then in Redis."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("redis_url")
    return url


@pytest.fixture
def folder() -> Iterator[str]:
    """A folder with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="gs-") as path:
        yield path


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)
