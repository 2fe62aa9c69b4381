"""Posting: what many requests ask of the ledger, written in one transaction.

The books of all accounts concerned are locked and read; everything is decided here, one operation
after another; then it is written. On PostgreSQL that is two or three round trips, however many
requests it serves.

Rows are locked in one order, so that nodes never wait for each other in a circle: reservations
(those of other nodes only if nobody holds them), then books, then what lies beneath them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, text, update

from groundswell.accounts.group_commit import Operation
from groundswell.accounts.transfers import written
from groundswell.errors import CreditsExhausted
from groundswell.store.pipeline import Statement, Transaction
from groundswell.store.tables import CreditBalance, KeyUsage, Reservation

_EXPIRED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Hold(Operation[None]):
    """Reserve credits.

    Attributes:
        reservation: its id, a new one.
        period: in which the key's use is counted.
        quota: what the key may use in that period.
        prepaid: whether the account must have the amount.
        lease: how long it is held unless it is renewed.

    Raises:
        CreditsExhausted: the account or the quota does not cover the amount.
    """

    reservation: str
    account_id: str
    key_id: str
    period: str
    quota: int
    amount: int
    prepaid: bool
    feature: str
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Settlement(Operation[bool]):
    """Spend ``credits`` of a reservation, release the rest; answers whether it was open.

    ``None`` stands for a request that was not answered: it leaves no expense in the ledger.
    """

    reservation: str
    credits: int | None


@dataclass(frozen=True, slots=True)
class Renewal(Operation[None]):
    """Extend leases, and note the credits delivered so far for each reservation."""

    delivered: Mapping[str, int]
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Expiry(Operation[int]):
    """Settle reservations whose lease ran out at what was noted; answers how many they were."""


def post(transaction: Transaction, operations: Sequence[Operation[Any]]) -> list[Any]:
    """Do operations in one transaction; returns for each its answer, or what refuses it."""
    return _Posting(transaction).do(operations)


class _Claim(NamedTuple):
    """A reservation that is being closed."""

    reservation: str
    account_id: str
    key_id: str
    period: str
    feature: str
    amount: int
    delivered: int


@dataclass(slots=True)
class _Books:
    available: int
    reserved: int
    spent: int
    changed: bool = False


@dataclass(slots=True)
class _Usage:
    used: int = 0
    reserved: int = 0
    changed: bool = False


@dataclass(slots=True)
class _Posting:
    transaction: Transaction
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    books: dict[str, _Books] = field(default_factory=dict)
    usage: dict[tuple[str, str], _Usage] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    transfers: list[dict[str, Any]] = field(default_factory=list)

    def do(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        claimed, late = self._claim(operations)
        holds = [one for one in operations if isinstance(one, Hold)]
        self._read([*holds, *claimed.values(), *late])
        answers: list[Any] = [None] * len(operations)
        for at, one in enumerate(operations):
            if isinstance(one, Settlement):
                claim = claimed.pop(one.reservation, None)
                answers[at] = claim is not None
                if claim is not None:
                    self._close(claim, one.credits)
            elif isinstance(one, Expiry):
                answers[at] = len(late)
        self._close_late(late)
        refused = self._hold_all(holds)
        if refused and self._expire({one.account_id for one in refused}):
            # What a dead process held was perhaps just what was missing.
            refused = self._hold_all(list(refused))
        self._write()
        return [
            refused.get(one) if isinstance(one, Hold) else answer
            for one, answer in zip(operations, answers, strict=True)
        ]

    def _claim(
        self, operations: Sequence[Operation[Any]]
    ) -> tuple[dict[str, _Claim], list[_Claim]]:
        """Take the reservations that are to be closed: the settled ones, and the late ones."""
        renewals: list[Statement] = []
        claims: list[Statement] = []
        expiring = False
        for one in operations:
            if isinstance(one, Renewal):
                until = self.now + one.lease
                renewals += (
                    (_RENEW, {"id_": reservation, "delivered_": credits, "until": until})
                    for reservation, credits in sorted(one.delivered.items())
                )
            elif isinstance(one, Settlement):
                claims.append((_CLAIM, {"id_": one.reservation}))
            expiring |= isinstance(one, Expiry)
        # Renewals first: what is renewed here does not expire here.
        statements = renewals + claims
        if expiring:
            statements.append((_CLAIM_LATE, {"now": self.now}))
        if not statements:
            return {}, []
        found = [[_Claim(*row) for row in rows] for rows in self.transaction.send(*statements)]
        late = found.pop() if expiring else []
        return {claim.reservation: claim for rows in found for claim in rows}, late

    def _expire(self, accounts: set[str]) -> bool:
        """Close the late reservations of accounts; whether there are any."""
        statements = ((_CLAIM_LATE_OF, {"now": self.now, "account": one}) for one in accounts)
        late = [_Claim(*row) for rows in self.transaction.send(*statements) for row in rows]
        self._read(late)
        self._close_late(late)
        return bool(late)

    def _read(self, concerned: Sequence[Hold | _Claim]) -> None:
        """Lock and read books, and the usage of keys, that are not known yet."""
        # The lock on an account's books is one on the usage of its keys, too.
        accounts = sorted({one.account_id for one in concerned} - self.books.keys())
        keys = sorted({(one.key_id, one.period) for one in concerned} - self.usage.keys())
        if not (accounts or keys):
            return
        rows = self.transaction.send(
            *((_LOCK, {"account": account_id}) for account_id in accounts),
            *((_USAGE, {"key_id": key_id, "period": period}) for key_id, period in keys),
        )
        for account_id, found in zip(accounts, rows, strict=False):
            if found:
                self.books[account_id] = _Books(*found[0])
        for key, found in zip(keys, rows[len(accounts) :], strict=True):
            self.usage[key] = _Usage(*found[0]) if found else _Usage()

    def _hold_all(self, holds: Sequence[Hold]) -> dict[Hold, CreditsExhausted]:
        refused = {}
        for hold in holds:
            try:
                self._hold(hold)
            except CreditsExhausted as error:
                refused[hold] = error
        return refused

    def _hold(self, hold: Hold) -> None:
        books = self.books.get(hold.account_id)
        if books is None or (hold.prepaid and books.available < hold.amount):
            raise CreditsExhausted("The account's credits are used up.")
        usage = self.usage[hold.key_id, hold.period]
        if usage.used + usage.reserved + hold.amount > hold.quota:
            raise CreditsExhausted("The key's credit quota is used up.")
        books.available -= hold.amount
        books.reserved += hold.amount
        usage.reserved += hold.amount
        self.held.append(hold)
        self._move(hold, "reserve", "available", "reserved", hold.amount)

    def _close_late(self, late: Iterable[_Claim]) -> None:
        for claim in late:
            self._close(claim, claim.delivered or None)

    def _close(self, claim: _Claim, credits: int | None) -> None:
        spent = min(credits or 0, claim.amount)
        released = claim.amount - spent
        books, usage = self.books[claim.account_id], self.usage[claim.key_id, claim.period]
        books.reserved -= claim.amount
        books.spent += spent
        books.available += released
        usage.reserved -= claim.amount
        usage.used += spent
        if credits is not None:
            self._move(claim, "settle", "reserved", "spent", spent)
        if released or credits is None:
            self._move(claim, "release", "reserved", "available", released)

    def _move(self, on: Hold | _Claim, kind: str, source: str, target: str, amount: int) -> None:
        books = self.books[on.account_id]
        books.changed = self.usage[on.key_id, on.period].changed = True
        self.transfers.append(
            {
                "account_id": on.account_id,
                "key_id": on.key_id,
                "kind": kind,
                "source": source,
                "target": target,
                "amount": amount,
                "balance_after": books.available + books.reserved,
                "reservation_id": on.reservation,
                "feature": on.feature,
                "created_at": self.now,
            }
        )

    def _write(self) -> None:
        self.transaction.commit(*self._written(), *written(self.transfers))

    def _written(self) -> Iterator[Statement]:
        for account_id, books in self.books.items():
            if books.changed:
                values = {
                    "available": books.available,
                    "reserved": books.reserved,
                    "spent": books.spent,
                }
                yield _SET_BOOKS, {"account": account_id, **values}
        for (key_id, period), usage in self.usage.items():
            if usage.changed:
                values = {"used": usage.used, "reserved": usage.reserved}
                yield _SET_USAGE, {"key_id": key_id, "period": period, **values}
        for hold in self.held:
            yield (
                _HOLD,
                {
                    "id": hold.reservation,
                    "account_id": hold.account_id,
                    "key_id": hold.key_id,
                    "period": hold.period,
                    "feature": hold.feature,
                    "amount": hold.amount,
                    "delivered": 0,
                    "expires_at": self.now + hold.lease,
                },
            )


_books: Any = CreditBalance.__table__
_usage: Any = KeyUsage.__table__
_held: Any = Reservation.__table__
_account: Any = bindparam("account")

_RENEW = (
    update(_held)
    .where(_held.c.id == bindparam("id_"))
    .values(delivered=bindparam("delivered_"), expires_at=bindparam("until"))
)
# Deleting a reservation is the claim on it: of all who try, one gets it.
_DELETE = delete(_held).returning(_held.c.id, *(_held.c[name] for name in _Claim._fields[1:]))
_CLAIM = _DELETE.where(_held.c.id == bindparam("id_"))
_LATE = (
    select(_held.c.id)
    .where(_held.c.expires_at < bindparam("now"))
    .limit(_EXPIRED_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_CLAIM_LATE = _DELETE.where(_held.c.id.in_(_LATE))
_CLAIM_LATE_OF = _DELETE.where(_held.c.id.in_(_LATE.where(_held.c.account_id == _account)))
_LOCK = (
    select(_books.c.available, _books.c.reserved, _books.c.spent)
    .where(_books.c.account_id == _account)
    .with_for_update()
)
_USAGE = select(_usage.c.used, _usage.c.reserved).where(
    _usage.c.key_id == bindparam("key_id"), _usage.c.period == bindparam("period")
)
_SET_BOOKS = (
    update(_books)
    .where(_books.c.account_id == _account)
    .values({name: bindparam(name) for name in ("available", "reserved", "spent")})
)
_SET_USAGE = text(
    "INSERT INTO key_usage (key_id, period, used, reserved) "
    "VALUES (:key_id, :period, :used, :reserved) "
    "ON CONFLICT (key_id, period) DO UPDATE SET used = excluded.used, reserved = excluded.reserved"
)
_HOLD = insert(_held).values({column.name: bindparam(column.name) for column in _held.columns})
