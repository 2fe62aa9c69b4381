"""Limits of rate and concurrency: in this process, or exact over all nodes through Redis.

When Redis is gone, ``on_redis_failure`` decides: ``open`` goes on with limits that each node keeps
for itself, ``closed`` refuses what has a limit.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Literal, TypeVar

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from groundswell.accounts.slots import MemorySlots, Pool, RedisSlots, Slots
from groundswell.errors import InvalidInput, LimitsUnavailable, TooBusy

_log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long the slots of a node that died stay taken."""
_MINUTE = 60
_TIMEOUT_SECONDS = 0.5
_RETRY_SECONDS = 1.0
"""How long Redis is left alone after a failure, so that not every request waits for it."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RateStatus:
    """How much of a key's rate is left.

    Attributes:
        limit: requests in any 60 seconds.
        remaining: requests left now.
        reset: Unix time at which the oldest request stops counting.
    """

    limit: int
    remaining: int
    reset: float


@dataclass(frozen=True, slots=True)
class _Backend:
    """One place where rates and slots are counted."""

    rates: MovingWindowRateLimiter
    slots: Slots
    failures: tuple[type[Exception], ...] = ()

    def hit(self, key_id: str, per_minute: int) -> tuple[bool, RateStatus]:
        item = RateLimitItemPerMinute(per_minute)
        allowed = self.rates.hit(item, key_id)
        window = self.rates.get_window_stats(item, key_id)
        return allowed, RateStatus(per_minute, max(0, window.remaining), window.reset_time)


class Limits:
    """The limits of one server. Blocking; call it from a worker thread when serving.

    Args:
        redis_url: where nodes share their limits; ``None`` keeps them in this process.
        on_failure: what to do while Redis cannot be asked.
        lease: how long the slots of a node that died stay taken.

    Raises:
        InvalidInput: the URL cannot be used, or the Redis client is not installed.
    """

    def __init__(
        self,
        redis_url: str | None = None,
        *,
        on_failure: Literal["open", "closed"] = "open",
        lease: timedelta = LEASE,
    ) -> None:
        self.lease = lease
        self.on_failure = on_failure
        self._local = _Backend(MovingWindowRateLimiter(MemoryStorage()), MemorySlots())
        self._counting = Lock()
        self._client: Any = None
        self._shared: _Backend | None = None
        self._ask_again = 0.0
        if redis_url is not None:
            self._client = _redis(redis_url)
            self._shared = _redis_backend(self._client, lease)

    def count(self, key_id: str, per_minute: int) -> RateStatus:
        """Count one request against a key's rate.

        Raises:
            TooBusy: the rate is reached.
            LimitsUnavailable: Redis is gone, and the policy is to refuse.
        """
        if per_minute <= 0:
            raise TooBusy("This key may not make any request.", retry_after=_MINUTE, limit=0)

        def hit(backend: _Backend) -> tuple[bool, RateStatus]:
            if backend is self._shared:
                return backend.hit(key_id, per_minute)
            # The library's memory store is not exact when threads meet.
            with self._counting:
                return backend.hit(key_id, per_minute)

        allowed, status = self._ask(hit)
        if not allowed:
            raise TooBusy(
                f"The key's limit of {per_minute} requests per minute is reached.",
                retry_after=max(0.0, status.reset - time.time()),
                limit=per_minute,
            )
        return status

    def hold(self, pools: Sequence[Pool], lease: str) -> None:
        """Take a slot in each pool.

        Raises:
            TooBusy: one is full; then none is taken.
            LimitsUnavailable: Redis is gone, and the policy is to refuse.
        """
        if not pools:
            return
        full = self._ask(lambda backend: backend.slots.take(pools, lease))
        if full is not None:
            raise TooBusy(f"Concurrency limit reached ({full.size}).", limit=full.size)

    def renew(self, held: Sequence[tuple[Pool, str]]) -> None:
        """Extend leases; those that Redis lost, or that were taken without it, are put there."""
        if held and self._shared is not None:
            self._try_shared(lambda backend: backend.slots.renew(held))

    def give_back(self, held: Sequence[tuple[Pool, str]]) -> None:
        """End leases; what cannot be told to Redis now ends there by itself."""
        self._local.slots.give_back(held)
        if held and self._shared is not None:
            self._try_shared(lambda backend: backend.slots.give_back(held))

    @property
    def shared(self) -> bool:
        """Whether they are asked of Redis, and so block."""
        return self._shared is not None

    def answers(self) -> bool:
        """Whether the limits are kept where they should be: asks Redis, if it is used."""
        if self._client is None:
            return True
        try:
            return bool(self._client.ping())
        except self._failures:
            return False

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    @property
    def _failures(self) -> tuple[type[Exception], ...]:
        return self._shared.failures if self._shared else ()

    def _ask(self, question: Callable[[_Backend], _T]) -> _T:
        if self._shared is not None:
            answered = self._try_shared(lambda backend: (question(backend),))
            if answered is not None:
                return answered[0]
            if self.on_failure == "closed":
                raise LimitsUnavailable("The limits cannot be checked now.")
        return question(self._local)

    def _try_shared(self, question: Callable[[_Backend], _T]) -> _T | None:
        assert self._shared is not None
        if time.monotonic() < self._ask_again:
            return None
        try:
            return question(self._shared)
        except self._failures as error:
            self._ask_again = time.monotonic() + _RETRY_SECONDS
            _log.error("Redis does not answer: %s", type(error).__name__)
            return None


def _redis(url: str) -> Any:
    try:
        from redis import ConnectionPool, Redis  # noqa: PLC0415 - an optional dependency
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415
    except ModuleNotFoundError:
        raise InvalidInput(
            "GROUNDSWELL_REDIS_URL needs the Redis client: pip install 'groundswell[scale]'."
        ) from None
    try:
        pool = ConnectionPool.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            # Once more at once: a connection may be stale after Redis was restarted.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        raise InvalidInput("GROUNDSWELL_REDIS_URL is not a Redis URL.") from None
    return Redis(connection_pool=pool)


def _redis_backend(client: Any, lease: timedelta) -> _Backend:
    from redis.exceptions import RedisError  # noqa: PLC0415 - an optional dependency

    storage = storage_from_string(
        "redis://", connection_pool=client.connection_pool, key_prefix="groundswell:rate"
    )
    assert isinstance(storage, Storage)
    slots = RedisSlots(client, lease)
    return _Backend(MovingWindowRateLimiter(storage), slots, (RedisError, OSError))
