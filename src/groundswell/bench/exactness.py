"""Whether limits and quotas are exact when many ask at once, in one process or in several."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.admission import Admission
from groundswell.accounts.credits import Ledger
from groundswell.accounts.keys import Keys
from groundswell.accounts.limits import Limits
from groundswell.bench.backends import Backend
from groundswell.errors import CreditsExhausted, TooBusy
from groundswell.store.database import Database

ASKED = 1000
COVERED = 400
_CHARACTERS = 10
_THREADS = 8
_START_LIMIT_SECONDS = 120.0
_processes = get_context("forkserver")
_meet: Callable[[], object] = int
"""Waits for the other processes, where there are any."""


@dataclass(frozen=True, slots=True)
class Exactness:
    """How many were admitted of those that asked at once.

    Attributes:
        what: what limited them.
        processes: how many processes asked.
        asked: in all.
        covered: how many there was room for.
        admitted: how many were let in.
    """

    what: str
    processes: int
    asked: int
    covered: int
    admitted: int


def admission_of(backend: Backend) -> Admission:
    """Put an admission together as a server does."""
    database = Database(backend.database_url)
    return Admission(Keys(database), Ledger(database), Limits(backend.redis_url))


def exactness(backend: Backend, *, processes: int) -> list[Exactness]:
    """Ask from several processes at once, against each kind of limit."""
    with closing(Database(backend.database_url)) as database:
        database.migrate()
        keys, accounts, ledger = Keys(database), Accounts(database), Ledger(database)
        name = f"exact-{processes}"
        account = accounts.create(name, concurrency=None, prepaid=True, actor="bench")
        covered = COVERED * _CHARACTERS
        ledger.grant(account.id, covered, kind="top_up", reason="To spend", actor="bench")
        prepaid, _ = keys.create("prepaid", account=name)
        free = accounts.create(f"{name}-free", concurrency=None, actor="bench")
        quota, _ = keys.create("quota", account=free.id, credit_quota=covered)
        slots, _ = keys.create("slots", account=free.id, concurrency=COVERED)
        rate, _ = keys.create("rate", account=free.id, rate_limit_rpm=COVERED)
    return [
        _ask("credits of a prepaid account", _admit, backend, prepaid, processes),
        _ask("credit quota of a key", _admit, backend, quota, processes),
        _ask("concurrency of a key", _admit, backend, slots, processes),
        _ask("requests per minute of a key", _count, backend, rate, processes),
    ]


def _ask(
    what: str,
    work: Callable[[Backend, str, int], int],
    backend: Backend,
    key: str,
    processes: int,
) -> Exactness:
    if processes == 1:
        admitted = work(backend, key, ASKED)
    else:
        shares = [ASKED // processes + (n < ASKED % processes) for n in range(processes)]
        barrier = _processes.Barrier(processes, timeout=_START_LIMIT_SECONDS)
        with ProcessPoolExecutor(
            processes, _processes, initializer=_join, initargs=(barrier,)
        ) as pool:
            asking = [pool.submit(work, backend, key, share) for share in shares]
            admitted = sum(answer.result() for answer in asking)
    return Exactness(what, processes, ASKED, COVERED, admitted)


def _join(barrier: Barrier) -> None:
    global _meet  # noqa: PLW0603 - how a pool's process is given a thing
    _meet = barrier.wait


def _admit(backend: Backend, key: str, times: int) -> int:
    admission = admission_of(backend)
    admission.start()  # on a crowded machine this may outlast a lease

    async def one(here: "asyncio.Barrier", everywhere: asyncio.Event) -> int:
        async def decided() -> None:
            # Nobody, in any process, gives anything back before all have asked.
            if await here.wait() == 0:
                await asyncio.to_thread(_meet)
                everywhere.set()
            await everywhere.wait()

        caller, _ = await admission.identify(key)
        try:
            async with admission.admit(caller, characters=_CHARACTERS) as permit:
                await decided()
                permit.spoken = permit.characters
                return 1
        except (CreditsExhausted, TooBusy):
            await decided()
            return 0

    async def everyone() -> int:
        await asyncio.to_thread(_meet)
        here, everywhere = asyncio.Barrier(times), asyncio.Event()
        return sum(await asyncio.gather(*(one(here, everywhere) for _ in range(times))))

    try:
        return asyncio.run(everyone())
    finally:
        admission.close()


def _count(backend: Backend, key: str, times: int) -> int:
    admission = admission_of(backend)
    caller = admission.keys.check(key)
    _meet()

    def one(_: int) -> int:
        try:
            admission.limits.count(caller.key_id, caller.rate_limit_rpm or 0)
        except TooBusy:
            return 0
        return 1

    try:
        with ThreadPoolExecutor(_THREADS) as threads:
            return sum(threads.map(one, range(times)))
    finally:
        admission.close()
