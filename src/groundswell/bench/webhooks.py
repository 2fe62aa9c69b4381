"""Thousands of webhooks to a receiver that fails half the time, on a server that speaks meanwhile.

A server is started and its first audio timed; then the events are published into its outbox, and
its first audio is timed again and again until all are delivered, and once more after that. The
receiver, a process of its own, decides by the toss of a coin. Ten retries leave one event in 2,048
undelivered; those are replayed, as their owner would.
"""

import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx
import numpy as np
import psutil
from sqlalchemy import func, select

from groundswell.accounts.keys import Keys
from groundswell.bench.backends import postgresql, sqlite_file
from groundswell.bench.judges import BenchFailed
from groundswell.bench.processes import MIB
from groundswell.bench.subject import Subject, started
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.bench.webhook_crash import CrashFindings, crash
from groundswell.jobs.webhooks.outbox import publish
from groundswell.jobs.webhooks.tracking import Tracking
from groundswell.store.database import Database
from groundswell.store.webhook_tables import WebhookDelivery

MAX_GROWTH_MIB = 50.0
MAX_SLOWER = 1.1
_FIRST_PAUSE = 0.05
_AT_ONCE = 100
_LISTENS = 30
_LIMIT_SECONDS = 1800.0
_POLL_SECONDS = 0.2
_TEXT = "The library opens late on Mondays, but the garden is never locked."


@dataclass(slots=True)
class Findings:
    """What one database showed.

    Attributes:
        seconds: until nothing was pending.
        attempts: requests that the receiver saw.
        replayed: deliveries that were given up after ten retries, and replayed.
        lost: events that were not accepted in the end.
        repeated: events that were accepted more than once.
        memory: MiB of the server, which delivers; without its engine, which speaks.
        heard: seconds until first audio: before, meanwhile, afterwards.
    """

    database: str
    seconds: float = 0.0
    attempts: int = 0
    replayed: int = 0
    lost: int = 0
    repeated: int = 0
    memory: list[float] = field(default_factory=list)
    heard: dict[str, list[float]] = field(default_factory=dict)

    @property
    def growth(self) -> float:
        """MiB that the last tenth of the deliveries needs more than the first."""
        tenth = max(1, len(self.memory) // 10)
        return statistics.median(self.memory[-tenth:]) - statistics.median(self.memory[:tenth])

    @property
    def slower(self) -> float:
        """First audio meanwhile, 95 %, divided by that without deliveries."""
        alone = [*self.heard["before"], *self.heard["afterwards"]]
        return float(np.quantile(self.heard["meanwhile"], 0.95) / np.quantile(alone, 0.95))


def measure(*, events: int, kills: int) -> Section:
    """Deliver on SQLite and PostgreSQL, and kill processes that deliver on each."""
    found, crashes = [], {}
    for name, make in (("SQLite", sqlite_file), ("PostgreSQL", postgresql)):
        with make() as url:
            found.append(_deliver(name, url, events))
        with make() as url:
            crashes[name] = crash(url, kills=kills)
    return Section(
        "webhooks",
        _tables(found, crashes),
        _verdicts(found, crashes, events),
        _data(found, crashes),
    )


def _deliver(name: str, url: str, events: int) -> Findings:
    found = Findings(name)
    options = {"webhook_allow_private": True, "webhook_retry_seconds": _FIRST_PAUSE}
    with _receiver() as target, started(url, **options) as server, closing(Database(url)) as it:
        assert server.pid is not None
        process, account = psutil.Process(server.pid), Keys(it).check(server.key).account_id
        for _ in range(5):
            _first_audio(server)
        found.heard["before"] = [_first_audio(server) for _ in range(_LISTENS)]
        began = time.monotonic()
        ids = _publish(it, account, f"{target}/coin", events)
        meanwhile = found.heard["meanwhile"] = []
        while _pending(it) and time.monotonic() - began < _LIMIT_SECONDS:
            found.memory.append(process.memory_info().rss / MIB)
            meanwhile.append(_first_audio(server))
        found.seconds = time.monotonic() - began
        found.replayed = _replay(it, account)
        found.heard["afterwards"] = [_first_audio(server) for _ in range(_LISTENS)]
        seen = httpx.get(f"{target}/seen", timeout=60).json()
    accepted = Counter(seen["accepted"])
    found.attempts = sum(seen["tried"].values())
    found.lost = len(ids - accepted.keys())
    found.repeated = sum(times > 1 for times in accepted.values())
    return found


@contextmanager
def _receiver() -> Iterator[str]:
    """Start a receiver and yield its URL."""
    command = [sys.executable, "-m", "groundswell.bench.receiver"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def _first_audio(server: Subject) -> float:
    """Seconds until a stream is heard."""
    body = {"text": _TEXT, "voice_id": "af_heart"}
    headers = {"Authorization": f"Bearer {server.key}"}
    began = time.perf_counter()
    with httpx.stream(
        "POST", f"{server.url}/waves/v1/tts/live", json=body, headers=headers, timeout=120
    ) as reply:
        for line in reply.iter_lines():
            if '"audio"' in line:
                return time.perf_counter() - began
    raise BenchFailed("The server spoke nothing.")


def _publish(database: Database, account: str, url: str, events: int) -> set[str]:
    ids = set()
    for start in range(0, events, _AT_ONCE):
        with database.begin() as session:
            for number in range(start, min(events, start + _AT_ONCE)):
                data = {"request_id": f"bench-{number}", "status": "completed"}
                ids.add(str(publish(session, account, "tts.completed", data, url=url)))
    return ids


def _pending(database: Database) -> int:
    with database.read() as session:
        pending = select(func.count()).where(WebhookDelivery.due_at.is_not(None))
        return session.scalar(pending) or 0


def _replay(database: Database, account: str) -> int:
    """Replay what was given up until nothing is; returns how many there were at first."""
    tracking = Tracking(database)
    _, first = tracking.page(account, state="failed")
    done: set[str] = set()
    limit = time.monotonic() + _LIMIT_SECONDS
    while time.monotonic() < limit:
        given_up, _ = tracking.page(account, state="failed", size=1000)
        left = [delivery.id for delivery in given_up if delivery.id not in done]
        if not left and not _pending(database):
            break
        for delivery_id in left:
            tracking.replay(account, delivery_id)
            done.add(delivery_id)
        time.sleep(_POLL_SECONDS)
    return first


def _verdicts(
    found: list[Findings], crashes: dict[str, CrashFindings], events: int
) -> tuple[Verdict, ...]:
    verdicts = []
    for one in found:
        slower = one.slower
        verdicts += [
            Verdict(
                f"{one.database}: events that were not accepted in the end",
                f"{one.lost} of {events:,}",
                "0",
                one.lost == 0,
            ),
            Verdict(
                f"{one.database}: growth of the server's memory, last tenth over first",
                f"{one.growth:+.1f} MiB",
                f"≤ {MAX_GROWTH_MIB:g} MiB",
                one.growth <= MAX_GROWTH_MIB,
            ),
            Verdict(
                f"{one.database}: 95 % of first audio meanwhile ÷ before and afterwards",
                f"{slower:.2f}",
                f"≤ {MAX_SLOWER:g}",
                slower <= MAX_SLOWER,
            ),
        ]
    verdicts += [
        Verdict(
            f"{name}: events lost or garbled by {one.killed} kills",
            "; ".join(one.problems) or f"none of {one.published}",
            "none",
            not one.problems,
        )
        for name, one in crashes.items()
    ]
    return tuple(verdicts)


def _tables(found: list[Findings], crashes: dict[str, CrashFindings]) -> tuple[Table, ...]:
    rows = tuple(
        (
            one.database,
            f"{one.seconds:.0f}",
            f"{one.attempts:,}",
            str(one.replayed),
            str(one.repeated),
            f"{one.memory[0]:.0f}, {max(one.memory):.0f}, {one.memory[-1]:.0f}",
        )
        for one in found
    )
    heard = tuple(
        (
            one.database,
            when,
            str(len(times)),
            *(f"{np.quantile(times, q):.3f}" for q in (0.5, 0.95)),
        )
        for one in found
        for when, times in one.heard.items()
    )
    killed = tuple(
        (name, str(one.killed), str(one.published), str(one.repeated))
        for name, one in crashes.items()
    )
    return (
        Table(
            "Deliveries to a receiver that fails half the time",
            (
                "Database",
                "Seconds",
                "Attempts",
                "Given up, then replayed",
                "Accepted more than once",
                "MiB of the server: first, most, last",
            ),
            rows,
        ),
        Table(
            "First audio of a stream, seconds",
            ("Database", "When", "Streams", "Median", "95 %"),
            heard,
        ),
        Table(
            "Processes killed while they published and delivered",
            ("Database", "Killed", "Events", "Accepted more than once, same id"),
            killed,
        ),
    )


def _data(found: list[Findings], crashes: dict[str, CrashFindings]) -> dict[str, Any]:
    return {
        "deliveries": [asdict(one) for one in found],
        "crashes": {name: asdict(one) for name, one in crashes.items()},
    }
