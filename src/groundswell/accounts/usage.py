"""The usage recorder: what was done, on its way to the database and never in the way of speech.

Entries wait in a bounded queue; one thread writes them in batches, each in one transaction with
the hourly figures it changes. When the queue is full, entries are dropped and counted. A process
that is killed loses what it had not written: at most the last quarter of a second while the
database answers.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Condition, Thread
from typing import Any

from sqlalchemy import case, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from groundswell.accounts.activity import Activity, Peaks
from groundswell.store.database import Database
from groundswell.store.history import LogEntry, SpeechEntry, UsageHour, hour_of

LINGER_SECONDS = 0.25
"""How long the first entry of a batch waits for others."""
PEAKS_SECONDS = 60.0
"""How often the peaks of a time without entries are written."""
_BATCH = 100
"""Few: on SQLite, requests wait while a batch is written."""
_RETRY_SECONDS = (0.5, 15.0)
_UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
_SUMMED = ("requests", "listed", "credits")
_PEAKS = ("peak_running", "peak_sockets")

_Hour = tuple[str, str, datetime]
_log = logging.getLogger(__name__)


class UsageRecorder:
    """Writes log entries behind the back of whoever records them.

    Args:
        database: where to.
        activity: whose peaks are written along.
        capacity: entries that may wait.
        on_drop: told how many entries were lost.
    """

    def __init__(
        self,
        database: Database,
        activity: Activity,
        *,
        capacity: int,
        on_drop: Callable[[int], None],
    ) -> None:
        self._database = database
        self._activity = activity
        self._capacity = capacity
        self._on_drop = on_drop
        self._waiting: deque[LogEntry] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._run, name="usage-recorder", daemon=True)
        self._thread.start()

    def record(self, entry: LogEntry) -> None:
        """Take an entry; never waits for the database, never raises."""
        with self._changed:
            if len(self._waiting) < self._capacity and not self._closing:
                self._waiting.append(entry)
                if len(self._waiting) in {1, _BATCH}:
                    self._changed.notify()
                return
        self._on_drop(1)

    def close(self, timeout: float = 5.0) -> None:
        """Write what waits, and end; what is not written after ``timeout`` seconds is dropped."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout)
        if self._thread.is_alive():
            with self._changed:
                lost = len(self._waiting)
                self._waiting.clear()
            self._drop(lost, "the database did not take them in time")

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing, PEAKS_SECONDS)
                self._changed.wait_for(
                    lambda: len(self._waiting) >= _BATCH or self._closing, LINGER_SECONDS
                )
                batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
                done = self._closing and not self._waiting
            peaks = self._activity.take_peaks()
            if batch or peaks:
                self._write(batch, peaks)
            if done:
                return

    def _write(self, batch: Sequence[LogEntry], peaks: Peaks) -> None:
        """Write a batch; waits for a database that is away, drops what it will not take."""
        delay, longest = _RETRY_SECONDS
        while True:
            try:
                with self._database.begin() as session:
                    store_entries(session, batch, peaks)
            except _UNAVAILABLE as error:
                if self._gave_up(delay):
                    # Its message holds the statement's values: what people said stays out of logs.
                    self._drop(len(batch), type(error).__name__)
                    return
                delay = min(longest, delay * 2)
            except Exception as error:
                if len(batch) <= 1:
                    self._drop(len(batch), type(error).__name__)
                    return
                for entry in batch:
                    self._write([entry], {})
                batch = ()
            else:
                return

    def _gave_up(self, seconds: float) -> bool:
        """Wait before another try; whether there is to be none."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closing, seconds)

    def _drop(self, count: int, reason: str) -> None:
        if count:
            self._on_drop(count)
            _log.warning("%d usage log entries lost: %s", count, reason)


def store_entries(session: Session, batch: Sequence[LogEntry], peaks: Peaks | None = None) -> None:
    """Add entries and what they count for."""
    rows: dict[type[LogEntry], list[dict[str, Any]]] = defaultdict(list)
    hours: dict[_Hour, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMMED + _PEAKS, 0))
    for entry in batch:
        rows[type(entry)].append(_values(entry))
        figures = hours[entry.account_id, entry.FAMILY, hour_of(entry.started_at)]
        figures["requests"] += 1
        figures["listed"] += 1
        figures["credits"] += getattr(entry, "credits", 0)
    for (account_id, hour, kind), count in (peaks or {}).items():
        hours[account_id, SpeechEntry.FAMILY, hour][f"peak_{kind}"] = count
    for log, values in rows.items():
        session.execute(insert(log), values)
    if hours:
        _count(session, hours)


def _values(entry: LogEntry) -> dict[str, Any]:
    names = inspect(type(entry)).columns.keys()
    return {name: getattr(entry, name) for name in names if name != "id"}


def _count(session: Session, hours: dict[_Hour, dict[str, int]]) -> None:
    # In order of their keys: two servers that change the same rows cannot wait for each other.
    rows = [
        {
            "account_id": account_id,
            "family": family,
            "hour": hour,
            **hours[account_id, family, hour],
        }
        for account_id, family, hour in sorted(hours)
    ]
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(UsageHour).values(rows)
    new, old = statement.excluded, UsageHour.__table__.c
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "family", "hour"],
            set_={name: old[name] + new[name] for name in _SUMMED}
            | {name: case((new[name] > old[name], new[name]), else_=old[name]) for name in _PEAKS},
        )
    )
