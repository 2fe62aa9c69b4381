"""The credit ledger: reserve before a request, settle what was delivered, release the rest.

Every movement is one row of ``transfers`` that takes from one book of an account and gives to
another, written in the transaction that changes ``credit_balances``. So the balance is the sum of
the transfers after any crash. Credits are whole numbers.

A reservation has a lease. While its request runs, the lease is renewed with what was delivered so
far; if the process dies, whoever comes next settles the reservation at that amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from groundswell.accounts.audit import note, plain
from groundswell.errors import CreditsExhausted, InvalidInput, NotFound
from groundswell.store.database import Database
from groundswell.store.tables import CreditBalance, KeyUsage, Reservation, Transfer

MAX_CREDITS = 10**15
"""Most credits an account or a key can hold: exact in JSON readers that only know doubles."""
LEASE = timedelta(seconds=60)
"""How long credits stay reserved for a process that no longer renews them."""

Grant = Literal["top_up", "bonus", "adjustment"]
_GRANTS = ("top_up", "bonus", "adjustment")
_EXPIRED_AT_ONCE = 200


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


class Ledger:
    """The ledger of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database, *, lease: timedelta = LEASE) -> None:
        self._database = database
        self.lease = lease

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
        try:
            return self._reserve(account_id, quota, amount, prepaid, feature)
        except CreditsExhausted:
            # What a dead process held may be just what is missing.
            if not self.expire(account_id=account_id):
                raise
            return self._reserve(account_id, quota, amount, prepaid, feature)

    def _reserve(
        self, account_id: str, quota: Quota, amount: int, prepaid: bool, feature: str
    ) -> str:
        reservation = uuid4().hex
        with self._database.begin() as session:
            hold(
                session.connection(),
                reservation,
                account_id,
                quota,
                amount,
                prepaid=prepaid,
                feature=feature,
                lease=self.lease,
            )
        return reservation

    def settle(self, reservation: str, credits: int | None) -> bool:
        """Close a reservation: spend ``credits`` of it and release the rest.

        Args:
            reservation: its id.
            credits: the price of what was delivered, at most the amount held; ``None`` when
                nothing was answered, which leaves no expense in the ledger.

        Returns:
            Whether it was open; each is settled once, whoever comes first.
        """
        with self._database.begin() as session:
            return settle(session.connection(), reservation, credits)

    def renew(self, delivered: Mapping[str, int]) -> None:
        """Extend the leases of running requests, and note what each delivered so far."""
        if not delivered:
            return
        until = datetime.now(UTC) + self.lease
        rows = [
            {"id_": reservation, "delivered_": credits, "until": until}
            for reservation, credits in sorted(delivered.items())
        ]
        with self._database.begin() as session:
            session.connection().execute(_RENEW, rows)

    def expire(self, *, account_id: str | None = None) -> int:
        """Settle reservations whose lease ran out at what was noted; return how many there were."""
        query = select(Reservation.id, Reservation.delivered).where(
            Reservation.expires_at < datetime.now(UTC)
        )
        if account_id is not None:
            query = query.where(Reservation.account_id == account_id)
        with self._database.read() as session:
            late = session.execute(query.limit(_EXPIRED_AT_ONCE)).all()
        settled = 0
        for reservation, _ in late:
            with self._database.begin() as session:
                # Only if it is still late: its owner may have renewed it meanwhile.
                settled += settle(
                    session.connection(), reservation, None, late_at=datetime.now(UTC)
                )
        return settled

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
                _record(
                    connection,
                    row,
                    kind=kind,
                    source=source,
                    target=target,
                    amount=abs(amount),
                    balance_after=balance.credits,
                    now=datetime.now(UTC),
                )
                done = {"amount": amount, "reason": row["reason"], "reference": row["reference"]}
                done["balance"] = balance.credits
                note(session, row["actor"], f"credits.{kind}", f"account:{account_id}", after=done)
        except IntegrityError:
            raise InvalidInput(
                "A grant with this reference was made before.", field="reference"
            ) from None
        return balance


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
    now = datetime.now(UTC)
    period = quota.period_at(now)
    taken = {"account": account_id, "amount": amount, "prepaid": int(prepaid)}
    balance_after = connection.execute(_TAKE, taken).scalar()
    if balance_after is None:
        raise CreditsExhausted("The account's credits are used up.")
    wanted = {
        "key": quota.key_id,
        "in_period": period,
        "amount": amount,
        "quota": MAX_CREDITS if quota.limit is None else quota.limit,
    }
    if not connection.execute(_COUNT, wanted).rowcount:
        connection.execute(_FIRST_USE, wanted)
        if not connection.execute(_COUNT, wanted).rowcount:
            raise CreditsExhausted("The key's credit quota is used up.")
    held = {
        "id": reservation,
        "account_id": account_id,
        "key_id": quota.key_id,
        "period": period,
        "feature": feature,
        "amount": amount,
        "delivered": 0,
        "expires_at": now + lease,
    }
    connection.execute(_HOLD, held)
    _record(
        connection,
        held,
        kind="reserve",
        source="available",
        target="reserved",
        amount=amount,
        balance_after=balance_after,
        now=now,
    )


def settle(
    connection: Connection,
    reservation: str,
    credits: int | None,
    *,
    late_at: datetime | None = None,
) -> bool:
    """Close a reservation within a transaction; see ``Ledger.settle``.

    Args:
        connection: the transaction.
        reservation: its id.
        credits: the price of what was delivered; ``None`` when nothing was answered.
        late_at: close it only if its lease had run out then, at what its owner noted.
    """
    # Deleting the row is the claim: of all who try, one gets it.
    if late_at is None:
        held = connection.execute(_CLAIM, {"id_": reservation}).one_or_none()
    else:
        held = connection.execute(_CLAIM_LATE, {"id_": reservation, "now": late_at}).one_or_none()
    if held is None:
        return False
    row = held._asdict()
    if late_at is not None:
        credits = row["delivered"] or None
    spent = min(credits or 0, row["amount"])
    released = row["amount"] - spent
    change = {"account": row["account_id"], "amount": row["amount"], "cost": spent}
    balance_after = connection.execute(_SPEND, change).scalar_one()
    usage = {"key": row["key_id"], "in_period": row["period"]}
    connection.execute(_USE, usage | {"amount": row["amount"], "cost": spent})
    now = datetime.now(UTC)
    for kind, target, amount, wanted in (
        ("settle", "spent", spent, credits is not None),
        ("release", "available", released, released > 0 or credits is None),
    ):
        if wanted:
            _record(
                connection,
                row,
                kind=kind,
                source="reserved",
                target=target,
                amount=amount,
                balance_after=balance_after,
                now=now,
            )
    return True


def _record(
    connection: Connection,
    row: Mapping[str, Any],
    *,
    kind: str,
    source: str,
    target: str,
    amount: int,
    balance_after: int,
    now: datetime,
) -> None:
    connection.execute(
        _WRITE,
        {
            "account_id": row["account_id"],
            "key_id": row.get("key_id"),
            "kind": kind,
            "source": source,
            "target": target,
            "amount": amount,
            "balance_after": balance_after,
            "reservation_id": row.get("id"),
            "feature": row.get("feature"),
            "reference": row.get("reference"),
            "reason": row.get("reason"),
            "actor": row.get("actor"),
            "created_at": now,
        },
    )


_amount: Any = bindparam("amount")
_cost: Any = bindparam("cost")
_books: Any = CreditBalance.__table__
_usage: Any = KeyUsage.__table__
_held: Any = Reservation.__table__

_TAKE = (
    update(_books)
    .where(_books.c.account_id == bindparam("account"))
    .where(or_(bindparam("prepaid") == 0, _books.c.available >= _amount))
    .values(available=_books.c.available - _amount, reserved=_books.c.reserved + _amount)
    .returning(_books.c.available + _books.c.reserved)
)
_SPEND = (
    update(_books)
    .where(_books.c.account_id == bindparam("account"))
    .values(
        reserved=_books.c.reserved - _amount,
        spent=_books.c.spent + _cost,
        available=_books.c.available + _amount - _cost,
    )
    .returning(_books.c.available + _books.c.reserved)
)
_GRANT = (
    update(_books)
    .where(_books.c.account_id == bindparam("account"))
    .where((_books.c.available + _amount).between(-MAX_CREDITS, MAX_CREDITS))
    .values(available=_books.c.available + _amount, issued=_books.c.issued - _amount)
    .returning(_books.c.issued, _books.c.available, _books.c.reserved, _books.c.spent)
)
_COUNT = (
    update(_usage)
    .where(_usage.c.key_id == bindparam("key"), _usage.c.period == bindparam("in_period"))
    .where(_usage.c.used + _usage.c.reserved + _amount <= bindparam("quota"))
    .values(reserved=_usage.c.reserved + _amount)
)
_FIRST_USE = text(
    "INSERT INTO key_usage (key_id, period, used, reserved) VALUES (:key, :in_period, 0, 0) "
    "ON CONFLICT DO NOTHING"
)
_USE = (
    update(_usage)
    .where(_usage.c.key_id == bindparam("key"), _usage.c.period == bindparam("in_period"))
    .values(reserved=_usage.c.reserved - _amount, used=_usage.c.used + _cost)
)
_HOLD = insert(_held)
_CLAIM = delete(_held).where(_held.c.id == bindparam("id_")).returning(*_held.c)
_CLAIM_LATE = _CLAIM.where(_held.c.expires_at < bindparam("now"))
_RENEW = (
    update(_held)
    .where(_held.c.id == bindparam("id_"))
    .values(delivered=bindparam("delivered_"), expires_at=bindparam("until"))
)
_WRITE = insert(Transfer.__table__)  # type: ignore[arg-type]
