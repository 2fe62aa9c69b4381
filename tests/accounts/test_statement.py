"""Statements from hourly sums are those of the rows themselves; on both databases."""

import random
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.keys import Keys
from groundswell.accounts.statement import Statement, Statements
from groundswell.accounts.transfers import written
from groundswell.store.database import Database
from groundswell.store.migrations import versions
from groundswell.store.tables import STATEMENT_KINDS, StatementHour

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BOOKS = {
    "reserve": ("available", "reserved"),
    "settle": ("reserved", "spent"),
    "top_up": ("issued", "available"),
    "adjustment": ("available", "issued"),
}


def row(account_id: str, moment: datetime, kind: str, amount: int) -> dict[str, Any]:
    source, target = BOOKS[kind]
    names = {"account_id": account_id, "kind": kind, "source": source, "target": target}
    return names | {"amount": amount, "balance_after": 0, "created_at": moment}


def write(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.pipeline() as transaction:
        transaction.commit(*written(rows))


@pytest.fixture
def rows(database: Database, account: str, other_account: str) -> list[dict[str, Any]]:
    """Three days of two accounts; some at the very beginning of an hour, some at the same time."""
    draw = random.Random(1)
    moments = [
        NOON + timedelta(microseconds=draw.randrange(3 * 24 * 3600 * 10**6)) for _ in range(150)
    ] + [NOON + timedelta(hours=draw.randrange(72)) for _ in range(50)]
    made = [
        row(owner, moment, draw.choice(list(BOOKS)), draw.randrange(100))
        for moment in moments
        for owner in (account, other_account)
    ]
    write(database, made)
    return [one for one in made if one["account_id"] == account]


def counted(
    rows: list[dict[str, Any]],
    start: datetime,
    end: datetime,
    kinds: Collection[str],
    limit: int,
    offset: int,
) -> tuple[list[datetime], int, int, int]:
    """What a statement must say, one row after another."""
    listed = [
        one for one in rows if start <= one["created_at"] <= end and one["kind"] in STATEMENT_KINDS
    ]
    wanted = sorted((one["created_at"] for one in listed if one["kind"] in kinds), reverse=True)
    consumed = sum(one["amount"] for one in listed if one["kind"] == "settle")
    added = sum(one["amount"] for one in listed if one["target"] == "available")
    return wanted[offset : offset + limit], len(wanted), consumed, added


def told(statement: Statement) -> tuple[list[datetime], int, int, int]:
    moments = [transfer.created_at for transfer in statement.transfers]
    return moments, statement.total, statement.consumed, statement.added


def test_any_time_kind_and_page(
    database: Database, account: str, rows: list[dict[str, Any]]
) -> None:
    statements = Statements(database)
    draw = random.Random(2)
    moments = [one["created_at"] for one in rows]
    edges = moments + [NOON + timedelta(hours=h) for h in range(-3, 76)]
    for _ in range(150):
        start, end = sorted(draw.sample(edges, 2))
        kinds = draw.sample(STATEMENT_KINDS, draw.randint(1, 4))
        limit, offset = draw.choice((1, 7, 100)), draw.choice((0, 0, 1, 20, 90, 500))
        found = statements.read(account, start, end, kinds=kinds, limit=limit, offset=offset)
        assert told(found) == counted(rows, start, end, kinds, limit, offset), (start, end, offset)


def test_pages_meet(database: Database, account: str, rows: list[dict[str, Any]]) -> None:
    statements = Statements(database)
    end = NOON + timedelta(days=4)
    seen: list[int] = []
    while page := statements.read(account, NOON, end, limit=7, offset=len(seen)).transfers:
        seen += [transfer.id for transfer in page]
    assert len(seen) == len(set(seen)) == sum(one["kind"] != "reserve" for one in rows)


def test_whatever_the_ledger_does_is_summed(
    database: Database, ledger: Ledger, keys: Keys, account: str
) -> None:
    quota = Quota(keys.create("app", account=account)[1].id)
    ledger.grant(account, 500, kind="top_up", reason="r", actor="a")
    ledger.grant(account, -5, kind="adjustment", reason="r", actor="a")
    for cost in (10, 0, None):
        ledger.settle(ledger.reserve(account, quota, 20), cost)
    gone = Ledger(database, lease=timedelta(seconds=-1))
    spoke = gone.reserve(account, quota, 20)
    gone.renew({spoke: 7})
    ledger.expire()
    with database.read() as session:
        sums = {
            (hour.kind, hour.target): (hour.entries, hour.amount)
            for hour in session.scalars(select(StatementHour))
        }
    assert sums == {
        ("top_up", "available"): (1, 500),
        ("adjustment", "issued"): (1, 5),
        ("settle", "spent"): (3, 17),
    }


def test_the_migration_sums_what_is_there(database: Database, rows: list[dict[str, Any]]) -> None:
    def sums() -> list[tuple[Any, ...]]:
        with database.read() as session:
            return sorted(
                (one.account_id, one.hour, one.kind, one.target, one.entries, one.amount)
                for one in session.scalars(select(StatementHour))
            )

    kept = sums()
    assert len(kept) > len(rows) / 10
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE statement_hours"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module(f"{versions.__name__}.0010_statement_hours").upgrade()
    assert sums() == kept
