"""Webhooks of a database, and a worker that delivers them to receivers of this machine."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from groundswell.bench.receiver import Receiver, receiver
from groundswell.jobs.webhooks.deliveries import Deliveries
from groundswell.jobs.webhooks.endpoints import Endpoint, Endpoints
from groundswell.jobs.webhooks.outbox import publish
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.sender import Sender
from groundswell.jobs.webhooks.tracking import Delivery, Tracking
from groundswell.jobs.webhooks.worker import DeliveryWorker
from groundswell.store.database import Database

DATA: dict[str, Any] = {"request_id": "r-1", "status": "completed", "text": "Grüße, «你好»"}
KEY = "the key of this deployment"


@pytest.fixture
def endpoints(database: Database) -> Endpoints:
    return Endpoints(database, Seal(KEY))


@pytest.fixture
def tracking(database: Database) -> Tracking:
    return Tracking(database)


@pytest.fixture
def seen() -> Iterator[Receiver]:
    """A receiver; its paths say how it behaves."""
    with receiver() as running:
        yield running


@dataclass(frozen=True)
class Scene:
    """An account with its webhooks, and a receiver."""

    database: Database
    account: str
    endpoints: Endpoints
    tracking: Tracking
    seen: Receiver
    start: Callable[..., DeliveryWorker]

    def register(self, path: str, *events: str) -> tuple[Endpoint, str]:
        """An endpoint at a path of the receiver, and its secret."""
        url = f"{self.seen.url}{path}"
        return self.endpoints.create(self.account, url, events or ["tts.completed"])

    def announce(self, event: str = "tts.completed", *, url: str | None = None) -> str:
        """Publish an event; returns its id."""
        with self.database.begin() as session:
            told = publish(session, self.account, event, DATA, request_id="r-1", url=url)
        assert told
        return told

    def await_end(self, count: int = 1) -> list[Delivery]:
        """Return the deliveries once none is pending."""
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            found, total = self.tracking.page(self.account, size=100)
            if total == count and all(delivery.state != "pending" for delivery in found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"not delivered in time: {found}")


@pytest.fixture
def scene(
    database: Database,
    account: str,
    endpoints: Endpoints,
    tracking: Tracking,
    seen: Receiver,
    start: Callable[..., DeliveryWorker],
) -> Scene:
    return Scene(database, account, endpoints, tracking, seen, start)


@pytest.fixture
def start(database: Database) -> Iterator[Callable[..., DeliveryWorker]]:
    """Starts delivery workers, with short pauses; all are closed in the end."""
    started: list[DeliveryWorker] = []

    def begin(
        *,
        first_pause: float = 0.02,
        patience: timedelta = timedelta(days=1),
        timeout: float = 2,
        **options: Any,
    ) -> DeliveryWorker:
        worker = DeliveryWorker(
            Deliveries(database, first_pause=first_pause, patience=patience),
            lambda: Sender(allow_private=True, timeout=timeout),
            Seal(KEY),
            **{"concurrency": 8, "retention": timedelta(days=7), **options},
        )
        worker.start()
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        worker.close()
