"""The rows of the ledger, and what those of a statement come to by the hour.

A row of ``statement_hours`` is changed in the transaction that adds the transfers it sums, so that
a statement of months need not read every expense.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, text

from groundswell.store.history import hour_of
from groundswell.store.pipeline import Statement
from groundswell.store.tables import STATEMENT_KINDS, Transfer, UtcDateTime


def written(transfers: Sequence[Mapping[str, Any]]) -> Iterator[Statement]:
    """Yield the statements that add transfers, for the transaction that changes the books.

    Args:
        transfers: columns of ``Transfer``, in order; those left out are null.
    """
    hours: dict[tuple[str, datetime, str, str], list[int]] = defaultdict(list)
    for row in transfers:
        yield _WRITE, {**_NOTHING, **row}
        if row["kind"] in STATEMENT_KINDS:
            hour = hour_of(row["created_at"])
            hours[row["account_id"], hour, row["kind"], row["target"]].append(row["amount"])
    for (account_id, hour, kind, target), amounts in hours.items():
        yield (
            _SUM,
            {
                "account_id": account_id,
                "hour": hour,
                "kind": kind,
                "target": target,
                "entries": len(amounts),
                "amount": sum(amounts),
            },
        )


_NOTHING: dict[str, Any] = dict.fromkeys(
    ("key_id", "reservation_id", "feature", "reference", "reason", "actor")
)
_table: Any = Transfer.__table__
_COLUMNS = [column.name for column in _table.columns if column.name != "id"]
_WRITE = insert(_table).inline().values({name: bindparam(name) for name in _COLUMNS})
_SUM = text(
    "INSERT INTO statement_hours (account_id, hour, kind, target, entries, amount) "
    "VALUES (:account_id, :hour, :kind, :target, :entries, :amount) "
    "ON CONFLICT (account_id, hour, kind, target) DO UPDATE SET "
    "entries = statement_hours.entries + excluded.entries, "
    "amount = statement_hours.amount + excluded.amount"
).bindparams(bindparam("hour", type_=UtcDateTime()))
