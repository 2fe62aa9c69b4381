"""What becomes of webhooks when their server is killed.

Workers publish and deliver as fast as they may; each is killed with SIGKILL at a random moment,
again and again. Afterwards what the receiver accepted is compared with what was published.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select

from groundswell.accounts.accounts import Accounts
from groundswell.bench.judges import BenchFailed
from groundswell.bench.receiver import Receiver, receiver
from groundswell.jobs.webhooks.deliveries import Deliveries
from groundswell.jobs.webhooks.outbox import publish
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.sender import Sender
from groundswell.jobs.webhooks.worker import DeliveryWorker
from groundswell.store.database import Database
from groundswell.store.webhook_tables import WebhookDelivery, WebhookEvent

LEASE = timedelta(seconds=3)
_PUBLISH_SECONDS = 0.02
_MOST_PUBLISHED = 40
_LONGEST_PAUSE = 0.1
"""Seconds that a worker goes on after so many."""
_LIMIT_SECONDS = 120.0
_processes = get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@dataclass(slots=True)
class CrashFindings:
    """What was found once all was quiet.

    Attributes:
        killed: processes.
        published: events, each of which has one receiver.
        repeated: events that were accepted more than once.
        problems: what should not be; empty if all is well.
    """

    killed: int = 0
    published: int = 0
    repeated: int = 0
    problems: list[str] = field(default_factory=list)

    def expect(self, right: bool, problem: str) -> None:
        """Note a problem unless all is right."""
        if not right:
            self.problems.append(problem)


def crash(database_url: str, *, kills: int) -> CrashFindings:
    """Kill workers on a database, let a last one finish, and compare."""
    draw = random.Random(kills)  # noqa: S311 - moments, not secrets
    with (
        closing(Database(database_url)) as database,
        tempfile.TemporaryDirectory() as folder,
        receiver() as seen,
    ):
        database.migrate()
        account = Accounts(database).create("webhook-crash").id
        logs = []
        for number in range(kills):
            logs.append(Path(folder) / str(number))
            arguments = (database_url, account, f"{seen.url}/coin", str(logs[-1]))
            worker = _processes.Process(target=_work, args=arguments)
            worker.start()
            _await_lines(logs[-1], draw.randint(1, _MOST_PUBLISHED))
            time.sleep(draw.uniform(0, _LONGEST_PAUSE))
            worker.kill()
            worker.join()
        last = _worker(database)
        last.start()
        _await(lambda: not _pending(database), "deliveries are still pending")
        last.close()
        told = {line for log in logs for line in log.read_text().split("\n")[1:-1]}
        return _compare(database, account, seen, told, kills)


def _work(url: str, account: str, target: str, log: str) -> None:
    database = Database(url)
    _worker(database).start()
    out = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    os.write(out, b"begun\n")
    while True:
        with database.begin() as session:
            event_id = publish(session, account, "tts.completed", {"at": time.time()}, url=target)
        os.write(out, f"{event_id}\n".encode())
        time.sleep(_PUBLISH_SECONDS)


def _worker(database: Database) -> DeliveryWorker:
    return DeliveryWorker(
        Deliveries(database, first_pause=0.005, lease=LEASE),
        lambda: Sender(allow_private=True, timeout=2),
        Seal(None),
        concurrency=32,
        retention=timedelta(days=1),
    )


def _pending(database: Database) -> bool:
    pending = select(WebhookDelivery.id).where(WebhookDelivery.due_at.is_not(None)).limit(1)
    with database.read() as session:
        return session.scalar(pending) is not None


def _compare(
    database: Database, account: str, seen: Receiver, told: set[str], kills: int
) -> CrashFindings:
    with database.read() as session:
        events = set(
            session.scalars(select(WebhookEvent.id).where(WebhookEvent.account_id == account))
        )
        rows = session.execute(
            select(WebhookDelivery.event_id, WebhookDelivery.state, WebhookDelivery.attempts)
        ).all()
    repeated = [event for event, times in seen.accepted.items() if times > 1]
    found = CrashFindings(kills, len(events), len(repeated))
    found.expect(told <= events, f"{len(told - events)} events were committed and are gone")
    delivered = {row.event_id for row in rows if row.state == "delivered"}
    lost = delivered - seen.accepted.keys()
    found.expect(not lost, f"{len(lost)} are called delivered and were never accepted")
    given_up = [row for row in rows if row.state == "failed"]
    early = [row for row in given_up if row.attempts != 11]
    found.expect(not early, f"{len(early)} were given up before their last attempt")
    found.expect(len(rows) == len(events), "an event has no delivery, or more than one")
    strange = seen.tried.keys() - events
    found.expect(not strange, f"{len(strange)} were sent and never published")
    bodies = {(request.headers["webhook-id"], request.body) for request in seen.requests}
    found.expect(len(bodies) == len(seen.tried), "one id was sent with different bodies")
    return found


def _await_lines(log: Path, count: int) -> None:
    def written() -> bool:
        return log.exists() and log.read_bytes().count(b"\n") > count

    _await(written, "a worker did not publish")


def _await(done: Callable[[], bool], problem: str) -> None:
    limit = time.monotonic() + _LIMIT_SECONDS
    while not done():
        if time.monotonic() > limit:
            raise BenchFailed(f"Too slow: {problem}.")
        time.sleep(0.02)
