"""The ledger as an account holder reads it: what was added and what was spent, with the balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from groundswell.store.database import Database
from groundswell.store.tables import STATEMENT_KINDS, Transfer


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
        """Return the statement of an account from ``start`` to ``end``, both included."""
        window = (
            Transfer.account_id == account_id,
            Transfer.created_at >= start,
            Transfer.created_at <= end,
            # Written out as in the index: SQLite uses it only for the very same condition.
            Transfer.kind.in_(
                bindparam("listed", STATEMENT_KINDS, expanding=True, literal_execute=True)
            ),
        )
        sums = (
            select(Transfer.kind, Transfer.target, func.count(), func.sum(Transfer.amount))
            .where(*window)
            .group_by(Transfer.kind, Transfer.target)
        )
        rows = (
            select(Transfer)
            .where(*window, Transfer.kind.in_(kinds))
            .order_by(Transfer.created_at.desc(), Transfer.id.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._database.read() as session:
            groups = session.execute(sums).all()
            total = sum(count for kind, _, count, _ in groups if kind in kinds)
            transfers = list(session.scalars(rows)) if offset < total else []
        return Statement(
            transfers,
            total,
            consumed=sum(int(amount) for kind, _, _, amount in groups if kind == "settle"),
            added=sum(int(amount) for _, target, _, amount in groups if target == "available"),
        )
