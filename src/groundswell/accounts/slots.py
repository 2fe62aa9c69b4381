"""Concurrency slots: leases in pools of limited size, held in this process or in Redis.

A lease that is not renewed ends, so that the slots of a dead node come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of slots.

    Attributes:
        name: which; the part in braces decides the node of a Redis cluster.
        size: slots in all.
    """

    name: str
    size: int


class Slots(Protocol):
    """Where leases are kept. Blocking; safe from any thread."""

    def take(self, pools: Sequence[Pool], lease: str) -> Pool | None:
        """Take a slot in each pool, or none at all; returns the pool that is full."""

    def renew(self, held: Sequence[tuple[Pool, str]]) -> None:
        """Extend leases, and put back those that were lost."""

    def give_back(self, held: Sequence[tuple[Pool, str]]) -> None:
        """End leases."""


class MemorySlots:
    """Slots of one process. Leases need no end here: they end with the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: dict[str, set[str]] = {}

    def take(self, pools: Sequence[Pool], lease: str) -> Pool | None:
        """Take a slot in each pool, or none at all."""
        with self._lock:
            for pool in pools:
                if len(self._taken.get(pool.name, ())) >= pool.size:
                    return pool
            for pool in pools:
                self._taken.setdefault(pool.name, set()).add(lease)
        return None

    def renew(self, held: Sequence[tuple[Pool, str]]) -> None:
        """Put back leases that were taken elsewhere."""
        with self._lock:
            for pool, lease in held:
                self._taken.setdefault(pool.name, set()).add(lease)

    def give_back(self, held: Sequence[tuple[Pool, str]]) -> None:
        """End leases."""
        with self._lock:
            for pool, lease in held:
                taken = self._taken.get(pool.name, set())
                taken.discard(lease)
                if not taken:
                    self._taken.pop(pool.name, None)


class RedisSlots:
    """Slots that nodes share: sorted sets of leases, by the moment they end (Redis' clock).

    Args:
        client: a ``redis.Redis``.
        lease: how long a slot is held without renewal.
    """

    def __init__(self, client: Any, lease: timedelta) -> None:
        self._client = client
        self._milliseconds = round(lease.total_seconds() * 1000)
        self._take = client.register_script(_TAKE)
        self._renew = client.register_script(_RENEW)

    def take(self, pools: Sequence[Pool], lease: str) -> Pool | None:
        """Take a slot in each pool, or none at all."""
        if not pools:
            return None
        sizes = [pool.size for pool in pools]
        full = self._take(
            keys=[pool.name for pool in pools], args=[lease, self._milliseconds, *sizes]
        )
        return pools[full - 1] if full else None

    def renew(self, held: Sequence[tuple[Pool, str]]) -> None:
        """Extend leases, and put back those that Redis lost."""
        leases: dict[str, list[str]] = {}
        for pool, lease in held:
            leases.setdefault(pool.name, []).append(lease)
        for name, members in leases.items():
            for at in range(0, len(members), _RENEWED_AT_ONCE):
                some = members[at : at + _RENEWED_AT_ONCE]
                self._renew(keys=[name], args=[self._milliseconds, *some])

    def give_back(self, held: Sequence[tuple[Pool, str]]) -> None:
        """End leases."""
        if not held:
            return
        with self._client.pipeline(transaction=False) as pipeline:
            for pool, lease in held:
                pipeline.zrem(pool.name, lease)
            pipeline.execute()


_RENEWED_AT_ONCE = 1000
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
_TAKE = (
    _NOW
    + """
for i, pool in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', pool, '-inf', now)
  if redis.call('ZCARD', pool) >= tonumber(ARGV[2 + i]) then return i end
end
for _, pool in ipairs(KEYS) do
  redis.call('ZADD', pool, now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', pool, ARGV[2])
end
return 0
"""
)
_RENEW = (
    _NOW
    + """
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
"""
)
