"""Admission: what a request holds while it runs, however it ends; on both databases."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.admission import Admission
from groundswell.accounts.credits import Ledger
from groundswell.accounts.keys import Caller, Keys
from groundswell.accounts.limits import Limits
from groundswell.accounts.prices import Prices
from groundswell.errors import CreditsExhausted, Forbidden, TooBusy
from groundswell.store.database import Database

Start = Callable[..., Admission]


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    started: list[Admission] = []

    def make(**prices: int) -> Admission:
        limits = Limits()
        started.append(Admission(Keys(database), Ledger(database), limits, Prices(prices)))
        return started[-1]

    yield make
    for admission in started:
        admission.close()


def caller_of(admission: Admission, account: str, **terms: Any) -> Caller:
    return admission.keys.check(admission.keys.create("app", account=account, **terms)[0])


def test_what_was_spoken_is_charged(start: Start, account: str) -> None:
    admission = start(pro=2500)
    caller = caller_of(admission, account)

    async def run() -> None:
        async with admission.admit(caller, characters=100, model="pro") as permit:
            assert admission.running() == admission.running(account) == 1
            assert admission.ledger.balance(account).reserved == 250
            permit.spoken = 33

    asyncio.run(run())
    assert admission.running() == 0
    balance = admission.ledger.balance(account)
    assert (balance.spent, balance.reserved) == (83, 0)  # 82.5, rounded up


def test_a_failed_request_is_free(start: Start, account: str) -> None:
    admission = start()
    caller = caller_of(admission, account)

    async def run() -> None:
        async with admission.admit(caller, characters=100) as permit:
            permit.spoken = 50
            permit.failed = True

    asyncio.run(run())
    assert admission.ledger.balance(account).spent == 0


def test_a_cancelled_request_costs_what_was_delivered(start: Start, account: str) -> None:
    admission = start()
    caller = caller_of(admission, account)

    async def run() -> None:
        spoke = asyncio.Event()

        async def speak() -> None:
            async with admission.admit(caller, characters=100) as permit:
                permit.spoken = 50
                spoke.set()
                await asyncio.sleep(60)

        speaking = asyncio.create_task(speak())
        await spoke.wait()
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)

    asyncio.run(run())
    balance = admission.ledger.balance(account)
    assert (balance.spent, balance.reserved) == (50, 0)
    assert admission.running() == 0


def test_who_leaves_while_being_admitted_holds_nothing(start: Start, account: str) -> None:
    admission = start()
    caller = caller_of(admission, account, concurrency=1)

    async def run() -> None:
        async def speak() -> None:
            async with admission.admit(caller, characters=100):
                await asyncio.sleep(60)

        for _ in range(20):
            speaking = asyncio.create_task(speak())
            await asyncio.sleep(0)
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    asyncio.run(run())
    admission._workers.shutdown()
    balance = admission.ledger.balance(account)
    assert (balance.spent, balance.reserved) == (0, 0)
    admission.limits.hold([], "x")
    assert not admission._slots


def test_slots_are_shared_by_the_keys_of_an_account(
    start: Start, account: str, database: Database
) -> None:
    Accounts(database).change(account, {"concurrency": 1})
    admission = start()
    one, two = caller_of(admission, account), caller_of(admission, account)

    async def run() -> None:
        async with admission.admit(one, characters=1):
            with pytest.raises(TooBusy):
                async with admission.admit(two, characters=1):
                    pass
        async with admission.admit(two, characters=1):
            pass

    asyncio.run(run())


def test_five_sockets_for_each_unit(start: Start, account: str, database: Database) -> None:
    Accounts(database).change(account, {"concurrency": 1})
    admission = start()
    caller = caller_of(admission, account)

    async def run() -> None:
        sockets = [admission.socket(caller) for _ in range(6)]
        for socket in sockets[:5]:
            await socket.__aenter__()
        with pytest.raises(TooBusy):
            await sockets[5].__aenter__()
        async with admission.admit(caller, characters=1):  # an idle socket uses no unit
            pass
        await sockets[0].__aexit__(None, None, None)
        async with admission.socket(caller):
            pass

    asyncio.run(run())


def test_a_refusal_for_credits_gives_the_slot_back(start: Start, account: str) -> None:
    admission = start()
    caller = caller_of(admission, account, concurrency=1, credit_quota=10)

    async def run() -> None:
        for _ in range(3):
            with pytest.raises(CreditsExhausted):
                async with admission.admit(caller, characters=11):
                    pass
        async with admission.admit(caller, characters=10):
            pass

    asyncio.run(run())


def test_a_key_for_another_product_may_not_speak(start: Start, account: str) -> None:
    admission = start()
    caller = caller_of(admission, account, scopes=["stt", "llm"])

    async def run() -> None:
        with pytest.raises(Forbidden, match="stt llm"):
            async with admission.admit(caller, characters=1):
                pass
        with pytest.raises(Forbidden):
            async with admission.socket(caller):
                pass

    asyncio.run(run())


def test_what_the_database_did_not_take_is_settled_later(
    start: Start, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = start()
    caller = caller_of(admission, account)
    settle = admission.ledger.settle

    def fails(*_: object) -> bool:
        raise OperationalError("settle", {}, OSError("the database is gone"))

    async def run() -> None:
        async with admission.admit(caller, characters=10) as permit:
            permit.spoken = 10
            monkeypatch.setattr(admission.ledger, "settle", fails)

    asyncio.run(run())
    assert admission.ledger.balance(account).reserved == 10
    monkeypatch.setattr(admission.ledger, "settle", settle)
    admission._round()
    balance = admission.ledger.balance(account)
    assert (balance.spent, balance.reserved) == (10, 0)


def test_a_long_request_outlives_its_lease(database: Database, account: str) -> None:
    ledger = Ledger(database, lease=timedelta(seconds=2))
    admission = Admission(Keys(database), ledger, Limits())
    admission.start()
    caller = caller_of(admission, account)

    async def run() -> None:
        async with admission.admit(caller, characters=10) as permit:
            permit.spoken = 4
            await asyncio.sleep(3)
            permit.spoken = 10

    asyncio.run(run())
    admission.close()
    assert ledger.balance(account).spent == 10
