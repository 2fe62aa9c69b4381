"""Logs of speech, recognition and webhooks, and the usage of each hour."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_log(
        "speech_log",
        _required("key_id", sa.String(32)),
        _required("key_prefix", sa.String(16)),
        _required("route", sa.String(80)),
        _required("transport", sa.String(8)),
        _required("model", sa.String(40)),
        _required("voice_id", sa.Text),
        _required("language", sa.String(16)),
        _required("text", sa.Text),
        _required("characters", sa.Integer),
        _required("speed", sa.Float),
        _required("sample_rate", sa.Integer),
        _required("output_format", sa.String(8)),
        sa.Column("enhancement", sa.Float),
        sa.Column("similarity", sa.Float),
        sa.Column("consistency", sa.Float),
        _required("status", sa.String(10)),
        sa.Column("error", sa.Text),
        _required("credits", sa.BigInteger),
        _required("audio_ms", sa.BigInteger),
        sa.Column("first_audio_ms", sa.Integer),
        _required("latency_ms", sa.Integer),
        sa.Column("expires_at", _MOMENT, index=True),
    )
    _create_log(
        "recognition_log",
        _required("request_type", sa.String(4)),
        _required("model", sa.String(40)),
        _required("language", sa.String(16)),
        _required("audio_ms", sa.BigInteger),
        _required("file_size", sa.BigInteger),
        _required("transcription", sa.Text),
        _required("word_timestamps", sa.Boolean),
        _required("diarize", sa.Boolean),
        _required("redact_pii", sa.Boolean),
        _required("redact_pci", sa.Boolean),
        _required("numerals", sa.String(8)),
        _required("keywords", sa.Text),
        _required("emotion_detection", sa.Boolean),
        _required("gender_detection", sa.Boolean),
        _required("emotions", sa.Text),
        _required("gender", sa.String(16)),
        _required("webhook_url", sa.Text),
        _required("credits", sa.BigInteger),
        sa.Column("expires_at", _MOMENT, index=True),
        sa.Column("deleted_at", _MOMENT),
        sa.Index("ix_recognition_log_request", "account_id", "request_id"),
    )
    _create_log(
        "webhook_log",
        _required("webhook_url", sa.Text),
        _required("method", sa.String(8)),
        _required("event_type", sa.String(40)),
        _required("status", sa.String(8)),
        _required("attempt", sa.Integer),
        sa.Column("response_status_code", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("duration_ms", sa.Integer),
    )
    op.create_table(
        "usage_hours",
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("family", sa.String(8), primary_key=True),
        sa.Column("hour", _MOMENT, primary_key=True),
        _required("requests", sa.BigInteger),
        _required("listed", sa.BigInteger),
        _required("credits", sa.BigInteger),
        _required("peak_running", sa.Integer),
        _required("peak_sockets", sa.Integer),
    )


def _create_log(name: str, *columns: "sa.Column[Any] | sa.Index") -> None:
    op.create_table(
        name,
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id"), nullable=False),
        _required("request_id", sa.String(128)),
        _required("started_at", _MOMENT),
        *columns,
        sa.Index(f"ix_{name}_page", "account_id", "started_at", "id"),
    )


def _required(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
