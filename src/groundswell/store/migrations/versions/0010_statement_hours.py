"""What the transfers of a statement come to by the hour, for those that are there already too."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None

_HOUR = {
    "sqlite": "strftime('%Y-%m-%d %H:00:00.000000', created_at)",
    "postgresql": "date_trunc('hour', created_at, 'UTC')",
}


def upgrade() -> None:
    op.create_table(
        "statement_hours",
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("target", sa.String(16), primary_key=True),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )
    hour = _HOUR[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO statement_hours (account_id, hour, kind, target, entries, amount) "
        f"SELECT account_id, {hour}, kind, target, count(*), sum(amount) FROM transfers "
        "WHERE kind IN ('settle', 'top_up', 'bonus', 'adjustment') "
        f"GROUP BY account_id, {hour}, kind, target"
    )
