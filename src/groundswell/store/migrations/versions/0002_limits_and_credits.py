"""Limits of accounts and keys, the credit ledger, the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_IN_STATEMENT = "kind IN ('settle', 'top_up', 'bonus', 'adjustment')"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("concurrency", sa.Integer))
    op.add_column(
        "accounts", sa.Column("prepaid", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("accounts", sa.Column("suspended_at", _MOMENT))
    with op.batch_alter_table("api_keys") as keys:
        keys.alter_column("credit_quota", type_=sa.BigInteger)
        keys.add_column(
            sa.Column("quota_period", sa.String(8), nullable=False, server_default="total")
        )
        keys.add_column(sa.Column("scopes", sa.String(100)))
        keys.add_column(sa.Column("expires_at", _MOMENT))
    op.create_table(
        "credit_balances",
        _account(primary_key=True),
        *(_credits(book) for book in ("issued", "available", "reserved", "spent")),
    )
    op.execute(
        "INSERT INTO credit_balances (account_id, issued, available, reserved, spent) "
        "SELECT id, 0, 0, 0, 0 FROM accounts"
    )
    op.create_table(
        "key_usage",
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_keys.id"), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        _credits("used"),
        _credits("reserved"),
    )
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(32), primary_key=True),
        _account(index=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_keys.id"), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("feature", sa.String(40), nullable=False),
        _credits("amount"),
        _credits("delivered"),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "transfers",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        _account(),
        sa.Column("key_id", sa.String(32)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("target", sa.String(16), nullable=False),
        _credits("amount"),
        _credits("balance_after"),
        sa.Column("reservation_id", sa.String(32)),
        sa.Column("feature", sa.String(40)),
        sa.Column("reference", sa.String(100)),
        sa.Column("reason", sa.String(500)),
        sa.Column("actor", sa.String(100)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("amount >= 0", name="transfers_amount"),
        sa.UniqueConstraint("reservation_id", "kind", name="transfers_once"),
        sa.UniqueConstraint("account_id", "reference", name="transfers_reference"),
        sa.Index(
            "transfers_statement",
            "account_id",
            "created_at",
            "kind",
            "target",
            "amount",
            sqlite_where=sa.text(_IN_STATEMENT),
            postgresql_where=sa.text(_IN_STATEMENT),
        ),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("target", sa.String(80), nullable=False, index=True),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("created_at", _MOMENT, nullable=False, index=True),
    )


def _credits(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _account(*, primary_key: bool = False, index: bool | None = None) -> sa.Column[str]:
    return sa.Column(
        "account_id",
        sa.String(32),
        sa.ForeignKey("accounts.id"),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )
