"""The ledger as an account holder reads it: what was added and what was spent, with the balance."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from groundswell.store.database import Database
from groundswell.store.history import hour_of
from groundswell.store.tables import STATEMENT_KINDS, StatementHour, Transfer


@dataclass(frozen=True, slots=True)
class Statement:
    """Transfers of a time, newest first.

    Attributes:
        transfers: those asked for.
        total: how many of the wanted kinds there are.
        consumed: credits spent in that time, whatever kinds are wanted.
        added: credits added in that time, likewise.
    """

    transfers: list[Transfer]
    total: int
    consumed: int
    added: int


def signed_amount(transfer: Transfer) -> int:
    """The change of what the account has."""
    return transfer.amount if transfer.target == "available" else -transfer.amount


class Statements:
    """The statements of one database. Blocking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(
        self,
        account_id: str,
        start: datetime,
        end: datetime,
        *,
        kinds: Collection[str] = STATEMENT_KINDS,
        limit: int,
        offset: int = 0,
    ) -> Statement:
        """Return the statement of an account from ``start`` to ``end``, both included.

        The sums of the hours lead to the hour in which the page begins, so that a far page of a
        long time costs little more than the first of a short one.
        """
        until = end + timedelta.resolution
        with self._database.read() as session:
            parts = _parts(session, account_id, start, until)
            counts = Counter[datetime]()  # by the end of their part, newest first
            consumed = added = 0
            for part in parts:
                counts[part.until] += part.entries if part.kind in kinds else 0
                consumed += part.amount if part.kind == "settle" else 0
                added += part.amount if part.target == "available" else 0
            total, skip = counts.total(), offset
            for part_until, count in counts.items():
                until = part_until
                if skip < count:
                    break
                skip -= count
            rows = (
                select(Transfer)
                .where(*_within(account_id, start, until), Transfer.kind.in_(kinds))
                .order_by(Transfer.created_at.desc(), Transfer.id.desc())
                .limit(limit)
                .offset(skip)
            )
            transfers = list(session.scalars(rows)) if offset < total else []
        return Statement(transfers, total, consumed, added)


class _Part(NamedTuple):
    """What the transfers of one kind and target come to in a part of a time."""

    until: datetime
    kind: str
    target: str
    entries: int
    amount: int


def _parts(session: Session, account_id: str, start: datetime, until: datetime) -> list[_Part]:
    """Divide a time into its whole hours, whose sums are kept, and what is left at both ends."""
    first, last = hour_of(start - timedelta.resolution) + _HOUR, hour_of(until)
    if first >= last:
        return _counted(session, account_id, start, until)
    hours = (
        select(
            StatementHour.hour,
            StatementHour.kind,
            StatementHour.target,
            StatementHour.entries,
            StatementHour.amount,
        )
        .where(
            StatementHour.account_id == account_id,
            StatementHour.hour >= first,
            StatementHour.hour < last,
        )
        .order_by(StatementHour.hour.desc())
    )
    return [
        *_counted(session, account_id, last, until),
        *(
            _Part(hour + _HOUR, kind, target, entries, amount)
            for hour, kind, target, entries, amount in session.execute(hours)
        ),
        *_counted(session, account_id, start, first),
    ]


def _counted(session: Session, account_id: str, start: datetime, until: datetime) -> list[_Part]:
    sums = (
        select(Transfer.kind, Transfer.target, func.count(), func.sum(Transfer.amount))
        .where(*_within(account_id, start, until))
        .group_by(Transfer.kind, Transfer.target)
    )
    return [
        _Part(until, kind, target, entries, int(amount))
        for kind, target, entries, amount in session.execute(sums)
    ]


def _within(account_id: str, start: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        Transfer.account_id == account_id,
        Transfer.created_at >= start,
        Transfer.created_at < until,
        # Written out as in the index: SQLite uses it only for the very same condition.
        Transfer.kind.in_(
            bindparam("listed", STATEMENT_KINDS, expanding=True, literal_execute=True)
        ),
    ]


_HOUR = timedelta(hours=1)
