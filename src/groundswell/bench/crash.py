"""What is left of the ledger when its processes are killed.

Workers reserve, renew and settle as fast as they can; each is killed with SIGKILL at a random
moment, again and again. Afterwards the books are compared with the ledger, and the ledger with
what the workers had been told.
"""

import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL

from sqlalchemy import func, select, text

from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.keys import Keys
from groundswell.bench.judges import BenchFailed
from groundswell.store.database import Database
from groundswell.store.tables import ApiKey, KeyUsage, Reservation, Transfer

LEASE = timedelta(seconds=2)
_AT_ONCE = 4
_LATE = "late"
"""What a worker notes when its lease ran out: on a crowded machine that happens."""
_GRANTED = 10**9
_MOST_SETTLEMENTS = 6
_LONGEST_PAUSE = 0.02
"""Seconds that a worker goes on after so many settlements: longer than one takes."""
_START_LIMIT_SECONDS = 60.0
_processes = get_context("forkserver")
# Workers are forked from a process that has imported all this: they live for milliseconds.
_processes.set_forkserver_preload([__name__])


@dataclass(slots=True)
class CrashFindings:
    """What was found after the last kill and one lease.

    Attributes:
        killed: workers that were killed while they worked.
        answered: settlements that a worker had been told of.
        abandoned: reservations whose worker died before it was told.
        problems: what is wrong with the books or the ledger; should be empty.
    """

    killed: int = 0
    answered: int = 0
    abandoned: int = 0
    problems: list[str] = field(default_factory=list)

    def expect(self, right: bool, problem: str) -> None:
        """Note a problem unless all is right."""
        if not right:
            self.problems.append(problem)


def crash(database_url: str, *, kills: int) -> CrashFindings:
    """Kill workers on a database, which may hold other accounts, and compare what is left."""
    with closing(Database(database_url)) as database, tempfile.TemporaryDirectory() as folder:
        database.migrate()
        ledger = Ledger(database, lease=LEASE)
        _, key = Keys(database).create("crash")
        ledger.grant(key.account_id, _GRANTED, kind="top_up", reason="To spend", actor="bench")
        killed, told = _kill(database_url, key, kills, Path(folder))
        findings = CrashFindings(killed, len(told))
        # One lease after the last renewal nothing may be held any more.
        time.sleep(LEASE.total_seconds())
        while ledger.expire():
            pass
        _compare(database, key, told, findings)
    return findings


def _kill(url: str, key: ApiKey, kills: int, folder: Path) -> tuple[int, dict[str, str]]:
    draw = random.Random(kills)  # noqa: S311 - moments, not secrets
    killed, told = 0, dict[str, str]()
    while killed < kills:
        logs = [folder / f"{killed}-{n}" for n in range(_AT_ONCE)]
        workers = [
            _processes.Process(target=_work, args=(url, key.account_id, key.id, str(log)))
            for log in logs
        ]
        for worker in workers:
            worker.start()
        try:
            for worker, log in zip(workers, logs, strict=True):
                _await_work(worker, log, settlements=draw.randint(0, _MOST_SETTLEMENTS))
                time.sleep(draw.uniform(0, _LONGEST_PAUSE))
                worker.kill()
        finally:
            for worker in workers:
                worker.kill()
        for worker, log in zip(workers, logs, strict=True):
            worker.join()
            if worker.exitcode != -SIGKILL:
                raise BenchFailed(f"A worker ended by itself, with {worker.exitcode}.")
            told |= dict(line.split() for line in log.read_text().split("\n")[1:-1])
        killed += _AT_ONCE
    return killed, {request: cost for request, cost in told.items() if cost != _LATE}


def _await_work(worker: ForkServerProcess, log: Path, *, settlements: int) -> None:
    limit = time.monotonic() + _START_LIMIT_SECONDS
    while not log.exists() or log.read_bytes().count(b"\n") <= settlements:
        if worker.exitcode is not None or time.monotonic() > limit:
            raise BenchFailed("A worker did not begin.")
        time.sleep(0.002)


def _work(url: str, account_id: str, key_id: str, log: str) -> None:
    ledger = Ledger(Database(url), lease=LEASE)
    quota = Quota(key_id, _GRANTED)
    draw = random.Random()  # noqa: S311
    out = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    os.write(out, b"begun\n")
    while True:
        held = {}
        for _ in range(draw.randint(1, 3)):
            amount = draw.randint(0, 50)
            held[ledger.reserve(account_id, quota, amount, prepaid=True)] = amount
        ledger.renew({reservation: draw.randint(0, amount) for reservation, amount in held.items()})
        if draw.random() < 0.1:
            ledger.expire()
        for reservation, amount in held.items():
            cost = draw.choice((None, draw.randint(0, amount), amount))
            in_time = ledger.settle(reservation, cost)
            os.write(out, f"{reservation} {cost if in_time else _LATE}\n".encode())


def _compare(
    database: Database, key: ApiKey, told: dict[str, str], findings: CrashFindings
) -> None:
    balance = Ledger(database).balance(key.account_id)
    with database.read() as session:
        if database.backend == "sqlite":
            state = session.execute(text("PRAGMA integrity_check")).scalar_one()
            findings.expect(state == "ok", f"the file is damaged: {state}")
        left = session.scalar(select(func.count()).where(Reservation.key_id == key.id))
        transfers = list(
            session.scalars(select(Transfer).where(Transfer.account_id == key.account_id))
        )
        usage = session.get_one(KeyUsage, (key.id, "total"))
    findings.expect(not left, f"{left} reservations outlived their lease")
    books: Counter[str] = Counter()
    for transfer in transfers:
        books[transfer.source] -= transfer.amount
        books[transfer.target] += transfer.amount
    for book in ("issued", "available", "reserved", "spent"):
        has = getattr(balance, book)
        findings.expect(has == books[book], f"{book} is {has}, its transfers are {books[book]}")
    total = balance.issued + balance.available + balance.reserved + balance.spent
    findings.expect(total == 0 and balance.issued == -_GRANTED, "credits were made or lost")
    findings.expect(not balance.reserved and not usage.reserved, "credits are still reserved")
    findings.expect(usage.used == balance.spent, f"the key used {usage.used} of {balance.spent}")
    _compare_requests(transfers, told, findings)


def _compare_requests(
    transfers: list[Transfer], told: dict[str, str], findings: CrashFindings
) -> None:
    requests: dict[str, list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        if transfer.reservation_id is not None:
            requests[transfer.reservation_id].append(transfer)
    findings.abandoned = len(requests) - len(told)
    for reservation, rows in requests.items():
        kinds = sorted(row.kind for row in rows)
        closed = sum(row.amount for row in rows if row.kind != "reserve")
        held = sum(row.amount for row in rows if row.kind == "reserve")
        right = len(set(kinds)) == len(kinds) and "reserve" in kinds and held == closed
        findings.expect(right, f"reservation {reservation}: {held} held, {closed} closed, {kinds}")
    for reservation, cost in told.items():
        charged = [row.amount for row in requests[reservation] if row.kind == "settle"]
        expected = [] if cost == "None" else [int(cost)]
        findings.expect(charged == expected, f"{reservation} was told {cost}, charged {charged}")
