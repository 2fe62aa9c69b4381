"""Admission: what stands between an authorised request and the engine.

``admit`` takes a concurrency slot and reserves credits; leaving it settles what was delivered and
gives the rest back. Both are leases, renewed by a thread of this process: what a dead process held
comes back by itself. All that blocks happens in worker threads.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import TypeVar
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from groundswell.accounts.credits import Ledger
from groundswell.accounts.keys import Caller, Keys
from groundswell.accounts.limits import Limits, RateStatus
from groundswell.accounts.prices import Prices
from groundswell.accounts.slots import Pool

_log = logging.getLogger(__name__)

SOCKETS_PER_UNIT = 5
"""Open sockets for each concurrency unit (contract: tts.md §12)."""
_WORKERS = 8
_MOST_SECONDS_BETWEEN_ROUNDS = 5.0

_T = TypeVar("_T")


@dataclass(slots=True)
class Permit:
    """The right to run one request, and the account of what was delivered for it.

    Attributes:
        caller: who runs it.
        model: with which model.
        characters: characters of input asked for.
        delivered: seconds of audio that reached the client.
        spoken: characters of input whose sound reached the client.
        failed: the request went wrong, and costs nothing.
    """

    caller: Caller
    model: str
    characters: int
    prices: Prices
    delivered: float = 0.0
    spoken: int = 0
    failed: bool = False
    _reservation: str = ""
    _slots: list[tuple[Pool, str]] = field(default_factory=list)

    @property
    def owed(self) -> int | None:
        """The credits for what was delivered so far; ``None`` when nothing was answered."""
        if self.failed or not self.spoken:
            return None
        return self.prices.cost(self.model, self.spoken)


class Admission:
    """Admits requests and knows which are running.

    Args:
        keys: the keys, whose use is noted.
        ledger: where credits are reserved and settled.
        limits: rates and slots.
        prices: what a request costs.
    """

    def __init__(
        self, keys: Keys, ledger: Ledger, limits: Limits, prices: Prices | None = None
    ) -> None:
        self.keys = keys
        self.ledger = ledger
        self.limits = limits
        self.prices = prices or Prices()
        self._workers = ThreadPoolExecutor(_WORKERS, "accounts")
        self._lock = Lock()
        self._permits: dict[str, Permit] = {}
        self._slots: dict[str, list[tuple[Pool, str]]] = {}
        self._unsettled: dict[str, int | None] = {}
        self._stopping = Event()
        self._keeper: Thread | None = None

    def start(self) -> None:
        """Begin to renew leases and to settle what dead processes left."""
        self._keeper = Thread(target=self._keep, name="accounts-keeper", daemon=True)
        self._keeper.start()

    def close(self) -> None:
        """Finish what is under way and stop."""
        self._stopping.set()
        self._workers.shutdown()
        if self._keeper is not None:
            self._keeper.join()
        self._round()
        self.limits.close()

    async def identify(self, key: str) -> tuple[Caller, RateStatus | None]:
        """Return who a key belongs to, and count one request against its rate.

        Raises:
            Unauthorized, Forbidden: the key is not good.
            TooBusy: its rate is reached.
        """

        def work() -> tuple[Caller, RateStatus | None]:
            caller = self.keys.check(key)
            return caller, self._count(caller)

        # Where nothing blocks, a hop to another thread and back would cost more than the work.
        known = None if self.limits.shared else self.keys.known(key)
        return await self._in_worker(work) if known is None else (known, self._count(known))

    @asynccontextmanager
    async def admit(
        self, caller: Caller, *, characters: int, model: str = "", counted: bool = True
    ) -> AsyncIterator[Permit]:
        """Hold a slot and credits while the request runs, however it ends.

        Args:
            caller: who asks.
            characters: of the text.
            model: which sets the price.
            counted: whether the request's rate was counted already (``identify``).

        Raises:
            Forbidden: the key is not for speech.
            CreditsExhausted: quota or balance do not cover the text.
            TooBusy: a limit is reached.
        """
        permit = Permit(caller, model, characters, self.prices)
        await self._in_worker(lambda: self._open(permit, counted), undo=self._close)
        try:
            yield permit
        finally:
            await self._in_worker(lambda: self._close(permit))

    @asynccontextmanager
    async def socket(self, caller: Caller) -> AsyncIterator[None]:
        """Hold a place for an open socket.

        Raises:
            Forbidden: the key is not for speech.
            TooBusy: the account or the key has too many open.
        """
        permit = Permit(caller, "", 0, self.prices)

        def hold() -> Permit:
            caller.check_scope("tts")
            self._hold(permit, _pools(caller, "sockets", SOCKETS_PER_UNIT))
            return permit

        await self._in_worker(hold, undo=self._give_back)
        try:
            yield
        finally:
            await self._in_worker(lambda: self._give_back(permit))

    def running(self, account_id: str | None = None) -> int:
        """Requests running for an account, or for all of them."""
        with self._lock:
            owners = [permit.caller.account_id for permit in self._permits.values()]
        return len(owners) if account_id is None else owners.count(account_id)

    def _count(self, caller: Caller) -> RateStatus | None:
        if caller.rate_limit_rpm is None:
            return None
        return self.limits.count(caller.key_id, caller.rate_limit_rpm)

    def _open(self, permit: Permit, counted: bool) -> Permit:
        caller = permit.caller
        caller.check_scope("tts")
        if not counted:
            self._count(caller)
        self._hold(permit, _pools(caller, "tts"))
        try:
            permit._reservation = self.ledger.reserve(
                caller.account_id,
                caller.quota,
                self.prices.cost(permit.model, permit.characters),
                prepaid=caller.prepaid,
            )
        except BaseException:
            self._give_back(permit)
            raise
        with self._lock:
            self._permits[permit._reservation] = permit
        return permit

    def _close(self, permit: Permit) -> None:
        cost = permit.owed
        with self._lock:
            self._permits.pop(permit._reservation, None)
            # Kept, and its lease renewed, until the database has it.
            self._unsettled[permit._reservation] = cost
        self._give_back(permit)
        self._settle(permit._reservation, cost)

    def _settle(self, reservation: str, cost: int | None) -> None:
        try:
            self.ledger.settle(reservation, cost)
        except SQLAlchemyError as error:
            _log.error("not settled yet, the database failed: %s", type(error).__name__)
            return
        with self._lock:
            self._unsettled.pop(reservation, None)

    def _hold(self, permit: Permit, pools: list[Pool]) -> None:
        lease = uuid4().hex
        self.limits.hold(pools, lease)
        permit._slots = [(pool, lease) for pool in pools]
        if permit._slots:
            with self._lock:
                self._slots[lease] = permit._slots

    def _give_back(self, permit: Permit) -> None:
        if permit._slots:
            with self._lock:
                self._slots.pop(permit._slots[0][1], None)
            self.limits.give_back(permit._slots)

    def _keep(self) -> None:
        shortest = min(self.ledger.lease, self.limits.lease).total_seconds()
        while not self._stopping.wait(min(_MOST_SECONDS_BETWEEN_ROUNDS, shortest / 4)):
            self._round()

    def _round(self) -> None:
        with self._lock:
            delivered = {id_: permit.owed or 0 for id_, permit in self._permits.items()}
            delivered |= {id_: credits or 0 for id_, credits in self._unsettled.items()}
            unsettled = dict(self._unsettled)
            slots = [slot for held in self._slots.values() for slot in held]
        self.limits.renew(slots)
        try:
            self.ledger.renew(delivered)
            self.ledger.expire()
            self.keys.note_use()
        except SQLAlchemyError as error:
            _log.error("leases not renewed, the database failed: %s", type(error).__name__)
            return
        for reservation, cost in unsettled.items():
            self._settle(reservation, cost)

    async def _in_worker(
        self, work: Callable[[], _T], *, undo: Callable[[_T], None] | None = None
    ) -> _T:
        """Run ``work`` in a thread; if the caller is cancelled meanwhile, ``undo`` its result."""
        running = self._workers.submit(work)
        try:
            return await asyncio.shield(asyncio.wrap_future(running))
        except asyncio.CancelledError:

            def take_back(done: Future[_T]) -> None:
                if undo is not None and not done.cancelled() and done.exception() is None:
                    undo(done.result())

            running.add_done_callback(take_back)
            raise


def _pools(caller: Caller, kind: str, places: int = 1) -> list[Pool]:
    """The pools a request needs a slot in; limits that are not set have none."""
    tag = f"groundswell:{{{caller.account_id}}}:{kind}"
    pools = []
    if caller.account_concurrency is not None:
        pools.append(Pool(f"{tag}:account", caller.account_concurrency * places))
    if caller.concurrency is not None:
        pools.append(Pool(f"{tag}:{caller.key_id}", caller.concurrency * places))
    return pools
