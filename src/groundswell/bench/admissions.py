"""What it costs to admit a request, and whether limits and books stay exact.

Latency is measured with a number of requests always in flight: each is authorised, counted against
a rate, given a slot and a reservation, runs for half a second like a short sentence, and is
settled; every limit is set. Exactness and crashes: ``exactness``, ``crash``.
"""

import asyncio
import random
import statistics
import time
from contextlib import closing
from dataclasses import asdict, dataclass

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.admission import Admission
from groundswell.accounts.credits import Ledger
from groundswell.accounts.keys import Keys
from groundswell.bench.backends import Backend, backends
from groundswell.bench.crash import CrashFindings, crash
from groundswell.bench.exactness import Exactness, admission_of, exactness
from groundswell.bench.progress import bar
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.errors import Unauthorized
from groundswell.store.database import Database

IN_FLIGHT = 50
KILLS = 100
MAX_MS = {"SQLite": 2.0, "PostgreSQL + Redis": 4.0}
_RUN_SECONDS = 0.5
_CHARACTERS = 60
_WARM_UP = 2
_LOOK_UPS = 300


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one step."""

    step: str
    median: float
    p95: float

    @classmethod
    def of(cls, step: str, seconds: list[float]) -> "Latency":
        """Summarise."""
        ordered = sorted(seconds)
        p95 = ordered[int(len(ordered) * 0.95)]
        return cls(step, statistics.median(ordered) * 1000, p95 * 1000)


def measure(*, rounds: int, kills: int) -> Section:
    """Measure SQLite, then PostgreSQL with Redis."""
    verdicts: list[Verdict] = []
    times: dict[str, list[Latency]] = {}
    exact: dict[str, list[Exactness]] = {}
    crashes: dict[str, CrashFindings] = {}
    with backends() as both:
        for backend in bar(both, "Databases"):
            name = backend.name
            times[name] = _latencies(backend, rounds)
            nodes = (1, 3) if backend.redis_url else (1,)
            exact[name] = [found for n in nodes for found in exactness(backend, processes=n)]
            crashes[name] = crash(backend.database_url, kills=kills)
            verdicts += _verdicts(name, times[name][0], exact[name], crashes[name])
    data = {
        "latency_ms": {name: [asdict(one) for one in found] for name, found in times.items()},
        "exactness": {name: [asdict(one) for one in found] for name, found in exact.items()},
        "crashes": {name: asdict(found) for name, found in crashes.items()},
    }
    tables = (_latency_table(times), _exactness_table(exact), _crash_table(crashes))
    return Section("accounts", tables, tuple(verdicts), data)


def _latencies(backend: Backend, rounds: int) -> list[Latency]:
    with closing(Database(backend.database_url)) as database:
        database.migrate()
        account = Accounts(database).create("latency", concurrency=10_000, prepaid=True)
        Ledger(database).grant(account.id, 10**9, kind="top_up", reason="To spend", actor="bench")
        key, _ = Keys(database).create(
            "latency",
            account=account.id,
            rate_limit_rpm=1_000_000,
            concurrency=10_000,
            credit_quota=10**9,
        )
    admission = admission_of(backend)
    admission.start()
    try:
        steps = asyncio.run(_in_flight(admission, key, rounds))
    finally:
        admission.close()
    return [*steps, *_look_ups(backend, key)]


async def _in_flight(admission: Admission, key: str, rounds: int) -> list[Latency]:
    admitting: list[float] = []
    settling: list[float] = []

    async def one() -> None:
        await asyncio.sleep(random.uniform(0, _RUN_SECONDS))  # noqa: S311
        for turn in range(_WARM_UP + rounds):
            began = time.perf_counter()
            caller, _ = await admission.identify(key)
            async with admission.admit(caller, characters=_CHARACTERS) as permit:
                admitted = time.perf_counter()
                await asyncio.sleep(_RUN_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
                permit.spoken = permit.characters
                ended = time.perf_counter()
            if turn >= _WARM_UP:
                admitting.append(admitted - began)
                settling.append(time.perf_counter() - ended)

    await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))
    return [
        Latency.of("authorise and admit", admitting),
        Latency.of("settle, after the audio", settling),
    ]


def _look_ups(backend: Backend, key: str) -> list[Latency]:
    hits, misses = list[float](), list[float]()
    with closing(Database(backend.database_url)) as database:
        for n in range(_LOOK_UPS):
            # Each time without the cache: what a stranger's first request meets.
            keys = Keys(database)
            began = time.perf_counter()
            keys.check(key)
            hits.append(time.perf_counter() - began)
            began = time.perf_counter()
            try:
                keys.check(f"sk_{n:048x}")
            except Unauthorized:
                misses.append(time.perf_counter() - began)
    return [Latency.of("look up a good key", hits), Latency.of("look up a bad key", misses)]


def _verdicts(
    name: str, admitting: Latency, exact: list[Exactness], crashes: CrashFindings
) -> list[Verdict]:
    wrong = sum(one.admitted != one.covered for one in exact)
    problems = len(crashes.problems)
    return [
        Verdict(
            f"{name}: authorise and admit, {IN_FLIGHT} in flight",
            f"{admitting.median:.2f} ms",
            f"≤ {MAX_MS[name]:.0f} ms median",
            admitting.median <= MAX_MS[name],
        ),
        Verdict(f"{name}: limits that were not exact", str(wrong), "0", not wrong),
        Verdict(f"{name}: faults after {crashes.killed} kills", str(problems), "0", not problems),
    ]


def _latency_table(found: dict[str, list[Latency]]) -> Table:
    rows = [
        (name, one.step, f"{one.median:.2f}", f"{one.p95:.2f}")
        for name, latencies in found.items()
        for one in latencies
    ]
    title = f"Latency in ms, {IN_FLIGHT} requests in flight"
    return Table(title, ("Database", "Step", "Median", "95 %"), tuple(rows))


def _exactness_table(found: dict[str, list[Exactness]]) -> Table:
    rows = [
        (name, one.what, str(one.processes), str(one.asked), str(one.covered), str(one.admitted))
        for name, checks in found.items()
        for one in checks
    ]
    columns = ("Database", "Limit", "Processes", "Asked at once", "Room for", "Admitted")
    return Table("Exactness", columns, tuple(rows))


def _crash_table(found: dict[str, CrashFindings]) -> Table:
    rows = [
        (name, str(one.killed), str(one.answered), str(one.abandoned), str(len(one.problems)))
        for name, one in found.items()
    ]
    columns = ("Database", "SIGKILLs", "Requests answered", "Cut off", "Faults in the books")
    return Table("Crashes", columns, tuple(rows))
