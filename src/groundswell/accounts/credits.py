"""The credit ledger: reserve before a request, settle what was delivered, release the rest.

Every movement is one row of ``transfers`` that takes from one book of an account and gives to
another, written in the transaction that changes ``credit_balances``. So the balance is the sum of
the transfers after any crash. Credits are whole numbers.

A reservation has a lease. While its request runs, the lease is renewed with what was delivered so
far; if the process dies, whoever comes next settles the reservation at that amount.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import IntegrityError

from groundswell.accounts.audit import note, plain
from groundswell.accounts.group_commit import GroupCommit, Operation
from groundswell.accounts.posting import Expiry, Hold, Renewal, Settlement, post
from groundswell.accounts.transfers import written
from groundswell.errors import InvalidInput, NotFound
from groundswell.store.database import Database
from groundswell.store.pipeline import Joined
from groundswell.store.tables import CreditBalance, KeyUsage

MAX_CREDITS = 10**15
"""Most credits an account or a key can hold: exact in JSON readers that only know doubles."""
LEASE = timedelta(seconds=60)
"""How long credits stay reserved for a process that no longer renews them."""

Grant = Literal["top_up", "bonus", "adjustment"]
_GRANTS = ("top_up", "bonus", "adjustment")


@dataclass(frozen=True, slots=True)
class Balance:
    """The books of an account, in credits (``store.tables.CreditBalance``)."""

    issued: int
    available: int
    reserved: int
    spent: int

    @property
    def credits(self) -> int:
        """What the account has, reserved or not; below zero when it may go into debt."""
        return self.available + self.reserved


@dataclass(frozen=True, slots=True)
class Quota:
    """What one key may spend.

    Attributes:
        key_id: whose usage is counted.
        limit: credits in one period; ``None`` counts and never refuses.
        period: ``total``, ``day`` or ``month`` (UTC).
    """

    key_id: str
    limit: int | None = None
    period: str = "total"

    def period_at(self, moment: datetime) -> str:
        """The name under which usage at this moment is counted."""
        return {"day": f"{moment:%Y-%m-%d}", "month": f"{moment:%Y-%m}"}.get(self.period, "total")

    def hold(
        self,
        reservation: str,
        account_id: str,
        amount: int,
        *,
        prepaid: bool,
        feature: str,
        lease: timedelta,
    ) -> Hold:
        """What reserves an amount in the present period."""
        return Hold(
            reservation=reservation,
            account_id=account_id,
            key_id=self.key_id,
            period=self.period_at(datetime.now(UTC)),
            quota=MAX_CREDITS if self.limit is None else self.limit,
            amount=amount,
            prepaid=prepaid,
            feature=feature,
            lease=lease,
        )


class Ledger:
    """The ledger of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database, *, lease: timedelta = LEASE) -> None:
        self._database = database
        self.lease = lease
        self._commits = GroupCommit(self._post)

    def balance(self, account_id: str) -> Balance:
        """Return the books of an account.

        Raises:
            NotFound: no such account.
        """
        with self._database.read() as session:
            found = session.get(CreditBalance, account_id)
        if found is None:
            raise NotFound("No such account.")
        return Balance(found.issued, found.available, found.reserved, found.spent)

    def used(self, quota: Quota) -> int:
        """Return the credits a key has used in the present period, without what is reserved."""
        period = quota.period_at(datetime.now(UTC))
        with self._database.read() as session:
            usage = session.get(KeyUsage, (quota.key_id, period))
        return usage.used if usage else 0

    def reserve(
        self,
        account_id: str,
        quota: Quota,
        amount: int,
        *,
        prepaid: bool = False,
        feature: str = "tts.generate",
    ) -> str:
        """Hold credits for one request and return the reservation's id.

        Args:
            account_id: whose credits.
            quota: of the key that asks.
            amount: credits, not negative.
            prepaid: refuse when the balance does not cover the amount.
            feature: what it is for, as billing shows it.

        Raises:
            CreditsExhausted: the key's quota or the prepaid balance does not cover the amount.
            InvalidInput: the amount is negative or beyond ``MAX_CREDITS``.
        """
        if not 0 <= amount <= MAX_CREDITS:
            raise InvalidInput(f"Credits must be between 0 and {MAX_CREDITS}.")
        hold = quota.hold(
            uuid4().hex, account_id, amount, prepaid=prepaid, feature=feature, lease=self.lease
        )
        self._commits.run(hold)
        return hold.reservation

    def settle(self, reservation: str, credits: int | None) -> bool:
        """Close a reservation: spend ``credits`` of it and release the rest.

        Args:
            reservation: its id.
            credits: the price of what was delivered, at most the amount held; ``None`` when
                nothing was answered, which leaves no expense in the ledger.

        Returns:
            Whether it was open; each is settled once, whoever comes first.
        """
        return self._commits.run(Settlement(reservation, credits))

    def renew(self, delivered: Mapping[str, int]) -> None:
        """Extend the leases of running requests, and note what each delivered so far."""
        self._commits.run(Renewal(delivered, self.lease))

    def expire(self) -> int:
        """Settle reservations whose lease ran out at what was noted; returns how many, some."""
        return self._commits.run(Expiry())

    def grant(
        self,
        account_id: str,
        amount: int,
        *,
        kind: Grant,
        reason: str,
        actor: str,
        reference: str | None = None,
    ) -> Balance:
        """Give credits to an account, or (``adjustment`` only) take some back.

        Args:
            account_id: whose.
            amount: credits; negative only for an adjustment.
            kind: how the ledger calls it.
            reason: why; for the ledger.
            actor: who did it.
            reference: an outside id; a second grant with the same one is refused.

        Raises:
            InvalidInput: the amount is zero, negative or too large, a text does not fit, or the
                reference was used before.
            NotFound: no such account.
        """
        if kind not in _GRANTS:
            raise InvalidInput(f"kind must be one of {', '.join(_GRANTS)}.", field="kind")
        if not amount or abs(amount) > MAX_CREDITS or (amount < 0 and kind != "adjustment"):
            low = -MAX_CREDITS if kind == "adjustment" else 1
            raise InvalidInput(
                f"amount must be a whole number from {low} to {MAX_CREDITS}, not 0.", field="amount"
            )
        row: dict[str, Any] = {
            "account_id": account_id,
            "reason": plain(reason, "reason", 500),
            "actor": plain(actor, "actor", 100),
            "reference": None if reference is None else plain(reference, "reference", 100),
        }
        source, target = ("issued", "available") if amount > 0 else ("available", "issued")
        try:
            with self._database.begin() as session:
                connection = session.connection()
                if session.get(CreditBalance, account_id) is None:
                    raise NotFound("No such account.")
                changed = {"account": account_id, "amount": amount}
                books = connection.execute(_GRANT, changed).one_or_none()
                if books is None:
                    raise InvalidInput(
                        f"The balance would go beyond {MAX_CREDITS} credits.", field="amount"
                    )
                balance = Balance(*books)
                moved = {"kind": kind, "source": source, "target": target, "amount": abs(amount)}
                after = {"balance_after": balance.credits, "created_at": datetime.now(UTC)}
                for statement, values in written([row | moved | after]):
                    connection.execute(statement, values)
                done = {"amount": amount, "reason": row["reason"], "reference": row["reference"]}
                done["balance"] = balance.credits
                note(session, row["actor"], f"credits.{kind}", f"account:{account_id}", after=done)
        except IntegrityError:
            raise InvalidInput(
                "A grant with this reference was made before.", field="reference"
            ) from None
        return balance

    def _post(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        with self._database.pipeline() as transaction:
            return post(transaction, operations)


def hold(
    connection: Connection,
    reservation: str,
    account_id: str,
    quota: Quota,
    amount: int,
    *,
    prepaid: bool,
    lease: timedelta,
    feature: str = "tts.generate",
) -> None:
    """Reserve credits within a transaction; see ``Ledger.reserve``.

    Args:
        connection: the transaction.
        reservation: its id, 32 characters; unique.
        account_id: whose credits.
        quota: of the key that asks.
        amount: credits, not negative.
        prepaid: refuse when the balance does not cover the amount.
        lease: how long it holds unless it is renewed.
        feature: what it is for, as billing shows it.

    Raises:
        CreditsExhausted: the key's quota or the prepaid balance does not cover the amount.
    """
    wanted = quota.hold(
        reservation, account_id, amount, prepaid=prepaid, feature=feature, lease=lease
    )
    (refused,) = post(Joined(connection), [wanted])
    if refused is not None:
        raise refused


def settle(connection: Connection, reservation: str, credits: int | None) -> bool:
    """Close a reservation within a transaction; see ``Ledger.settle``."""
    (was_open,) = post(Joined(connection), [Settlement(reservation, credits)])
    return bool(was_open)


_amount: Any = bindparam("amount")
_books: Any = CreditBalance.__table__

_GRANT = (
    update(_books)
    .where(_books.c.account_id == bindparam("account"))
    .where((_books.c.available + _amount).between(-MAX_CREDITS, MAX_CREDITS))
    .values(available=_books.c.available + _amount, issued=_books.c.issued - _amount)
    .returning(_books.c.issued, _books.c.available, _books.c.reserved, _books.c.spent)
)
