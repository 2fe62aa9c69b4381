"""The tables. Migrations in ``migrations/`` make them; a test keeps the two in step."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""


RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A key that counts up; SQLite counts only columns declared INTEGER."""


class Account(Base):
    """Who owns keys, voices, dictionaries and credits."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    concurrency: Mapped[int | None]
    """Requests at a time; without a number there is no limit."""
    prepaid: Mapped[bool] = mapped_column(default=False)
    """Whether requests are refused once the balance does not cover them."""
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ApiKey(Base):
    """A key, of which only a hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16))
    """First characters of the key, for display."""
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the key, hexadecimal: keys are random, so no slow hash is needed."""
    rate_limit_rpm: Mapped[int | None]
    concurrency: Mapped[int | None]
    credit_quota: Mapped[int | None] = mapped_column(BigInteger)
    quota_period: Mapped[str] = mapped_column(String(8), default="total")
    """What the quota is for: ``total``, or each UTC ``day`` or ``month``."""
    scopes: Mapped[str | None] = mapped_column(String(100))
    """Products it may use, separated by spaces; ``None`` is all of them."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CreditBalance(Base):
    """The books of an account, in credits: for each, the sum of its transfers (``Transfer``).

    The four always sum to zero. What the account has is ``available + reserved``.
    """

    __tablename__ = "credit_balances"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    issued: Mapped[int] = mapped_column(BigInteger, default=0)
    """Where credits come from: below zero by what was granted."""
    available: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    spent: Mapped[int] = mapped_column(BigInteger, default=0)


class KeyUsage(Base):
    """Credits of one key in one period of its quota."""

    __tablename__ = "key_usage"

    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    """``total``, ``2026-11`` or ``2026-11-21``."""
    used: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)


class Reservation(Base):
    """Credits held for a request that runs. Whoever deletes the row settles it, exactly once."""

    __tablename__ = "reservations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"))
    period: Mapped[str] = mapped_column(String(10))
    feature: Mapped[str] = mapped_column(String(40))
    amount: Mapped[int] = mapped_column(BigInteger)
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)
    """The part of the amount that was delivered when the lease was last renewed."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


STATEMENT_KINDS = ("settle", "top_up", "bonus", "adjustment")
"""Transfers that change what an account has; holding and releasing credits does not."""
_IN_STATEMENT = f"kind IN {STATEMENT_KINDS}"


class Transfer(Base):
    """Credits moved from one book of an account to another: the ledger. Rows are only added.

    One row debits and credits the same amount, so the books balance by construction.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="transfers_amount"),
        UniqueConstraint("reservation_id", "kind", name="transfers_once"),
        UniqueConstraint("account_id", "reference", name="transfers_reference"),
        # A statement is read from this index alone, but for the rows it shows.
        Index(
            "transfers_statement",
            "account_id",
            "created_at",
            "kind",
            "target",
            "amount",
            sqlite_where=text(_IN_STATEMENT),
            postgresql_where=text(_IN_STATEMENT),
        ),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    key_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    """``reserve``, ``settle``, ``release``, ``top_up``, ``bonus`` or ``adjustment``."""
    source: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int] = mapped_column(BigInteger)
    balance_after: Mapped[int] = mapped_column(BigInteger)
    """``available + reserved`` of the account after this."""
    reservation_id: Mapped[str | None] = mapped_column(String(32))
    feature: Mapped[str | None] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(500))
    actor: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class StatementHour(Base):
    """What the transfers of a statement come to in one hour (UTC)."""

    __tablename__ = "statement_hours"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    target: Mapped[str] = mapped_column(String(16), primary_key=True)
    entries: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)


class ServerSecret(Base):
    """A random secret that the nodes of a deployment share."""

    __tablename__ = "server_secrets"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
    """Hexadecimal."""


class AuditEntry(Base):
    """One action of an administrator. Rows are only added."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(80), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The target's fields, without secrets."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
