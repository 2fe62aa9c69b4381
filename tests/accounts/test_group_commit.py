"""Many at once in one transaction; on both databases."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.group_commit import GroupCommit, Operation
from groundswell.accounts.keys import Keys
from groundswell.errors import CreditsExhausted
from groundswell.store.database import Database


class Gate:
    """Holds back what a ledger commits until so many wait behind the first."""

    def __init__(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        self.batches: list[int] = []
        self._post = ledger._post
        self._waiting = ledger._commits._waiting
        self._committing = ledger._commits._committing
        self._behind = 0
        monkeypatch.setattr(ledger._commits, "_commit", self._commit)

    def run(self, *work: Any) -> list[Any]:
        """Do the first, and the others behind it; returns answers or exceptions, in order."""
        self._behind = len(work) - 1
        with ThreadPoolExecutor(len(work)) as threads:
            futures = [threads.submit(work[0])]
            while not self._committing.locked():
                time.sleep(0.001)
            futures += [threads.submit(one) for one in work[1:]]
        return [future.exception() or future.result() for future in futures]

    def _commit(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        while not self.batches and len(self._waiting) < self._behind:
            time.sleep(0.001)
        self.batches.append(len(operations))
        return self._post(operations)


@pytest.fixture
def gate(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(ledger, monkeypatch)


def test_what_waits_is_committed_together(
    ledger: Ledger, gate: Gate, keys: Keys, account: str
) -> None:
    quota = Quota(keys.create("app", account=account)[1].id, 100)
    answers = gate.run(*[lambda: ledger.reserve(account, quota, 10)] * 15)
    assert gate.batches == [1, 14]
    refused = [one for one in answers if isinstance(one, CreditsExhausted)]
    assert len(refused) == 5
    balance = ledger.balance(account)
    assert (balance.available, balance.reserved) == (-100, 100)


def test_settlements_make_room_for_who_asks_with_them(
    ledger: Ledger, gate: Gate, keys: Keys, account: str
) -> None:
    quota = Quota(keys.create("app", account=account)[1].id, 100)
    held = [ledger.reserve(account, quota, 50) for _ in range(2)]
    gate.batches.clear()
    answers = gate.run(
        ledger.expire,
        lambda: ledger.reserve(account, quota, 60),
        lambda: ledger.settle(held[0], 10),
        lambda: ledger.settle(held[1], None),
        lambda: ledger.settle(held[1], 50),
    )
    assert gate.batches == [1, 4]
    assert isinstance(answers[1], str)
    assert Counter(answers[2:]) == {True: 2, False: 1}
    balance = ledger.balance(account)
    assert balance.reserved == 60
    assert balance.spent in {10, 60}  # whichever of the two settled the second one


def test_accounts_of_one_transaction_stay_apart(
    ledger: Ledger, gate: Gate, keys: Keys, account: str, other_account: str
) -> None:
    ledger.grant(account, 10, kind="top_up", reason="r", actor="a")
    quotas = {one: Quota(keys.create("app", account=one)[1].id) for one in (account, other_account)}

    def hold(one: str) -> Any:
        return lambda: ledger.reserve(one, quotas[one], 10, prepaid=True)

    answers = gate.run(hold(account), hold(other_account), hold(account), hold(other_account))
    assert sum(isinstance(one, str) for one in answers) == 1
    assert ledger.balance(account).reserved == 10
    assert ledger.balance(other_account).reserved == 0


def test_the_credits_of_the_dead_are_shared_out_once(
    ledger: Ledger, gate: Gate, database: Database, keys: Keys, account: str
) -> None:
    ledger.grant(account, 50, kind="top_up", reason="r", actor="a")
    dead = Quota(keys.create("dead", account=account)[1].id)
    alive = Quota(keys.create("alive", account=account)[1].id)
    Ledger(database, lease=timedelta(seconds=-1)).reserve(account, dead, 50, prepaid=True)
    answers = gate.run(*[lambda: ledger.reserve(account, alive, 25, prepaid=True)] * 4)
    assert sum(isinstance(one, str) for one in answers) == 2
    balance = ledger.balance(account)
    assert (balance.available, balance.reserved, balance.spent) == (0, 50, 0)
    assert ledger.expire() == 0


def test_what_the_database_does_not_take_fails_alone(
    ledger: Ledger, gate: Gate, keys: Keys, account: str
) -> None:
    good = Quota(keys.create("app", account=account)[1].id)
    answers = gate.run(
        *[lambda: ledger.reserve(account, good, 1)] * 3,
        lambda: ledger.reserve(account, Quota("nobody"), 1),
    )
    assert [isinstance(one, str) for one in answers] == [True, True, True, False]
    assert isinstance(answers[3], IntegrityError)
    assert ledger.balance(account).reserved == 3


def test_without_the_database_all_are_told() -> None:
    tries = []

    def commit(operations: Sequence[Operation[Any]]) -> list[Any]:
        tries.append(len(operations))
        raise OperationalError("commit", {}, OSError("the database is gone"))

    commits = GroupCommit(commit)
    for _ in range(2):
        with pytest.raises(OperationalError):
            commits.run(Operation[None]())
    assert tries == [1, 1]


def test_a_connection_that_the_server_closed_is_replaced(
    new_postgresql_url: Callable[[], str],
) -> None:
    url = new_postgresql_url()
    database, other = Database(url), Database(url)
    account = Accounts(database).create("one").id
    quota = Quota(Keys(database).create("app", account=account)[1].id)
    ledger = Ledger(database)
    ledger.reserve(account, quota, 1)
    with other.engine.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        query = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        assert connection.execute(query).all()
    time.sleep(1.1)  # for a second, a connection is believed to be there
    ledger.reserve(account, quota, 1)
    assert ledger.balance(account).reserved == 2
    for one in (database, other):
        one.close()
