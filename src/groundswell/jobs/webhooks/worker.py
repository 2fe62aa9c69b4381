"""The delivery worker: a thread with an event loop of its own, beside speech and below it.

It asks the database for what is due, tries a bounded number at a time, and writes the results down
in batches. It keeps to a share of one core, by pausing in proportion to the processor time that it
used: a queue of thousands must not be heard by those who listen.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from groundswell.errors import GroundswellError
from groundswell.jobs.webhooks.deliveries import Deliveries, Due, Tried
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.sender import Answer, Sender
from groundswell.jobs.webhooks.signing import headers

POLL_SECONDS = 0.5
"""How often the database is asked while nothing is under way."""
_LINGER_SECONDS = 0.05
"""How long results wait for others, to be written with them."""
_CORE_SHARE = 0.2
"""At most, of processor time; and while somebody listens:"""
_CORE_SHARE_BESIDE_SPEECH = 0.05
_AWAY_SECONDS = 1.0
_GRACE_SECONDS = 3.0
"""For attempts under way when the worker stops."""
_ERASE_SECONDS = 3600.0
_log = logging.getLogger(__name__)


class DeliveryWorker:
    """Delivers what is due until it is closed.

    Args:
        deliveries: where it comes from.
        make_sender: of an event loop; called within the worker's.
        seal: opens secrets.
        concurrency: attempts at a time; a lane has a quarter of them.
        retention: how long events are kept.
        listened_to: whether speech is being delivered by this process.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        make_sender: Callable[[], Sender],
        seal: Seal,
        *,
        concurrency: int,
        retention: timedelta,
        listened_to: Callable[[], bool] = lambda: False,
    ) -> None:
        self._listened_to = listened_to
        self._deliveries = deliveries
        self._make_sender = make_sender
        self._seal = seal
        self._concurrency = concurrency
        self._retention = retention
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._running: dict[asyncio.Task[None], Due] = {}
        self._tried: list[Tried] = []
        self._thread = Thread(target=self._live, name="webhook-worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def close(self) -> None:
        """End: attempts under way get a moment, the rest is given back."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _live(self) -> None:
        loop = self._loop
        assert loop is not None
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._work())

    async def _work(self) -> None:
        erasing = asyncio.create_task(self._erase_regularly())
        async with self._make_sender() as sender:
            while not self._stopping.is_set():
                began, used = time.monotonic(), time.thread_time()
                due, written = await self._turn(self._concurrency - len(self._running))
                for one in due:
                    task = asyncio.create_task(self._try(sender, one))
                    self._running[task] = one
                    task.add_done_callback(self._running.pop)
                await self._await_result()
                used = time.thread_time() - used + written
                share = _CORE_SHARE_BESIDE_SPEECH if self._listened_to() else _CORE_SHARE
                await self._sleep(used / share - (time.monotonic() - began))
            erasing.cancel()
            await self._finish()

    async def _turn(self, free: int) -> tuple[list[Due], float]:
        """Write down what is over, and take what is due; in vain while the database is away.

        Returns:
            What was taken, and the processor time that it took, in seconds.
        """
        tried = list(self._tried)
        running = Counter(due.lane for due in self._running.values())
        per_lane = max(1, self._concurrency // 4)

        def work() -> tuple[list[Due], float]:
            began = time.thread_time()
            due = self._deliveries.turn(tried, running, free=free, per_lane=per_lane)
            return due, time.thread_time() - began

        try:
            done = await asyncio.to_thread(work)
        except SQLAlchemyError as error:
            # Its message holds the statement's values, which stay out of logs.
            _log.warning("webhooks wait for the database: %s", type(error).__name__)
            await self._sleep(_AWAY_SECONDS)
            return [], 0.0
        del self._tried[: len(tried)]
        return done

    async def _await_result(self) -> None:
        """Return a moment after an attempt is over, or when it is time to ask again."""
        if self._running and not self._tried:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait(self._running, timeout=POLL_SECONDS, return_when=first)
        await self._sleep(_LINGER_SECONDS if self._running or self._tried else POLL_SECONDS)

    async def _try(self, sender: Sender, due: Due) -> None:
        began = datetime.now(UTC)
        body = _body(due)
        try:
            secret = None if due.secret is None else self._seal.open(due.secret)
            answer = await sender.post(
                due.url, headers(due.event_id, due.event_type, secret, body), body.encode()
            )
        except GroundswellError as error:
            answer = Answer(error=str(error))
        except Exception as error:
            _log.exception("a webhook could not be sent")
            answer = Answer(error=f"it could not be sent: {type(error).__name__}")
        self._tried.append(Tried(due, began, answer))

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=_GRACE_SECONDS)
        left = dict(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._turn(0)
        with contextlib.suppress(SQLAlchemyError):
            await asyncio.to_thread(self._deliveries.release, left.values())

    async def _erase_regularly(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._deliveries.erase, datetime.now(UTC) - self._retention)
            except SQLAlchemyError as error:
                _log.warning("old webhooks were not erased: %s", type(error).__name__)
            await asyncio.sleep(_ERASE_SECONDS)

    async def _sleep(self, seconds: float) -> None:
        """Wait, unless the worker is to stop."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)


def _body(due: Due) -> str:
    """What is sent: an endpoint gets an envelope, a URL of a request what happened (stt.md §5)."""
    if due.endpoint_id is None:
        return due.data
    moment = due.event_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'{{"type":"{due.event_type}","timestamp":"{moment}","data":{due.data}}}'
