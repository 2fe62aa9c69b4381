"""What the transfers of a statement come to by the hour, for those that are there already too."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_HOUR = {
    "sqlite": "strftime('%Y-%m-%d %H:00:00.000000', created_at)",
    "postgresql": "date_trunc('hour', created_at, 'UTC')",
}


def upgrade() -> None:
    hours = op.create_table(
        "statement_hours",
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("target", sa.String(16), primary_key=True),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )
    hour: sa.ColumnElement[Any] = sa.literal_column(_HOUR[op.get_bind().dialect.name]).label("hour")
    t = sa.table(
        "transfers", *map(sa.column, ("account_id", "created_at", "kind", "target", "amount"))
    )
    grouped = (t.c.account_id, hour, t.c.kind, t.c.target)
    sums = (
        sa.select(*grouped, sa.func.count(), sa.func.sum(t.c.amount))
        .where(t.c.kind.in_(("settle", "top_up", "bonus", "adjustment")))
        .group_by(*grouped)
    )
    columns = ("account_id", "hour", "kind", "target", "entries", "amount")
    op.execute(hours.insert().from_select(columns, sums))
