"""How logs, time series and the ledger answer when they are long.

One account is given many log entries, spread evenly over 90 days and written by the server's own
usage recorder, and as many expenses in its ledger. Then a server is started on that database and
asked, one request after another; times are those of its client.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import text

from groundswell.accounts.activity import Activity
from groundswell.accounts.keys import Keys
from groundswell.accounts.transfers import written
from groundswell.accounts.usage import UsageRecorder
from groundswell.bench.backends import postgresql, sqlite_file
from groundswell.bench.judges import BenchFailed
from groundswell.bench.progress import bar
from groundswell.bench.subject import Subject, started
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.store.database import Database
from groundswell.store.history import SpeechEntry
from groundswell.store.tables import ApiKey

MAX_PAGE_MS = 50.0
MAX_SERIES_MS = 300.0
_DAYS = 90
_ROUNDS = 30
_AT_ONCE = 10_000
_TEXT = "The kettle is on, and the kitchen smells of toast; the first bus leaves at six. " * 2


@dataclass(frozen=True, slots=True)
class Question:
    """A route with its parameters, and the milliseconds it may take, if there is a target."""

    name: str
    path: str
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds that a question took."""

    question: Question
    median: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What one database showed.

    Attributes:
        record_us: what recording an entry takes from its caller, in microseconds.
        per_second: entries that the recorder wrote in a second.
    """

    database: str
    answers: list[Answer]
    record_us: float
    per_second: float

    def worst(self, limit: float) -> float:
        """The highest median of the questions with this target."""
        return max(answer.median for answer in self.answers if answer.question.limit == limit)


def measure(*, rows: int) -> Section:
    """Fill a SQLite file and a PostgreSQL server, and ask a server on each.

    Args:
        rows: log entries, and expenses, of the account that is asked for.
    """
    with sqlite_file() as file, postgresql() as server:
        found = [_measure("SQLite", file, rows), _measure("PostgreSQL", server, rows)]
    verdicts = [
        Verdict(
            f"{what} of {rows:,} entries on {one.database}, the slowest question's median",
            f"{one.worst(limit):.1f} ms",
            f"≤ {limit:g} ms",
            one.worst(limit) <= limit,
        )
        for one in found
        for what, limit in (("A page", MAX_PAGE_MS), ("A time series", MAX_SERIES_MS))
    ]
    data = {
        one.database: {
            "rows": rows,
            "median_ms": {answer.question.name: answer.median for answer in one.answers},
            "slowest_ms": {answer.question.name: answer.slowest for answer in one.answers},
            "record_us": one.record_us,
            "entries_per_second": one.per_second,
        }
        for one in found
    }
    return Section("usage", (_answers(found), _writing(found)), tuple(verdicts), data)


def _measure(name: str, url: str, rows: int) -> Findings:
    until = datetime.now(UTC)
    database = Database(url)
    try:
        database.migrate()
        _, key = Keys(database).create("bench-usage")
        moments = [until - timedelta(days=_DAYS) * (at / rows) for at in range(rows)]
        recording, writing = 0.0, 0.0
        for part in bar(list(_parts(moments)), f"Filling {name}"):
            began = time.perf_counter()
            recording += _log(database, key, part)
            writing += time.perf_counter() - began
            _spend(database, key, part)
        _analyze(database)
    finally:
        database.close()
    with started(url) as server:
        answers = [_ask(server, question) for question in _questions(until, rows)]
    return Findings(name, answers, recording / rows * 1e6, rows / writing)


def _parts(moments: list[datetime]) -> Iterator[list[datetime]]:
    for at in range(0, len(moments), _AT_ONCE):
        yield moments[at : at + _AT_ONCE]


def _log(database: Database, key: ApiKey, moments: list[datetime]) -> float:
    """Write entries; returns the seconds that recording took, without the writing."""
    lost: list[int] = []
    recorder = UsageRecorder(database, Activity(), capacity=len(moments), on_drop=lost.append)
    entries = [_entry(key, moment) for moment in moments]
    began = time.perf_counter()
    for entry in entries:
        recorder.record(entry)
    recorded = time.perf_counter() - began
    recorder.close(timeout=600)
    if lost:
        raise BenchFailed("The usage recorder lost entries.")
    return recorded


def _entry(key: ApiKey, moment: datetime) -> SpeechEntry:
    return SpeechEntry(
        account_id=key.account_id,
        request_id=f"bench-{moment.timestamp():.6f}",
        started_at=moment,
        key_id=key.id,
        key_prefix=key.prefix,
        route="/waves/v1/tts",
        transport="http",
        model="lightning-v3.1",
        voice_id="magnus",
        language="en",
        text=_TEXT,
        characters=len(_TEXT),
        speed=1.0,
        sample_rate=24000,
        output_format="wav",
        status="completed",
        credits=len(_TEXT),
        audio_ms=9000,
        first_audio_ms=240,
        latency_ms=2600,
    )


def _spend(database: Database, key: ApiKey, moments: list[datetime]) -> None:
    """Write what the ledger holds of as many requests: credits held, and spent."""
    books = (("reserve", "available", "reserved"), ("settle", "reserved", "spent"))
    rows: list[dict[str, Any]] = [
        {
            "account_id": key.account_id,
            "key_id": key.id,
            "kind": kind,
            "source": source,
            "target": target,
            "amount": len(_TEXT),
            "balance_after": 0,
            "reservation_id": f"{moment.timestamp():.6f}",
            "feature": "tts.generate",
            "created_at": moment,
        }
        for moment in moments
        for kind, source, target in books
    ]
    with database.pipeline() as transaction:
        transaction.commit(*written(rows))


def _analyze(database: Database) -> None:
    """Do what PostgreSQL's autovacuum does in time."""
    vacuum = "VACUUM ANALYZE" if database.backend == "postgresql" else "ANALYZE"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(vacuum))


def _questions(until: datetime, rows: int) -> list[Question]:
    def path(route: str, **parameters: object) -> str:
        return f"{route}?{urlencode({name.rstrip('_'): v for name, v in parameters.items()})}"

    def since(days: int) -> str:
        return (until - timedelta(days=days)).isoformat()

    log, tts = "/waves/v1/analytics/tts/logs", "/waves/v1/analytics/tts"
    ledger = "/payment/v1/credits/ledger"
    pages = [
        Question("log, first page of 50", log, MAX_PAGE_MS),
        Question("log, first page of 100", path(log, pageSize=100), MAX_PAGE_MS),
        Question(
            "log, middle page", path(log, page=max(1, rows // 200), pageSize=100), MAX_PAGE_MS
        ),
        Question("log, last page", path(log, page=max(1, rows // 100), pageSize=100), MAX_PAGE_MS),
    ]
    series = [
        Question(f"{name}, {days} days by {step}", path(route, from_=since(days), granularity=step))
        for name, route in (
            ("requests", f"{tts}/usage/timeseries"),
            ("credits", f"{tts}/usage/credits/timeseries"),
            ("concurrency", f"{tts}/concurrency/timeseries"),
            ("sockets", f"{tts}/ws-connections/timeseries"),
        )
        for days, step in ((7, "day"), (_DAYS, "hour"))
    ]
    return [
        *pages,
        *(Question(asked.name, asked.path, MAX_SERIES_MS) for asked in series),
        Question("balance", "/payment/v1/credits/balance"),
        Question("ledger, 7 days, first page", ledger, MAX_PAGE_MS),
        Question("ledger, 89 days, first page", path(ledger, from_=since(89)), MAX_PAGE_MS),
        Question(
            "ledger, 89 days, far page",
            path(ledger, from_=since(89), offset=rows // 2),
            MAX_PAGE_MS,
        ),
    ]


def _ask(server: Subject, question: Question) -> Answer:
    """Ask some times; the first one, which finds nothing in memory, does not count."""
    times = []
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=120) as client:
        for _ in range(_ROUNDS + 1):
            began = time.perf_counter()
            answer = client.get(question.path)
            times.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise BenchFailed(f"{question.path}: {answer.status_code} {answer.text[:300]}")
    return Answer(question, statistics.median(times[1:]), max(times[1:]))


def _answers(found: list[Findings]) -> Table:
    columns = ("Question", *(f"{one.database}: median, slowest ms" for one in found))
    rows = tuple(
        (answers[0].question.name, *(f"{a.median:.1f}, {a.slowest:.1f}" for a in answers))
        for answers in zip(*(one.answers for one in found), strict=True)
    )
    return Table(f"Answers of a server, {_ROUNDS} of each, one after another", columns, rows)


def _writing(found: list[Findings]) -> Table:
    rows = tuple((one.database, f"{one.record_us:.1f}", f"{one.per_second:.0f}") for one in found)
    columns = ("Database", "Recording an entry, µs of its request", "Entries written a second")
    return Table("Writing the log", columns, rows)
